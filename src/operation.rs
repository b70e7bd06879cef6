//! What the transport knows of an operation, generated from its document.

use crate::error_kind::ErrorKind;
use std::ops::RangeInclusive;

/// One operation of a service.
#[derive(Debug)]
pub struct Operation {
    /// The module of the API.
    pub api: &'static str,
    /// In snake case, as the method is named.
    pub name: &'static str,
    /// How it is named and written on the wire.
    pub protocol: Protocol,
    /// The media type of the request body, where it is not the one of the generated request.
    pub media_type: Option<&'static str>,
    /// Whether a JSON body without a field is not sent at all.
    pub optional_body: bool,
    /// Whether a successful answer is data to be streamed.
    pub streams: bool,
    /// The statuses beside 2xx that are successes.
    pub successes: &'static [u16],
    /// Whether a second run changes nothing. A call that is not idempotent is sent again only if the
    /// service cannot have processed it.
    pub idempotent: bool,
    /// The statuses after which it may be sent again.
    pub retry_statuses: &'static [u16],
    /// The schema of the body by error status, the narrowest range first.
    pub errors: &'static [(RangeInclusive<u16>, &'static str)],
    /// What errors say, and when a success is one.
    pub failure: &'static Failure,
    /// How many calls the service takes, if that is known.
    pub quota: Option<Quota>,
}

/// How an operation is named and written on the wire.
#[allow(dead_code)] // which of these occur depends on the documents
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// By method and path; JSON.
    Rest,
    /// A form with the name of the action; XML comes back.
    AwsQuery { action: &'static str, version: &'static str },
    /// JSON, and a header with the name of the action.
    AwsJson { target: &'static str },
}

/// How many calls a service takes in a time.
#[derive(Debug)]
pub struct Quota {
    /// What is counted together has the same name here.
    pub name: &'static str,
    /// How many calls, at least 1.
    pub calls: u32,
    /// In how many seconds.
    pub seconds: u32,
}

/// The segments of a JSON pointer, in which `*` stands for every element or value.
pub type Pointer = &'static [&'static str];

/// What the errors of a service say, and when a success is one. Of several pointers the first that leads
/// to something counts.
#[derive(Debug)]
pub struct Failure {
    /// To the service's own code, a text or number.
    pub code: &'static [Pointer],
    /// To its sentence.
    pub message: &'static [Pointer],
    /// To what the message is about.
    pub field: &'static [Pointer],
    /// To the first reason.
    pub reason: &'static [Pointer],
    /// Where a success says that it is none, and by which JSON value.
    pub success: Option<(Pointer, &'static str)>,
    /// Kinds by code. A code that ends in `*` is a prefix, and the exact codes come first.
    pub kinds: &'static [(&'static str, ErrorKind)],
    /// Kinds by a text in the message, for services without codes.
    pub messages: &'static [(&'static str, ErrorKind)],
    /// Kinds by status.
    pub statuses: &'static [(u16, ErrorKind)],
    /// In the message of a throttled error: the text before how long to wait.
    pub window: Option<&'static str>,
}

impl Failure {
    /// What is said of a service that says nothing of its errors.
    pub const NONE: Self = Self {
        code: &[],
        message: &[],
        field: &[],
        reason: &[],
        success: None,
        kinds: &[],
        messages: &[],
        statuses: &[],
        window: None,
    };
}

impl Operation {
    /// The schema of the body of an error.
    pub(crate) fn error_schema(&self, status: u16) -> Option<&'static str> {
        let row = self.errors.iter().find(|(statuses, _)| statuses.contains(&status));
        row.map(|(_, schema)| *schema)
    }

    /// Whether an answer with this status is a success.
    pub(crate) fn succeeds_with(&self, status: http::StatusCode) -> bool {
        status.is_success() || self.successes.contains(&status.as_u16())
    }

    /// Whether it moves the data of an image, which takes as long as it takes.
    pub(crate) fn moves_data(&self) -> bool {
        self.streams || self.is_upload()
    }

    /// Whether its request carries the data of an image.
    pub(crate) fn is_upload(&self) -> bool {
        self.media_type == Some("application/octet-stream")
    }
}
