//! The data of an upload.

use super::upload::{BoxError, OnProgress, Source, UploadBody};
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use futures_core::Stream;
use futures_util::TryStreamExt;
use std::fmt;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

/// The size of the chunks in which bytes in memory, or a file, are sent.
const CHUNK: usize = 128 << 10;

/// The data of an upload: bytes, a file, or a stream or reader that can be sent once.
///
/// Everything but bytes is read while it is sent, in constant memory. Cloning is cheap. Bytes and files are sent
/// again when a request is retried. A stream is sent only once: its clones share it, and the first one that is sent
/// takes the data.
///
/// ```
/// # async fn example(images: cloud_images::ims::ImageDataApi) -> cloud_images::Result<()> {
/// use cloud_images::Body;
///
/// let body = Body::file("ubuntu.qcow2").await?.on_progress(|sent, total| {
///     println!("{sent} of {} bytes", total.unwrap_or_default());
/// });
/// images.upload_image_file("bc6bed6e-ba3a-4447-afcc-449174a3eb52", body).await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Body {
    inner: Inner,
    length: Option<u64>,
    progress: Option<OnProgress>,
}

#[derive(Clone)]
enum Inner {
    Bytes(Bytes),
    #[cfg(feature = "files")]
    File(Arc<Path>),
    Stream(Arc<Mutex<Option<Source>>>),
}

impl Body {
    /// A body that a stream produces while it is sent, in constant memory.
    pub fn stream<S, B, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes> + 'static,
        E: Into<BoxError> + 'static,
    {
        let stream: Source = Box::pin(stream.map_ok(Into::into).map_err(Into::into));
        Self::new(Inner::Stream(Arc::new(Mutex::new(Some(stream)))), None)
    }

    /// A body that is read from a reader while it is sent, in constant memory.
    #[cfg(feature = "files")]
    pub fn reader(reader: impl tokio::io::AsyncRead + Send + 'static) -> Self {
        Self::stream(chunks(Box::pin(reader)))
    }

    /// A file that is read while it is sent, in constant memory. Its length is determined now.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] if the file does not exist or cannot be read.
    #[cfg(feature = "files")]
    pub async fn file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let metadata = async { tokio::fs::File::open(path).await?.metadata().await }.await;
        let length = match metadata {
            Ok(metadata) if metadata.is_file() => metadata.len(),
            Ok(_) => {
                let message = format!("{} is not a file", path.display());
                return Err(Error::new(ErrorKind::InvalidRequest, message));
            }
            Err(error) => {
                let message = format!("{} cannot be read: {error}", path.display());
                return Err(Error::new(ErrorKind::InvalidRequest, message).caused_by(error));
            }
        };
        Ok(Self::new(Inner::File(path.into()), Some(length)))
    }

    /// Sets `Content-Length` for a stream or reader, in bytes; without it, the body is sent in chunks. The
    /// upload fails if there are more or fewer bytes. The last chunk is sent only when the stream or reader has
    /// ended: limit a reader that stays open, such as a connection, by tokio's `take`.
    #[must_use]
    pub fn with_length(mut self, bytes: u64) -> Self {
        self.length = Some(bytes);
        self
    }

    /// Calls a function with the number of bytes sent so far, and with their total if it is known. When a
    /// request is retried, the count starts again.
    #[must_use]
    pub fn on_progress(mut self, call: impl Fn(u64, Option<u64>) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(call));
        self
    }

    /// The number of bytes, if it is known before the body is sent.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    fn new(inner: Inner, length: Option<u64>) -> Self {
        Self { inner, length, progress: None }
    }

    /// Whether it can be sent only once.
    #[allow(dead_code)] // depends on the documents
    pub(crate) fn is_stream(&self) -> bool {
        matches!(self.inner, Inner::Stream(_))
    }

    /// The body for the HTTP client; a stream only once.
    pub(crate) fn into_reqwest(self) -> Result<reqwest::Body> {
        let source = match self.inner {
            Inner::Bytes(bytes) if bytes.is_empty() && self.length == Some(0) => {
                return Ok(bytes.into());
            }
            Inner::Bytes(bytes) => sliced(bytes),
            #[cfg(feature = "files")]
            Inner::File(path) => file(path),
            Inner::Stream(stream) => {
                stream.lock().ok().and_then(|mut slot| slot.take()).ok_or_else(|| {
                    let message = "the body is a stream that was sent already: pass a new one";
                    Error::new(ErrorKind::InvalidRequest, message)
                })?
            }
        };
        Ok(reqwest::Body::wrap(UploadBody::new(source, self.length, self.progress)))
    }
}

/// Bytes in chunks, so that the progress can be reported.
fn sliced(mut bytes: Bytes) -> Source {
    Box::pin(futures_util::stream::poll_fn(move |_| {
        let piece = bytes.split_to(CHUNK.min(bytes.len()));
        std::task::Poll::Ready((!piece.is_empty()).then_some(Ok(piece)))
    }))
}

#[cfg(feature = "files")]
fn file(path: Arc<Path>) -> Source {
    let opened = futures_util::stream::once(async move { tokio::fs::File::open(path).await });
    let pieces = opened.map_ok(|mut file| {
        file.set_max_buf_size(CHUNK);
        chunks(Box::pin(file))
    });
    Box::pin(pieces.try_flatten().map_err(Into::into))
}

#[cfg(feature = "files")]
fn chunks<R: tokio::io::AsyncRead + Send + 'static>(
    reader: Pin<Box<R>>,
) -> impl Stream<Item = std::io::Result<Bytes>> + Send {
    use tokio::io::AsyncReadExt;

    futures_util::stream::try_unfold(reader, |mut reader| async move {
        let mut piece = bytes::BytesMut::with_capacity(CHUNK);
        reader.read_buf(&mut piece).await?;
        Ok((!piece.is_empty()).then(|| (piece.freeze(), reader)))
    })
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(bytes: T) -> Self {
        let bytes = bytes.into();
        let length = bytes.len() as u64;
        Self::new(Inner::Bytes(bytes), Some(length))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.length {
            Some(length) => write!(f, "Body({length} bytes)"),
            None => f.write_str("Body(stream)"),
        }
    }
}
