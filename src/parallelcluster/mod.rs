//! The AWS ParallelCluster API, version 3.
//!
//! ```no_run
//! # async fn example() -> cloud_images::Result<()> {
//! use cloud_images::auth::SigV4;
//! use cloud_images::parallelcluster::{self, types::ImageStatusFilteringOption};
//! use futures::TryStreamExt;
//!
//! let client = parallelcluster::Client::builder()
//!     .endpoint("https://abc123.execute-api.eu-west-1.amazonaws.com/prod")
//!     .auth(SigV4::from_env()?)
//!     .build()?;
//! let mut images =
//!     client.image_operations().list_images(ImageStatusFilteringOption::Available).items();
//! while let Some(image) = images.try_next().await? {
//!     println!("{} in {}", image.image_id, image.region);
//! }
//! # Ok(()) }
//! ```
//!
//! Besides the twenty operations and the streams of those that come in pages, requests have:
//!
//! | what | where |
//! |---|---|
//! | dry runs that say yes or why not | [`dry_run`](requests::BuildImage::dry_run) of `build_image`, `create_cluster`, `update_cluster` |
//! | waiting for a state | [`wait_for_build`](requests::DescribeImage::wait_for_build), [`wait_for_creation`](requests::DescribeCluster::wait_for_creation), [`wait_for_start`](requests::DescribeComputeFleet::wait_for_start) and their like; see [`crate::wait`] |
//! | logs backwards, and as they grow | [`newest_first`](requests::GetImageLogEvents::newest_first), [`follow`](requests::GetClusterLogEvents::follow) |
//! | several regions at once | [`in_regions`](requests::ListImages::in_regions) of the lists |
//! | deletions that look first | [`checked`](requests::DeleteImage::checked) of `delete_image`, `delete_cluster` |
//!
//! **Ids are stack names.** The service takes an image id or a cluster name for the name of a
//! CloudFormation stack, whatever that stack is. A deletion with the wrong one deletes that stack, even
//! where the answer is an error: use `checked`.

use crate::Result;

/// What the build script makes of `specs/parallelcluster.yaml`.
mod generated {
    include!(concat!(env!("OUT_DIR"), "/parallelcluster.rs"));
}

mod configuration;
mod delete;
mod dry_run;
mod logs;
mod regions;
mod waiters;

pub use configuration::Configuration;
pub use dry_run::DryRun;
#[cfg(any(fuzzing, test))]
pub(crate) use generated::READERS;
pub use generated::{
    Client, ClusterComputeFleetApi, ClusterInstancesApi, ClusterLogsApi, ClusterOperationsApi,
    ImageLogsApi, ImageOperationsApi, requests, types,
};
pub use logs::{Follow, LogStreamFilter};
pub use regions::{InRegion, RegionError, Regions};

impl Client {
    /// A client of the endpoint in `PCLUSTER_API_ENDPOINT`, signing with
    /// [`SigV4::from_env`](crate::auth::SigV4::from_env).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) naming the variable that is
    /// missing, and what [`ClientBuilder::build`](crate::ClientBuilder::build) fails with.
    pub fn from_env() -> Result<Self> {
        let endpoint = crate::auth::required(&["PCLUSTER_API_ENDPOINT"])?;
        Self::builder().endpoint(endpoint).auth(crate::auth::SigV4::from_env()?).build()
    }
}
