//! Metadata definitions of Glance: which properties images and other resources can have.
//!
//! IMS has none of it. [`Client::metadata_definitions`](crate::ims::Client::metadata_definitions) gives the
//! operations.
//!
//! The updates of the service replace: what is left out of `replace_metadef_namespace` is reset. To change one
//! thing, begin with what is there:
//!
//! ```no_run
//! # async fn example(client: cloud_images::ims::Client) -> cloud_images::Result<()> {
//! let definitions = client.metadata_definitions();
//! definitions.change_namespace("OS::Example").await?.display_name("An example").await?;
//! # Ok(()) }
//! ```

/// What the build script makes of `specs/glance-metadefs.yaml`.
pub(crate) mod generated {
    include!(concat!(env!("OUT_DIR"), "/glance-metadefs.rs"));
}

mod change;
mod parts;

pub use generated::{MetadataDefinitionsApi, requests, types};
