//! The way back to the list, for services whose positions are ids of items: a list cannot be read on
//! after an item that was deleted meanwhile.

use crate::{Error, ErrorKind};
use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

/// Where the fetcher came from since the last position that the service took.
///
/// Holds the items of one page: a dozen ids, and 8 bytes for every other. Most walks never go back, so
/// noting an item has to be cheap, and finding one need not be.
#[derive(Default)]
pub(super) struct MarkerRecovery {
    /// The positions to try, the next at the end: ids of the last page, in growing steps, and before
    /// them the position that gave it, where `None` is the start of the list.
    back: Vec<Option<String>>,
    /// The items after the first of those that were given: they may come again.
    given: Vec<u64>,
    /// The positions that were gone. One that is led to again is no deleted item, and going back from it
    /// again would never end.
    gone: HashSet<u64>,
    /// Whether the page under way is one that was gone back for.
    returning: bool,
    hasher: RandomState,
}

impl MarkerRecovery {
    /// Notes a page, and takes out of it what was given before.
    pub fn arrived<T>(
        &mut self,
        at: Option<&str>,
        items: &mut Vec<T>,
        marker: impl Fn(&T) -> Option<&str>,
    ) {
        self.back.clear();
        self.back.push(at.map(str::to_owned));
        // The last item is where the fetcher goes on from: 1, 2, 4... before it.
        let mut steps = Vec::new();
        let mut step = 1;
        while let Some(id) = items.len().checked_sub(1 + step).and_then(|i| marker(&items[i])) {
            steps.push(Some(id.to_owned()));
            step *= 2;
        }
        self.back.extend(steps.into_iter().rev());
        let Self { given, hasher, .. } = self;
        if std::mem::take(&mut self.returning) {
            items
                .retain(|item| marker(item).is_none_or(|id| !given.contains(&hasher.hash_one(id))));
        } else {
            given.clear();
        }
        given.extend(items.iter().filter_map(marker).map(|id| hasher.hash_one(id)));
    }

    /// An earlier position, if the error says that the item at this one is gone.
    pub fn back(&mut self, error: &Error, position: Option<&str>) -> Option<Option<String>> {
        let id = position.filter(|id| {
            matches!(error.kind(), ErrorKind::BadRequest | ErrorKind::NotFound)
                && error.message().contains(id)
        })?;
        if !self.gone.insert(self.hasher.hash_one(id)) {
            return None;
        }
        let earlier = self.back.pop()?;
        self.returning = true;
        Some(earlier)
    }
}
