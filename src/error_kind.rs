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
    /// What went wrong, in the terms of a caller who has to decide what to do next.
    ///
    /// `Display` gives the short name of the kind: `not found`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum ErrorKind {
        /// 400: the service does not accept the request as it is.
        BadRequest = "bad request",
        /// 401: there is no credential, or it is wrong or expired.
        Unauthorized = "unauthorized",
        /// 403: the credential does not permit this. API gateways also answer it to a wrong signature and to
        /// a path that they do not know.
        Forbidden = "forbidden",
        /// 404: the resource does not exist, or the credential cannot see it.
        NotFound = "not found",
        /// The gateway has no API at this host and path: the endpoint or the region is wrong. It says nothing
        /// about whether a resource exists.
        NoSuchApi = "no such API",
        /// 409: the state of the resource does not allow it.
        Conflict = "conflict",
        /// The page token is wrong or too old. The same request fails again: start the list anew.
        InvalidPageToken = "invalid page token",
        /// A dry run that would have succeeded.
        DryRun = "dry run",
        /// 413: more than the service takes, or a quota is used up.
        TooLarge = "too large",
        /// 415: a media type that the service does not take, or data of another type.
        UnsupportedMediaType = "unsupported media type",
        /// 416: the range lies beyond the end of the data.
        RangeNotSatisfiable = "range not satisfiable",
        /// 429: too many requests.
        Throttled = "throttled",
        /// 5xx: the service failed.
        Server = "server error",
        /// Another status that is not a success.
        UnexpectedStatus = "unexpected status",
        /// The service says in a successful response that the request failed.
        Failed = "failed",
        /// 204 to a download: there is no data yet.
        NoData = "no data",
        /// The data does not have the hash or length that it should have.
        Damaged = "damaged",
        /// The disk that the data is written to is full, or its quota is used up.
        DiskFull = "disk full",
        /// No response in time.
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
        /// The request cannot be sent as it is.
        InvalidRequest = "invalid request",
        /// The client cannot be built as configured.
        Configuration = "configuration",
        /// The service gives the same page again.
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
