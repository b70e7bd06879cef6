//! Whether an image fits a term, and why it does not.

use super::glob;
use super::term::{Field, Operator, Term, Values};
use crate::catalog::{Cycle, Image, Phase, Support, Version};
use chrono::{NaiveDate, TimeDelta, Utc};
use std::cmp::Ordering;
use std::fmt;

/// The circumstances in which a query is evaluated.
#[derive(Clone, Copy, Debug)]
pub struct Context<'c> {
    /// Today, for `supported_for`.
    pub day: NaiveDate,
    /// The table of life cycles, for `supported_for`.
    pub support: &'c Support,
    /// The account whose credentials the source uses, for `from=this-project`.
    pub account: Option<&'c str>,
}

impl Default for Context<'_> {
    /// Today in UTC and the bundled table; no account.
    fn default() -> Self {
        Self { day: Utc::now().date_naive(), support: Support::bundled(), account: None }
    }
}

/// A reason why an image does not match a query: a term, and the value that the image has.
///
/// `Display` is one line: `version>=22.04, the image has 20.04`.
#[derive(Clone, Debug, PartialEq)]
pub struct Miss {
    /// The term that the image does not match.
    pub term: Term,
    /// The value that the image has; `None` if it is unknown.
    pub found: Option<String>,
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.found {
            Some(found) => write!(f, "{}, the image has {found}", self.term),
            None => write!(f, "{}, the image does not say", self.term),
        }
    }
}

/// Whether an image fits a term. What is unknown fits nothing, neither `=` nor `!=`.
pub(super) fn fits(term: &Term, image: &Image, context: &Context<'_>) -> bool {
    let word = |text: Option<&str>| {
        let Values::Words(words) = &term.values else { return false };
        text.is_some_and(|text| is_one(term, words.iter().any(|word| glob::fits(word, text))))
    };
    match (&term.values, term.field) {
        (Values::Distributions(list), _) => known(term, list, image.distribution.as_ref()),
        (Values::Architectures(list), _) => known(term, list, image.architecture.as_ref()),
        (Values::Statuses(list), _) => known(term, list, image.status.as_ref()),
        (Values::Visibilities(list), _) => known(term, list, image.visibility.as_ref()),
        (Values::Versions(list), field) => {
            version_of(image, field).is_some_and(|version| compares(term.operator, version, list))
        }
        (Values::Publishers(list), _) => {
            list.iter().any(|publisher| publisher.owns_in(image, context.account))
        }
        (Values::Flag(wanted), _) => image.lts == Some(*wanted),
        (Values::Time(time), _) => {
            image.created.is_some_and(|created| orders(term.operator, created.cmp(time)))
        }
        (Values::Days(days), _) => is_supported(image, *days, context),
        (Values::Regex(regex), _) => regex.is_match(&image.name),
        (Values::Words(words), Field::With) => {
            let has = |word: &String| image.extras.iter().any(|extra| is_extra(word, extra));
            is_one(term, words.iter().any(has))
        }
        (_, Field::Codename) => word(image.codename.as_deref()),
        (_, Field::Edition) => word(image.edition.as_deref()),
        (_, Field::Source) => word(Some(&image.source)),
        (_, Field::Provider) => word(Some(&image.provider)),
        (_, Field::Region) => word(image.region.as_deref()),
        (_, Field::Id) => word(Some(&image.id)),
        (_, Field::Name) => word(Some(&image.name)),
        (_, Field::Owner) => word(image.owner.as_deref()),
        _ => false,
    }
}

/// What the image has where a term looks.
pub(super) fn found(term: &Term, image: &Image, context: &Context<'_>) -> Option<String> {
    let text = |text: Option<&str>| text.map(str::to_owned);
    match term.field {
        Field::Distribution => image.distribution.as_ref().map(ToString::to_string),
        Field::Version | Field::Driver | Field::Cuda | Field::Parallelcluster => {
            version_of(image, term.field).map(ToString::to_string)
        }
        Field::Codename => text(image.codename.as_deref()),
        Field::Edition => text(image.edition.as_deref()),
        Field::Lts => image.lts.map(|lts| lts.to_string()),
        Field::Architecture => image.architecture.map(|architecture| architecture.to_string()),
        Field::With if image.extras.is_empty() => None,
        Field::With => {
            Some(image.extras.iter().map(|extra| extra.as_str()).collect::<Vec<_>>().join(","))
        }
        Field::Source => text(Some(&image.source)),
        Field::Provider => text(Some(&image.provider)),
        Field::Region => text(image.region.as_deref()),
        Field::Id => text(Some(&image.id)),
        Field::Name => Some(image.display_name()),
        Field::Owner | Field::From => text(image.owner.as_deref()),
        Field::Status => image.status.map(|status| status.to_string()),
        Field::Visibility => image.visibility.map(|visibility| visibility.to_string()),
        Field::Created => image.created.map(|created| created.to_rfc3339()),
        Field::SupportedFor => {
            let Values::Days(days) = term.values else { return None };
            let (lifecycle, day) = (image.lifecycle(context.support), after(context.day, days)?);
            let standings: Vec<String> = lifecycle
                .system()
                .into_iter()
                .chain(lifecycle.driver())
                .map(|cycle| standing(cycle, day))
                .collect();
            (!standings.is_empty()).then(|| standings.join(" and "))
        }
    }
}

fn known<T: PartialEq>(term: &Term, list: &[T], value: Option<&T>) -> bool {
    value.is_some_and(|value| is_one(term, list.contains(value)))
}

fn is_one(term: &Term, contained: bool) -> bool {
    contained == (term.operator == Operator::Is)
}

fn version_of(image: &Image, field: Field) -> Option<&Version> {
    match field {
        Field::Version => image.version.as_ref(),
        Field::Driver => image.driver.as_ref(),
        Field::Cuda => image.cuda.as_ref(),
        Field::Parallelcluster => image.parallelcluster.as_ref(),
        _ => None,
    }
}

/// A coarse version compares with none that is more precise, unless it is another one anyway.
fn compares(operator: Operator, version: &Version, list: &[Version]) -> bool {
    let mut orders_with = list.iter().map(|other| version.within(other));
    match operator {
        Operator::IsNot => {
            orders_with.all(|order| order.is_some_and(|order| order != Ordering::Equal))
        }
        _ => orders_with.any(|order| order.is_some_and(|order| orders(operator, order))),
    }
}

fn orders(operator: Operator, order: Ordering) -> bool {
    match operator {
        Operator::Is => order == Ordering::Equal,
        Operator::IsNot => order != Ordering::Equal,
        Operator::AtLeast => order != Ordering::Less,
        Operator::Above => order == Ordering::Greater,
        Operator::AtMost => order != Ordering::Greater,
        Operator::Below => order == Ordering::Less,
        Operator::Matches => false,
    }
}

/// `kernel` is in an image with `kernel=6.1`.
fn is_extra(word: &str, extra: &str) -> bool {
    glob::fits(word, extra) || extra.split_once('=').is_some_and(|(name, _)| glob::fits(word, name))
}

fn is_supported(image: &Image, days: u32, context: &Context<'_>) -> bool {
    after(context.day, days)
        .is_some_and(|day| image.lifecycle(context.support).is_supported(day) == Some(true))
}

fn after(day: NaiveDate, days: u32) -> Option<NaiveDate> {
    day.checked_add_signed(TimeDelta::days(days.into()))
}

/// `Ubuntu 20.04 out of support by 2027-05-01`
fn standing(cycle: &Cycle, day: NaiveDate) -> String {
    let phase = match cycle.at(day).phase {
        Phase::Standard => "in standard support on",
        Phase::Extended => "in extended support only on",
        Phase::Ended => "out of support by",
        _ => "of unknown support on",
    };
    format!("{} {phase} {day}", cycle.name())
}
