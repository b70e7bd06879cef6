//! The `ims` client against real Keystone and Glance.
//!
//! Runs where `CLOUD_IMAGES_LIVE_KEYSTONE` (`http://127.0.0.1:15000/v3`), `CLOUD_IMAGES_LIVE_KEYSTONE_SHORT`
//! (a Keystone whose tokens live 5 seconds) and `CLOUD_IMAGES_LIVE_GLANCE_PROXY` (the fault proxy before
//! Glance) are set; elsewhere each test says that it is skipped.

#[cfg(feature = "catalog")]
mod catalog;
mod contract;
mod data;
mod expiry;
#[cfg(feature = "glance")]
mod glance;
mod harness;
mod images;
mod keystone;
mod listing;
#[cfg(target_os = "linux")]
mod memory;
#[cfg(feature = "glance-metadefs")]
mod metadefs;
#[cfg(feature = "glance")]
mod quotas;
#[cfg(all(feature = "glance", feature = "glance-metadefs"))]
mod refusals;
mod sharing;

#[cfg(feature = "glance")]
use harness::files;
use harness::servers;
