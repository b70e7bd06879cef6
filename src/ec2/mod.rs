//! The images (AMIs) of Amazon EC2, and the public parameters that lead to them.
//!
//! ```no_run
//! # async fn example() -> cloud_images::Result<()> {
//! use cloud_images::auth::{Credentials, SigV4};
//! use cloud_images::ec2;
//! use futures::TryStreamExt;
//!
//! let client = ec2::Client::builder()
//!     .auth(SigV4::new("eu-west-1", Credentials::new("AKIDEXAMPLE", "secret")))
//!     .build()?;
//! let mut images = client
//!     .images()
//!     .describe_images()
//!     .owner("099720109477")
//!     .filter(("name", "ubuntu/images/*/ubuntu-noble-24.04-amd64-server-*"))
//!     .items();
//! while let Some(image) = images.try_next().await? {
//!     println!("{} {}", image.image_id, image.name.unwrap_or_default());
//! }
//! # Ok(()) }
//! ```

/// What the build script makes of `specs/ec2.yaml`.
mod generated {
    include!(concat!(env!("OUT_DIR"), "/ec2.rs"));
}

mod copies;
mod deregister;
mod dry_run;
mod filter;
mod image;
mod owner;
#[cfg(feature = "parallelcluster")]
mod parallelcluster;
mod region;
mod regions;
mod share;
pub mod ssm;

pub use crate::pagination::{InRegion, RegionError, Regions};
#[cfg(any(fuzzing, test))]
pub(crate) use generated::READERS;
pub use generated::{
    Client, ImagesApi, InstanceTypesApi, RecycleBinApi, RegionsApi, SnapshotsApi, TagsApi,
    requests, types,
};
