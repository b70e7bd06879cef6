//! Whether an image is a hit, and how nearly it was.

use crate::catalog::catalog::Catalog;
use crate::catalog::query::Term;
use crate::catalog::{Context, Field, Image, Miss, Query, Source, Support};
use chrono::{NaiveDate, Utc};
use std::sync::Arc;

/// An image that does not match a query, and every term that it does not match.
pub type Near = (Image, Vec<Miss>);

/// The query is for this project's images, and the source does not know which project that is.
pub(super) struct Unowned;

pub(super) struct Judge {
    query: Query,
    /// The terms that need no reading, and the others.
    unread: Query,
    read: Query,
    this_project: bool,
    day: NaiveDate,
    support: Option<Arc<Support>>,
    most: usize,
    nearest: Vec<Near>,
}

impl Judge {
    pub fn new(catalog: &Catalog, query: &Query, nearest: usize) -> Self {
        let needs_no_reading = |term: &Term| !Query::new().with_term(term.clone()).needs_reading();
        let (unread, read) = query.clone().split(needs_no_reading);
        let is_this_project = |term: &Term| {
            term.field() == Field::From && term.values().iter().any(|word| word == "this-project")
        };
        Self {
            this_project: query.terms().iter().any(is_this_project),
            query: query.clone(),
            unread,
            read,
            day: Utc::now().date_naive(),
            support: catalog.support.clone(),
            most: nearest,
            nearest: Vec::new(),
        }
    }

    pub fn nearest(&self) -> &[Near] {
        &self.nearest
    }

    /// Whether an image has to be judged: it may be a hit, or one that nearly was.
    pub fn admits(&self, image: &Image, source: &dyn Source) -> bool {
        let context = self.context(source);
        self.most > 0 || self.is_unowned(&context) || self.unread.matches_in(image, &context)
    }

    /// An image that was admitted, read, if it is a hit.
    pub fn judge(&mut self, image: Image, source: &dyn Source) -> Result<Option<Image>, Unowned> {
        let context = self.context(source);
        if self.is_unowned(&context) {
            return Err(Unowned);
        }
        let is_near = self.most > 0;
        let fits = !is_near || self.unread.matches_in(&image, &context);
        let image = source.read(image);
        if fits && self.read.matches_in(&image, &context) {
            return Ok(Some(image));
        }
        if is_near {
            let misses = self.query.misses_in(&image, &context);
            self.remember(image, misses);
        }
        Ok(None)
    }

    fn context<'a>(&'a self, source: &'a dyn Source) -> Context<'a> {
        let support = self.support.as_deref().unwrap_or_else(|| Support::bundled());
        Context { day: self.day, support, account: source.account() }
    }

    fn is_unowned(&self, context: &Context<'_>) -> bool {
        self.this_project && context.account.is_none()
    }

    /// The images that miss the fewest terms, the first ones of equals.
    fn remember(&mut self, image: Image, misses: Vec<Miss>) {
        let place = self.nearest.partition_point(|(_, other)| other.len() <= misses.len());
        if place < self.most {
            self.nearest.insert(place, (image, misses));
            self.nearest.truncate(self.most);
        }
    }
}
