//! One image out of each group of those that compete.

use super::Policy;
use crate::catalog::outcome::Outcome;
use crate::catalog::shown::shown;
use crate::catalog::{Architecture, Image, Query, Status};
use crate::types::Text;
use crate::{Error, ErrorKind, Result};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// The most images that an error names.
const NAMED: usize = 5;

/// Images compete with those of the same source, region and architecture.
pub(in crate::catalog) type Group = (Text, Option<Text>, Option<Architecture>);

pub(in crate::catalog) fn group_of(image: &Image) -> Group {
    (image.source.clone(), image.region.clone(), image.architecture)
}

/// The choice in each group. Images that are known not to be available are left out.
pub(in crate::catalog) fn choices(
    images: Vec<Image>,
    policy: Policy,
    now: DateTime<Utc>,
) -> BTreeMap<Group, Result<Image>> {
    let mut groups: BTreeMap<Group, Vec<Image>> = BTreeMap::new();
    let available =
        images.into_iter().filter(|image| image.status.is_none_or(|one| one == Status::Available));
    for image in available {
        groups.entry(group_of(&image)).or_default().push(image);
    }
    let chosen = groups.into_iter().map(|(group, images)| {
        let image = choose(&group, images, policy, now);
        (group, image)
    });
    chosen.collect()
}

fn choose(
    group: &Group,
    mut images: Vec<Image>,
    policy: Policy,
    now: DateTime<Utc>,
) -> Result<Image> {
    let needs_date = images.len() > 1 || policy.min_age.as_secs() > 0;
    if needs_date && images.iter().any(|image| image.created.is_none()) {
        let message = format!(
            "cannot choose by age, because some of these images have no date of creation: {}; narrow the query \
             to one of them",
            named(images.iter())
        );
        return Err(Error::new(ErrorKind::InvalidRequest, message));
    }
    images.sort_by(|one, other| (other.created, &other.id).cmp(&(one.created, &one.id)));
    let count = images.len();
    let is_old_enough = |image: &Image| {
        policy.min_age.is_zero()
            || image
                .created
                .is_some_and(|created| now.signed_duration_since(created) >= policy.age())
    };
    let mut old_enough = images.into_iter().filter(is_old_enough);
    old_enough.nth(policy.minus).ok_or_else(|| {
        let message =
            format!(
                "the policy `{policy}` chooses none of the {count} images in {}: lower `minus` or `min_age`",
                place(group)
            );
        Error::new(ErrorKind::NotFound, message)
    })
}

/// None of the images is an answer.
pub(in crate::catalog) fn none(query: &Query, outcome: &Outcome, nearest: &[super::Near]) -> Error {
    let mut message = format!(
        "no image matches the query `{}` ({} listed)",
        shown(&query.to_string()),
        outcome.listed()
    );
    for (place, (image, misses)) in nearest.iter().enumerate() {
        message.push_str(if place == 0 { "; nearest: " } else { "; " });
        let misses: Vec<String> = misses.iter().map(ToString::to_string).collect();
        message.push_str(&format!("{} ({})", name(image), misses.join("; ")));
    }
    Error::new(ErrorKind::NotFound, message)
}

/// Several images answer a query for one.
pub(in crate::catalog) fn several(images: &[Image]) -> Error {
    let message = format!(
        "{} images match the query, but it must match exactly one: {}; narrow the query, or choose with `latest`",
        images.len(),
        named(images.iter())
    );
    Error::new(ErrorKind::InvalidRequest, message)
}

fn named<'i>(images: impl ExactSizeIterator<Item = &'i Image>) -> String {
    let more = images.len().saturating_sub(NAMED);
    let mut text = images.take(NAMED).map(name).collect::<Vec<_>>().join(", ");
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

fn name(image: &Image) -> String {
    format!("{} {} in {}", shown(&image.id), shown(&image.name), place(&group_of(image)))
}

fn place((source, region, architecture): &Group) -> String {
    let mut place = shown(source);
    if let Some(region) = region {
        place = format!("{place}, {}", shown(region));
    }
    if let Some(architecture) = architecture {
        place = format!("{place}, {architecture}");
    }
    place
}
