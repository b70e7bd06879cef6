//! The crate against real servers, where the environment names them: each module says by which variables.
//! Elsewhere each test says that it is skipped. `tests/servers` has scripts that start the servers.
//!
//! Tests that share a server change its settings: run them with `--test-threads 1`.

#[path = "../support/alone.rs"]
mod alone;
#[path = "../contract/mod.rs"]
mod contract;

#[cfg(all(
    feature = "digitalocean",
    feature = "hetzner",
    feature = "hyperstack",
    feature = "lambda",
    feature = "linode",
    feature = "vultr",
))]
mod clouds;
mod control;
mod duckdb;
#[cfg(feature = "ec2")]
mod ec2;
mod faults;
mod openstack;
mod parallelcluster;

use cloud_images::{ClientBuilder, Service};
use std::time::Duration;

/// A client that gives the server three minutes: on a busy machine some need more than the 30 s of the default.
fn patient<S: Service>(builder: ClientBuilder<S>) -> ClientBuilder<S> {
    let time = Duration::from_secs(180);
    builder.read_timeout(time).timeout(time)
}
