//! The contract that the server of `testing` keeps too.

use crate::contract::ims::{self, all_behaviours};

macro_rules! contract {
    ($($name:ident)*) => {$(
        #[tokio::test]
        async fn $name() {
            let servers = super::servers!();
            ims::$name(servers.client("demo")).await;
        }
    )*};
}
all_behaviours!(contract);

/// Where Glance has several stores: `MORE=1`, and `CLOUD_IMAGES_LIVE_GLANCE_FILES` with the address of its
/// server of files.
#[cfg(feature = "glance")]
mod imports {
    use crate::contract::imports::{self, World, all_behaviours};

    macro_rules! contract {
        ($($name:ident)*) => {$(
            #[tokio::test]
            async fn $name() {
                let (servers, files) = super::super::files!();
                imports::$name(World { client: servers.client("demo"), files }).await;
            }
        )*};
    }
    all_behaviours!(contract);
}
