//! Metadata definitions of Glance: which properties images and other resources can have.
//!
//! IMS does not have them. [`Client::metadata_definitions`](crate::ims::Client::metadata_definitions) returns the
//! operations.
//!
//! An update replaces a whole namespace, object or property: `replace_metadef_namespace` resets every setting that
//! it does not set. To change one setting and keep the others, use the `change_...` methods:
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
