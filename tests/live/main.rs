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

/// How long a real server may say nothing: on a busy machine some need more than the 30 s of the default.
const BUSY: std::time::Duration = std::time::Duration::from_secs(180);
