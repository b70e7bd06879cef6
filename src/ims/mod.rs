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
//!
//! # Which cloud has what
//!
//! | operations | feature | Glance | Open Telekom Cloud | Huawei Cloud |
//! |---|---|---|---|---|
//! | images, tags, members, schemas, versions | `ims` | yes | yes | yes |
//! | image data, `deactivate_image`, `reactivate_image` | `ims` | yes | upload only | upload only |
//! | imports, stores, tasks, locations, usage, cache (`ims::glance`) | `glance` | yes, by version and settings | no | no |
//! | metadata definitions (`ims::metadefs`) | `glance-metadefs` | yes | no | no |
//! | images from servers, volumes and files, copies, exports, jobs (`ims::cloudimages`) | `ims-cloudimages` | no | yes | yes |
//! | of `ims::cloudimages`: `copy_image_cross_region`, `list_os_versions`, `batch_delete_tags`, `show_job_progress`, `list_image_members`, `show_image_member` | `ims-cloudimages` | no | no | yes |
//!
//! All of these are methods of one [`Client`]; each feature adds its own. A service that does not have an operation
//! answers 404. The error is [`ErrorKind::NoSuchApi`](crate::ErrorKind::NoSuchApi) if its gateway says so.

use crate::Result;
use crate::auth::{self, AkSk, Keystone, XAuthToken};

/// What the build script makes of `specs/ims.yaml`.
pub(crate) mod generated {
    include!(concat!(env!("OUT_DIR"), "/ims.rs"));
}

#[cfg(feature = "ims-cloudimages")]
pub mod cloudimages;
mod download;
mod filter;
#[cfg(feature = "glance")]
pub mod glance;
mod listing;
#[cfg(feature = "glance-metadefs")]
pub mod metadefs;
mod patch;
mod versions;
mod wait;

pub use download::{DataStream, Download};
pub use filter::{Sort, TimeFilter, one_of};
pub use generated::{
    Client, ImageDataApi, ImageMembersApi, ImageOperationsApi, ImageTagsApi, SchemasApi,
    VersionsApi, requests, types,
};
pub use patch::Patch;

impl Client {
    /// Creates a client from environment variables.
    ///
    /// The credential is the first of these that is set:
    ///
    /// | variables | credential |
    /// |---|---|
    /// | `OS_CLOUD` (feature `clouds-yaml`), or `OS_AUTH_URL` with a password, application credential or token | [`Keystone::from_env`] |
    /// | `HUAWEICLOUD_SDK_AK` or `OS_ACCESS_KEY`, with its secret key | [`AkSk::from_env`] |
    /// | `OS_TOKEN` or `OS_AUTH_TOKEN` | [`XAuthToken::from_env`] |
    ///
    /// The endpoint is `OS_IMAGE_ENDPOINT_OVERRIDE`, `OS_IMAGE_ENDPOINT` or `OS_ENDPOINT`. Keystone finds it in
    /// its catalogue if none of them is set; the other credentials need one of them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) with the name of the missing variable, and
    /// the errors of [`ClientBuilder::build`](crate::ClientBuilder::build).
    pub fn from_env() -> Result<Self> {
        const ENDPOINTS: [&str; 3] =
            ["OS_IMAGE_ENDPOINT_OVERRIDE", "OS_IMAGE_ENDPOINT", "OS_ENDPOINT"];
        const SECRETS: [&str; 4] =
            ["OS_PASSWORD", "OS_APPLICATION_CREDENTIAL_SECRET", "OS_TOKEN", "OS_AUTH_TOKEN"];
        let endpoint = auth::first(&ENDPOINTS)?;
        let has_keystone = auth::optional("OS_AUTH_URL")?.is_some();
        let has_secret = auth::first(&SECRETS)?.is_some();
        let has_keys = auth::first(&["HUAWEICLOUD_SDK_AK", "OS_ACCESS_KEY"])?.is_some();
        let prefers_keys = has_keys && !(has_keystone && has_secret);
        if auth::optional("OS_CLOUD")?.is_some() || (has_keystone && !prefers_keys) {
            let builder = Self::builder().auth(Keystone::from_env()?);
            return match endpoint {
                Some(endpoint) => builder.endpoint(endpoint).build(),
                None => builder.build(),
            };
        }
        let builder = Self::builder().endpoint(auth::required(&ENDPOINTS)?);
        if prefers_keys {
            builder.auth(AkSk::from_env()?).build()
        } else {
            builder.auth(XAuthToken::from_env()?).build()
        }
    }
}
