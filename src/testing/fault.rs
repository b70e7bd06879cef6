//! Simulated failures.

use super::exchange::Reply;
use std::time::Duration;

/// A failure that a server of this module simulates.
///
/// By default it affects the next request of any kind; [`on`](Self::on), [`after`](Self::after) and
/// [`times`](Self::times) choose others. Requests with an invalid credential are not affected, so that a retry must
/// be signed correctly too. If several faults match, the one that was added first is used first.
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

    /// Answers with this status, and with the body that the service or its gateway sends with it, unless
    /// [`body`](Self::body) sets another. A number that is not a status counts as 500.
    ///
    /// ```
    /// # use cloud_images::testing::Fault;
    /// let fault = Fault::status(429).retry_after(1).times(2);
    /// ```
    pub fn status(status: u16) -> Self {
        Self::new(Kind::Status { status, retry_after: None, body: None })
    }

    /// Closes the connection without a response.
    ///
    /// ```
    /// # use cloud_images::testing::Fault;
    /// let fault = Fault::disconnect();
    /// ```
    pub fn disconnect() -> Self {
        Self::new(Kind::Disconnect)
    }

    /// Sends the correct response after a delay.
    ///
    /// ```
    /// # use cloud_images::testing::Fault;
    /// let fault = Fault::slow(std::time::Duration::from_secs(2));
    /// ```
    pub fn slow(delay: Duration) -> Self {
        Self { delay, ..Self::new(Kind::Slow) }
    }

    /// Sets `Retry-After` in seconds, for a fault with a status.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        if let Kind::Status { retry_after, .. } = &mut self.kind {
            *retry_after = Some(seconds);
        }
        self
    }

    /// Sets the body, for a fault with a status. The media type is JSON if the body begins like JSON, HTML if it
    /// begins with `<`, and plain text otherwise. With status 200 it replaces the body of the service.
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

    /// The number of requests that the fault affects. The default is 1.
    pub fn times(mut self, requests: u32) -> Self {
        self.times = Some(requests);
        self
    }

    /// Affects every request, until `recover` of the server is called.
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    /// The number of matching requests that pass before the fault takes effect. The default is 0.
    pub fn after(mut self, requests: u32) -> Self {
        self.after = requests;
        self
    }

    /// Affects only this operation, by the name of the client's method, such as `list_images`.
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// Affects only this path, as it is sent: with the stage and without the query.
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

    /// The response, made of the service's own response or of its body for an error.
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

    /// The fault that is next; nothing changes.
    pub fn due(&self, operation: Option<&str>, path: &str) -> Option<&Fault> {
        self.0.iter().find(|fault| fault.after == 0 && fault.concerns(operation, path))
    }

    /// The fault that is next, which counts the request.
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
