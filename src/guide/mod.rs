//! A guide: the long form of the README, one page per subject.
//!
//! | page | about |
//! |---|---|
//! | [`getting_started`] | installation, the first calls, tasks, programs that are not async, TLS |
//! | [`authentication`] | the schemes, environment variables, `clouds.yaml`, AWS profiles, tokens of your own |
//! | [`lists`] | streams, filters, cursors, several regions, prefetching |
//! | [`catalogue`] | one query over many clouds, trust, the newest image, lock files, life cycles |
//! | [`errors_and_retries`] | kinds of errors, typed bodies, retries, timeouts, rates |
//! | [`long_work`] | waiting, builds, logs, uploads and downloads |
//! | [`testing`] | servers for your tests, images of your own, faults |
//! | [`telemetry`] | spans, metrics, logs |
//! | [`coming_from`] | openstacksdk, pcluster_client and boto3 side by side with this crate |
//! | [`faults`] | measured: which call is retried after which fault |

#[doc = include_str!("authentication.md")]
pub mod authentication {}

#[cfg(feature = "catalog")]
#[doc = include_str!("catalogue.md")]
pub mod catalogue {}

#[doc = include_str!("coming_from.md")]
pub mod coming_from {}

#[doc = include_str!("errors_and_retries.md")]
pub mod errors_and_retries {}

#[doc = include_str!("../../docs/faults.md")]
pub mod faults {}

#[doc = include_str!("getting_started.md")]
pub mod getting_started {}

#[doc = include_str!("lists.md")]
pub mod lists {}

#[doc = include_str!("long_work.md")]
pub mod long_work {}

#[doc = include_str!("telemetry.md")]
pub mod telemetry {}

#[doc = include_str!("testing.md")]
pub mod testing {}
