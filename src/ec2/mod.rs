//! The images (AMIs) of Amazon EC2, and the public SSM parameters that hold their ids.
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
//! In addition to the operations and the streams of lists, there are:
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
//! **Names prove nothing.** Anyone can publish an image of any name, and a program that takes the newest image by its
//! name gets it. Only the owner says who published an image. Set the [`owner`](requests::DescribeImages::owner) to the
//! id of the account, or read the id of the image from a public parameter. If a response has an image of another owner,
//! the call fails.
//!
//! # Regions
//!
//! The region is that of the credential, or the one set by [`region`](crate::ClientBuilder::region). It sets both the
//! address and the region in signatures. [`fips`](crate::ClientBuilder::fips) and
//! [`dual_stack`](crate::ClientBuilder::dual_stack) select addresses with FIPS-validated cryptography or with IPv6.
//! China, GovCloud and the European Sovereign Cloud need separate credentials.
//!
//! # Lists
//!
//! The service applies filters after it has taken a page, so a page can be empty and not be the last. A response
//! without its list, for example from a proxy, is an error and never an empty list. If you set ids, no page size is
//! sent, since the service refuses both together.
//!
//! # Errors
//!
//! The kind of an error follows the code of the service: for an image that does not exist, the service answers 400 with
//! the code `InvalidAMIID.NotFound`, and the kind is [`ErrorKind::NotFound`](crate::ErrorKind::NotFound). Throttling, a
//! 400 or 503, is retried with backoff. Credentials are renewed if the code says that they have expired, but not if a
//! permission is missing.

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
