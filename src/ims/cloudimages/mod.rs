//! The IMS API of Open Telekom Cloud and Huawei Cloud beyond OpenStack: make images from servers, volumes and files in
//! the object storage, copy, export and share them, and tag them in bulk.
//!
//! The `...Api` structs come from methods of [`Client`](crate::ims::Client). Most operations start a job and return its
//! id. Wait for the job:
//!
//! ```no_run
//! # async fn example(client: cloud_images::ims::Client) -> cloud_images::Result<()> {
//! let images = client.cloud_images();
//! let started = images.create_image().name("web").instance_id("877a2cda-ba63-4e1e-b95f-e67e48b6129a").await?;
//! let job = client.jobs().show_job(started.id()).wait_for_job().await?;
//! println!("{:?}", job.image_ids());
//! # Ok(()) }
//! ```
//!
//! Another process can wait for the same job: it needs only the id and a credential of the same project.

/// What the build script makes of `specs/ims-cloudimages.yaml`.
pub(crate) mod generated {
    include!(concat!(env!("OUT_DIR"), "/ims-cloudimages.rs"));
}

mod job;
mod parts;

pub use generated::{
    CloudImageMembersApi, CloudImageTagsApi, CloudImagesApi, JobsApi, requests, types,
};
