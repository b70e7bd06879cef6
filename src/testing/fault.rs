//! Failures on request.

use super::exchange::Reply;
use std::time::Duration;

/// A failure for a server of this module to come up with.
///
/// It befalls the next request, whatever that is; [`on`](Self::on), [`after`](Self::after) and
/// [`times`](Self::times) say otherwise. Only requests with a valid credential are met: what is sent
/// again after a failure has to be signed properly. Of several faults that fit, the one that was given
/// first has its turn first.
///
/// ```
/// use cloud_images::ErrorKind;
/// use cloud_images::testing::{FakeComputing, Fault};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let server = FakeComputing::start().await;
/// server.fail(Fault::status(403).on("list_images").body(r#"{"message": "not yours"}"#));
///
/// let error = server.client().image_operations().list_images().await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Forbidden);
/// assert_eq!(error.message(), "not yours");
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a fault does nothing until it is given to a server"]
pub struct Fault {
    kind: Kind,
    times: Option<u32>,
    after: u32,
    operation: Option<String>,
    path: Option<String>,
    delay: Duration,
}

#[derive(Clone, Debug)]
enum Kind {
    Status { status: u16, retry_after: Option<u64>, body: Option<String> },
    Disconnect,
    Slow,
}

impl Fault {
    fn new(kind: Kind) -> Self {
        let (after, delay) = (0, Duration::ZERO);
        Self { kind, times: Some(1), after, operation: None, path: None, delay }
    }

    /// An answer with this status and, unless [`body`](Self::body) gives another, the body that the
    /// service or the gateway before it sends along. A number that is no status counts as 500.
    ///
    /// ```
    /// # use cloud_images::testing::Fault;
    /// let fault = Fault::status(429).retry_after(1).times(2);
    /// ```
    pub fn status(status: u16) -> Self {
        Self::new(Kind::Status { status, retry_after: None, body: None })
    }

    /// The connection is closed without an answer.
    ///
    /// ```
    /// # use cloud_images::testing::Fault;
    /// let fault = Fault::disconnect();
    /// ```
    pub fn disconnect() -> Self {
        Self::new(Kind::Disconnect)
    }

    /// The right answer, but late.
    ///
    /// ```
    /// # use cloud_images::testing::Fault;
    /// let fault = Fault::slow(std::time::Duration::from_secs(2));
    /// ```
    pub fn slow(delay: Duration) -> Self {
        Self { delay, ..Self::new(Kind::Slow) }
    }

    /// `Retry-After` in seconds, for a fault with a status.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        if let Kind::Status { retry_after, .. } = &mut self.kind {
            *retry_after = Some(seconds);
        }
        self
    }

    /// The body, for a fault with a status. Its media type is that of JSON if it begins like JSON, of HTML
    /// if it begins with `<`, and else of plain text. With status 200 it stands in for the service's own.
    ///
    /// ```
    /// # use cloud_images::testing::Fault;
    /// let truncated = Fault::status(200).body(r#"{"images": ["#);
    /// let gateway = Fault::status(502).body("<html><body><h1>502 Bad Gateway</h1></body></html>");
    /// ```
    pub fn body(mut self, text: impl Into<String>) -> Self {
        if let Kind::Status { body, .. } = &mut self.kind {
            *body = Some(text.into());
        }
        self
    }

    /// How many requests it befalls; the default is one.
    pub fn times(mut self, requests: u32) -> Self {
        self.times = Some(requests);
        self
    }

    /// It befalls every request, until the server's `recover`.
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    /// How many requests it lets pass before its first; the default is none.
    pub fn after(mut self, requests: u32) -> Self {
        self.after = requests;
        self
    }

    /// It befalls only this operation, named as its method is: `list_images`.
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// It befalls only this path, written as it is sent, with a stage but without a query.
    ///
    /// ```
    /// # use cloud_images::testing::Fault;
    /// let fault = Fault::status(500).on_path("/v3/images/custom/img-0007").always();
    /// ```
    pub fn on_path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    pub(super) fn is_disconnect(&self) -> bool {
        matches!(self.kind, Kind::Disconnect)
    }

    fn concerns(&self, operation: Option<&str>, path: &str) -> bool {
        self.times != Some(0)
            && self.operation.as_deref().is_none_or(|wanted| Some(wanted) == operation)
            && self.path.as_deref().is_none_or(|wanted| wanted == path)
    }

    /// The answer, made of the service's own answer or of its words for an error.
    pub(super) fn reply(
        self,
        answer: impl FnOnce() -> Reply,
        error: impl FnOnce(u16) -> Reply,
    ) -> Reply {
        let mut reply = match self.kind {
            Kind::Slow | Kind::Disconnect => answer(),
            Kind::Status { status, retry_after, body } => {
                let reply = match body {
                    Some(body) => Reply::new(status, media_type(&body), body),
                    None => error(status),
                };
                match retry_after {
                    Some(seconds) => reply.header("retry-after", seconds.to_string()),
                    None => reply,
                }
            }
        };
        reply.delay = self.delay;
        reply
    }
}

fn media_type(body: &str) -> &'static str {
    match body.trim_start().bytes().next() {
        Some(b'{' | b'[' | b'"') => "application/json",
        Some(b'<') => "text/html; charset=UTF-8",
        _ => "text/plain; charset=UTF-8",
    }
}

/// The faults of a server, in the order in which they were given.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Whose turn it is; nothing changes.
    pub fn due(&self, operation: Option<&str>, path: &str) -> Option<&Fault> {
        self.0.iter().find(|fault| fault.after == 0 && fault.concerns(operation, path))
    }

    /// The same, and counts the request.
    pub fn take(&mut self, operation: Option<&str>, path: &str) -> Option<Fault> {
        for fault in self.0.iter_mut().filter(|fault| fault.concerns(operation, path)) {
            if fault.after > 0 {
                fault.after -= 1;
                continue;
            }
            fault.times = fault.times.map(|times| times - 1);
            return Some(fault.clone());
        }
        None
    }
}
