//! The clients of this crate as sources.
//!
//! A client itself is a source with default settings. The types in this module have the settings.

#[cfg(feature = "computing")]
mod computing;
#[cfg(feature = "digitalocean")]
mod digitalocean;
#[cfg(feature = "ec2")]
mod ec2;
#[cfg(feature = "hetzner")]
mod hetzner;
#[cfg(feature = "hyperstack")]
mod hyperstack;
#[cfg(feature = "ims")]
mod ims;
#[cfg(feature = "lambda")]
mod lambda;
#[cfg(feature = "linode")]
mod linode;
#[cfg(feature = "parallelcluster")]
mod parallelcluster;
#[allow(dead_code)] // each service uses a part of it
mod rows;
#[cfg(feature = "vultr")]
mod vultr;

#[cfg(feature = "computing")]
pub use computing::Computing;
#[cfg(feature = "ec2")]
pub use ec2::Ec2;
#[cfg(feature = "ims")]
pub use ims::Ims;
#[cfg(feature = "parallelcluster")]
pub use parallelcluster::ParallelCluster;
