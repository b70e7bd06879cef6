//! The images of Lambda Cloud, a GPU cloud. An image is listed once for each region.
//!
//! ```no_run
//! # async fn example() -> cloud_images::Result<()> {
//! use futures::TryStreamExt;
//!
//! let client = cloud_images::lambda::Client::from_env()?;
//! let mut images = client.image_operations().list_images().items();
//! while let Some(image) = images.try_next().await? {
//!     println!("{} {}", image.id, image.name);
//! }
//! # Ok(()) }
//! ```
//!
//! The service takes one request per second. The client keeps to this rate by default; see
//! [`ClientBuilder::max_rate`](crate::ClientBuilder::max_rate).

use crate::Result;
use crate::auth::{self, Bearer};

/// What the build script makes of `specs/lambda.yaml`.
pub(crate) mod generated {
    include!(concat!(env!("OUT_DIR"), "/lambda.rs"));
}

pub use generated::{Client, ImageOperationsApi, InstanceTypesApi, RegionsApi, requests, types};

/// The endpoint of the service.
pub const ENDPOINT: &str = "https://cloud.lambda.ai";

impl Client {
    /// Creates a client with the key in `LAMBDA_API_KEY`, the variable that programs for this service use. The vendor
    /// has no tool with a variable of its own.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) with the name of the missing variable, and
    /// the errors of [`ClientBuilder::build`](crate::ClientBuilder::build).
    pub fn from_env() -> Result<Self> {
        let endpoint = ENDPOINT;
        let auth = Bearer::new(auth::required(&["LAMBDA_API_KEY"])?);
        Self::builder().endpoint(endpoint).auth(auth).build()
    }
}
