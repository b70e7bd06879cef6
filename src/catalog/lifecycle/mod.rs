//! How long an image is supported.
//!
//! ```
//! use cloud_images::catalog::{Image, Phase, Support};
//!
//! let mut image = Image::new("gpu", "nebula-block", "1", "Ubuntu Server 20.04 LTS R535");
//! image.distribution = Some("ubuntu".parse()?);
//! image.version = Some("20.04".parse()?);
//! image.driver = Some("535".parse()?);
//!
//! let lifecycle = image.lifecycle(Support::bundled());
//! let day = "2026-11-25".parse()?;
//! let system = lifecycle.system().ok_or("the life cycle of Ubuntu is in the table")?;
//! assert_eq!(system.at(day).phase, Phase::Extended);
//! let driver = lifecycle.driver().ok_or("so is that of R535")?;
//! assert_eq!(driver.at(day).phase, Phase::Ended);
//! assert_eq!(lifecycle.successors(day).1.map(|branch| branch.name()), Some("R580"));
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod cycle;
mod end;
mod support;

pub use cycle::{Cycle, Phase, Standing};
pub use end::End;
pub use support::Support;

pub(super) use support::driver_branches;

use crate::catalog::Image;
use chrono::NaiveDate;

/// The life cycles of what is in an image: its operating system and its driver.
///
/// Made by [`Image::lifecycle`].
#[derive(Clone, Copy, Debug)]
pub struct Lifecycle<'s> {
    support: &'s Support,
    system: Option<&'s Cycle>,
    driver: Option<&'s Cycle>,
    has_driver: bool,
}

impl Image {
    /// The life cycles of the operating system and of the NVIDIA driver of this image.
    ///
    /// ```
    /// # use cloud_images::catalog::{Image, Support};
    /// let image = Image::new("otc", "otc", "1", "a name that says nothing");
    /// assert!(image.lifecycle(Support::bundled()).system().is_none());
    /// ```
    #[must_use]
    pub fn lifecycle<'s>(&self, support: &'s Support) -> Lifecycle<'s> {
        let system = self.distribution.as_ref().zip(self.version.as_ref());
        let driver = self.driver.as_ref();
        let windows =
            self.distribution.as_ref().is_some_and(|system| system.as_str().starts_with("windows"));
        Lifecycle {
            support,
            system: system
                .and_then(|(distribution, version)| support.system(distribution, version)),
            driver: driver.and_then(|version| support.driver(version, windows)),
            has_driver: driver.is_some(),
        }
    }
}

impl<'s> Lifecycle<'s> {
    /// The life cycle of the operating system; `None` if the system or its version is not certain, or the
    /// table does not have it.
    #[must_use]
    pub fn system(&self) -> Option<&'s Cycle> {
        self.system
    }

    /// The life cycle of the branch of the NVIDIA driver; `None` if the image names no driver, or the table
    /// does not have it.
    #[must_use]
    pub fn driver(&self) -> Option<&'s Cycle> {
        self.driver
    }

    /// Whether everything in the image is in standard support on a day.
    ///
    /// `Some(false)` if the support of the system or of the driver has ended; `None` if either is unknown.
    #[must_use]
    pub fn is_supported(&self, day: NaiveDate) -> Option<bool> {
        let phases = [
            self.system.map(|cycle| cycle.at(day).phase),
            self.driver.map(|cycle| cycle.at(day).phase),
        ];
        if phases.iter().flatten().any(|phase| matches!(phase, Phase::Extended | Phase::Ended)) {
            return Some(false);
        }
        let driver_known = !self.has_driver || phases[1] == Some(Phase::Standard);
        (phases[0] == Some(Phase::Standard) && driver_known).then_some(true)
    }

    /// What replaces the system and what replaces the driver; see [`Support::successor`].
    #[must_use]
    pub fn successors(&self, day: NaiveDate) -> (Option<&'s Cycle>, Option<&'s Cycle>) {
        let successor = |cycle: Option<&'s Cycle>| self.support.successor(cycle?, day);
        (successor(self.system), successor(self.driver))
    }
}

#[cfg(test)]
mod tests;
