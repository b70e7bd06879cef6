//! The rules that decide whether the software of an image runs on a GPU.
//!
//! The facts are those of `data/gpu/`, for Linux. A fact without a source decides nothing: it makes an unknown.

use super::cuda;
use super::gpu::{Gpu, Modules, NEWEST_LIST, Vendor};
use super::software::{Flavour, Software};
use super::verdict::{Fit, Subject};
use crate::catalog::{Architecture, Version};
use std::cmp::Ordering;

/// From this branch on the open kernel modules are the default.
const OPEN_BY_DEFAULT: u64 = 560;

/// Before this branch the lists of the open driver are shorter than those of the proprietary one.
const LISTS_AGREE: u64 = 530;

/// The driver that counts: that of the image, or else that of the machine.
struct Driver<'d> {
    version: &'d Version,
    branch: u64,
    /// `image` or `machine`: who says it.
    of: &'static str,
}

/// Whether the software runs on one GPU.
pub(super) fn judge(software: &Software<'_>, host_driver: Option<&Version>, gpu: &Gpu) -> Fit {
    let mut fit = Fit::default();
    match gpu.vendor {
        Vendor::Amd => amd(software, gpu, &mut fit),
        Vendor::Nvidia if software.rocm && !software.nvidia => {
            fit.no(
                Subject::Vendor,
                format!("the image is built for AMD, the {} is of NVIDIA", gpu.name),
            );
        }
        Vendor::Nvidia if software.windows => fit.unknown(
            Subject::Driver,
            "the tables know the drivers of Linux, the image is of Windows".to_owned(),
            "the vendor's list of Windows drivers",
        ),
        Vendor::Nvidia => nvidia(software, host_driver, gpu, &mut fit),
    }
    fit
}

/// Whether the processor fits. `machine` is what is known of it.
pub(super) fn architecture(
    image: Option<Architecture>,
    machine: Option<Architecture>,
    gpu: Option<&Gpu>,
) -> Fit {
    let mut fit = Fit::default();
    let seat = gpu.map_or_else(
        || "the machine is".to_owned(),
        |gpu| format!("the {} sits in a machine of", gpu.name),
    );
    match (image, machine) {
        (Some(image), Some(machine)) if image == machine => {}
        (Some(Architecture::I686), Some(Architecture::X86_64)) => fit.unknown(
            Subject::Architecture,
            "the image is i686, and not every x86_64 machine boots that".to_owned(),
            "the provider's word that the machine boots 32-bit images",
        ),
        (Some(image), Some(machine)) => {
            fit.no(Subject::Architecture, format!("the image is {image}, {seat} {machine}"));
        }
        (None, Some(Architecture::X86_64)) => {
            fit.note("the image does not say its architecture".to_owned());
        }
        (None, Some(machine)) => fit.unknown(
            Subject::Architecture,
            format!("the image does not say its architecture, {seat} {machine}"),
            "the architecture of the image",
        ),
        (Some(image), None) if image != Architecture::X86_64 => fit.unknown(
            Subject::Architecture,
            format!("the image is {image}, and the machine's architecture is not given"),
            "the architecture of the machine",
        ),
        (Some(_) | None, None) => {}
    }
    fit
}

fn amd(software: &Software<'_>, gpu: &Gpu, fit: &mut Fit) {
    if software.nvidia {
        return fit.no(
            Subject::Vendor,
            format!("the image is built for NVIDIA, the {} is of AMD", gpu.name),
        );
    }
    let Some(rocm) = &software.rocm_version else {
        let sentence = if software.rocm {
            "the image does not say its version of ROCm"
        } else {
            "the image names no ROCm"
        };
        return fit.unknown(
            Subject::Driver,
            sentence.to_owned(),
            "the version of ROCm in the image",
        );
    };
    if let Some(first) = &gpu.first_branch {
        if rocm.within(first) == Some(Ordering::Less) {
            let sentence =
                format!("ROCm {rocm} is older than {first}, the first for the {}", gpu.name);
            return refuse(fit, gpu, 0, sentence);
        }
    }
    if let Some(last) = &gpu.last_branch {
        if rocm.within(last) == Some(Ordering::Greater) {
            refuse(
                fit,
                gpu,
                0,
                format!("ROCm {rocm} dropped the {}: {last} is the last", gpu.name),
            );
        }
    }
}

fn nvidia(software: &Software<'_>, host_driver: Option<&Version>, gpu: &Gpu, fit: &mut Fit) {
    if software.grid {
        fit.unknown(
            Subject::Driver,
            "the image has a GRID driver, which depends on the host's".to_owned(),
            "the provider's list of GRID drivers",
        );
    }
    let image = software.driver.map(|version| (version, "image"));
    let driver = image.or(host_driver.map(|version| (version, "machine")));
    let driver =
        driver.and_then(|(version, of)| Some(Driver { version, branch: version.major()?, of }));
    match &driver {
        Some(driver) => {
            let known = branch_knows(driver, gpu, fit);
            kernel_modules(software.flavour, driver, gpu, fit);
            if known {
                advised(driver, gpu, fit);
            }
            if let Some(cuda) = software.cuda {
                cuda_needs(cuda, driver, fit);
            }
        }
        None => {
            let sentence = if software.rocm {
                "the image is built for AMD, too, and names no driver"
            } else {
                "the image names no driver"
            };
            fit.unknown(
                Subject::Driver,
                sentence.to_owned(),
                "the branch of the driver in the image",
            );
            // Of the flavour alone, only this can be said.
            if software.flavour == Some(Flavour::Open) && gpu.modules == Modules::Never {
                never_open(gpu, fit);
            }
        }
    }
    if let Some(cuda) = software.cuda {
        cuda_knows(cuda, gpu, fit);
    }
}

/// Whether the driver knows the GPU. Gives whether it does.
fn branch_knows(driver: &Driver<'_>, gpu: &Gpu, fit: &mut Fit) -> bool {
    let (branch, name) = (driver.branch, gpu.name);
    if let Some(last) =
        gpu.last_branch.as_ref().and_then(Version::major).filter(|last| branch > *last)
    {
        let sentence = format!(
            "R{branch} dropped the {name}: R{last} is the last branch for {}",
            gpu.generation
        );
        refuse(fit, gpu, gap(branch, last), sentence);
        return false;
    }
    let first = gpu.first_branch.as_ref().and_then(Version::major).unwrap_or(0);
    if branch < first {
        let sentence = format!("R{branch} is older than R{first}, the first branch for the {name}");
        refuse(fit, gpu, gap(branch, first), sentence);
        return false;
    }
    let first_version =
        match gpu.later.iter().find(|(of, _)| *of == branch && branch >= LISTS_AGREE) {
            Some((_, Some(version))) => Some(version),
            Some((_, None)) => return never_listed(driver, gpu, fit),
            None => gpu.first_version.as_ref(),
        };
    let Some(first_version) = first_version else {
        if !gpu.certain && branch == first {
            unsure(driver, gpu, fit);
            return false;
        }
        return after_the_lists(driver, gpu, fit);
    };
    match driver.version.within(first_version) {
        Some(Ordering::Less) if first_version.major() == Some(branch) => {
            let sentence = format!(
                "{} is older than {first_version}, the first of R{branch} that lists the {name}",
                driver.version
            );
            refuse(fit, gpu, 0, sentence);
            false
        }
        Some(Ordering::Less) => {
            unsure(driver, gpu, fit);
            false
        }
        Some(_) => after_the_lists(driver, gpu, fit),
        None => {
            let of = driver.of;
            fit.unknown(
                Subject::Driver,
                format!("R{branch} knows the {name} from {first_version}; the {of} says only R{branch}"),
                format!("the full version of the driver: {first_version} or later of R{branch} runs the {name}"),
            );
            false
        }
    }
}

fn unsure(driver: &Driver<'_>, gpu: &Gpu, fit: &mut Fit) {
    fit.unknown(
        Subject::Driver,
        format!("whether {} knows the {} is not certain", shown(driver), gpu.name),
        format!("the list of supported GPUs of {}", shown(driver)),
    );
}

/// No release of the branch that was seen lists the GPU, although older branches do.
fn never_listed(driver: &Driver<'_>, gpu: &Gpu, fit: &mut Fit) -> bool {
    let newest: Option<Version> = NEWEST_LIST.parse().ok();
    let after =
        newest.is_some_and(|newest| driver.version.within(&newest) == Some(Ordering::Greater));
    let branch = driver.branch;
    if after && newest_branch() == Some(branch) {
        unsure(driver, gpu, fit);
    } else {
        fit.no(
            Subject::Driver,
            format!("no release of R{branch} up to {NEWEST_LIST} lists the {}", gpu.name),
        );
    }
    false
}

/// A branch whose lists were not read knows what the one before knew, unless that is already in doubt.
fn after_the_lists(driver: &Driver<'_>, gpu: &Gpu, fit: &mut Fit) -> bool {
    let newest = newest_branch();
    let doubtful = gpu.later.iter().any(|(of, first)| Some(*of) == newest && first.is_none());
    if doubtful && newest.is_some_and(|newest| driver.branch > newest) {
        unsure(driver, gpu, fit);
        return false;
    }
    true
}

fn newest_branch() -> Option<u64> {
    NEWEST_LIST.split('.').next()?.parse().ok()
}

/// A "no", if the facts of the GPU have a source.
fn refuse(fit: &mut Fit, gpu: &Gpu, gap: u32, sentence: String) {
    if gpu.certain {
        fit.no_by(Subject::Driver, gap, sentence);
    } else {
        let needed = format!("a source for the drivers of the {}", gpu.name);
        fit.unknown(Subject::Driver, format!("{sentence}, as far as is known"), needed);
    }
}

fn kernel_modules(flavour: Option<Flavour>, driver: &Driver<'_>, gpu: &Gpu, fit: &mut Fit) {
    let branch = driver.branch;
    match (gpu.modules, flavour) {
        (Modules::Never, Some(Flavour::Open)) => never_open(gpu, fit),
        (Modules::Required, Some(Flavour::Proprietary)) => fit.no(
            Subject::KernelModules,
            format!("the {} needs the open kernel modules, the image has the proprietary ones", gpu.name),
        ),
        (Modules::Required, None) if branch < OPEN_BY_DEFAULT => fit.unknown(
            Subject::KernelModules,
            format!(
                "the {} needs the open kernel modules, which are the default from R{OPEN_BY_DEFAULT} on only",
                gpu.name
            ),
            "whether the kernel modules in the image are the open ones",
        ),
        (Modules::Never, None) if branch >= OPEN_BY_DEFAULT && gpu_is_known(driver, gpu) => fit.unknown(
            Subject::KernelModules,
            format!(
                "open kernel modules are the default from R{OPEN_BY_DEFAULT} on, and they do not run the {}",
                gpu.name
            ),
            "whether the kernel modules in the image are the proprietary ones",
        ),
        _ => {}
    }
}

/// Of a branch that dropped the GPU, its kernel modules do not matter.
fn gpu_is_known(driver: &Driver<'_>, gpu: &Gpu) -> bool {
    gpu.last_branch.as_ref().and_then(Version::major).is_none_or(|last| driver.branch <= last)
}

fn never_open(gpu: &Gpu, fit: &mut Fit) {
    let sentence =
        format!("open kernel modules need Turing or newer, the {} is {}", gpu.name, gpu.generation);
    fit.no(Subject::KernelModules, sentence);
}

fn advised(driver: &Driver<'_>, gpu: &Gpu, fit: &mut Fit) {
    let Some(advised) = &gpu.advised else { return };
    if !matches!(driver.version.within(advised), Some(Ordering::Equal | Ordering::Greater)) {
        fit.note(format!("for the {} the driver {advised} or later is advised", gpu.name));
    }
}

/// Whether the driver runs this version of CUDA.
fn cuda_needs(cuda: &Version, driver: &Driver<'_>, fit: &mut Fit) {
    let toolkit = cuda::toolkit(cuda);
    let Some(major) = cuda.major() else { return };
    let minimum = toolkit.map(|toolkit| &toolkit.minimum).or_else(|| cuda::minimum_of_major(major));
    let Some(minimum) = minimum else {
        return fit.unknown(
            Subject::Cuda,
            format!("the driver that CUDA {cuda} needs is not known"),
            format!("the release notes of CUDA {cuda}"),
        );
    };
    match at_least(driver.version, minimum) {
        Some(false) => {
            let wanted = minimum.major().unwrap_or(driver.branch);
            let sentence = format!(
                "{} is older than the {minimum} that CUDA {major} needs",
                shown_for(driver, minimum)
            );
            return fit.no_by(Subject::Cuda, gap(driver.branch, wanted), sentence);
        }
        None => {
            let (branch, of) = (driver.branch, driver.of);
            return fit.unknown(
                Subject::Cuda,
                format!("CUDA {major} needs {minimum}; the {of} says only R{branch}"),
                format!("the full version of the driver: {minimum} or later runs CUDA {major}"),
            );
        }
        Some(true) => {}
    }
    match toolkit {
        Some(toolkit) if at_least(driver.version, &toolkit.own_driver) == Some(false) => {
            fit.note(format!(
                "CUDA {cuda} on {} by minor-version compatibility; its own driver is {}",
                shown_for(driver, &toolkit.own_driver),
                toolkit.own_driver
            ))
        }
        None if cuda.number(1).is_some() => {
            fit.note(format!(
                "CUDA {cuda} is no toolkit of the table; CUDA {major} needs {minimum}"
            ));
        }
        _ => {}
    }
}

/// Whether CUDA knows the GPU.
fn cuda_knows(cuda: &Version, gpu: &Gpu, fit: &mut Fit) {
    if let Some((major, last)) =
        cuda.major().zip(gpu.last_cuda).filter(|(major, last)| major > last)
    {
        let sentence = format!(
            "CUDA {cuda} has no code for {} ({}); the last is {last}.x",
            gpu.generation, gpu.compute
        );
        return fit.no_by(Subject::Cuda, gap(major, last), sentence);
    }
    let Some(first) = &gpu.first_cuda else { return };
    match cuda.within(first) {
        Some(Ordering::Less) => fit.unknown(
            Subject::Cuda,
            format!(
                "CUDA {cuda} is older than {first}, the first for compute capability {}",
                gpu.compute
            ),
            "whether the programs bring PTX, which newer GPUs compile themselves",
        ),
        None => fit.unknown(
            Subject::Cuda,
            format!(
                "compute capability {} needs CUDA {first}; the image says only CUDA {cuda}",
                gpu.compute
            ),
            "the full version of CUDA in the image",
        ),
        Some(_) => {}
    }
}

/// Whether a driver is at least `wanted`. `None` if only its branch is known, and that has older releases, too.
pub(super) fn at_least(driver: &Version, wanted: &Version) -> Option<bool> {
    if let Some(order) = driver.within(wanted) {
        return Some(order != Ordering::Less);
    }
    let first = cuda::first_version(driver.major()?)?;
    let first = first.within(wanted)?;
    (driver.components().count() == 1 && first != Ordering::Less).then_some(true)
}

/// A driver as the sentences name it: by its branch, or in full if that is what matters.
fn shown(driver: &Driver<'_>) -> String {
    shown_version(driver.version)
}

/// By its branch, where that alone decides against `wanted`.
fn shown_for(driver: &Driver<'_>, wanted: &Version) -> String {
    if wanted.major() == Some(driver.branch) {
        shown(driver)
    } else {
        format!("R{}", driver.branch)
    }
}

/// `R535` of a branch, `535.104.05` of a version.
pub(super) fn shown_version(version: &Version) -> String {
    if version.number(1).is_some() { version.to_string() } else { format!("R{version}") }
}

fn gap(one: u64, other: u64) -> u32 {
    u32::try_from(one.abs_diff(other)).unwrap_or(u32::MAX)
}
