//! The last stage: whether a failed request is sent again, after how long, and why.

use super::retry::RetryPolicy;
use crate::Error;
use crate::backoff::Backoff;
use crate::error_kind::ErrorKind;
use crate::operation::Operation;
use std::time::Duration;

/// A failed attempt, and what counts for the decision.
pub(crate) struct Failed<'a> {
    pub operation: &'a Operation,
    pub policy: &'a RetryPolicy,
    pub error: &'a Error,
    /// How many attempts there were.
    pub attempts: u32,
    /// Whether the request can be sent again: a stream can be read only once.
    pub repeatable: bool,
    /// Whether the credential was refused, and there is a new one.
    pub refreshed: bool,
    /// What the deadline leaves, if there is one.
    pub left: Option<Duration>,
    /// From 0 up to 1.
    pub random: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Decision {
    Retry { after: Duration, why: Why },
    GiveUp(WhyNot),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Why {
    CredentialRefreshed,
    TransientFailure,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum WhyNot {
    /// The body was a stream, and is gone.
    BodyConsumed,
    /// The same request would fail again, or may have been processed.
    NotRetryable,
    AttemptsExhausted,
    /// The service asks for a longer wait than the policy allows.
    RetryAfterTooLong,
    /// The wait would outlast the deadline.
    Deadline,
}

/// Depends on nothing but its argument.
pub(crate) fn decide(failed: &Failed<'_>) -> Decision {
    let Failed { operation, policy, error, attempts, .. } = *failed;
    if !failed.repeatable {
        return Decision::GiveUp(WhyNot::BodyConsumed);
    }
    if failed.refreshed {
        return Decision::Retry { after: Duration::ZERO, why: Why::CredentialRefreshed };
    }
    if !is_safe_and_useful(operation, error) {
        return Decision::GiveUp(WhyNot::NotRetryable);
    }
    if attempts >= policy.max_attempts {
        return Decision::GiveUp(WhyNot::AttemptsExhausted);
    }
    if !policy.waits_for(error) {
        return Decision::GiveUp(WhyNot::RetryAfterTooLong);
    }
    let after = delay(policy, error, attempts, failed.random);
    // The failure says more than a deadline that passes while nothing happens.
    if failed.left.is_some_and(|left| after >= left) {
        return Decision::GiveUp(WhyNot::Deadline);
    }
    Decision::Retry { after, why: Why::TransientFailure }
}

/// Whether the service cannot have processed the request, or processing it twice does no harm; and whether
/// the next response may be another.
fn is_safe_and_useful(operation: &Operation, error: &Error) -> bool {
    let kind = error.kind();
    let Some(status) = error.status().filter(|status| !status.is_success()) else {
        return match kind {
            ErrorKind::Connect => true,
            ErrorKind::Timeout | ErrorKind::Interrupted => operation.idempotent,
            _ => false,
        };
    };
    let status = match kind {
        // By the service's code, not by the status.
        ErrorKind::Throttled => 429,
        ErrorKind::Server => status.as_u16(),
        _ if kind == ErrorKind::of_status(status) => status.as_u16(),
        // The code says that the status is not what it seems.
        _ => return false,
    };
    operation.retry_statuses.contains(&status)
}

/// A part of a time. The longest times do not fit the multiplication.
fn part(time: Duration, share: f64) -> Duration {
    Duration::try_from_secs_f64(time.as_secs_f64() * share).unwrap_or(time)
}

/// Exponential backoff with jitter, so that clients do not come back all at once.
fn delay(policy: &RetryPolicy, error: &Error, attempts: u32, random: f64) -> Duration {
    let exponential = |first: Duration| {
        let backoff = Backoff { first, factor: 2.0, longest: policy.max_delay };
        backoff.delay(attempts.saturating_sub(1))
    };
    match error.retry_after() {
        Some(wait) => wait.saturating_add(part(exponential(policy.base_delay), random)),
        None if error.kind() == ErrorKind::Throttled => {
            // A service that throttles and does not say for how long does not mean milliseconds.
            let longest = exponential(policy.throttled_delay);
            longest / 2 + part(longest / 2, random)
        }
        None => part(exponential(policy.base_delay), random),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Failure;
    use bytes::Bytes;
    use http::StatusCode;

    const fn operation(idempotent: bool, retry_statuses: &'static [u16]) -> Operation {
        Operation {
            api: "test",
            name: "operation",
            protocol: crate::operation::Protocol::Rest,
            media_type: None,
            optional_body: false,
            streams: false,
            successes: &[],
            idempotent,
            retry_statuses,
            errors: &[],
            failure: &Failure::NONE,
            quota: None,
        }
    }

    static READ: Operation = operation(true, &[429, 500, 502, 503, 504]);
    static CREATE: Operation = operation(false, &[429, 503]);
    /// Changes state behind a GET.
    static ONCE: Operation = operation(false, &[]);

    fn status(kind: ErrorKind, status: u16) -> Error {
        let status = StatusCode::from_u16(status).unwrap();
        Error::new(kind, "failed").with_response(status, None, Bytes::new())
    }

    fn decision(operation: &Operation, error: &Error) -> Decision {
        decide(&Failed {
            operation,
            policy: &RetryPolicy::default(),
            error,
            attempts: 1,
            repeatable: true,
            refreshed: false,
            left: None,
            random: 0.5,
        })
    }

    fn retries(operation: &Operation, error: &Error) -> bool {
        matches!(decision(operation, error), Decision::Retry { .. })
    }

    #[test]
    fn what_is_sent_again_follows_the_operation_and_the_failure() {
        use ErrorKind::{
            BadRequest, Certificate, Connect, Interrupted, InvalidPageToken, NotFound, Server,
            Throttled, Timeout,
        };
        // The failure; then whether a read, a create and a call that must not be repeated are sent again.
        let table = [
            (Error::new(Connect, ""), [true, true, true]),
            (Error::new(Certificate, ""), [false, false, false]),
            (Error::new(Timeout, ""), [true, false, false]),
            (Error::new(Interrupted, ""), [true, false, false]),
            // The head of a success came, its body did not.
            (status(Interrupted, 200), [true, false, false]),
            (status(Throttled, 429), [true, true, false]),
            (status(Throttled, 400), [true, true, false]),
            (status(Server, 500), [true, false, false]),
            (status(Server, 503), [true, true, false]),
            (status(Server, 501), [false, false, false]),
            // A failure of the service by its code: the status decides.
            (status(Server, 429), [true, true, false]),
            (status(InvalidPageToken, 500), [false, false, false]),
            (status(NotFound, 503), [false, false, false]),
            (status(BadRequest, 400), [false, false, false]),
            (Error::new(ErrorKind::Auth, ""), [false, false, false]),
            (Error::new(ErrorKind::Decode, ""), [false, false, false]),
        ];
        for (error, expected) in table {
            let sent_again = [&READ, &CREATE, &ONCE].map(|operation| retries(operation, &error));
            assert_eq!(sent_again, expected, "{error:?}");
        }
    }

    /// A resource that another request has locked.
    #[test]
    fn a_status_that_the_document_lists_is_retried() {
        static LOCKED: Operation = operation(false, &[409]);
        assert!(retries(&LOCKED, &status(ErrorKind::Conflict, 409)));
        assert!(!retries(&LOCKED, &status(ErrorKind::BadRequest, 400)));
        // The code says that it is not a conflict.
        assert!(!retries(&LOCKED, &status(ErrorKind::BadRequest, 409)));
    }

    #[test]
    fn a_request_is_given_up_for_a_reason() {
        let policy = RetryPolicy::default();
        let throttled = |seconds| {
            status(ErrorKind::Throttled, 429).with_retry_after(Some(Duration::from_secs(seconds)))
        };
        let error = throttled(1);
        let long = throttled(61);
        let failed = || Failed {
            operation: &READ,
            policy: &policy,
            error: &error,
            attempts: 1,
            repeatable: true,
            refreshed: false,
            left: None,
            random: 0.0,
        };
        let second = Duration::from_secs(1);
        let table = [
            (failed(), Decision::Retry { after: second, why: Why::TransientFailure }),
            (Failed { repeatable: false, ..failed() }, Decision::GiveUp(WhyNot::BodyConsumed)),
            (
                Failed { repeatable: false, refreshed: true, ..failed() },
                Decision::GiveUp(WhyNot::BodyConsumed),
            ),
            (
                Failed { refreshed: true, attempts: 3, ..failed() },
                Decision::Retry { after: Duration::ZERO, why: Why::CredentialRefreshed },
            ),
            (Failed { attempts: 3, ..failed() }, Decision::GiveUp(WhyNot::AttemptsExhausted)),
            (Failed { error: &long, ..failed() }, Decision::GiveUp(WhyNot::RetryAfterTooLong)),
            (Failed { left: Some(second), ..failed() }, Decision::GiveUp(WhyNot::Deadline)),
            (
                Failed { left: Some(2 * second), ..failed() },
                Decision::Retry { after: second, why: Why::TransientFailure },
            ),
        ];
        for (index, (failed, expected)) in table.iter().enumerate() {
            assert_eq!(decide(failed), *expected, "row {index}");
        }
    }

    #[test]
    fn delays_grow_and_those_of_throttling_begin_at_a_second() {
        let policy = RetryPolicy::default();
        let broken = Error::new(ErrorKind::Interrupted, "");
        let throttled = status(ErrorKind::Throttled, 429);
        let asked =
            status(ErrorKind::Throttled, 429).with_retry_after(Some(Duration::from_secs(7)));
        let milliseconds =
            |error, attempts, random| delay(&policy, error, attempts, random).as_millis();
        let table = [
            (&broken, 1, [0, 50]),
            (&broken, 2, [0, 100]),
            (&broken, 3, [0, 200]),
            (&broken, 99, [0, 10_000]),
            (&throttled, 1, [500, 750]),
            (&throttled, 2, [1000, 1500]),
            (&throttled, 99, [10_000, 15_000]),
            (&asked, 1, [7000, 7050]),
        ];
        for (error, attempts, expected) in table {
            let delays = [0.0, 0.5].map(|random| milliseconds(error, attempts, random));
            assert_eq!(delays, expected, "{:?} after {attempts}", error.kind());
        }
        let extreme = RetryPolicy::default().base_delay(Duration::MAX).max_delay(Duration::MAX);
        assert_eq!(delay(&extreme, &asked, u32::MAX, 1.0), Duration::MAX);
    }
}
