//! A lock against the catalogue of today.

use super::{Drift, Lock, Locked, Observed};
use crate::Result;
use crate::catalog::find::choose::{self, Group};
use crate::catalog::{Catalog, Field, Image, Outcome, Policy, Query};
use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use std::collections::{BTreeMap, BTreeSet};

/// A locked image, and how it has changed since.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Checked {
    /// The image as it was locked.
    pub locked: Locked,
    /// The differences. Empty if there are none.
    pub drift: Vec<Drift>,
}

impl Lock {
    /// Compares the locked images with the present images of the sources.
    ///
    /// A source that fails, or is not in the catalogue, makes [`Drift::Unknown`], and never [`Drift::Gone`].
    ///
    /// ```no_run
    /// # async fn example(catalog: cloud_images::catalog::Catalog) -> Result<(), Box<dyn std::error::Error>> {
    /// use cloud_images::catalog::Lock;
    ///
    /// let lock = Lock::from_reader(std::fs::File::open("images.lock")?)?;
    /// for checked in lock.check(&catalog).await {
    ///     for drift in &checked.drift {
    ///         println!("{} in {}: {drift}", checked.locked.name, checked.locked.source);
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn check(&self, catalog: &Catalog) -> Vec<Checked> {
        let mut asked: BTreeMap<(&str, &str), Vec<&Locked>> = BTreeMap::new();
        for locked in &self.entries {
            asked.entry((&locked.query, &locked.policy)).or_default().push(locked);
        }
        let (mut checked, now) = (Vec::new(), Utc::now());
        for ((query, policy), locked) in asked {
            checked.extend(check(catalog, query, policy, &locked, now).await);
        }
        checked
    }
}

async fn check(
    catalog: &Catalog,
    query: &str,
    policy: &str,
    locked: &[&Locked],
    now: DateTime<Utc>,
) -> Vec<Checked> {
    let query: Option<Query> = query.parse().ok();
    let (there, outcome) = there(catalog, query.as_ref(), locked).await;
    let newest = match query.zip(policy.parse().ok()) {
        Some((query, policy)) => newest(catalog, query, policy, now).await,
        None => BTreeMap::new(),
    };
    let mut checked = Vec::new();
    for locked in locked {
        let group: Group = (locked.source.clone(), locked.region.clone(), locked.architecture);
        let newest = newest.get(&group).and_then(|chosen| chosen.as_ref().ok());
        let found = there.iter().find(|image| {
            (&image.source, &image.region, &image.id)
                == (&locked.source, &locked.region, &locked.id)
        });
        let drift = match found {
            Some(image) => locked.drift(Observed::Listed(image), newest, now),
            None => match by_id(catalog, &outcome, locked).await {
                Ok(Some(image)) => locked.drift(Observed::ById(&image), newest, now),
                Ok(None) => locked.drift(Observed::Missing, newest, now),
                Err(NotKnown) => locked.drift(Observed::Incomplete, newest, now),
            },
        };
        checked.push(Checked { locked: (*locked).clone(), drift });
    }
    checked
}

/// The locked images in the lists of their sources.
///
/// Of the query, only whom the images are for matters here: what else has changed is drift.
async fn there(
    catalog: &Catalog,
    query: Option<&Query>,
    locked: &[&Locked],
) -> (Vec<Image>, Outcome) {
    let words = |word: fn(&Locked) -> &str| {
        let words: BTreeSet<&str> = locked.iter().map(|locked| word(locked)).collect();
        words.into_iter().map(str::to_owned).collect()
    };
    let query = query.cloned().unwrap_or_default();
    let (query, _) = query.split(|term| term.field() == Field::Visibility);
    let query = query
        .any_of(Field::Source, words(|locked| &locked.source))
        .any_of(Field::Id, words(|locked| &locked.id));
    let (mut find, mut images) = (catalog.find(query), Vec::new());
    while let Some(item) = find.next().await {
        images.extend(item);
    }
    (images, find.into_outcome())
}

async fn newest(
    catalog: &Catalog,
    query: Query,
    policy: Policy,
    now: DateTime<Utc>,
) -> BTreeMap<Group, Result<Image>> {
    let (mut find, mut images) = (catalog.find(query), Vec::new());
    while let Some(item) = find.next().await {
        images.extend(item);
    }
    choose::choices(images, policy, now)
}

/// Nothing is known of the image.
struct NotKnown;

/// An image that is in no list. `None` if its source says that there is no such image.
async fn by_id(
    catalog: &Catalog,
    outcome: &Outcome,
    locked: &Locked,
) -> Result<Option<Image>, NotKnown> {
    let entry = catalog.entries.iter().find(|entry| entry.name == locked.source).ok_or(NotKnown)?;
    if !outcome.covers(&locked.source, locked.region.as_deref()) {
        return Err(NotKnown);
    }
    let shown = entry.source.show(locked.region.as_deref(), &locked.id).await;
    shown.map_err(|_| NotKnown)
}
