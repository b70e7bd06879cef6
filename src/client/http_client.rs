//! The crate's own HTTP clients.

use super::endpoint::configuration;
use super::trust::Trust;
use crate::Result;
use std::time::Duration;

/// How often a connection that is in use over HTTP/2 is pinged, and how long it may take to answer: a
/// connection may be dead although nobody closed it.
#[cfg(feature = "http2")]
const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// An HTTP client that connects directly, or by the proxy if there is one.
pub(super) fn make(
    connect_timeout: Duration,
    trust: &Trust,
    direct: bool,
) -> Result<reqwest::Client> {
    let mut builder = reqwest::Client::builder()
        .connect_timeout(connect_timeout)
        .redirect(reqwest::redirect::Policy::none());
    #[cfg(feature = "http2")]
    {
        builder =
            builder.http2_keep_alive_interval(KEEP_ALIVE).http2_keep_alive_timeout(KEEP_ALIVE);
    }
    // Another crate of the program may turn on the feature of reqwest.
    #[cfg(not(feature = "http2"))]
    {
        builder = builder.http1_only();
    }
    if direct {
        builder = builder.no_proxy();
    }
    #[cfg(any(feature = "aws-lc", feature = "ring"))]
    let builder = super::tls::configure(builder, trust)?;
    #[cfg(all(feature = "native-tls", not(any(feature = "aws-lc", feature = "ring"))))]
    let builder = super::native_tls::configure(builder, trust)?;
    #[cfg(not(any(feature = "aws-lc", feature = "ring", feature = "native-tls")))]
    let _ = trust;
    builder
        .build()
        .map_err(|error| configuration("the HTTP client cannot be built").caused_by(error))
}
