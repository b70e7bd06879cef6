//! Servers that behave like the services, for tests and demonstrations.
//!
//! | server | stands for |
//! |---|---|
//! | [`FakeParallelCluster`] | AWS ParallelCluster behind API Gateway, signatures really verified |
//! | [`FakeIms`] | OpenStack Glance, and the IMS of Open Telekom Cloud and Huawei Cloud |
//! | [`FakeComputing`] | the computing API of a GPU cloud |
//! | `FakeDigitalOcean`, `FakeHetzner`, `FakeHyperstack`, `FakeLambda`, `FakeLinode`, `FakeVultr` | these clouds, as far as their documents go; each with the feature of its module |
//! | [`FakeEc2`] | the images of EC2 and the parameters of SSM, signatures really verified (feature `ec2`) |
//!
//! Each listens on a port of its own on this machine until it is dropped. It holds the example data of the
//! service's document, as many generated images as you want (the same in every run), and images of your own. It
//! behaves like the real service, including its quirks. It records the requests that it receives, and fails when a
//! test wants it to: see [`Fault`].
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

//! ## Images of your own, and models in tests
//!
//! Create the types of a service from JSON: an object with the fields that matter, or a recorded response of the
//! real service. Missing fields are `None` or empty.
//!
//! ```
//! use cloud_images::computing::types::Image;
//! use cloud_images::testing::FakeComputing;
//! use serde_json::json;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let image: Image = serde_json::from_value(json!({
//!     "id": 17, "os_id": "65f0", "os_name": "Ubuntu 24.04 R580 CUDA 13", "region": "ICELAND",
//! }))?;
//! let server = FakeComputing::builder().image(image.clone()).start().await;
//! let by_region = server.client().image_operations().list_images().await?;
//! assert_eq!(by_region.data["ICELAND"], [image]);
//! # Ok(()) }
//! ```

mod builder;
mod clouds;
#[cfg(feature = "computing")]
mod computing;
#[allow(dead_code)] // which of it is used depends on the documents
pub(crate) mod documented;
#[cfg(feature = "ec2")]
mod ec2;
mod exchange;
mod fault;
mod imitation;
#[cfg(feature = "ims")]
mod ims;
mod numbers;
#[cfg(feature = "parallelcluster")]
mod parallelcluster;
mod recorded;
mod server;
#[cfg(any(feature = "ec2", feature = "parallelcluster"))]
mod sigv4;
mod token;

pub use builder::FakeBuilder;
#[allow(unused_imports)] // without one of the clouds
pub use clouds::*;
#[cfg(feature = "computing")]
pub use computing::{FakeComputing, FakeComputingBuilder};
#[cfg(feature = "ec2")]
pub use ec2::{FakeEc2, FakeEc2Builder};
pub use fault::Fault;
#[cfg(feature = "ims")]
pub use ims::{FakeIms, FakeImsBuilder};
#[cfg(feature = "parallelcluster")]
pub use parallelcluster::{FakeParallelCluster, FakeParallelClusterBuilder};
pub use recorded::RecordedRequest;
pub use server::FakeServer;
