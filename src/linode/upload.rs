//! The data of an image that is uploaded.

use super::ImageOperationsApi;
use crate::client::{Body, Options, Shared, call_settings};
use crate::operation::{Failure, Operation};
use crate::{BoxFuture, Result};
use std::fmt;
use std::sync::Arc;

static UPLOAD_DATA: Operation = Operation {
    api: "linode",
    name: "upload_data",
    protocol: crate::operation::Protocol::Rest,
    media_type: Some("application/octet-stream"),
    optional_body: false,
    streams: false,
    successes: &[],
    idempotent: false,
    retry_statuses: &[429, 503],
    errors: &[],
    failure: &Failure::NONE,
    quota: None,
};

impl ImageOperationsApi {
    /// Uploads the data of an image to the address that [`upload_image`](Self::upload_image) returned.
    ///
    /// The address is signed and leads to an object store on another host; the token of this client is not sent
    /// there. Data from a file, a stream or a reader is read while it is sent, in constant memory.
    ///
    /// # Parameters
    ///
    /// * `upload_to`: The address, an https URL.
    /// * `data`: A raw disk, compressed with gzip. A stream or reader needs [`with_length`](Body::with_length), because
    ///   object stores refuse data of unknown length.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn example(client: cloud_images::linode::Client) -> cloud_images::Result<()> {
    /// use cloud_images::Body;
    ///
    /// let images = client.image_operations();
    /// let upload = images.upload_image("my image", "us-iad").await?;
    /// let (Some(image), Some(upload_to)) = (upload.image, upload.upload_to) else { return Ok(()) };
    ///
    /// images.upload_data(upload_to, Body::file("disk.img.gz").await?).await?;
    /// let id = image.id.unwrap_or_default().to_string();
    /// images.show_image(id).wait_until_available().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if the address is not an https URL.
    /// [`ErrorKind`](crate::ErrorKind) lists what every call may fail with.
    pub fn upload_data(&self, upload_to: impl Into<String>, data: impl Into<Body>) -> UploadData {
        UploadData {
            shared: Arc::clone(&self.shared),
            options: Options::default(),
            upload_to: upload_to.into(),
            data: data.into(),
        }
    }
}

/// Uploads the data of an image.
///
/// [`ImageOperationsApi::upload_data`] makes this request. It is sent when it is awaited.
#[derive(Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct UploadData {
    shared: Arc<Shared>,
    options: Options,
    upload_to: String,
    data: Body,
}

impl UploadData {
    call_settings!();
}

impl IntoFuture for UploadData {
    type Output = Result<()>;
    type IntoFuture = BoxFuture<'static, Result<()>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { shared, options, upload_to, data } = self;
            shared.put_signed(&UPLOAD_DATA, &options, &upload_to, &data).await
        })
    }
}

impl fmt::Debug for UploadData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadData").field("data", &self.data).finish_non_exhaustive()
    }
}
