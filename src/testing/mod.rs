//! Servers that behave like the three services, for tests and demonstrations.
//!
//! | server | stands for |
//! |---|---|
//! | [`FakeParallelCluster`] | AWS ParallelCluster behind API Gateway, signatures really verified |
//! | [`FakeIms`] | OpenStack Glance, and the IMS of Open Telekom Cloud and Huawei Cloud |
//! | [`FakeComputing`] | the computing API of a GPU cloud |
//!
//! Each listens on a port of its own on this machine until it is dropped, holds the example data of the
//! service's document and as many generated images as asked for, the same ones in every run, and does
//! what the real service was seen to do, its oddities included. It records the requests that it got, and
//! fails when it is told to: see [`Fault`].
//!
//! ```
//! use cloud_images::testing::{FakeIms, Fault};
//! use futures::TryStreamExt;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> cloud_images::Result<()> {
//! let server = FakeIms::builder().images(60).start().await;
//! server.fail(Fault::status(503).times(1));
//!
//! let request = server.client().image_operations().list_images().page_size(50);
//! let images: Vec<_> = request.items().try_collect().await?;
//!
//! assert_eq!(images.len(), 62); // two of them are the document's example
//! assert_eq!(server.requests()[0].status, Some(503));
//! # Ok(()) }
//! ```

#[cfg(feature = "computing")]
mod computing;
mod exchange;
mod fault;
#[cfg(feature = "ims")]
mod ims;
mod numbers;
#[cfg(feature = "parallelcluster")]
mod parallelcluster;
mod server;

#[cfg(feature = "computing")]
pub use computing::{FakeComputing, FakeComputingBuilder};
pub use fault::Fault;
#[cfg(feature = "ims")]
pub use ims::{FakeIms, FakeImsBuilder};
#[cfg(feature = "parallelcluster")]
pub use parallelcluster::{FakeParallelCluster, FakeParallelClusterBuilder};
pub use server::RecordedRequest;
