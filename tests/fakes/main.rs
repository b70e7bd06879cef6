//! The crate against servers of its own: those of `cloud_images::testing`, and hostile ones.

#[path = "../support/alone.rs"]
mod alone;
#[path = "../contract/mod.rs"]
mod contract;
mod hostile;
mod subscriber;

mod bad_input;
#[cfg(feature = "ims-cloudimages")]
mod cloudimages;
#[cfg(all(
    feature = "digitalocean",
    feature = "hetzner",
    feature = "hyperstack",
    feature = "lambda",
    feature = "linode",
    feature = "vultr"
))]
mod clouds;
mod copies;
mod credentials;
mod deviations;
mod documents;
mod downloads;
mod environment;
mod faults;
#[cfg(feature = "glance")]
mod glance;
mod ims_errors;
mod lists;
mod pagination_properties;
mod prefetch;
mod secrets;
mod telemetry;
mod testing;
#[cfg(target_os = "linux")]
mod tls;
