//! The rest of Glance: imports, stores, tasks, locations, usage and the cache.
//!
//! IMS does not have these operations. The `...Api` structs come from methods of [`Client`](crate::ims::Client).
//!
//! ```no_run
//! # async fn example(client: cloud_images::ims::Client) -> cloud_images::Result<()> {
//! use cloud_images::ims::glance::types::ImportMethod;
//!
//! let id = "bc6bed6e-ba3a-4447-afcc-449174a3eb52";
//! let method = ImportMethod::web_download("https://images.example.com/ubuntu.qcow2");
//! client.image_import().import_image(id, method).all_stores(true).await?;
//! let image = client.image_operations().show_image(id).wait_for_import().await?;
//! println!("{:?}", image.stores);
//! # Ok(()) }
//! ```

/// What the build script makes of `specs/glance.yaml`.
pub(crate) mod generated {
    include!(concat!(env!("OUT_DIR"), "/glance.rs"));
}

mod import;
mod upload;

pub use generated::{
    CacheApi, GlanceSchemasApi, ImageImportApi, ImageLocationsApi, ImageTasksApi, StoresApi,
    TasksApi, UsageApi, requests, types,
};
pub use upload::{Upload, UploadMethod};
