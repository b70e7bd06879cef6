//! The images of Linode (Akamai).
//!
//! ```no_run
//! # async fn example() -> cloud_images::Result<()> {
//! use futures::TryStreamExt;
//!
//! let client = cloud_images::linode::Client::from_env()?;
//! let mut images = client.image_operations().list_images().items();
//! while let Some(image) = images.try_next().await? {
//!     println!("{:?} {:?}", image.id, image.label);
//! }
//! # Ok(()) }
//! ```
//!
//! The service takes 20 calls of `list_images` per minute. The client keeps to this rate by default; see
//! [`ClientBuilder::max_rate`](crate::ClientBuilder::max_rate).

use crate::Result;
use crate::auth::{self, Bearer};

/// What the build script makes of `specs/linode.yaml`.
pub(crate) mod generated {
    include!(concat!(env!("OUT_DIR"), "/linode.rs"));
}

mod filter;
mod upload;
mod wait;

pub use filter::Filter;
pub use generated::{Client, ImageOperationsApi, InstanceTypesApi, RegionsApi, requests, types};
pub use upload::UploadData;

/// The endpoint of the service.
pub const ENDPOINT: &str = "https://api.linode.com";

impl Client {
    /// Creates a client with the token in `LINODE_TOKEN` or `LINODE_CLI_TOKEN`. The endpoint is `LINODE_URL`, or else
    /// [`ENDPOINT`]. linodego and the `linode-cli` command read the same variables.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) with the name of the missing variable, and
    /// the errors of [`ClientBuilder::build`](crate::ClientBuilder::build).
    pub fn from_env() -> Result<Self> {
        let endpoint = auth::optional("LINODE_URL")?.unwrap_or_else(|| ENDPOINT.to_owned());
        let auth = Bearer::new(auth::required(&["LINODE_TOKEN", "LINODE_CLI_TOKEN"])?);
        Self::builder().endpoint(endpoint).auth(auth).build()
    }
}
