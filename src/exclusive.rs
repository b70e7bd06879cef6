//! What only its owner uses: futures and streams that are parts of other streams.

use std::sync::{Mutex, PoisonError};

/// Makes a value `Sync` that is reached through `&mut` alone. The lock is never taken; the standard
/// library's type for this is unstable.
pub(crate) struct Exclusive<T>(Mutex<T>);

impl<T> Exclusive<T> {
    pub fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    pub fn get_mut(&mut self) -> &mut T {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(feature = "ims")]
    pub fn into_inner(self) -> T {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}
