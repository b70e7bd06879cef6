//! What every API shares: the configuration of a client, and the way of a request.
//!
//! `attempts` takes a request through its stages: `prepare`, `authenticate`, `send`, `classify`, `decide`.

mod attempts;
mod authenticate;
mod beginning;
mod body;
mod builder;
mod byte_stream;
mod call;
mod classify;
mod connections;
mod decide;
mod endpoint;
mod error_body;
mod error_response;
pub(crate) mod format;
#[cfg(any(fuzzing, test))]
pub(crate) mod fuzzed;
mod headers;
mod http_client;
mod idle_timeout;
mod json_path;
mod limits;
#[cfg(all(feature = "native-tls", not(any(feature = "aws-lc", feature = "ring"))))]
mod native_tls;
mod options;
mod prepare;
pub(crate) mod progenitor;
#[allow(dead_code)] // where a document has one
pub(crate) mod protocol;
mod random;
mod rate_limit;
mod raw_response;
mod region;
mod request;
pub(crate) mod response;
pub mod retry;
mod retry_budget;
mod send;
mod settings;
mod shared;
mod signed;
mod streams;
mod success;
mod telemetry;
#[cfg(any(feature = "aws-lc", feature = "ring"))]
mod tls;
mod trust;
mod upload;
mod window;
mod within;

pub use authenticate::{Authenticate, Catalogue, Refusal, Region, Regional};
pub use body::Body;
pub(crate) use builder::sealed;
pub use builder::{ClientBuilder, Service};
pub use byte_stream::ByteStream;
pub use rate_limit::RateLimit;
pub use region::RegionalService;
pub use response::Response;
pub use telemetry::Attempt;
pub use trust::Trust;

pub(crate) use beginning::Beginning;
pub(crate) use call::Call;
pub(crate) use options::{Options, call_settings};
pub(crate) use raw_response::RawResponse;
pub(crate) use request::{Request, Typed, send, send_for_body, send_for_response};
pub(crate) use shared::{Shared, check_path_segment};
pub(crate) use success::can_have;
