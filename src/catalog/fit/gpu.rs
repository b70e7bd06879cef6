//! GPU models, and the drivers that know them.

use super::name::normalized;
use crate::catalog::table::Table;
use crate::catalog::{Architecture, Version};
use crate::error::Result;
use std::sync::OnceLock;

/// A GPU of `data/gpu/models.tsv`.
#[derive(Debug)]
pub(super) struct Gpu {
    pub(super) name: &'static str,
    pub(super) vendor: Vendor,
    /// The generation: `Hopper`.
    pub(super) generation: &'static str,
    pub(super) compute: &'static str,
    /// The first driver branch that knows it; of AMD, the first ROCm.
    pub(super) first_branch: Option<Version>,
    /// The first version in that branch; `None` if every version knows it.
    pub(super) first_version: Option<Version>,
    /// The last branch that knows it; of AMD, the last ROCm.
    pub(super) last_branch: Option<Version>,
    /// Later branches that do not know it from their start: the branch, and the first version.
    pub(super) later: Vec<(u64, Option<Version>)>,
    pub(super) modules: Modules,
    pub(super) first_cuda: Option<Version>,
    pub(super) last_cuda: Option<u64>,
    /// The processor beside it, where it is always the same.
    pub(super) host: Option<Architecture>,
    /// The driver that the maker advises.
    pub(super) advised: Option<Version>,
    /// What it is called, normalized: the model first, then its devices.
    pub(super) keys: Vec<String>,
    /// Whether the first driver has a source, and is good for a "no".
    pub(super) certain: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vendor {
    Nvidia,
    Amd,
}

/// The open kernel modules of the NVIDIA driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Modules {
    /// They do not run the GPU.
    Never,
    /// They run it, as the proprietary ones do.
    Supported,
    /// Only they run it.
    Required,
}

/// All models.
pub(super) fn models() -> &'static [Gpu] {
    static MODELS: OnceLock<Vec<Gpu>> = OnceLock::new();
    // A test reads the table, so there is no error to report.
    MODELS.get_or_init(|| read(include_str!("../../../data/gpu/models.tsv")).unwrap_or_default())
}

/// The newest open driver whose list of GPUs was read.
pub(super) const NEWEST_LIST: &str = "595.45.04";

pub(super) fn read(text: &'static str) -> Result<Vec<Gpu>> {
    let columns = [
        "gpu",
        "vendor",
        "architecture",
        "compute",
        "first_branch",
        "first_version",
        "last_branch",
        "later",
        "modules",
        "first_cuda",
        "last_cuda",
        "host",
        "advised",
        "device_names",
        "confidence",
    ];
    let table = Table::parse(text, columns)?;
    let rows = table.rows.into_iter().map(|row| {
        let [
            name,
            vendor,
            generation,
            compute,
            first_branch,
            first_version,
            last_branch,
            later,
            modules,
            first_cuda,
            last_cuda,
            host,
            advised,
            device_names,
            confidence,
        ] = row;
        Ok(Gpu {
            name: name.required("a model", Some)?,
            vendor: vendor.required("nvidia or amd", vendor_of)?,
            generation: generation.text,
            compute: compute.text,
            first_branch: first_branch.read("a branch such as R535", branch)?,
            first_version: first_version.read("a version", version)?,
            last_branch: last_branch.read("a branch such as R535", branch)?,
            later: later
                .read("a list of branch=version or branch=none", later_of)?
                .unwrap_or_default(),
            modules: modules
                .read("no, supported or required", modules_of)?
                .unwrap_or(Modules::Supported),
            first_cuda: first_cuda.read("a version", version)?,
            last_cuda: last_cuda.read("a major version", |text| text.parse().ok())?,
            host: host.read("x86_64, aarch64 or any", host_of)?.flatten(),
            advised: advised.read("a version", version)?,
            keys: keys(name.text, device_names.text),
            certain: confidence.text != "memory",
        })
    });
    rows.collect()
}

fn version(text: &str) -> Option<Version> {
    text.parse().ok()
}

/// `R535`, or a version of ROCm.
fn branch(text: &str) -> Option<Version> {
    version(text.strip_prefix('R').unwrap_or(text))
}

fn keys(name: &str, device_names: &str) -> Vec<String> {
    let devices = device_names.split("; ").filter(|device| !device.is_empty());
    std::iter::once(name).chain(devices).map(normalized).collect()
}

fn vendor_of(text: &str) -> Option<Vendor> {
    match text {
        "nvidia" => Some(Vendor::Nvidia),
        "amd" => Some(Vendor::Amd),
        _ => None,
    }
}

fn modules_of(text: &str) -> Option<Modules> {
    match text {
        "no" => Some(Modules::Never),
        "supported" => Some(Modules::Supported),
        "required" => Some(Modules::Required),
        _ => None,
    }
}

fn host_of(text: &str) -> Option<Option<Architecture>> {
    if text == "any" { Some(None) } else { text.parse().ok().map(Some) }
}

fn later_of(text: &str) -> Option<Vec<(u64, Option<Version>)>> {
    let one = |part: &str| {
        let (of, first) = part.split_once('=')?;
        let first = if first == "none" { None } else { Some(version(first)?) };
        Some((branch(of)?.major()?, first))
    };
    text.split(' ').map(one).collect()
}

impl PartialEq for Gpu {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

#[cfg(test)]
mod tests {
    use super::{models, read};

    #[test]
    fn the_bundled_table_is_whole() {
        assert_eq!(
            read(include_str!("../../../data/gpu/models.tsv")).unwrap().len(),
            models().len()
        );
        assert_eq!(models().len(), 65);
    }
}
