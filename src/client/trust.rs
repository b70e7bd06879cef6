//! Which servers are trusted.

use bytes::Bytes;

/// Which certificates are accepted besides those that the platform trusts.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Trust {
    /// Further root certificates in PEM, one or several in each.
    pub roots: Vec<Bytes>,
    /// Whether any certificate is accepted. Never set it for a configuration alone: the user of the
    /// program has to allow it.
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
