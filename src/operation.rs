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
    /// Whether a second run changes nothing. A call that is not idempotent is sent again only if the
    /// service cannot have processed it.
    pub idempotent: bool,
    /// The statuses after which it may be sent again.
    pub retry_statuses: &'static [u16],
    /// The schema of the body by error status.
    pub errors: &'static [(u16, &'static str)],
}

impl Operation {
    /// Whether it moves the data of an image, which takes as long as it takes.
    pub(crate) fn moves_data(&self) -> bool {
        self.streams || self.media_type == Some("application/octet-stream")
    }
}

/// The operation of the fuzz targets.
#[cfg(any(fuzzing, test))]
pub(crate) static FUZZED: Operation = Operation {
    api: "fuzzing",
    name: "operation",
    media_type: None,
    streams: false,
    idempotent: true,
    retry_statuses: &[429, 503],
    errors: &[(412, "DryrunExceptionResponseContent")],
};
