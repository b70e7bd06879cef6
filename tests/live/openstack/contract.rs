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
