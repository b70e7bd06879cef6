//! Ends of support, as precise as they are published.

use chrono::{Datelike, Months, NaiveDate};
use serde::Serialize;
use std::fmt;

/// When support ends, as precisely as the vendor publishes it.
///
/// Displayed as `2027-04-01`, `June 2026`, `ended` or `not announced`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum End {
    /// On this day, which is the last one with support.
    Day(NaiveDate),
    /// In this month; the date is its first day.
    Month(NaiveDate),
    /// Support had ended by this day; the exact day is not published.
    Before(NaiveDate),
    /// Support had not ended by this day, and no end was announced.
    After(NaiveDate),
}

impl End {
    /// Reads a cell of a table: `YYYY-MM-DD`, `YYYY-MM`, `yes` or `ended`, `no`.
    pub(super) fn read(text: &str, as_of: NaiveDate) -> Option<Self> {
        match text {
            "yes" | "ended" => Some(Self::Before(as_of)),
            "no" => Some(Self::After(as_of)),
            _ if text.len() == "2026-06".len() => {
                format!("{text}-01").parse().ok().map(Self::Month)
            }
            _ => text.parse().ok().map(Self::Day),
        }
    }

    /// Whether support has ended on a day. `None` if that is unknown.
    #[must_use]
    pub fn has_passed(self, day: NaiveDate) -> Option<bool> {
        match self {
            Self::Day(last) => Some(day > last),
            Self::Month(first) if day < first => Some(false),
            Self::Month(first) => {
                let next = first.checked_add_months(Months::new(1))?;
                (day >= next).then_some(true)
            }
            Self::Before(known) => (day >= known).then_some(true),
            Self::After(known) => (day <= known).then_some(false),
        }
    }

    /// The number of days of support that are left on a day; negative if it has ended. `None` if that is unknown.
    ///
    /// If only the month is published, days are counted to its first day, because no more is promised.
    #[must_use]
    pub fn days_left(self, day: NaiveDate) -> Option<i64> {
        match self {
            Self::Day(end) | Self::Month(end) => Some((end - day).num_days()),
            Self::Before(_) | Self::After(_) => None,
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Month(first) => write!(f, "{} {}", first.format("%B"), first.year()),
            Self::Before(_) => f.write_str("ended"),
            Self::After(_) => f.write_str("not announced"),
        }
    }
}
