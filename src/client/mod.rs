//! What every API shares: configuration, transport, retries, responses.

mod authenticate;
mod body;
mod builder;
mod byte_stream;
mod call;
mod endpoint;
mod error_response;
mod headers;
mod idle_timeout;
mod limits;
mod options;
pub(crate) mod progenitor;
mod raw_response;
pub(crate) mod response;
pub mod retry;
mod retry_budget;
mod shared;
mod success;
mod telemetry;
#[cfg(feature = "rustls")]
mod tls;
mod upload;

pub use authenticate::{Authenticate, Catalogue, Refusal};
pub use body::Body;
pub(crate) use builder::sealed;
pub use builder::{ClientBuilder, Service};
pub use byte_stream::ByteStream;
pub use response::Response;
pub use telemetry::Attempt;

pub(crate) use call::Call;
pub(crate) use error_response::as_line;
pub(crate) use options::{OnBody, Options, call_settings};
pub(crate) use progenitor::finish;
pub(crate) use shared::{Shared, check_path_segment};
#[cfg(any(fuzzing, test))]
pub(crate) use {error_response::of_status, raw_response::RawResponse};
