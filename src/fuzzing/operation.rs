//! The operation of the fuzz targets.

use crate::operation::{Failure, Operation, Protocol};

pub(crate) static FUZZED: Operation = Operation {
    api: "fuzzing",
    name: "operation",
    protocol: Protocol::Rest,
    media_type: None,
    optional_body: false,
    streams: false,
    successes: &[],
    idempotent: true,
    retry_statuses: &[429, 503],
    errors: &[(412..=412, "DryrunExceptionResponseContent")],
    failure: &Failure::NONE,
    quota: None,
};
