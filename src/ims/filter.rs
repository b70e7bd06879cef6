//! Filters and sort orders of lists, typed where the service takes a small language.

use super::types::{SortDirection, SortKey};
use chrono::{DateTime, SecondsFormat, TimeDelta, Timelike, Utc};
use std::fmt;

/// A condition on `created_at` or `updated_at`.
///
/// ```
/// # fn example(images: cloud_images::ims::ImageOperationsApi) {
/// use cloud_images::ims::TimeFilter;
///
/// let yesterday = chrono::Utc::now() - chrono::TimeDelta::days(1);
/// let request = images.list_images().created_at(TimeFilter::since(yesterday));
/// # }
/// ```
///
/// The service stores and takes times in whole seconds. A time with a fraction is rounded to the second that selects
/// the same images.
///
/// Set one condition per field: the service would ignore all but the last, so a request with two of them fails before
/// it is sent. For the images of a period, request those since its start and stop at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeFilter {
    operator: &'static str,
    time: DateTime<Utc>,
}

macro_rules! operators {
    ($($(#[$docs:meta])* $name:ident $rounded:ident;)*) => {$(
        $(#[$docs])*
        #[must_use]
        pub fn $name(time: DateTime<Utc>) -> Self {
            Self { operator: stringify!($name), time: $rounded(time) }
        }
    )*};
}

fn down(time: DateTime<Utc>) -> DateTime<Utc> {
    time.with_nanosecond(0).unwrap_or(time)
}

fn up(time: DateTime<Utc>) -> DateTime<Utc> {
    let whole = down(time);
    if whole < time {
        whole.checked_add_signed(TimeDelta::seconds(1)).unwrap_or(whole)
    } else {
        whole
    }
}

impl TimeFilter {
    operators! {
        /// Later than.
        gt down;
        /// At or later than.
        gte up;
        /// Earlier than.
        lt up;
        /// At or earlier than.
        lte down;
        /// At this second.
        eq down;
        /// At any other time.
        neq down;
    }

    /// At or later than: [`gte`](Self::gte).
    #[must_use]
    pub fn since(time: DateTime<Utc>) -> Self {
        Self::gte(time)
    }

    /// Earlier than: [`lt`](Self::lt).
    #[must_use]
    pub fn before(time: DateTime<Utc>) -> Self {
        Self::lt(time)
    }
}

impl fmt::Display for TimeFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self.time.to_rfc3339_opts(SecondsFormat::Secs, true);
        write!(f, "{}:{time}", self.operator)
    }
}

impl From<TimeFilter> for String {
    fn from(filter: TimeFilter) -> Self {
        filter.to_string()
    }
}

/// A sort order by several keys, the most important first.
///
/// ```
/// # fn example(images: cloud_images::ims::ImageOperationsApi) {
/// use cloud_images::ims::Sort;
///
/// let request = images.list_images().sort(Sort::ascending("name").then_descending("created_at"));
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort(Vec<(SortKey, SortDirection)>);

impl Sort {
    /// Sorts by this key, the smallest value first.
    #[must_use]
    pub fn ascending(key: impl Into<SortKey>) -> Self {
        Self(vec![(key.into(), SortDirection::Asc)])
    }

    /// Sorts by this key, the largest value first.
    #[must_use]
    pub fn descending(key: impl Into<SortKey>) -> Self {
        Self(vec![(key.into(), SortDirection::Desc)])
    }

    /// Sorts images that are equal so far by this key, the smallest value first.
    #[must_use]
    pub fn then_ascending(mut self, key: impl Into<SortKey>) -> Self {
        self.0.push((key.into(), SortDirection::Asc));
        self
    }

    /// Sorts images that are equal so far by this key, the largest value first.
    #[must_use]
    pub fn then_descending(mut self, key: impl Into<SortKey>) -> Self {
        self.0.push((key.into(), SortDirection::Desc));
        self
    }
}

impl From<Sort> for String {
    fn from(sort: Sort) -> Self {
        let keys: Vec<Self> = sort.0.iter().map(|(key, way)| format!("{key}:{way}")).collect();
        keys.join(",")
    }
}

/// A filter value that matches any of several values. Use it with `name`, `status`, `id`, `disk_format` and
/// `container_format`.
///
/// ```
/// # fn example(images: cloud_images::ims::ImageOperationsApi) {
/// use cloud_images::ims::one_of;
///
/// let request = images.list_images().status(one_of(["active", "queued"]));
/// assert_eq!(one_of(["a", "b,c"]), "in:a,\"b,c\"");
/// # }
/// ```
///
/// Glance documents it, IMS does not.
pub fn one_of<V: AsRef<str>>(values: impl IntoIterator<Item = V>) -> String {
    let quoted = values.into_iter().map(|value| match value.as_ref() {
        value if value.contains([',', '"', '\\']) => {
            format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
        }
        value => value.to_owned(),
    });
    format!("in:{}", quoted.collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_is_rounded_to_the_second_that_selects_the_same() {
        let half = "2026-01-31T08:00:00.5Z".parse().unwrap();
        let whole = "2026-01-31T08:00:00Z".parse().unwrap();
        let (before, after) = ("2026-01-31T08:00:00Z", "2026-01-31T08:00:01Z");
        for (filter, expected) in [
            (TimeFilter::gt(half), format!("gt:{before}")),
            (TimeFilter::gte(half), format!("gte:{after}")),
            (TimeFilter::lt(half), format!("lt:{after}")),
            (TimeFilter::lte(half), format!("lte:{before}")),
            (TimeFilter::since(whole), format!("gte:{before}")),
            (TimeFilter::before(whole), format!("lt:{before}")),
        ] {
            assert_eq!(String::from(filter), expected);
        }
    }
}
