//! Which servers are trusted.

use bytes::Bytes;

/// The certificates that are trusted besides the platform's.
#[derive(Clone, Debug, Default)]
pub(super) struct Trust {
    /// In PEM, each with one or several certificates.
    pub roots: Vec<Bytes>,
    /// Whether any certificate is accepted.
    pub accept_any: bool,
}

impl Trust {
    pub fn is_default(&self) -> bool {
        self.roots.is_empty() && !self.accept_any
    }
}
