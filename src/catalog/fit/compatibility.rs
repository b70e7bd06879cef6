//! Whether CUDA runs on a driver, and knows a GPU.

use super::cuda;
use super::driver::{Driver, at_least, is_at_least, shown_for};
use super::gpu::Gpu;
use super::verdict::{Fit, Subject};
use crate::catalog::Version;

/// Whether the driver runs this version of CUDA.
pub(super) fn runs_on(cuda: &Version, driver: &Driver<'_>, fit: &mut Fit) {
    let toolkit = cuda::toolkit(cuda);
    let Some(major) = cuda.major() else { return };
    // The first toolkit of a major version runs on its own driver, which may be older than what the others need.
    let (minimum, of) = match toolkit {
        Some(toolkit) if toolkit.own_driver < toolkit.minimum => {
            (Some(&toolkit.own_driver), cuda.clone())
        }
        Some(toolkit) => (Some(&toolkit.minimum), cuda.prefix(1)),
        None => (cuda::minimum_of_major(major), cuda.prefix(1)),
    };
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
                "{} is older than the {minimum} that CUDA {of} needs",
                shown_for(driver, minimum)
            );
            return fit.no_by(Subject::Cuda, driver.branch.abs_diff(wanted), sentence);
        }
        None => {
            let said = format!("the {} says only R{}", driver.of, driver.branch);
            return fit.unknown(
                Subject::Cuda,
                format!("CUDA {of} needs {minimum}; {said}"),
                format!("the full version of the driver: {minimum} or later runs CUDA {of}"),
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
                "CUDA {cuda} is not a toolkit of the table; CUDA {major} needs {minimum}"
            ));
        }
        _ => {}
    }
}

/// Whether CUDA knows the GPU.
pub(super) fn knows(cuda: &Version, gpu: &Gpu, fit: &mut Fit) {
    if let Some((major, last)) =
        cuda.major().zip(gpu.last_cuda).filter(|(major, last)| major > last)
    {
        let sentence = format!(
            "CUDA {cuda} has no code for {} ({}); the last is {last}.x",
            gpu.generation, gpu.compute
        );
        return fit.no_by(Subject::Cuda, major.abs_diff(last), sentence);
    }
    let Some(first) = &gpu.first_cuda else { return };
    match is_at_least(cuda, first) {
        Some(false) => fit.unknown(
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
        Some(true) => {}
    }
}
