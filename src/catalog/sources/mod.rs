//! The clients of this crate as sources.
//!
//! A client itself is a source with the defaults; the types here have the settings.

#[cfg(feature = "computing")]
mod computing;
#[cfg(feature = "ims")]
mod ims;
#[cfg(feature = "parallelcluster")]
mod parallelcluster;

#[cfg(feature = "computing")]
pub use computing::Computing;
#[cfg(feature = "ims")]
pub use ims::Ims;
#[cfg(feature = "parallelcluster")]
pub use parallelcluster::ParallelCluster;
