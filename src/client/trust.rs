//! Which servers are trusted.

use bytes::Bytes;

/// The certificates that are accepted in addition to those that the platform trusts.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Trust {
    /// Additional root certificates in PEM, one or several in each element.
    pub roots: Vec<Bytes>,
    /// Whether any certificate is accepted. Do not set it because a configuration file says so: the program itself
    /// has to allow it.
    pub accept_any: bool,
}

impl Trust {
    #[cfg_attr(not(any(feature = "aws-lc", feature = "ring")), allow(dead_code))]
    pub(super) fn is_default(&self) -> bool {
        self.roots.is_empty() && !self.accept_any
    }

    pub(super) fn and(mut self, other: Self) -> Self {
        self.roots.extend(other.roots);
        self.accept_any |= other.accept_any;
        self
    }
}
