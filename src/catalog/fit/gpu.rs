//! GPU models, and what they are called.

use super::spelling;
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
    pub(super) device_names: Vec<&'static str>,
    /// Whether the facts have a source, and are good for a "no".
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
            device_names: device_names.text.split("; ").filter(|name| !name.is_empty()).collect(),
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

/// What a machine's GPU may be.
#[derive(Debug, PartialEq)]
pub(super) struct Candidates {
    /// Every model that the name may stand for.
    pub(super) models: Vec<&'static Gpu>,
    /// The processor of the machine, if the name stands for a machine with one.
    pub(super) host: Option<Architecture>,
    /// The machine has a share of a GPU, and its driver is the GRID one.
    pub(super) share: bool,
    /// Several providers use the name for different things.
    pub(super) of_several_providers: bool,
}

impl PartialEq for Gpu {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// What a name stands for: the spellings of the provider first, then models, devices and common names. `None`
/// if the tables do not have it.
pub(super) fn candidates(name: &str, provider: Option<&str>) -> Option<Candidates> {
    let name = without_market(name);
    let key = spelling::normalized(name);
    if let Some(provider) = provider {
        if let Some(found) = spelling::find(&key, provider) {
            return Some(found);
        }
    }
    let by_model = |gpu: &&Gpu| spelling::normalized(gpu.name) == key;
    let by_device =
        |gpu: &&Gpu| gpu.device_names.iter().any(|device| spelling::normalized(device) == key);
    let model = models().iter().find(by_model).or_else(|| models().iter().find(by_device));
    if let Some(model) = model {
        return Some(Candidates {
            models: vec![model],
            host: None,
            share: false,
            of_several_providers: false,
        });
    }
    spelling::find(&key, "any")
        .or_else(|| if provider.is_none() { spelling::find_anywhere(&key) } else { None })
}

/// A slice of a board, and a board at another price, are the board.
fn without_market(name: &str) -> &str {
    let name = name.split_once(" MIG ").map_or(name, |(board, _)| board);
    name.strip_suffix("-spot").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::{candidates, models, read};

    fn names(name: &str, provider: Option<&str>) -> Vec<&'static str> {
        candidates(name, provider)
            .map_or(Vec::new(), |found| found.models.iter().map(|gpu| gpu.name).collect())
    }

    #[test]
    fn the_bundled_table_is_whole() {
        assert_eq!(
            read(include_str!("../../../data/gpu/models.tsv")).unwrap().len(),
            models().len()
        );
        assert_eq!(models().len(), 65);
    }

    #[test]
    fn flavours_need_their_provider() {
        assert_eq!(names("g6.xlarge", Some("aws")), ["L4"]);
        assert_eq!(names("g6.6xlarge.4", Some("huawei")), ["T4"]);
        assert_eq!(names("g6.xlarge", Some("hyperstack")), [""; 0]);
        assert_eq!(names("g6.xlarge", None), ["L4", "T4"]);
        assert!(candidates("g6.xlarge", None).unwrap().of_several_providers);
        assert_eq!(names("Standard_NC24rs_v3", Some("azure")), ["V100"]);
        assert_eq!(names("standard_nc40ads_h100_v5", Some("azure")), ["H100-NVL"]);
        assert_eq!(names("n3-H100x8-NVLink", Some("hyperstack")), ["H100-PCIe"]);
    }

    #[test]
    fn models_have_many_spellings() {
        for (spelling, model) in [
            ("H200", "H200"),
            ("NVIDIA H200", "H200"),
            ("NVIDIA H100 80GB HBM3", "H100-SXM5"),
            ("h100 pcie", "H100-PCIe"),
            ("Tesla T4", "T4"),
            ("rtx-a6000", "RTX A6000"),
            ("L40-spot", "L40"),
            ("NVIDIA H100 80GB HBM3 MIG 1g.10gb", "H100-SXM5"),
            ("AMD Instinct MI300X", "MI300X"),
            ("MI300X", "MI300X"),
        ] {
            assert_eq!(names(spelling, None), [model], "{spelling}");
        }
        assert_eq!(names("RTX 6000", None).len(), 5);
        assert_eq!(names("H100", Some("otc")), ["H100-PCIe", "H100-SXM5"]);
        assert_eq!(names("GeForce 256", None), [""; 0]);
        assert_eq!(names("", None), [""; 0]);
    }
}
