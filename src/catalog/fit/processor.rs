//! Whether the processor fits.

use super::gpu::Gpu;
use super::verdict::{Fit, Subject};
use crate::catalog::Architecture;

/// Whether the processor fits. `machine` is what is known of it, by its GPU if that is given.
pub(super) fn judge(
    image: Option<Architecture>,
    machine: Option<Architecture>,
    gpu: Option<&Gpu>,
) -> Fit {
    let mut fit = Fit::default();
    let seat = |machine: Architecture| match gpu {
        None => format!("the machine is {machine}"),
        Some(gpu) => format!("the {} sits in {} machine", gpu.name, with_article(machine)),
    };
    match (image, machine) {
        (Some(image), Some(machine)) if image == machine => {}
        (Some(Architecture::I686), Some(Architecture::X86_64)) => fit.unknown(
            Subject::Architecture,
            "the image is i686, and not every x86_64 machine boots that".to_owned(),
            "whether the machine boots 32-bit images",
        ),
        (Some(image), Some(machine)) => {
            fit.no(Subject::Architecture, format!("the image is {image}, {}", seat(machine)));
        }
        (None, Some(Architecture::X86_64)) => {
            fit.note("the image does not say its architecture".to_owned());
        }
        (None, Some(machine)) => fit.unknown(
            Subject::Architecture,
            format!("the image does not say its architecture, {}", seat(machine)),
            "the architecture of the image",
        ),
        (Some(image), None) if image != Architecture::X86_64 => fit.unknown(
            Subject::Architecture,
            format!("the image is {image}, and the machine's architecture is not given"),
            "the architecture of the machine",
        ),
        (None, None) if gpu.is_some() => {
            fit.note("the image does not say its architecture".to_owned());
        }
        (Some(_) | None, None) => {}
    }
    fit
}

fn with_article(architecture: Architecture) -> String {
    let word = architecture.as_str();
    let article = if word.starts_with(['a', 'i', 's', 'x']) { "an" } else { "a" };
    format!("{article} {word}")
}
