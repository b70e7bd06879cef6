//! What the transport knows of an operation, generated from its document.

/// One operation of a service.
#[derive(Debug)]
pub struct Operation {
    /// The module of the API.
    pub api: &'static str,
    /// In snake case, as the method is named.
    pub name: &'static str,
    /// The media type of the request body, where it is not the one of the generated request.
    pub media_type: Option<&'static str>,
    /// Whether a successful answer is data to be streamed.
    pub streams: bool,
    /// When the request may be sent again.
    pub repeat: Repeat,
    /// The statuses after which it may be sent again.
    pub retry_statuses: &'static [u16],
    /// The schema of the body by error status.
    pub errors: &'static [(u16, &'static str)],
}

impl Operation {
    /// Whether it moves the data of an image, which takes as long as it takes.
    pub(super) fn moves_data(&self) -> bool {
        self.streams || self.media_type == Some("application/octet-stream")
    }
}

/// `x-retry` of the documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Whatever became of the request: a second run does no harm.
    AnyFailure,
    /// Only if the request surely was not carried out.
    NotReceived,
}

/// The operation of the fuzz targets.
#[cfg(any(fuzzing, test))]
pub(crate) static FUZZED: Operation = Operation {
    api: "fuzzing",
    name: "operation",
    media_type: None,
    streams: false,
    repeat: Repeat::AnyFailure,
    retry_statuses: &[429, 503],
    errors: &[(412, "DryrunExceptionResponseContent")],
};
