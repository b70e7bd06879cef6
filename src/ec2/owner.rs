//! Owners. Names are not unique, and anyone can publish an image of any name: who published one is its owner
//! alone.

use super::requests::{DescribeImages, DescribeSnapshots};
use crate::{Error, ErrorKind, Result};

/// On the wire, no owner means everybody.
const EVERYBODY: &str = "an empty list of owners would list the images of everybody: name one";

macro_rules! owners {
    ($($request:ident: $what:literal)*) => {$(
        impl $request {
            #[doc = concat!("Only ", $what, " of these owners, each as in [`owner`](Self::owner).")]
            ///
            /// An empty list is refused with [`ErrorKind::InvalidRequest`] before anything is sent: to the service
            /// it would mean everybody.
            pub fn owners(mut self, owners: impl IntoIterator<Item = impl Into<String>>) -> Self {
                let before = self.owner.len();
                self.owner.extend(owners.into_iter().map(Into::into));
                if self.owner.len() == before {
                    self.options.refused = Some(EVERYBODY);
                }
                self
            }

            pub(super) fn check(&self) -> Result<()> {
                if self.owner.iter().any(|owner| owner.trim().is_empty()) {
                    return Err(Error::new(ErrorKind::InvalidRequest, EVERYBODY));
                }
                Ok(())
            }
        }
    )*};
}

owners! {
    DescribeImages: "images"
    DescribeSnapshots: "snapshots"
}
