//! The body of an upload on its way: counted, and of the length that was announced.

use super::body::{OnProgress, Source};
use bytes::Bytes;
use futures_util::StreamExt;
use http_body::{Frame, SizeHint};
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll, ready};

/// Why the data of an upload could not be produced, told apart from what the connection did.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct DataError(String);

pub(super) struct Outgoing {
    // Never locked: the HTTP client wants its bodies to be `Sync`.
    source: Mutex<Source>,
    length: Option<u64>,
    progress: Option<OnProgress>,
    count: u64,
}

impl Outgoing {
    pub fn new(source: Source, length: Option<u64>, progress: Option<OnProgress>) -> Self {
        Self { source: Mutex::new(source), length, progress, count: 0 }
    }
}

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = DataError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, DataError>>> {
        let this = &mut *self;
        let Ok(source) = this.source.get_mut() else { return Poll::Ready(None) };
        let wrong = |message: String| Poll::Ready(Some(Err(DataError(message))));
        match (ready!(source.poll_next_unpin(context)), this.length) {
            (Some(Err(error)), _) => wrong(format!("the data cannot be read: {error}")),
            (Some(Ok(piece)), length) => {
                this.count += piece.len() as u64;
                if let Some(length) = length.filter(|length| this.count > *length) {
                    return wrong(format!("there is more data than the {length} bytes announced"));
                }
                if let Some(progress) = &this.progress {
                    progress(this.count, length);
                }
                Poll::Ready(Some(Ok(Frame::data(piece))))
            }
            (None, Some(length)) if this.count < length => {
                wrong(format!("the data ended after {} of {length} bytes", this.count))
            }
            (None, _) => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.length == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        match self.length {
            Some(length) => SizeHint::with_exact(length - self.count.min(length)),
            None => SizeHint::default(),
        }
    }
}
