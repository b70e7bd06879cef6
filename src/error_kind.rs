//! The kinds of errors.

use http::StatusCode;
use std::fmt;

/// The enum with the short name of each kind.
macro_rules! error_kind {
    ($(#[$attribute:meta])* pub enum $name:ident {
        $($(#[doc = $words:literal])+ $kind:ident = $short:literal,)+
    }) => {
        $(#[$attribute])*
        pub enum $name {
            $($(#[doc = $words])+ $kind,)+
        }

        impl $name {
            /// The name of the kind in a few words: `not found`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $short,)+
                }
            }
        }
    };
}

error_kind! {
    /// The kind of an error: what went wrong, for code that decides what to do next.
    ///
    /// `Display` gives the short name of the kind: `not found`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum ErrorKind {
        /// 400: the service does not accept the request as it is.
        BadRequest = "bad request",
        /// 401: there is no credential, or it is wrong or expired.
        Unauthorized = "unauthorized",
        /// 403: the credential does not permit this. API gateways also send it for a wrong signature and for an
        /// unknown path.
        Forbidden = "forbidden",
        /// 404: the resource does not exist, or the credential cannot see it.
        NotFound = "not found",
        /// The gateway has no API at this host and path: the endpoint or the region is wrong. This does not mean
        /// that a resource does not exist.
        NoSuchApi = "no such API",
        /// 409: the state of the resource does not allow it.
        Conflict = "conflict",
        /// The page token is wrong or has expired. A retry fails again: start the list from the beginning.
        InvalidPageToken = "invalid page token",
        /// The dry run found no problem: the request itself would succeed.
        DryRun = "dry run",
        /// 413: the request is larger than the service accepts, or a quota is exhausted.
        TooLarge = "too large",
        /// 415: the service does not accept this media type, or the data is of another type.
        UnsupportedMediaType = "unsupported media type",
        /// 416: the range lies beyond the end of the data.
        RangeNotSatisfiable = "range not satisfiable",
        /// 429: too many requests.
        Throttled = "throttled",
        /// 5xx: the service failed.
        Server = "server error",
        /// Any other status that is not a success.
        UnexpectedStatus = "unexpected status",
        /// The service reports a failure in a response with a success status, or what a wait was for has failed.
        Failed = "failed",
        /// 204 for a download: the image has no data yet.
        NoData = "no data",
        /// The hash or the length of the data is wrong.
        Damaged = "damaged",
        /// The disk that the data is written to is full, or its quota is exhausted.
        DiskFull = "disk full",
        /// No response within a time limit, or a wait reached its deadline. The service may have processed the
        /// request.
        Timeout = "timeout",
        /// No connection: the service did not receive the request.
        Connect = "no connection",
        /// The certificate of the server is not trusted: the service did not receive the request.
        Certificate = "certificate",
        /// The connection broke. Whether the service processed the request is unknown.
        Interrupted = "interrupted",
        /// The response does not have the form that the service documents.
        Decode = "decode",
        /// The response or its headers are larger than allowed.
        ResponseTooLarge = "response too large",
        /// No credential could be obtained or refreshed.
        Auth = "authentication",
        /// A parameter, a cursor, a query or a file is invalid. This crate reports it, not the service.
        InvalidRequest = "invalid request",
        /// The client cannot be built as configured.
        Configuration = "configuration",
        /// The service returns the same page again.
        PaginationLoop = "pagination loop",
    }
}

impl ErrorKind {
    /// What a status stands for where the service says no more.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            400 => Self::BadRequest,
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            409 => Self::Conflict,
            413 => Self::TooLarge,
            415 => Self::UnsupportedMediaType,
            416 => Self::RangeNotSatisfiable,
            429 => Self::Throttled,
            500..=599 => Self::Server,
            _ => Self::UnexpectedStatus,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_shown_by_its_short_name() {
        assert_eq!(ErrorKind::NotFound.to_string(), "not found");
        assert_eq!(format!("{:>10}", ErrorKind::Timeout), "   timeout");
    }

    #[test]
    fn a_status_has_a_kind() {
        let table = [
            (400, ErrorKind::BadRequest),
            (401, ErrorKind::Unauthorized),
            (403, ErrorKind::Forbidden),
            (404, ErrorKind::NotFound),
            (409, ErrorKind::Conflict),
            (413, ErrorKind::TooLarge),
            (415, ErrorKind::UnsupportedMediaType),
            (416, ErrorKind::RangeNotSatisfiable),
            (429, ErrorKind::Throttled),
            (500, ErrorKind::Server),
            (599, ErrorKind::Server),
            (302, ErrorKind::UnexpectedStatus),
            (418, ErrorKind::UnexpectedStatus),
        ];
        for (status, kind) in table {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(ErrorKind::of_status(status), kind, "{status}");
        }
    }
}
