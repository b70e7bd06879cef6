//! The data of a download as it arrives.

use crate::Result;
use bytes::Bytes;
use futures_core::Stream;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use sync_wrapper::SyncWrapper;
use tokio::io::{AsyncRead, ReadBuf};

/// The data of a download, as a `Stream` of chunks and as an `AsyncRead`.
///
/// The data is verified at the end: it is good only if the stream ends without an error.
pub struct DataStream {
    chunks: SyncWrapper<Pin<Box<dyn Stream<Item = Result<Bytes>> + Send>>>,
    rest: Bytes,
    failed: bool,
    length: Option<u64>,
    checked_by: Option<&'static str>,
}

impl DataStream {
    pub(super) fn new(
        chunks: impl Stream<Item = Result<Bytes>> + Send + 'static,
        length: Option<u64>,
        checked_by: Option<&'static str>,
    ) -> Self {
        let chunks = SyncWrapper::new(Box::pin(chunks) as _);
        Self { chunks, rest: Bytes::new(), failed: false, length, checked_by }
    }

    /// The number of bytes of the whole stream, if the service sends it.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// The hash that verifies the data: `sha512`, `sha256` or `md5`. `None` if only the length is verified, because
    /// the service has no hash or because this is a range of the data.
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
        let next = ready!(self.chunks.get_mut().as_mut().poll_next(context));
        self.failed |= matches!(next, Some(Err(_)));
        Poll::Ready(next)
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
                Some(Ok(chunk)) => self.rest = chunk,
                Some(Err(error)) => {
                    self.failed = true;
                    return Poll::Ready(Err(io::Error::other(error)));
                }
                // After a failure, the end of the stream must not pass for the end of the data.
                None if self.failed => {
                    return Poll::Ready(Err(io::Error::other(
                        "the download failed before: start a new one",
                    )));
                }
                None => return Poll::Ready(Ok(())),
            }
        }
        let length = self.rest.len().min(buffer.remaining());
        buffer.put_slice(&self.rest.split_to(length));
        Poll::Ready(Ok(()))
    }
}

impl fmt::Debug for DataStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataStream").field("length", &self.length).finish_non_exhaustive()
    }
}
