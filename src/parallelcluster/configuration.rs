//! Configurations of images and clusters.

use crate::{Error, ErrorKind, Result};
use std::fmt;
use std::path::Path;

/// The configuration of an image or a cluster, a YAML document, from a file or bytes.
///
/// `build_image`, `create_cluster` and `update_cluster` take a string as well. The text is sent as it is: the service
/// answers 400 or 500 to base64, although the vendor's document declares base64 (`format: byte`).
///
/// A configuration can contain scripts with secrets: `Debug` of this type shows only the length, and `Debug` of the
/// requests does not show the configuration at all.
///
/// ```no_run
/// # async fn example(images: cloud_images::parallelcluster::ImageOperationsApi) -> cloud_images::Result<()> {
/// use cloud_images::parallelcluster::Configuration;
///
/// let configuration = Configuration::from_file("image.yaml")?;
/// images.build_image("my-image", configuration).await?;
/// # Ok(()) }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Configuration(String);

impl Configuration {
    /// Reads a file.
    ///
    /// This blocks the current thread: a configuration has a few kilobytes, and moving the read to another thread
    /// would take longer.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`], with the path, if the file cannot be read or is not UTF-8.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let failed = |error: std::io::Error| {
            let message = format!("the configuration {} cannot be read: {error}", path.display());
            Error::new(ErrorKind::InvalidRequest, message).caused_by(error)
        };
        std::fs::read_to_string(path).map(Self).map_err(failed)
    }

    /// Takes bytes, which must be UTF-8 text.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] if they are not UTF-8.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Result<Self> {
        String::from_utf8(bytes.into()).map(Self).map_err(|error| {
            let error = error.utf8_error();
            Error::new(
                ErrorKind::InvalidRequest,
                format!("the configuration is not UTF-8: {error}"),
            )
            .caused_by(error)
        })
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Configuration {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Configuration {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<Configuration> for String {
    fn from(configuration: Configuration) -> Self {
        configuration.0
    }
}

impl fmt::Debug for Configuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Configuration({} bytes)", self.0.len())
    }
}
