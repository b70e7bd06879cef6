//! The body of an upload: sets `Content-Length`, and fails if the data has another length.

use bytes::Bytes;
use futures_core::Stream;
use futures_util::StreamExt;
use http_body::{Frame, SizeHint};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

pub(super) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Bytes as they are produced.
pub(super) type Source = Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>;

/// Reports the progress of an upload.
pub(super) type OnProgress = Arc<dyn Fn(u64, Option<u64>) + Send + Sync>;

/// The data of an upload could not be produced: the connection is not at fault.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct DataError(String);

pub(super) struct UploadBody {
    // Never locked: the HTTP client wants its bodies to be `Sync`.
    source: Mutex<Source>,
    length: Option<u64>,
    progress: Option<OnProgress>,
    /// How many bytes the source gave, and how many of them were sent.
    read: u64,
    sent: u64,
    /// The chunk that completes the length. HTTP/1 asks for nothing after it, so it waits until the source has
    /// ended: otherwise surplus data would be cut off, and the rest stored.
    last: Option<Bytes>,
}

impl UploadBody {
    pub fn new(source: Source, length: Option<u64>, progress: Option<OnProgress>) -> Self {
        Self { source: Mutex::new(source), length, progress, read: 0, sent: 0, last: None }
    }

    fn hand_over(&mut self, piece: Bytes) -> Poll<Option<Result<Frame<Bytes>, DataError>>> {
        self.sent += piece.len() as u64;
        if let Some(progress) = &self.progress {
            progress(self.sent, self.length);
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}

impl http_body::Body for UploadBody {
    type Data = Bytes;
    type Error = DataError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, DataError>>> {
        let this = &mut *self;
        let wrong = |message: String| Poll::Ready(Some(Err(DataError(message))));
        loop {
            let Ok(source) = this.source.get_mut() else { return Poll::Ready(None) };
            match (ready!(source.poll_next_unpin(context)), this.length) {
                (Some(Err(error)), _) => return wrong(format!("the data cannot be read: {error}")),
                (Some(Ok(piece)), _) if piece.is_empty() => {}
                (Some(Ok(piece)), Some(length)) => {
                    this.read = this.read.saturating_add(piece.len() as u64);
                    if this.read > length {
                        let message =
                            format!("there is more data than the {length} bytes announced");
                        return wrong(message);
                    }
                    if this.read < length {
                        return this.hand_over(piece);
                    }
                    this.last = Some(piece);
                }
                (Some(Ok(piece)), None) => return this.hand_over(piece),
                (None, Some(length)) if this.read < length => {
                    return wrong(format!("the data ended after {} of {length} bytes", this.read));
                }
                (None, _) => {
                    // Never polled again: a stream that has ended may panic.
                    *source = Box::pin(futures_util::stream::empty());
                    return match this.last.take() {
                        Some(piece) => this.hand_over(piece),
                        None => Poll::Ready(None),
                    };
                }
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self.length {
            // With a length of 0 the body is not polled at all, and surplus data would not be seen.
            Some(0) | None => SizeHint::default(),
            Some(length) => SizeHint::with_exact(length - self.sent),
        }
    }
}
