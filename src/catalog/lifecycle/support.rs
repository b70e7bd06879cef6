//! The table of life cycles.

use super::{Cycle, End, Phase};
use crate::catalog::table::Table;
use crate::catalog::{Distribution, Version};
use crate::types::Text;
use crate::{Error, ErrorKind, Result};
use chrono::NaiveDate;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::Read;
use std::sync::OnceLock;

/// The largest table, in bytes. The bundled one is a hundredth of that.
const LARGEST: u64 = 4 << 20;

/// The branches of the NVIDIA driver by NVIDIA's own pages.
const BRANCHES: &str = "nvidia-branch";

/// The branches of the NVIDIA driver by endoflife.date.
const DRIVERS: &str = "nvidia-driver";

/// The life cycles of operating systems and of NVIDIA driver branches: a dated table.
///
/// [`Support::bundled`] is the table of this version of the crate. A newer one is read at run time, alone
/// or on top of the bundled one:
///
/// ```
/// use cloud_images::catalog::Support;
///
/// let newer = "# as of 2026-12-01; source: our own contract\n\
///              product\tcycle\tend_of_support\n\
///              ubuntu\t20.04\t2030-06-30\n";
/// let support = Support::bundled().clone().updated_by(Support::parse(newer)?);
/// let cycle = support.system(&"ubuntu".parse()?, &"20.04.6".parse()?);
/// assert_eq!(cycle.and_then(|cycle| cycle.end_of_support()).map(|end| end.to_string()).as_deref(), Some("2030-06-30"));
/// # Ok::<_, cloud_images::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Support {
    as_of: NaiveDate,
    products: BTreeMap<Text, Vec<Cycle>>,
}

/// `data/driver-branches.tsv`.
pub(in crate::catalog) fn driver_branches() -> &'static str {
    include_str!("../../../data/driver-branches.tsv")
}

impl Support {
    /// The table that comes with this version of the crate.
    ///
    /// Operating systems by [endoflife.date](https://endoflife.date); driver branches by NVIDIA's own pages,
    /// and by endoflife.date where those say nothing.
    #[must_use]
    pub fn bundled() -> &'static Self {
        static BUNDLED: OnceLock<Support> = OnceLock::new();
        // A test reads both tables, so there is no error to report.
        BUNDLED.get_or_init(|| {
            let systems =
                Self::parse(include_str!("../../../data/lifecycle.tsv")).unwrap_or_default();
            systems.updated_by(Self::parse(driver_branches()).unwrap_or_default())
        })
    }

    /// Reads a table from text.
    ///
    /// The first line is `# as of YYYY-MM-DD`. Cells stand between tabs. The columns are found by their names:
    /// `product`, `cycle` and `end_of_support` are required; `codename`, `lts` (`yes`), `released`,
    /// `end_of_active_support` and `end_of_extended_support` may be there, others are skipped. An end is
    /// `YYYY-MM-DD`, `YYYY-MM`, `yes` (it has ended), `no` (none is announced), or empty (unknown). `product`
    /// is the name at endoflife.date, or the word of a [`Distribution`] that is not there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] that names the line and the column of what is wrong.
    pub fn parse(text: &str) -> Result<Self> {
        let table = Table::parse(
            text,
            [
                "product",
                "cycle",
                "codename?",
                "lts?",
                "released?",
                "end_of_active_support?",
                "end_of_support",
                "end_of_extended_support?",
            ],
        )?;
        let as_of = table.as_of;
        let mut products: BTreeMap<Text, Vec<Cycle>> = BTreeMap::new();
        for [product, name, codename, lts, released, active, end, extended] in table.rows {
            let expected = "YYYY-MM-DD, YYYY-MM, yes or no";
            let read_end = |text: &str| End::read(text, as_of);
            let product = Text::from(product.required("a product", Some)?);
            let name = name.required("a release", Some)?;
            let cycle = Cycle {
                version: version_of(&product, name),
                name: name.into(),
                codename: codename.filled().map(Text::from),
                // RHEL's column holds the end of the long-term support.
                lts: lts.filled().is_some_and(|lts| lts != "no"),
                released: released.read("a day as YYYY-MM-DD", |text| text.parse().ok())?,
                active_end: active.read(expected, read_end)?,
                end: end.read(expected, read_end)?,
                extended_end: extended.read(expected, read_end)?,
                product: product.clone(),
            };
            products.entry(product).or_default().push(cycle);
        }
        for cycles in products.values_mut() {
            cycles.sort_by_key(|cycle| Reverse(cycle.released));
        }
        Ok(Self { as_of, products })
    }

    /// Reads a table as [`Support::parse`] does, up to 4 MiB.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] if the table cannot be read, is not UTF-8 or too large, or for what
    /// [`Support::parse`] refuses.
    pub fn from_reader(reader: impl Read) -> Result<Self> {
        let mut text = String::new();
        let read = reader.take(LARGEST + 1).read_to_string(&mut text).map_err(|error| {
            Error::new(ErrorKind::InvalidRequest, format!("the table cannot be read: {error}"))
                .caused_by(error)
        })?;
        if read as u64 > LARGEST {
            return Err(Error::new(ErrorKind::InvalidRequest, "the table is larger than 4 MiB"));
        }
        Self::parse(&text)
    }

    /// Adds the releases of `newer` to this table. A release that is in both gets the dates of `newer`.
    ///
    /// Driver branches are looked for under the product `nvidia-branch` first, then under `nvidia-driver`, so a
    /// newer table of endoflife.date adds branches and leaves the ends that NVIDIA published as they are.
    #[must_use]
    pub fn updated_by(mut self, newer: Self) -> Self {
        self.as_of = self.as_of.max(newer.as_of);
        for (product, cycles) in newer.products {
            let known = self.products.entry(product).or_default();
            known.retain(|cycle| cycles.iter().all(|new| new.name != cycle.name));
            known.extend(cycles);
            known.sort_by_key(|cycle| Reverse(cycle.released));
        }
        self
    }

    /// The day on which the facts were true; the latest one, if several tables are merged.
    #[must_use]
    pub fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    /// The life cycle of a version of an operating system.
    ///
    /// `None` if the table does not have it, or the version is too coarse to tell which of several releases it
    /// is: `15` of SLES.
    #[must_use]
    pub fn system(&self, distribution: &Distribution, version: &Version) -> Option<&Cycle> {
        let cycles = self.cycles(distribution.product().unwrap_or(distribution.as_str()))?;
        let versions = || cycles.iter().filter_map(|cycle| Some((cycle, cycle.version.as_ref()?)));
        let (cycle, found) = versions()
            .filter(|(_, candidate)| version.is_release_of(candidate))
            .max_by_key(|(_, candidate)| candidate.components().count())?;
        // FreeBSD's table has 14 and its releases: which one is a later 14.9, and when does it end?
        let coarse = versions().any(|(_, finer)| finer != found && finer.is_release_of(found));
        (!coarse).then_some(cycle)
    }

    /// The life cycle of the branch of an NVIDIA driver, given as a branch (`535`) or a version (`535.104.05`).
    ///
    /// `windows`: whether it is the driver for Windows.
    #[must_use]
    pub fn driver(&self, version: &Version, windows: bool) -> Option<&Cycle> {
        let branch = version.major()?;
        let find =
            |product, name: String| self.cycles(product)?.iter().find(|cycle| cycle.name == name);
        if windows {
            return find(DRIVERS, format!("r{branch}-windows"));
        }
        find(BRANCHES, format!("R{branch}")).or_else(|| find(DRIVERS, format!("r{branch}-linux")))
    }

    /// The successor of a release: the next later release of the product that is in standard support on a day.
    ///
    /// The successor of a long-term support release is one too. `None` if there is none, or if the dates are unknown.
    #[must_use]
    pub fn successor(&self, cycle: &Cycle, day: NaiveDate) -> Option<&Cycle> {
        let released = cycle.released?;
        let platform = platform(&cycle.name);
        let later = self.cycles(&cycle.product)?.iter().filter(|next| {
            next.released.is_some_and(|date| date > released && date <= day)
                && (next.lts || !cycle.lts)
                && platform == self::platform(&next.name)
                && next.at(day).phase == Phase::Standard
        });
        later.filter(|next| !self.has_releases(next)).min_by_key(|next| next.released)
    }

    /// Whether other rows are releases of this one, as 14.4 is of FreeBSD 14.
    fn has_releases(&self, cycle: &Cycle) -> bool {
        let Some((version, cycles)) = cycle.version.as_ref().zip(self.cycles(&cycle.product))
        else {
            return false;
        };
        let mut others = cycles.iter().filter_map(|other| other.version.as_ref());
        others.any(|other| other != version && other.is_release_of(version))
    }

    fn cycles(&self, product: &str) -> Option<&[Cycle]> {
        self.products.get(product).map(Vec::as_slice)
    }
}

/// `linux` or `windows` of the driver branches, the edition of Windows releases.
fn platform(name: &str) -> Option<&str> {
    ["-linux", "-windows", "-w", "-e", "-iot"].into_iter().find(|suffix| name.ends_with(suffix))
}

/// The version that a release has in images: `2012 R2` of `2012-r2`, `113` of `cos-113`.
fn version_of(product: &str, name: &str) -> Option<Version> {
    let name = name.strip_prefix(product).map_or(name, |rest| rest.trim_start_matches('-'));
    let name = name.trim_end_matches("-sac").trim_end_matches("-ac");
    name.replace('-', " ").to_ascii_uppercase().parse().ok()
}
