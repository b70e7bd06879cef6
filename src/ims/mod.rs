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
use crate::client::{ClientBuilder, Core, Service};
use std::sync::Arc;

/// What the build script makes of `specs/ims.yaml`.
mod generated {
    use crate::client::runtime as progenitor_client;

    include!(concat!(env!("OUT_DIR"), "/ims.rs"));
}

pub use generated::{
    ImageDataApi, ImageMembersApi, ImageOperationsApi, ImageTagsApi, SchemasApi, VersionsApi,
    requests, types,
};

/// A client of IMS and Glance. Cheap to clone: a clone is one reference count.
#[derive(Clone, Debug)]
pub struct Client {
    core: Arc<Core>,
}

impl Client {
    /// Configures a client.
    #[must_use]
    pub fn builder() -> ClientBuilder<Self> {
        ClientBuilder::new()
    }

    /// A client of the endpoint in `OS_IMAGE_ENDPOINT` or `OS_ENDPOINT`, with the token of
    /// [`XAuthToken::from_env`](crate::auth::XAuthToken::from_env).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) naming the variable that is
    /// missing, and what [`ClientBuilder::build`] fails with.
    pub fn from_env() -> Result<Self> {
        let endpoint = crate::auth::required(&["OS_IMAGE_ENDPOINT", "OS_ENDPOINT"])?;
        Self::builder().endpoint(endpoint).auth(crate::auth::XAuthToken::from_env()?).build()
    }
}

impl Service for Client {}

impl crate::client::sealed::Service for Client {
    fn from_core(core: Arc<Core>) -> Self {
        Self { core }
    }

    fn normalize(mut endpoint: url::Url) -> url::Url {
        // Catalogues name the endpoint with and without the version that every path begins with.
        let path = endpoint.path().trim_end_matches('/');
        let path = path.strip_suffix("/v2").unwrap_or(path).to_owned();
        endpoint.set_path(&path);
        endpoint
    }
}
