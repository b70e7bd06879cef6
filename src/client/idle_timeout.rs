//! Minimum progress in each idle timeout: while the service receives a request, before it responds, and
//! between the chunks of its response.

use super::error_response;
use super::streams::Streams;
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};

/// Fewer bytes than this in one idle timeout are not progress, or a service that sends a byte a second would
/// hold a client for days.
const ENOUGH: usize = 1024;

/// The chunks in which a body in memory is sent, so that their progress is seen.
const PIECE: usize = 64 << 10;

/// A longer timeout is none. Larger times do not fit an [`Instant`].
const FOR_EVER: Duration = Duration::from_secs(30 * 365 * 86_400);

/// How many times in its time a request over HTTP/2 looks whether it has its turn.
const LOOKS: u32 = 8;

/// Sends a request and waits for the head of its response. The clock starts anew whenever the service
/// takes a piece of the body, and not before the request has its turn on the connection.
pub(super) async fn head(
    http: &reqwest::Client,
    mut request: reqwest::Request,
    limit: Duration,
    streams: &Streams,
) -> Result<reqwest::Response> {
    let limit = limit.min(FOR_EVER);
    let taken = Taken::now();
    let is_large = |body: &reqwest::Body| body.as_bytes().is_none_or(|b| b.len() > PIECE);
    if let Some(body) = request.body_mut().as_mut().filter(|body| is_large(body)) {
        let inner = std::mem::take(body);
        let watched = Watched { inner, rest: Bytes::new(), taken: taken.clone() };
        *body = reqwest::Body::wrap(watched);
    }
    let mut ticket = streams.enter();
    let mut response = std::pin::pin!(http.execute(request));
    loop {
        let end = taken.last().max(streams.quiet_since(&mut ticket)) + limit;
        if end <= Instant::now() {
            return Err(silent(limit));
        }
        let wake =
            if streams.is_multiplexed() { end.min(Instant::now() + limit / LOOKS) } else { end };
        if let Ok(response) = timeout_at(wake, response.as_mut()).await {
            let response = response.map_err(error_response::of_http)?;
            streams.answered(&ticket, response.version());
            return Ok(response);
        }
    }
}

/// The time that is left for the next chunk of a response. Only waiting counts, not what the caller does in
/// between.
pub(super) struct IdleTimeout {
    limit: Duration,
    left: Duration,
    received: usize,
}

impl IdleTimeout {
    pub(super) fn new(limit: Duration) -> Self {
        Self { limit, left: limit, received: 0 }
    }

    /// The next chunk of the body, or `None` at its end.
    pub(super) async fn next(&mut self, response: &mut reqwest::Response) -> Result<Option<Bytes>> {
        let start = Instant::now();
        let chunk = timeout(self.left, response.chunk()).await.map_err(|_| silent(self.limit))?;
        let chunk = chunk.map_err(error_response::of_http)?;
        self.received += chunk.as_ref().map_or(0, Bytes::len);
        if self.received >= ENOUGH {
            self.received = 0;
            self.left = self.limit;
        } else {
            self.left = self.left.saturating_sub(start.elapsed());
        }
        Ok(chunk)
    }
}

fn silent(limit: Duration) -> Error {
    Error::new(ErrorKind::Timeout, format!("the service sent nothing for {limit:?}"))
}

/// When the service took a chunk last; nothing while it waits for the caller's own stream.
#[derive(Clone)]
struct Taken(Arc<Mutex<Option<Instant>>>);

impl Taken {
    fn now() -> Self {
        Self(Arc::new(Mutex::new(Some(Instant::now()))))
    }

    fn last(&self) -> Instant {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).unwrap_or_else(Instant::now)
    }

    fn note(&self, time: Option<Instant>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = time;
    }
}

/// A body that records when its chunks are taken.
struct Watched {
    inner: reqwest::Body,
    rest: Bytes,
    taken: Taken,
}

impl Body for Watched {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        if self.rest.is_empty() {
            self.taken.note(None);
            let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
            self.taken.note(Some(Instant::now()));
            match frame {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                end => return Poll::Ready(end),
            }
        }
        self.taken.note(Some(Instant::now()));
        let size = self.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(size)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let inner = self.inner.size_hint();
        let rest = self.rest.len() as u64;
        let mut hint = SizeHint::new();
        hint.set_lower(inner.lower().saturating_add(rest));
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint
    }
}
