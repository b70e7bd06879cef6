//! The errors of EC2 and SSM.

/// Why a request is refused. What a client decides by is the code.
#[derive(Debug)]
pub(super) struct Refusal {
    pub status: u16,
    pub code: String,
    pub message: String,
}

impl Refusal {
    pub fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), message: message.into() }
    }

    /// Most refusals are a 400.
    pub fn bad(code: &str, message: impl Into<String>) -> Self {
        Self::new(400, code, message)
    }

    pub fn missing(parameter: &str) -> Self {
        Self::bad("MissingParameter", format!("The request must contain the parameter {parameter}"))
    }

    pub fn invalid(message: impl Into<String>) -> Self {
        Self::bad("InvalidParameterValue", message)
    }

    /// The error of a service for a status alone, as a fault asks for it.
    pub fn of_status(status: u16, json: bool) -> Self {
        let (code, message) = match status {
            401 => ("AuthFailure", "AWS was not able to validate the provided access credentials"),
            403 => ("UnauthorizedOperation", "You are not authorized to perform this operation."),
            404 => ("InvalidAction", "The action is not valid for this web service."),
            429 | 503 if json => ("ThrottlingException", "Rate exceeded"),
            429 | 503 => ("RequestLimitExceeded", "Request limit exceeded."),
            500.. => ("InternalError", "An internal error has occurred"),
            _ => ("InvalidRequest", "The request received was invalid"),
        };
        Self::new(status, code, message)
    }
}
