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
//! Besides the operations of the service and streams of its lists, there are:
//!
//! | what | where |
//! |---|---|
//! | dry runs that return what they found | [`dry_run`](requests::BuildImage::dry_run) of `build_image`, `create_cluster`, `update_cluster` |
//! | waiting until an image, a cluster or a compute fleet is ready or gone | [`wait_for_build`](requests::DescribeImage::wait_for_build), [`wait_for_creation`](requests::DescribeCluster::wait_for_creation), [`wait_for_start`](requests::DescribeComputeFleet::wait_for_start) and others; see [`crate::wait`] |
//! | reading a log backwards, and following it like `tail -f` | [`newest_first`](requests::GetImageLogEvents::newest_first), [`follow`](requests::GetClusterLogEvents::follow) |
//! | listing several regions as one stream | [`in_regions`](requests::ListImages::in_regions) of `list_images`, `list_official_images`, `list_clusters` |
//! | deleting only after a check that the id is right | [`checked`](requests::DeleteImage::checked) of `delete_image`, `delete_cluster` |
//!
//! **A deletion with a wrong id can delete any CloudFormation stack**, even if the response is an error: the
//! service looks image ids and cluster names up as names of stacks. Use `checked` to delete.
//!
//! # Supported servers
//!
//! ParallelCluster 3.5 to 3.16. All these servers have the same operations and parameters. Their responses differ in a
//! few fields, and the types of this module read all forms:
//!
//! | server | difference |
//! |---|---|
//! | before 3.7 | clusters have no `login_nodes` |
//! | 3.7 to 3.10 | `login_nodes` is one pool instead of a list; this module makes it a list of one |
//! | before 3.10 | a failed cluster has one `failure_reason` instead of `failures` |
//! | before 3.11 | pools of login nodes have no `pool_name` |
//!
//! Older servers are not tested. Version 4 has another API.

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
    /// Creates a client for the endpoint in `PCLUSTER_API_ENDPOINT` that signs with
    /// [`SigV4::from_env`](crate::auth::SigV4::from_env).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) with the name of the missing variable, and
    /// the errors of [`ClientBuilder::build`](crate::ClientBuilder::build).
    pub fn from_env() -> Result<Self> {
        let endpoint = crate::auth::required(&["PCLUSTER_API_ENDPOINT"])?;
        Self::builder().endpoint(endpoint).auth(crate::auth::SigV4::from_env()?).build()
    }
}
