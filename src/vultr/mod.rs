//! What Vultr instances can start from: operating systems, applications, snapshots, backups and ISO files.
//!
//! ```no_run
//! # async fn example() -> cloud_images::Result<()> {
//! use futures::TryStreamExt;
//!
//! let client = cloud_images::vultr::Client::from_env()?;
//! let mut images = client.image_operations().list_images().items();
//! while let Some(image) = images.try_next().await? {
//!     println!("{:?} {:?}", image.id, image.name);
//! }
//! # Ok(()) }
//! ```
//!
//! `list_images` returns the operating systems. Four of its entries are not operating systems: `Custom`, `Snapshot`,
//! `Backup` and `Application` stand for the other things that an instance can start from.

use crate::Result;
use crate::auth::{self, Bearer};

/// What the build script makes of `specs/vultr.yaml`.
pub(crate) mod generated {
    include!(concat!(env!("OUT_DIR"), "/vultr.rs"));
}

mod wait;

pub use generated::{
    ApplicationsApi, BackupsApi, Client, ImageOperationsApi, InstanceTypesApi, IsosApi, RegionsApi,
    SnapshotsApi, requests, types,
};

/// The endpoint of the service.
pub const ENDPOINT: &str = "https://api.vultr.com/v2";

impl Client {
    /// Creates a client with the key in `VULTR_API_KEY`, the variable that `vultr-cli` reads.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) with the name of the missing variable, and
    /// the errors of [`ClientBuilder::build`](crate::ClientBuilder::build).
    pub fn from_env() -> Result<Self> {
        let endpoint = ENDPOINT;
        let auth = Bearer::new(auth::required(&["VULTR_API_KEY"])?);
        Self::builder().endpoint(endpoint).auth(auth).build()
    }
}
