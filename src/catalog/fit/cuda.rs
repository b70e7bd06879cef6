//! The drivers that CUDA needs.

use crate::catalog::Version;
use crate::catalog::lifecycle::driver_branches;
use crate::catalog::table::Table;
use crate::error::Result;
use std::sync::OnceLock;

/// A CUDA toolkit of `data/gpu/cuda.tsv`.
pub(super) struct Toolkit {
    pub(super) cuda: Version,
    /// The driver it was released with.
    pub(super) own_driver: Version,
    /// The oldest driver that runs it.
    pub(super) minimum: Version,
}

/// The toolkits, the newest first.
pub(super) fn toolkits() -> &'static [Toolkit] {
    static TOOLKITS: OnceLock<Vec<Toolkit>> = OnceLock::new();
    // A test reads the table, so there is no error to report.
    TOOLKITS.get_or_init(|| read(include_str!("../../../data/gpu/cuda.tsv")).unwrap_or_default())
}

pub(super) fn read(text: &str) -> Result<Vec<Toolkit>> {
    let table = Table::parse(text, ["cuda", "own_driver", "minimum"])?;
    let version = |text: &str| text.parse().ok();
    let rows = table.rows.into_iter().map(|[cuda, own_driver, minimum]| {
        Ok(Toolkit {
            cuda: cuda.required("a version", version)?,
            own_driver: own_driver.required("a version", version)?,
            minimum: minimum.required("a version", version)?,
        })
    });
    rows.collect()
}

/// The toolkit of a version; `None` if there is no such toolkit, or the version is coarse.
pub(super) fn toolkit(cuda: &Version) -> Option<&'static Toolkit> {
    toolkits().iter().find(|toolkit| cuda.is_release_of(&toolkit.cuda))
}

/// The oldest driver that runs anything of a major version: that of its first toolkit with minor-version
/// compatibility. `None` before CUDA 11, where each toolkit needs its own driver.
pub(super) fn minimum_of_major(major: u64) -> Option<&'static Version> {
    let first = toolkits().iter().find(|toolkit| toolkit.cuda.major() == Some(major))?;
    (major >= 11).then_some(&first.minimum)
}

/// The first version of a driver branch that NVIDIA released for data centres: what an image that names only
/// the branch has at least.
pub(super) fn first_version(branch: u64) -> Option<&'static Version> {
    static FIRST: OnceLock<Vec<(u64, Version)>> = OnceLock::new();
    let first = FIRST.get_or_init(|| read_branches(driver_branches()).unwrap_or_default());
    first.iter().find(|(of, _)| *of == branch).map(|(_, version)| version)
}

fn read_branches(text: &str) -> Result<Vec<(u64, Version)>> {
    let table = Table::parse(text, ["cycle", "first_version"])?;
    let rows = table.rows.into_iter().map(|[branch, first]| {
        Ok((
            branch.required("a branch", |text| text.strip_prefix('R')?.parse().ok())?,
            first.required("a version", |text| text.parse().ok())?,
        ))
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::{first_version, minimum_of_major, read, read_branches, toolkit, toolkits};
    use crate::catalog::lifecycle::driver_branches;

    #[test]
    fn the_bundled_tables_are_whole() {
        assert_eq!(
            read(include_str!("../../../data/gpu/cuda.tsv")).unwrap().len(),
            toolkits().len()
        );
        assert_eq!(toolkits().len(), 33);
        assert_eq!(read_branches(driver_branches()).unwrap().len(), 32);
    }

    #[test]
    fn a_toolkit_has_two_minima() {
        let toolkit = toolkit(&"12.4.1".parse().unwrap()).unwrap();
        assert_eq!(toolkit.own_driver, "550.54.14".parse().unwrap());
        assert_eq!(toolkit.minimum, "525.60.13".parse().unwrap());
    }

    #[test]
    fn a_major_version_has_one_since_cuda_11() {
        assert_eq!(minimum_of_major(12), Some(&"525.60.13".parse().unwrap()));
        assert_eq!(minimum_of_major(13), Some(&"580".parse().unwrap()));
        assert_eq!(minimum_of_major(10), None);
        assert_eq!(minimum_of_major(99), None);
        assert!(toolkit(&"12.7".parse().unwrap()).is_none());
        assert_eq!(first_version(525), Some(&"525.60.13".parse().unwrap()));
    }
}
