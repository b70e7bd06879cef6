//! What a service does on every server: run against the servers of `testing` and against real ones, so
//! that a user's tests see what the real service does.

#[cfg(any(feature = "ec2", all(feature = "glance", feature = "glance-metadefs")))]
pub mod documented;
#[cfg(feature = "ec2")]
pub mod ec2;
#[cfg(feature = "glance")]
pub mod imports;
pub mod ims;
pub mod parallelcluster;
