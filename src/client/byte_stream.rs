//! The data of a download.

use super::error_response::without_secrets;
use super::idle_timeout::IdleTimeout;
use crate::operation::Operation;
use crate::redact::Secrets;
use crate::{BoxFuture, Error, ErrorKind, Result};
use bytes::Bytes;
use futures_core::Stream;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use sync_wrapper::SyncWrapper;

/// A response whose body is still to come.
pub(super) struct Download {
    pub response: reqwest::Response,
    pub idle: IdleTimeout,
    pub secrets: Secrets,
}

/// The bytes of an image as they arrive.
pub struct ByteStream {
    inner: SyncWrapper<Pin<Box<dyn Stream<Item = Result<Bytes>> + Send>>>,
    length: Option<u64>,
}

impl ByteStream {
    pub(super) fn new(download: Download, operation: &'static Operation) -> Self {
        let length = download.response.content_length();
        let inner = futures_util::stream::try_unfold(download, move |mut download| async move {
            let chunk = download.idle.next(&mut download.response).await;
            let chunk = chunk.map_err(|error| {
                without_secrets(error, &download.secrets).with_operation(operation)
            })?;
            Ok(chunk.map(|chunk| (chunk, download)))
        });
        Self { inner: SyncWrapper::new(Box::pin(inner)), length }
    }

    pub(super) fn complete(bytes: Bytes) -> Self {
        let length = Some(bytes.len() as u64);
        let inner = Box::pin(futures_util::stream::once(async { Ok(bytes) }));
        Self { inner: SyncWrapper::new(inner), length }
    }

    /// The same stream with a chunk before it.
    #[cfg(feature = "ims")]
    pub(crate) fn after(self, chunk: Bytes) -> Self {
        let first = futures_util::stream::once(async { Ok(chunk) });
        let inner = Box::pin(futures_util::StreamExt::chain(first, self.inner.into_inner()));
        Self { inner: SyncWrapper::new(inner), length: None }
    }

    /// The first bytes of the stream.
    #[cfg(feature = "ims")]
    pub(crate) fn cut(self, bytes: u64) -> Self {
        let rest = futures_util::stream::try_unfold(
            (self.inner.into_inner(), bytes),
            |(mut inner, left)| async move {
                if left == 0 {
                    return Ok(None);
                }
                let chunk = futures_util::TryStreamExt::try_next(&mut inner).await?;
                Ok(chunk.map(|mut chunk| {
                    chunk.truncate(usize::try_from(left).unwrap_or(usize::MAX));
                    let left = left - chunk.len() as u64;
                    (chunk, (inner, left))
                }))
            },
        );
        Self { inner: SyncWrapper::new(Box::pin(rest)), length: Some(bytes) }
    }

    /// The number of bytes, if the service announced it.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// Reads all bytes into memory, at most `limit` of them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ResponseTooLarge`] if there are more than `limit` bytes,
    /// and the errors of the stream.
    pub fn bytes(mut self, limit: usize) -> BoxFuture<'static, Result<Bytes>> {
        Box::pin(async move {
            let mut all = Vec::new();
            while let Some(chunk) = futures_util::StreamExt::next(&mut self).await {
                let chunk = chunk?;
                if chunk.len() > limit - all.len() {
                    let message = format!("the data is larger than {limit} bytes: raise the limit");
                    return Err(Error::new(ErrorKind::ResponseTooLarge, message));
                }
                all.extend_from_slice(&chunk);
            }
            Ok(all.into())
        })
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.inner.get_mut().as_mut().poll_next(context)
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").field("length", &self.length).finish_non_exhaustive()
    }
}
