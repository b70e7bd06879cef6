//! Whether the driver of NVIDIA, and its kernel modules, run a GPU.

use super::cuda;
use super::gpu::{Gpu, Modules, NEWEST_LIST};
use super::software::Flavour;
use super::verdict::{Fit, Subject};
use crate::catalog::Version;
use std::cmp::Ordering;

/// From this branch on the open kernel modules are the default.
const OPEN_BY_DEFAULT: u64 = 560;

/// Before this branch the lists of the open driver are shorter than those of the proprietary one.
const LISTS_AGREE: u64 = 530;

/// The driver that counts: that of the image, or else that of the machine.
pub(super) struct Driver<'d> {
    pub(super) version: &'d Version,
    pub(super) branch: u64,
    /// `image` or `machine`: who says it.
    pub(super) of: &'static str,
}

/// Whether the driver knows the GPU. Gives whether it does.
pub(super) fn branch_knows(driver: &Driver<'_>, gpu: &Gpu, fit: &mut Fit) -> bool {
    let (branch, name) = (driver.branch, gpu.name);
    if let Some(last) =
        gpu.last_branch.as_ref().and_then(Version::major).filter(|last| branch > *last)
    {
        let sentence = format!(
            "R{branch} dropped the {name}: R{last} is the last branch for {}",
            gpu.generation
        );
        fit.no_by(Subject::Driver, branch.abs_diff(last), sentence);
        return false;
    }
    let first = gpu.first_branch.as_ref().and_then(Version::major).unwrap_or(0);
    if branch < first {
        let sentence = format!("R{branch} is older than R{first}, the first branch for the {name}");
        refuse(fit, gpu, branch.abs_diff(first), sentence);
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
                format!("R{branch} supports the {name} from {first_version} on; the {of} says only R{branch}"),
                format!("the full version of the driver: {first_version} or later of R{branch} runs the {name}"),
            );
            false
        }
    }
}

fn unsure(driver: &Driver<'_>, gpu: &Gpu, fit: &mut Fit) {
    fit.unknown(
        Subject::Driver,
        format!("it is not certain that {} supports the {}", shown(driver), gpu.name),
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
        let seen = if newest_branch() == Some(branch) {
            format!(" up to {NEWEST_LIST}")
        } else {
            String::new()
        };
        fit.no(Subject::Driver, format!("no release of R{branch}{seen} lists the {}", gpu.name));
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

/// Whether the kernel modules in the image run the GPU.
pub(super) fn kernel_modules(
    flavour: Option<Flavour>,
    driver: &Driver<'_>,
    gpu: &Gpu,
    fit: &mut Fit,
) {
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

/// Says that open kernel modules do not run the GPU.
pub(super) fn never_open(gpu: &Gpu, fit: &mut Fit) {
    let sentence =
        format!("open kernel modules need Turing or newer, the {} is {}", gpu.name, gpu.generation);
    fit.no(Subject::KernelModules, sentence);
}

/// Says which driver the makers advise, if that is not it.
pub(super) fn advised(driver: &Driver<'_>, gpu: &Gpu, fit: &mut Fit) {
    let Some(advised) = &gpu.advised else { return };
    if !matches!(driver.version.within(advised), Some(Ordering::Equal | Ordering::Greater)) {
        fit.note(format!("for the {} the driver {advised} or later is advised", gpu.name));
    }
}

/// A "no", if it has a source from when on drivers know the GPU.
pub(super) fn refuse(fit: &mut Fit, gpu: &Gpu, gap: u64, sentence: String) {
    if gpu.certain {
        fit.no_by(Subject::Driver, gap, sentence);
    } else {
        let needed = format!("a source for the drivers of the {}", gpu.name);
        fit.unknown(Subject::Driver, format!("{sentence}, as far as is known"), needed);
    }
}

/// Whether a version is at least another one. `None` if it is too coarse to tell.
pub(super) fn is_at_least(version: &Version, least: &Version) -> Option<bool> {
    if let Some(order) = version.within(least) {
        return Some(order != Ordering::Less);
    }
    // Any release of 11 is at least as new as 11.0.
    let mut rest = least.components().skip(version.components().count());
    rest.all(|component| component.bytes().all(|byte| byte == b'0')).then_some(true)
}

/// Whether a driver is at least `wanted`. `None` if only its branch is known, and that has older releases, too.
pub(super) fn at_least(driver: &Version, wanted: &Version) -> Option<bool> {
    is_at_least(driver, wanted).or_else(|| {
        let first = cuda::first_version(driver.major()?)?;
        let of_branch = driver.components().count() == 1;
        (of_branch && is_at_least(first, wanted) == Some(true)).then_some(true)
    })
}

/// A driver as the sentences name it: by its branch, or in full if that is what matters.
pub(super) fn shown(driver: &Driver<'_>) -> String {
    shown_version(driver.version)
}

/// By its branch, where that alone decides against `wanted`.
pub(super) fn shown_for(driver: &Driver<'_>, wanted: &Version) -> String {
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
