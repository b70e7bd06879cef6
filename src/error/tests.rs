use super::*;
use crate::operation::{Failure, Protocol};
use std::error::Error as _;

static OPERATION: Operation = Operation {
    api: "test",
    name: "list_images",
    protocol: Protocol::Rest,
    media_type: None,
    optional_body: false,
    streams: false,
    successes: &[],
    idempotent: true,
    retry_statuses: &[409, 429, 500],
    errors: &[],
    failure: &Failure::NONE,
    quota: None,
};

fn status(kind: ErrorKind, status: u16) -> Error {
    let status = StatusCode::from_u16(status).unwrap();
    Error::new(kind, "no").with_response(status, Some("r-1".to_owned()), Bytes::from_static(b"{}"))
}

#[test]
fn an_error_gives_what_the_response_said_and_so_does_its_copy() {
    let wait = Some(Duration::from_secs(7));
    let error = status(ErrorKind::Throttled, 429)
        .with_operation(&OPERATION)
        .with_code(Some("IMG.0027".to_owned()))
        .with_attempts(3)
        .with_retry_after(wait);
    for error in [error.again(), error] {
        assert_eq!(error.kind(), ErrorKind::Throttled);
        assert_eq!(error.status().unwrap(), 429);
        assert_eq!((error.code(), error.request_id()), (Some("IMG.0027"), Some("r-1")));
        assert_eq!((error.retry_after(), error.attempts()), (wait, 3));
        assert_eq!((error.operation(), error.message()), (Some("list_images"), "no"));
        assert_eq!(error.raw_body(), Some(&b"{}"[..]));
        assert!(!error.is_not_found());
        assert_eq!(
            error.to_string(),
            "list_images: 429 Too Many Requests (IMG.0027): no (after 3 attempts) (request id r-1)"
        );
    }
    assert!(status(ErrorKind::NotFound, 404).is_not_found());
    let none = Error::new(ErrorKind::Timeout, "no").with_attempts(1);
    assert_eq!(none.to_string(), "no");
}

#[test]
fn causes_are_shown_once_each() {
    let below = Error::new(ErrorKind::Auth, "the disk is gone");
    let error = Error::new(ErrorKind::Auth, "no credential").caused_by(below);
    assert_eq!(error.to_string(), "no credential: the disk is gone");
    assert_eq!(error.source().unwrap().to_string(), "the disk is gone");
    let again = Error::new(ErrorKind::Auth, "it: the disk is gone").with_cause_of(&error);
    assert_eq!(again.to_string(), "it: the disk is gone");
    // An error shows its own causes, or leaves them out.
    let json = serde_json::from_str::<u8>("x").unwrap_err();
    let hidden = Error::new(ErrorKind::Decode, "not JSON").with_cause(Cause::Json(json));
    let error = Error::new(ErrorKind::Timeout, "too late").caused_by(hidden);
    assert_eq!(error.to_string(), "too late: not JSON");
    // What the service says is enough.
    let said = status(ErrorKind::Server, 500).with_cause_of(&error);
    assert!(!said.to_string().contains("disk"), "{said}");
}

#[test]
fn what_may_pass_is_retryable() {
    use ErrorKind::{
        BadRequest, Conflict, Connect, Decode, Interrupted, InvalidPageToken, NotFound, Server,
        Throttled, Timeout,
    };
    let table = [
        (Error::new(Connect, ""), true),
        (Error::new(Timeout, ""), true),
        (Error::new(Interrupted, ""), true),
        (Error::new(Decode, ""), false),
        // The body of a success was lost, or does not fit.
        (status(Interrupted, 200), true),
        (status(Decode, 200), false),
        (status(Throttled, 429), true),
        (status(Throttled, 400), true),
        (status(Server, 502), true),
        (status(Server, 504), true),
        (status(Server, 501), false),
        // Listed by the document of the operation, below.
        (status(Server, 500), false),
        (status(NotFound, 404), false),
        // The code says that the status is not what it seems.
        (status(InvalidPageToken, 503), false),
        (status(BadRequest, 503), false),
    ];
    for (error, expected) in table {
        assert_eq!(error.is_retryable(), expected, "{error:?}");
    }
    for (kind, code) in [(Server, 500), (Conflict, 409)] {
        assert!(!status(kind, code).is_retryable());
        assert!(status(kind, code).with_operation(&OPERATION).is_retryable());
    }
}

/// It is what a failed `unwrap` prints.
#[test]
fn debug_says_what_failed() {
    let text = format!("{:?}", status(ErrorKind::NotFound, 404).with_operation(&OPERATION));
    for part in ["NotFound", "list_images", "404", "message: \"no\"", "r-1"] {
        assert!(text.contains(part), "{text}");
    }
}
