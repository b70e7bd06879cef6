//! The OpenStack image API v2: Glance, and the IMS of Open Telekom Cloud and Huawei Cloud.
//!
//! ```no_run
//! # async fn example() -> cloud_images::Result<()> {
//! use cloud_images::auth::XAuthToken;
//! use futures::TryStreamExt;
//!
//! let client = cloud_images::ims::Client::builder()
//!     .endpoint("https://ims.eu-de.otc.t-systems.com")
//!     .auth(XAuthToken::from_env()?)
//!     .build()?;
//! let mut images = client.image_operations().list_images().os_type("Linux").items();
//! while let Some(image) = images.try_next().await? {
//!     println!("{} {}", image.id, image.name.as_deref().unwrap_or("without a name"));
//! }
//! # Ok(()) }
//! ```

use crate::Result;
use crate::auth::{self, Keystone, XAuthToken};

/// What the build script makes of `specs/ims.yaml`.
mod generated {
    include!(concat!(env!("OUT_DIR"), "/ims.rs"));
}

mod digest;
mod download;
mod file;
mod filter;
mod listing;
mod patch;
mod transfer;
mod versions;
mod wait;

pub use download::{DataStream, Download};
pub use filter::{Sort, TimeFilter, one_of};
#[cfg(any(fuzzing, test))]
pub(crate) use generated::READERS;
pub use generated::{
    Client, ImageDataApi, ImageMembersApi, ImageOperationsApi, ImageTagsApi, SchemasApi,
    VersionsApi, requests, types,
};
pub use patch::Patch;

impl Client {
    /// A client with the credential in the environment.
    ///
    /// With `OS_AUTH_URL` (or `OS_CLOUD` and the feature `clouds-yaml`) that is
    /// [`Keystone::from_env`](crate::auth::Keystone::from_env), and the endpoint is that of the
    /// catalogue unless `OS_IMAGE_ENDPOINT_OVERRIDE`, `OS_IMAGE_ENDPOINT` or `OS_ENDPOINT` is set. Without
    /// it, it is the token of [`XAuthToken::from_env`](crate::auth::XAuthToken::from_env), and one of
    /// the three has to be set.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) naming the variable that is
    /// missing, and what [`ClientBuilder::build`](crate::ClientBuilder::build) fails with.
    pub fn from_env() -> Result<Self> {
        const ENDPOINTS: [&str; 3] =
            ["OS_IMAGE_ENDPOINT_OVERRIDE", "OS_IMAGE_ENDPOINT", "OS_ENDPOINT"];
        let cloud = if cfg!(feature = "clouds-yaml") { auth::optional("OS_CLOUD")? } else { None };
        let builder = Self::builder();
        if cloud.is_none() && auth::optional("OS_AUTH_URL")?.is_none() {
            let endpoint = auth::required(&ENDPOINTS)?;
            return builder.endpoint(endpoint).auth(XAuthToken::from_env()?).build();
        }
        let builder = builder.auth(Keystone::from_env()?);
        for name in ENDPOINTS {
            if let Some(endpoint) = auth::optional(name)? {
                return builder.endpoint(endpoint).build();
            }
        }
        builder.build()
    }
}
