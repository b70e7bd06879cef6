//! The rules that decide whether the software of an image runs on a GPU.
//!
//! The facts are those of `data/gpu/`, for Linux. A fact without a source decides nothing: it makes an unknown.

use super::driver::Driver;
use super::gpu::{Gpu, Modules, Vendor};
use super::software::{Flavour, Software};
use super::verdict::{Fit, Subject};
use super::{compatibility, driver};
use crate::catalog::Version;
use std::cmp::Ordering;

/// Whether the software runs on one GPU.
pub(super) fn judge(software: &Software<'_>, host_driver: Option<&Version>, gpu: &Gpu) -> Fit {
    let mut fit = Fit::default();
    match gpu.vendor {
        Vendor::Amd => amd(software, gpu, &mut fit),
        Vendor::Nvidia if software.rocm && !software.nvidia => {
            fit.no(
                Subject::Vendor,
                format!("the image is built for AMD, the {} is NVIDIA", gpu.name),
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

fn amd(software: &Software<'_>, gpu: &Gpu, fit: &mut Fit) {
    if software.nvidia {
        return fit.no(
            Subject::Vendor,
            format!("the image is built for NVIDIA, the {} is AMD", gpu.name),
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
        match driver::is_at_least(rocm, first) {
            Some(true) => {}
            Some(false) => {
                let name = gpu.name;
                let sentence =
                    format!("ROCm {rocm} is older than {first}, the first for the {name}");
                return driver::refuse(fit, gpu, 0, sentence);
            }
            None => fit.unknown(
                Subject::Driver,
                format!("the {} needs ROCm {first}; the image says only ROCm {rocm}", gpu.name),
                "the full version of ROCm in the image",
            ),
        }
    }
    let last = gpu.last_branch.as_ref();
    if let Some(last) = last.filter(|last| rocm.within(last) == Some(Ordering::Greater)) {
        fit.no(
            Subject::Driver,
            format!("ROCm {rocm} dropped the {}: {last} is the last", gpu.name),
        );
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
            let known = driver::branch_knows(driver, gpu, fit);
            // What the machine has of its own runs there.
            if software.driver.is_some() {
                driver::kernel_modules(software.flavour, driver, gpu, fit);
            }
            if known {
                driver::advised(driver, gpu, fit);
            }
            if let Some(cuda) = software.cuda {
                compatibility::runs_on(cuda, driver, fit);
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
                driver::never_open(gpu, fit);
            }
        }
    }
    if let Some(cuda) = software.cuda {
        compatibility::knows(cuda, gpu, fit);
    }
}
