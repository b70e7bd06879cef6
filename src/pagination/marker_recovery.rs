//! The way back into a list whose positions are ids of items, after the item at the position was deleted.

use crate::{Error, ErrorKind};
use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

/// Earlier positions, for the case that the service does not know the present one any more.
///
/// Holds the ids of one page as text, and a hash of each one before them that may come again. Most lists are read
/// without going back, so an id is only copied when it arrives, and everything else is done on the way back.
#[derive(Default)]
pub(super) struct MarkerRecovery {
    /// The position that gave the last page, where the inner `None` is the start of the list. It is tried after the ids
    /// of that page.
    page_at: Option<Option<String>>,
    /// The ids of the last page, without the items that had come before.
    page: Ids,
    /// How far before its last item the list goes back next: 1, 2, 4...
    step: usize,
    /// The hashes of the ids before that page, as long as the list goes back again and again.
    before: HashSet<u64>,
    /// The positions that were gone. One that comes again is not a deleted item, and going back from it
    /// again would never end.
    gone: HashSet<u64>,
    /// Whether the next page is one that the list went back for.
    returning: bool,
    hasher: RandomState,
}

impl MarkerRecovery {
    /// Notes a page, and removes the items that were given before.
    pub fn arrived(&mut self, at: Option<&str>, items: &mut dyn Identified) {
        let Self { page, before, hasher, .. } = self;
        if std::mem::take(&mut self.returning) {
            before.extend(page.iter().map(|id| hasher.hash_one(id)));
            items.retain(&mut |id| !before.contains(&hasher.hash_one(id)));
        } else {
            before.clear();
        }
        page.clear();
        items.each(&mut |id| page.push(id));
        self.page_at = Some(at.map(str::to_owned));
        self.step = 1;
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
        let earlier = self.earlier()?;
        self.returning = true;
        Some(earlier)
    }

    /// The next position to try: an id of the last page, or the position that gave it.
    fn earlier(&mut self) -> Option<Option<String>> {
        let Some(index) = self.page.len().checked_sub(1 + self.step) else {
            return self.page_at.take();
        };
        self.step *= 2;
        Some(self.page.get(index).map(str::to_owned))
    }
}

/// The items of a page by their ids. An item may have none.
pub(crate) trait Identified {
    fn each(&self, see: &mut dyn FnMut(&str));

    /// Removes the items whose id is not to be kept.
    fn retain(&mut self, keep: &mut dyn FnMut(&str) -> bool);
}

/// Items with what gives the id of one.
pub(crate) struct ById<'a, T>(pub &'a mut Vec<T>, pub fn(&T) -> Option<&str>);

impl<T> Identified for ById<'_, T> {
    fn each(&self, see: &mut dyn FnMut(&str)) {
        for item in &*self.0 {
            if let Some(id) = self.1(item) {
                see(id);
            }
        }
    }

    fn retain(&mut self, keep: &mut dyn FnMut(&str) -> bool) {
        self.0.retain(|item| self.1(item).is_none_or(&mut *keep));
    }
}

/// Texts one after another in one buffer.
#[derive(Default)]
struct Ids {
    text: String,
    ends: Vec<usize>,
}

impl Ids {
    fn push(&mut self, id: &str) {
        self.text.push_str(id);
        self.ends.push(self.text.len());
    }

    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    fn len(&self) -> usize {
        self.ends.len()
    }

    fn get(&self, index: usize) -> Option<&str> {
        let start =
            index.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(start..*self.ends.get(index)?)
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The positions that are tried one after another while each is gone.
    fn tried(count: usize) -> Vec<Option<String>> {
        let mut recovery = MarkerRecovery::default();
        let mut items: Vec<String> = (0..count).map(|number| number.to_string()).collect();
        recovery.arrived(Some("before"), &mut ById(&mut items, |item| Some(item)));
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
    fn after_a_way_back_only_new_items_are_given() {
        let gone = |id: &str| Error::new(ErrorKind::NotFound, format!("no image {id}"));
        let mut recovery = MarkerRecovery::default();
        let arrive = |recovery: &mut MarkerRecovery, ids: &[&str]| {
            let mut items: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
            recovery.arrived(Some("at"), &mut ById(&mut items, |item| Some(item)));
            items
        };
        // Ids that are alike only when they are written one after another.
        assert_eq!(arrive(&mut recovery, &["1", "23", "4"]), ["1", "23", "4"]);
        let back = |recovery: &mut MarkerRecovery, id: &str| recovery.back(&gone(id), Some(id));
        assert_eq!(back(&mut recovery, "4"), Some(Some("23".to_owned())));
        assert_eq!(arrive(&mut recovery, &["4", "12", "34", "23", "5"]), ["12", "34", "5"]);
        // The way back from there begins with the items of that page, and those before stay given.
        assert_eq!(back(&mut recovery, "5"), Some(Some("34".to_owned())));
        assert_eq!(arrive(&mut recovery, &["1", "12", "5", "6"]), ["6"]);
        assert_eq!(back(&mut recovery, "6"), Some(Some("at".to_owned())));
        assert_eq!(arrive(&mut recovery, &["6", "5"]), [""; 0]);
        assert_eq!(back(&mut recovery, "7"), Some(Some("at".to_owned())));
        assert_eq!(back(&mut recovery, "8"), None);
        // A page that was not gone back for is given as it comes.
        let mut recovery = MarkerRecovery::default();
        arrive(&mut recovery, &["1"]);
        assert_eq!(arrive(&mut recovery, &["1", ""]), ["1", ""]);
    }

    #[test]
    fn only_an_error_that_is_about_the_position_leads_back() {
        let leads_back = |error: Error| {
            let mut recovery = MarkerRecovery::default();
            recovery.arrived(None, &mut ById(&mut vec!["a", "b-17"], |item| Some(*item)));
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
