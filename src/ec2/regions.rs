//! The lists that several regions have.

use super::Client;
use super::requests::{DescribeImages, DescribeSnapshots};
use super::types::{Image, Snapshot};
use crate::pagination::Regions;
use futures_util::{StreamExt, TryStreamExt, stream};

macro_rules! in_regions {
    ($($request:ident: $item:ident $items:ident)*) => {$(
        impl $request {
            /// Lists several regions as one stream, with the credentials of the client; see [`Regions`].
            pub fn in_regions(
                self,
                regions: impl IntoIterator<Item = impl Into<String>>,
            ) -> Regions<$item> {
                let client = Client { shared: ::std::sync::Arc::clone(&self.shared) };
                Regions::new(regions, move |region| match client.in_region(region) {
                    Ok(Client { shared }) => {
                        let request = Self { shared, ..self.clone() };
                        request.pages().map_ok(|page| page.$items).boxed()
                    }
                    Err(error) => stream::iter([Err(error)]).boxed(),
                })
            }
        }
    )*};
}

in_regions! {
    DescribeImages: Image images
    DescribeSnapshots: Snapshot snapshots
}
