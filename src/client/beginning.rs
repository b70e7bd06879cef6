//! The beginning of a response, for those who need not wait for the rest.

use bytes::Bytes;
use http::HeaderMap;
use std::sync::{Arc, OnceLock};

/// Where a call leaves the beginning of its response. Of several attempts, the first one counts that gets so far.
#[derive(Clone, Default)]
pub(crate) struct Beginning(Arc<OnceLock<(HeaderMap, Bytes)>>);

impl Beginning {
    /// Notes the headers of a success and the first piece of its body, behind which more may follow.
    pub fn note(&self, headers: &HeaderMap, first: &Bytes) {
        self.0.get_or_init(|| (headers.clone(), first.clone()));
    }

    pub fn get(&self) -> Option<&(HeaderMap, Bytes)> {
        self.0.get()
    }
}
