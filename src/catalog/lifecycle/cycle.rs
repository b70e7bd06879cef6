//! The life cycle of a release.

use super::End;
use crate::catalog::Version;
use crate::types::Text;
use chrono::NaiveDate;
use serde::Serialize;

/// The life cycle of one release of a product: Ubuntu 22.04, the driver branch R535.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cycle {
    pub(super) product: Text,
    pub(super) name: Text,
    #[serde(skip)]
    pub(super) version: Option<Version>,
    pub(super) codename: Option<Text>,
    pub(super) lts: bool,
    pub(super) released: Option<NaiveDate>,
    pub(super) active_end: Option<End>,
    pub(super) end: Option<End>,
    pub(super) extended_end: Option<End>,
}

/// A phase in the life cycle of a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Phase {
    /// Standard support: the vendor supports the release for everybody.
    Standard,
    /// Only extended support is left, which is paid or provided by a smaller team, such as Ubuntu Pro or Debian LTS.
    Extended,
    /// No support is left.
    Ended,
    /// Unknown: the table does not say.
    Unknown,
}

/// The phase of a release on a day, and the support that is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Standing {
    /// The phase.
    pub phase: Phase,
    /// The days left of standard support; negative if it has ended. `None` if that is not known.
    pub days_left: Option<i64>,
    /// The days left of extended support; negative if it has ended. `None` if there is none, or that is not
    /// known.
    pub extended_days_left: Option<i64>,
}

impl Cycle {
    /// The product: `ubuntu`, `rocky-linux`, `nvidia-branch`.
    #[must_use]
    pub fn product(&self) -> &str {
        &self.product
    }

    /// The release: `22.04`, `R535`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The code name: `Jammy Jellyfish`.
    #[must_use]
    pub fn codename(&self) -> Option<&str> {
        self.codename.as_deref()
    }

    /// Whether it is a long-term support release.
    #[must_use]
    pub fn is_lts(&self) -> bool {
        self.lts
    }

    /// The day of its release.
    #[must_use]
    pub fn released(&self) -> Option<NaiveDate> {
        self.released
    }

    /// The end of active support: from then on there are security fixes only.
    #[must_use]
    pub fn end_of_active_support(&self) -> Option<End> {
        self.active_end
    }

    /// The end of standard support.
    #[must_use]
    pub fn end_of_support(&self) -> Option<End> {
        self.end
    }

    /// The end of extended support, where there is one.
    #[must_use]
    pub fn end_of_extended_support(&self) -> Option<End> {
        self.extended_end
    }

    /// The phase on a day, and the support that is left.
    #[must_use]
    pub fn at(&self, day: NaiveDate) -> Standing {
        let passed = |end: Option<End>| end.and_then(|end| end.has_passed(day));
        let phase = match (passed(self.end), self.extended_end, passed(self.extended_end)) {
            (Some(false), _, _) => Phase::Standard,
            (Some(true), None, _) | (_, Some(_), Some(true)) => Phase::Ended,
            (Some(true), Some(_), Some(false)) => Phase::Extended,
            _ => Phase::Unknown,
        };
        Standing {
            phase,
            days_left: self.end.and_then(|end| end.days_left(day)),
            extended_days_left: self.extended_end.and_then(|end| end.days_left(day)),
        }
    }
}
