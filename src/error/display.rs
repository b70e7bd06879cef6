//! What an error says.

use super::{Cause, Error};
use crate::printable;
use std::fmt;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        if let Some(operation) = inner.operation {
            write!(f, "{}: ", operation.name)?;
        }
        match (inner.status, &inner.code) {
            (Some(status), Some(code)) => write!(f, "{status} ({code}): ")?,
            (Some(status), None) => write!(f, "{status}: ")?,
            (None, Some(code)) => write!(f, "{code}: ")?,
            (None, None) => {}
        }
        f.write_str(&inner.message)?;
        if let (None, Some(Cause::Other(cause))) = (inner.status, inner.cause.as_deref()) {
            write_causes(f, &inner.message, &**cause)?;
        }
        if inner.attempts > 1 {
            write!(f, " (after {} attempts)", inner.attempts)?;
        }
        if let Some(id) = &inner.request_id {
            write!(f, " (request id {id})")?;
        }
        Ok(())
    }
}

/// What went wrong below: what a provider or the system says is often what helps. A cause that only repeats
/// the text above it is left out.
fn write_causes(
    f: &mut fmt::Formatter<'_>,
    message: &str,
    cause: &(dyn std::error::Error + 'static),
) -> fmt::Result {
    const DEEPEST: usize = 8;
    let mut shown = message.to_owned();
    let causes = std::iter::successors(Some(cause), |cause| cause.source());
    for cause in causes.take(DEEPEST) {
        let text = printable::line(cause.to_string());
        if !text.is_empty() && !shown.contains(&text) {
            write!(f, ": {text}")?;
            shown.push_str(&text);
        }
        if cause.is::<Error>() {
            break; // it shows its own causes
        }
    }
    Ok(())
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("operation", &self.operation())
            .field("status", &inner.status)
            .field("code", &inner.code)
            .field("message", &inner.message)
            .field("request_id", &inner.request_id)
            .field("attempts", &inner.attempts)
            .field("cause", &inner.cause)
            .finish_non_exhaustive()
    }
}
