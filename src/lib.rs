#![cfg_attr(
    all(feature = "parallelcluster", feature = "ims", feature = "computing"),
    doc = include_str!("../README.md")
)]
#![cfg_attr(
    all(feature = "parallelcluster", feature = "ims", feature = "computing"),
    doc = "\n## The guide\n\n[`guide`] is the long form of this page: one page per subject.\n"
)]
//!
//! ## The modules
//!
//! Each service has a module and a feature: `parallelcluster`, `ims`, `computing`, and off by default `ec2`, `digitalocean`,
//! `hetzner`, `hyperstack`, `lambda`, `linode` and `vultr`. The features `glance`, `glance-metadefs` and
//! `ims-cloudimages` add operations to `ims`. Each module has a `Client`, the
//! `...Api` structs, `requests` and `types`. The modules share [`auth`] for authentication, [`pagination`] for
//! streams, [`mod@types`] for what the generated types are made of, [`ClientBuilder`] for settings,
//! [`Response`] and [`Error`] for outcomes. The feature `testing` adds servers for tests.

#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg_attr(test, allow(clippy::panic, clippy::unwrap_used))]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(all(feature = "parallelcluster", feature = "ims", feature = "computing")),
    allow(dead_code, unused_imports, unused_macros)
)]

pub mod auth;
mod backoff;
#[cfg(feature = "catalog")]
pub mod catalog;
mod client;
#[cfg(feature = "computing")]
pub mod computing;
#[cfg(feature = "digitalocean")]
pub mod digitalocean;
#[cfg(feature = "ec2")]
pub mod ec2;
mod error;
mod error_kind;
#[cfg(any(fuzzing, test))]
#[doc(hidden)]
pub mod fuzzing;
#[cfg(all(any(doc, doctest), feature = "parallelcluster", feature = "ims", feature = "computing"))]
pub mod guide;
#[cfg(feature = "hetzner")]
pub mod hetzner;
#[cfg(any(feature = "sigv4", feature = "aksk", feature = "testing"))]
mod hex;
#[cfg(any(feature = "sigv4", feature = "aksk", feature = "testing"))]
mod hmac;
#[cfg(feature = "hyperstack")]
pub mod hyperstack;
#[cfg(feature = "ims")]
pub mod ims;
#[cfg(feature = "lambda")]
pub mod lambda;
#[cfg(feature = "linode")]
pub mod linode;
mod operation;
pub mod pagination;
#[cfg(feature = "parallelcluster")]
pub mod parallelcluster;
mod printable;
mod query;
mod redact;
#[cfg(feature = "testing")]
pub mod testing;
pub mod types;
#[cfg(feature = "vultr")]
pub mod vultr;
pub mod wait;
#[cfg(feature = "aws-query")]
mod xml;

pub use client::retry::RetryPolicy;
pub use client::{
    Attempt, Body, ByteStream, ClientBuilder, RateLimit, RegionalService, Response, Service,
};
pub use error::{Error, ErrorBody, Result};
pub use error_kind::ErrorKind;

/// The crates whose types are part of this crate's interface, in the versions that fit.
#[doc(no_inline)]
pub use {bytes, chrono, http, reqwest};

/// A boxed future, as the traits of this crate return it.
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;

#[cfg(test)]
#[allow(dead_code)]
#[path = "../tests/pipeline/golden/module.rs"]
mod toys;
