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
//! Besides the operations and the streams of those that come in pages, requests have:
//!
//! | what | where |
//! |---|---|
//! | dry runs with a result of their own | [`dry_run`](requests::BuildImage::dry_run) of `build_image`, `create_cluster`, `update_cluster` |
//! | waiting for a state | [`wait_for_build`](requests::DescribeImage::wait_for_build), [`wait_for_creation`](requests::DescribeCluster::wait_for_creation), [`wait_for_start`](requests::DescribeComputeFleet::wait_for_start) and their like; see [`crate::wait`] |
//! | logs backwards, and as they grow | [`newest_first`](requests::GetImageLogEvents::newest_first), [`follow`](requests::GetClusterLogEvents::follow) |
//! | several regions at once | [`in_regions`](requests::ListImages::in_regions) of the lists |
//! | deletions that look first | [`checked`](requests::DeleteImage::checked) of `delete_image`, `delete_cluster` |
//!
//! **Ids are stack names.** The service takes an image id or a cluster name for the name of any
//! CloudFormation stack. A deletion with a wrong id deletes that stack, even if the response is an error: use
//! `checked`.
//!
//! # Supported servers
//!
//! Servers of ParallelCluster 3.5 to 3.16. All of them have the same operations and parameters; the documents that
//! they ship differ in these fields, and the types of this module read all forms:
//!
//! | server | difference |
//! |---|---|
//! | before 3.7 | clusters have no `login_nodes` |
//! | 3.7 to 3.10 | `login_nodes` is one pool instead of a list: a list of one here |
//! | before 3.10 | a failed cluster has one `failure_reason` instead of `failures` |
//! | before 3.11 | pools of login nodes have no `pool_name` |
//!
//! A server older than 3.5 is not tested. Servers 4 have another API.

use crate::Result;

/// What the build script makes of `specs/parallelcluster.yaml`.
pub(crate) mod generated {
    include!(concat!(env!("OUT_DIR"), "/parallelcluster.rs"));
}

mod configuration;
mod delete;
mod dry_run;
mod logs;
mod regions;
mod waiters;

pub use crate::pagination::{InRegion, RegionError, Regions};
pub use configuration::Configuration;
pub use dry_run::DryRun;
pub use generated::{
    Client, ClusterComputeFleetApi, ClusterInstancesApi, ClusterLogsApi, ClusterOperationsApi,
    ImageLogsApi, ImageOperationsApi, requests, types,
};
pub use logs::{Follow, LogStreamFilter};

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
