//! Minimum progress in each idle timeout: while the service receives a request, before it responds, and
//! between the chunks of its response.

use super::error_response;
use super::streams::{Streams, Ticket};
use super::within::within;
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Fewer bytes than this in one idle timeout are not progress, or a service that sends a byte a second would
/// hold a client for days.
const ENOUGH: usize = 1024;

/// The chunks in which a body in memory is sent, so that their progress is seen.
const PIECE: usize = 64 << 10;

/// A longer timeout is none. Larger times do not fit an [`Instant`].
const FOR_EVER: Duration = Duration::from_secs(30 * 365 * 86_400);

/// How many times in its time a request over HTTP/2 looks whether it has its turn.
const LOOKS: u32 = 8;

/// Waits for the head of a response, until `end` at the longest. `taken` says when the service took a piece of the
/// body last. The clock starts anew then, and not before the request has its turn on the connection.
pub(super) async fn head(
    mut response: Pin<&mut impl Future<Output = reqwest::Result<reqwest::Response>>>,
    taken: Option<Taken>,
    limit: Duration,
    end: Option<End>,
    streams: &Streams,
    mut ticket: Ticket,
) -> Result<reqwest::Response> {
    let limit = limit.min(FOR_EVER);
    let mut now = ticket.sent_at;
    loop {
        let quiet_since = streams.quiet_since(&mut ticket);
        let silent_at = taken.as_ref().map_or(quiet_since, |t| t.last().max(quiet_since)) + limit;
        if let Some(end) = end.filter(|end| end.at <= now) {
            return Err(end.passed());
        }
        if silent_at <= now {
            return Err(too_slow(limit, 0));
        }
        let look_at = streams.is_multiplexed().then(|| now + limit / LOOKS);
        let others = [look_at, end.map(|end| end.at)].into_iter().flatten();
        let wake = others.fold(silent_at, Instant::min);
        if let Ok(response) = timeout_at(wake, response.as_mut()).await {
            let response = response.map_err(error_response::of_http)?;
            streams.answered(&ticket, response.version());
            return Ok(response);
        }
        now = Instant::now();
    }
}

/// Watches a large body, or one of unknown size, being taken.
pub(super) fn watch(request: &mut reqwest::Request) -> Option<Taken> {
    let is_large = |body: &reqwest::Body| body.as_bytes().is_none_or(|b| b.len() > PIECE);
    let body = request.body_mut().as_mut().filter(|body| is_large(body))?;
    let taken = Taken::now();
    let inner = std::mem::take(body);
    let watched = Watched { inner, rest: Bytes::new(), taken: taken.clone() };
    *body = reqwest::Body::wrap(watched);
    Some(taken)
}

/// When an attempt ends, even if the service goes on.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    at: Instant,
    limit: Duration,
}

impl End {
    /// `limit` after `start`; `None` if the clock cannot hold that time.
    pub(super) fn after(start: Instant, limit: Duration) -> Option<Self> {
        Some(Self { at: start.checked_add(limit)?, limit })
    }

    fn passed(self) -> Error {
        let message = format!(
            "the response was not complete within {:?}: raise `timeout()` if the service needs longer",
            self.limit
        );
        Error::new(ErrorKind::Timeout, message)
    }
}

/// The time that is left for the next chunk of a response. Only waiting counts, not what the caller does in
/// between.
pub(super) struct IdleTimeout {
    limit: Duration,
    left: Duration,
    received: usize,
    /// When the whole body has to be there, if it has to.
    pub end: Option<End>,
}

impl IdleTimeout {
    pub(super) fn new(limit: Duration) -> Self {
        Self { limit, left: limit, received: 0, end: None }
    }

    /// The next chunk of the body, or `None` at its end.
    pub(super) async fn next(&mut self, response: &mut reqwest::Response) -> Result<Option<Bytes>> {
        let start = Instant::now();
        let left = match self.end {
            // A timeout of nothing would let through what is there already, for as long as there is more.
            Some(end) if end.at <= start => return Err(end.passed()),
            Some(end) => self.left.min(end.at - start),
            None => self.left,
        };
        let chunk = within(left, response.chunk()).await.ok_or_else(|| match self.end {
            Some(end) if end.at <= Instant::now() => end.passed(),
            _ => too_slow(self.limit, self.received),
        })?;
        let chunk = chunk.map_err(error_response::of_http)?;
        let Some(received) = chunk.as_ref().map(Bytes::len) else { return Ok(None) };
        self.received += received;
        if self.received >= ENOUGH {
            self.received = 0;
            self.left = self.limit;
        } else {
            self.left = self.left.saturating_sub(start.elapsed());
        }
        Ok(chunk)
    }
}

/// The service made less progress than it has to within the idle timeout.
fn too_slow(limit: Duration, received: usize) -> Error {
    let progress = match received {
        0 => format!("nothing for {limit:?}"),
        _ => format!("less than {ENOUGH} bytes in {limit:?}"),
    };
    let message =
        format!("the service sent {progress}: raise `read_timeout()` if the service needs longer");
    Error::new(ErrorKind::Timeout, message)
}

/// When the service took a chunk last; nothing while it waits for the caller's own stream.
#[derive(Clone)]
pub(super) struct Taken(Arc<Mutex<Option<Instant>>>);

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

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_pauses_ends_with_its_attempt() {
        let second = Duration::from_secs(1);
        let chunks = stream::unfold((), move |()| async move {
            tokio::time::sleep(second).await;
            Some((Ok::<_, std::io::Error>(vec![0_u8; ENOUGH]), ()))
        });
        let body = reqwest::Body::wrap_stream(chunks);
        let mut response = reqwest::Response::from(http::Response::new(body));
        let mut idle = IdleTimeout::new(2 * second);
        idle.end = End::after(Instant::now(), second * 19 / 2);
        for _ in 0..9 {
            assert!(idle.next(&mut response).await.unwrap().is_some());
        }
        let error = idle.next(&mut response).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(error.to_string().contains("9.5s"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn data_that_is_there_already_does_not_outlast_the_timeout() {
        let mut response = reqwest::Response::from(http::Response::new("data"));
        let mut idle = IdleTimeout::new(Duration::from_secs(60));
        idle.end = End::after(Instant::now(), Duration::from_secs(1));
        tokio::time::advance(Duration::from_secs(1)).await;
        let error = idle.next(&mut response).await.unwrap_err();
        assert_eq!(
            error.message(),
            "the response was not complete within 1s: raise `timeout()` if the service needs longer"
        );
    }
}
