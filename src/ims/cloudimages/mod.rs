//! The API of its own that the Image Management Service of Open Telekom Cloud and Huawei Cloud has: images are
//! made from servers, volumes and files in the object storage, copied, exported, shared and tagged in bulk.
//!
//! [`Client`](crate::ims::Client) gives the `...Api` structs. Most operations start a job:
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
//! The id of the job is all that another process needs to wait for it, with the same project.

/// What the build script makes of `specs/ims-cloudimages.yaml`.
pub(crate) mod generated {
    include!(concat!(env!("OUT_DIR"), "/ims-cloudimages.rs"));
}

mod job;
mod parts;

pub use generated::{
    CloudImageMembersApi, CloudImageTagsApi, CloudImagesApi, JobsApi, requests, types,
};
