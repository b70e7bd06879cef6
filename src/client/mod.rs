//! What every API shares: configuration, transport, retries, responses.

mod attempt;
mod body;
mod budget;
mod builder;
mod core;
mod endpoint;
mod failure;
mod limits;
mod operation;
mod options;
mod outgoing;
mod reply;
pub(crate) mod response;
pub mod retry;
pub(crate) mod runtime;
mod secrets;
mod silence;
pub(crate) mod stream;
#[cfg(feature = "rustls")]
mod tls;
mod transport;

pub use attempt::Attempt;
pub use body::Body;
pub(crate) use builder::sealed;
pub use builder::{ClientBuilder, Service};
pub use response::Response;
pub use stream::ByteStream;

pub(crate) use self::core::{Core, check_path_segment};
pub(crate) use failure::as_line;
pub(crate) use operation::{Operation, Repeat};
pub(crate) use options::{Options, call_settings};
pub(crate) use secrets::Secrets;
pub(crate) use transport::{Call, finish};
#[cfg(any(fuzzing, test))]
pub(crate) use {failure::of_status, operation::FUZZED, reply::Reply};
