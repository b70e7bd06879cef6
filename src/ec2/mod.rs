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
//!
//! Besides the operations, and the streams of those that come in pages:
//!
//! | what | where |
//! |---|---|
//! | one image, and waiting for it | [`show_image`](ImagesApi::show_image), [`wait_until_available`](ImagesApi::wait_until_available) |
//! | sharing | [`share`](ImagesApi::share), [`unshare`](ImagesApi::unshare), [`shared_with`](ImagesApi::shared_with) |
//! | copies in several regions | [`to_regions`](requests::CopyImage::to_regions) of `copy_image` |
//! | the end of an image and its snapshots | [`with_snapshots`](requests::DeregisterImage::with_snapshots) of `deregister_image` |
//! | dry runs | `dry_run` of all that changes something |
//! | several regions at once | [`in_regions`](requests::DescribeImages::in_regions), [`Client::in_region`] |
//! | the newest image of a vendor | [`Client::ssm`], [`ssm::PublicImage`] |
//!
//! **Names prove nothing.** Anyone can publish an image of any name, and "the newest by name" takes it. Who published an
//! image is its owner: name the [`owner`](requests::DescribeImages::owner) by the id of the account, or take the id of the
//! image from a public parameter. An answer with an image of an owner who was not asked for is an error.
//!
//! # Regions
//!
//! The region of the credential, or the one set by [`region`](crate::ClientBuilder::region), sets the address and what
//! requests are signed for, together. Addresses with validated cryptography or with IPv6 are
//! [`fips`](crate::ClientBuilder::fips) and [`dual_stack`](crate::ClientBuilder::dual_stack). China, GovCloud and the
//! European Sovereign Cloud have credentials of their own.
//!
//! # Lists
//!
//! The service filters after it has taken a page: a page may be empty and not be the last. An answer without its list,
//! such as that of a proxy, is an error and never an empty list. Where ids are given, no page size is sent: the service
//! refuses both together.
//!
//! # Errors
//!
//! Kinds follow the service's codes: an image that does not exist is a 400 with `InvalidAMIID.NotFound`, and so
//! [`ErrorKind::NotFound`](crate::ErrorKind::NotFound). Throttling, a 400 or 503, is retried with backoff. Credentials are
//! renewed if the code says that they are expired, and not if a permission is missing.

/// What the build script makes of `specs/ec2.yaml`.
pub(crate) mod generated {
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
pub use generated::{
    Client, ImagesApi, InstanceTypesApi, RecycleBinApi, RegionsApi, SnapshotsApi, TagsApi,
    requests, types,
};
#[cfg(feature = "catalog")]
pub(crate) use owner::is_account;
