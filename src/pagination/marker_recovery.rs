//! The way back into a list whose positions are ids of items, after the item at the position was deleted.

use crate::{Error, ErrorKind};
use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

/// Earlier positions, for the case that the service does not know the present one any more.
///
/// Holds the ids of one page: a dozen as text, and 8 bytes for every other. Most lists are read without
/// going back, so noting an item is cheap, and finding one need not be.
#[derive(Default)]
pub(super) struct MarkerRecovery {
    /// The positions to try, the next at the end: ids of the last page, in growing steps, and before
    /// them the position that gave it, where `None` is the start of the list.
    back: Vec<Option<String>>,
    /// The items after the first of those that were given: they may come again.
    given: Vec<u64>,
    /// The positions that were gone. One that comes again is not a deleted item, and going back from it
    /// again would never end.
    gone: HashSet<u64>,
    /// Whether the next page is one that the list went back for.
    returning: bool,
    hasher: RandomState,
}

impl MarkerRecovery {
    /// Notes a page, and removes the items that were given before.
    pub fn arrived<T>(
        &mut self,
        at: Option<&str>,
        items: &mut Vec<T>,
        id: impl Fn(&T) -> Option<&str>,
    ) {
        self.back.clear();
        self.back.push(at.map(str::to_owned));
        // The list goes on from the last item: 1, 2, 4... before it.
        let mut steps = Vec::new();
        let mut step = 1;
        while let Some(id) = items.len().checked_sub(1 + step).and_then(|i| id(&items[i])) {
            steps.push(Some(id.to_owned()));
            step *= 2;
        }
        self.back.extend(steps.into_iter().rev());
        let Self { given, hasher, .. } = self;
        if std::mem::take(&mut self.returning) {
            items.retain(|item| id(item).is_none_or(|id| !given.contains(&hasher.hash_one(id))));
        } else {
            given.clear();
        }
        given.extend(items.iter().filter_map(id).map(|id| hasher.hash_one(id)));
    }

    /// An earlier position, if the error says that the item at this one is gone.
    pub fn back(&mut self, error: &Error, position: Option<&str>) -> Option<Option<String>> {
        use ErrorKind::{BadRequest, InvalidPageToken, NotFound};
        let id = position.filter(|id| match error.kind() {
            // By the service's own code.
            NotFound | InvalidPageToken if error.code().is_some() => true,
            BadRequest | NotFound | InvalidPageToken => error.message().contains(id),
            _ => false,
        })?;
        if !self.gone.insert(self.hasher.hash_one(id)) {
            return None;
        }
        let earlier = self.back.pop()?;
        self.returning = true;
        Some(earlier)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The positions that are tried one after another while each is gone.
    fn tried(count: usize) -> Vec<Option<String>> {
        let mut recovery = MarkerRecovery::default();
        let mut items: Vec<String> = (0..count).map(|number| number.to_string()).collect();
        recovery.arrived(Some("before"), &mut items, |item| Some(item));
        let mut position = items.last().cloned();
        let gone = |id: &str| Error::new(ErrorKind::NotFound, format!("no image {id}"));
        let mut tried = Vec::new();
        while let Some(id) = &position
            && let Some(earlier) = recovery.back(&gone(id), Some(id))
        {
            tried.push(earlier.clone());
            position = earlier;
        }
        tried
    }

    #[test]
    fn the_way_back_is_short_in_a_long_page() {
        let expected = ["8", "7", "5", "1", "before"].map(|id| Some(id.to_owned()));
        assert_eq!(tried(10), expected);
        assert_eq!(tried(1000).len(), 11);
    }

    #[test]
    fn only_an_error_that_is_about_the_position_leads_back() {
        let leads_back = |error: Error| {
            let mut recovery = MarkerRecovery::default();
            recovery.arrived(None, &mut vec!["a", "b-17"], |item| Some(*item));
            recovery.back(&error, Some("b-17")).is_some()
        };
        let code = |error: Error| error.with_code(Some("IMG.0001".to_owned()));
        use ErrorKind::{BadRequest, InvalidPageToken, NotFound, Server};
        assert!(leads_back(Error::new(BadRequest, "the marker b-17 is gone")));
        assert!(leads_back(code(Error::new(NotFound, "gone"))));
        assert!(leads_back(code(Error::new(InvalidPageToken, "gone"))));
        for kind in [BadRequest, NotFound, InvalidPageToken] {
            assert!(!leads_back(Error::new(kind, "gone")), "{kind:?}");
        }
        assert!(!leads_back(code(Error::new(BadRequest, "gone"))));
        assert!(!leads_back(Error::new(Server, "the marker b-17 is gone")));
    }
}
