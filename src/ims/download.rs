//! Downloads that go on after a broken connection and are checked.

use super::digest::Expected;
use super::transfer::{Part, Transfer};
use super::ImageDataApi;
use crate::{Error, Result};
use bytes::Bytes;
use futures_core::Stream;
use std::fmt;
use std::io;
use std::ops::{Bound, RangeBounds};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use sync_wrapper::SyncWrapper;
use tokio::io::{AsyncRead, ReadBuf};

/// A download of an image's data that goes on where a connection broke, and is checked.
///
/// Made by [`ImageDataApi::download`].
#[derive(Clone)]
#[must_use = "nothing is downloaded until it is asked for as a stream or to a file"]
pub struct Download {
    api: ImageDataApi,
    pub(super) id: String,
    pub(super) part: Part,
    resumptions: u32,
    progress: Option<OnProgress>,
}

type OnProgress = Arc<dyn Fn(u64, Option<u64>) + Send + Sync>;

impl ImageDataApi {
    /// Downloads the data of an image, checked against what the service knows of it.
    ///
    /// Where [`download_image_file`](Self::download_image_file) is one exchange, this is all that it takes:
    /// a connection that breaks is made again for the rest, and the whole is compared with the image's
    /// `os_hash_value`, or else its `checksum`, and its `size`. Damaged data is an error, never a success.
    ///
    /// ```no_run
    /// # async fn example(client: cloud_images::ims::Client) -> cloud_images::Result<()> {
    /// let data = client.image_data();
    /// data.download("bc6bed6e-ba3a-4447-afcc-449174a3eb52").to_file("ubuntu.qcow2").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoData`](crate::ErrorKind::NoData) for an image without data,
    /// [`ErrorKind::Forbidden`](crate::ErrorKind::Forbidden) for a deactivated one,
    /// [`ErrorKind::Damaged`](crate::ErrorKind::Damaged) for data that is not what it should be.
    pub fn download(&self, image_id: impl Into<String>) -> Download {
        Download {
            api: self.clone(),
            id: image_id.into(),
            part: Part { start: 0, end: None },
            resumptions: 5,
            progress: None,
        }
    }
}

impl Download {
    /// Only these bytes, such as `0..4096` or `1_000_000..`. Of a part only the length can be checked.
    pub fn range(mut self, bytes: impl RangeBounds<u64>) -> Self {
        let start = match bytes.start_bound() {
            Bound::Included(start) => *start,
            Bound::Excluded(before) => before.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let end = match bytes.end_bound() {
            Bound::Included(last) => Some(last.saturating_add(1)),
            Bound::Excluded(end) => Some(*end),
            Bound::Unbounded => None,
        };
        self.part = Part { start, end };
        self
    }

    /// How often in a row it goes on after a broken connection without having got a byte in between; 5
    /// unless set.
    pub fn resumptions(mut self, times: u32) -> Self {
        self.resumptions = times;
        self
    }

    /// Calls a function with the bytes that arrived so far, and with their total if it is known.
    pub fn on_progress(mut self, call: impl Fn(u64, Option<u64>) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(call));
        self
    }

    /// The data as a stream, and as a reader.
    ///
    /// The last thing that either gives is the outcome of the check: the data is good if it ends without
    /// an error.
    ///
    /// # Errors
    ///
    /// What [`show_image`](super::ImageOperationsApi::show_image) fails with.
    pub async fn stream(self) -> Result<DataStream> {
        let transfer = self.begin().await?;
        Ok(self.flow(transfer))
    }

    /// All data in memory, at most `limit` bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ResponseTooLarge`](crate::ErrorKind::ResponseTooLarge) if there is more, and as for
    /// [`ImageDataApi::download`].
    pub async fn bytes(self, limit: usize) -> Result<Bytes> {
        let mut stream = self.stream().await?;
        let mut all = bytes::BytesMut::new();
        while let Some(chunk) = futures_util::StreamExt::next(&mut stream).await {
            let chunk = chunk?;
            if chunk.len() > limit.saturating_sub(all.len()) {
                let message = format!("the data is larger than {limit} bytes");
                return Err(Error::new(crate::ErrorKind::ResponseTooLarge, message));
            }
            all.extend_from_slice(&chunk);
        }
        Ok(all.freeze())
    }

    /// Asks for what the data has to be.
    pub(super) async fn begin(&self) -> Result<Transfer> {
        let image = self.api.client().image_operations().show_image(&self.id).await?;
        let request = self.api.download_image_file(&self.id);
        let size = image.size.and_then(|size| u64::try_from(size).ok());
        Ok(Transfer::new(request, self.part, size, Expected::of(&image), self.resumptions))
    }

    pub(super) fn flow(&self, transfer: Transfer) -> DataStream {
        let length = transfer.length();
        let checked_by = transfer.checked_by();
        let progress = self.progress.clone();
        let chunks = futures_util::stream::try_unfold(transfer, move |mut transfer| {
            let progress = progress.clone();
            async move {
                let Some(chunk) = transfer.next().await? else { return Ok(None) };
                if let Some(progress) = progress {
                    progress(transfer.arrived(), transfer.length());
                }
                Ok(Some((chunk, transfer)))
            }
        });
        DataStream {
            chunks: SyncWrapper::new(Box::pin(chunks)),
            rest: Bytes::new(),
            length,
            checked_by,
        }
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The data of a download, as a stream of chunks and as a reader.
///
/// The data is good if it ends without an error.
pub struct DataStream {
    chunks: SyncWrapper<Pin<Box<dyn Stream<Item = Result<Bytes>> + Send>>>,
    rest: Bytes,
    length: Option<u64>,
    checked_by: Option<&'static str>,
}

impl DataStream {
    /// How many bytes there will be, if the service said so.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// The hash that the data is checked with: `sha512`, `sha256` or `md5`. `None` if there is only the
    /// length to check: the service tells no hash, or this is a part of the data.
    #[must_use]
    pub fn checked_by(&self) -> Option<&'static str> {
        self.checked_by
    }
}

impl Stream for DataStream {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if !self.rest.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.rest))));
        }
        self.chunks.get_mut().as_mut().poll_next(context)
    }
}

impl AsyncRead for DataStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        while self.rest.is_empty() {
            match ready!(self.chunks.get_mut().as_mut().poll_next(context)) {
                Some(chunk) => self.rest = chunk.map_err(io::Error::other)?,
                None => return Poll::Ready(Ok(())),
            }
        }
        let many = self.rest.len().min(buffer.remaining());
        buffer.put_slice(&self.rest.split_to(many));
        Poll::Ready(Ok(()))
    }
}

impl fmt::Debug for DataStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataStream").field("length", &self.length).finish_non_exhaustive()
    }
}
