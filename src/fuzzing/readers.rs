//! What reads the responses of every operation, as the build script lists them.

use super::Reader;

include!(concat!(env!("OUT_DIR"), "/readers.rs"));

pub(super) fn all() -> impl Iterator<Item = &'static Reader> {
    ALL.iter().copied().flatten()
}
