//! Whether an image runs on a machine: yes, no or unknown, and why.
//!
//! The facts are the tables in `data/gpu/`, which name their dates and sources: which driver branches know
//! which GPU, which drivers run which CUDA, and what providers call their GPUs. They hold for Linux.

mod candidates;
mod compatibility;
mod cuda;
mod driver;
mod gpu;
mod machine;
mod name;
mod processor;
mod rules;
mod software;
mod spelling;
mod verdict;

pub use machine::Machine;
pub use verdict::{Fit, Reason, Subject, Verdict};

use super::shown::shown;
use super::{Image, Phase, Status, Support};
use chrono::{NaiveDate, Utc};
use software::Software;
use spelling::Candidates;
use std::cmp::Reverse;

impl Machine {
    /// Whether an image runs on this machine, and why.
    ///
    /// Properties of the machine that are not set are not checked. If a fact about the image is missing and decides,
    /// the verdict is [`Verdict::Unknown`], and the reason names the fact. An operating system or driver that is out of
    /// support appears in the notes and does not change the verdict.
    #[must_use]
    pub fn fit(&self, image: &Image) -> Fit {
        let software = Software::of(image);
        let mut fit = Fit::default();
        self.status(image, &mut fit);
        self.place_fits(image, &mut fit);
        self.room(image, &mut fit);
        self.driver_is_new_enough(&software, &mut fit);
        fit.add(self.gpu_fits(image, &software));
        let day = self.day.unwrap_or_else(|| Utc::now().date_naive());
        out_of_support(image, day, &mut fit);
        fit
    }

    /// Sorts images by how well they fit, each with its answer: first those that run, then the unknown ones, then those
    /// that do not run.
    ///
    /// Among images that fit equally well, the newest comes first, and images without a date come last.
    #[must_use]
    pub fn rank(&self, images: impl IntoIterator<Item = Image>) -> Vec<(Image, Fit)> {
        let mut ranked: Vec<(Image, Fit)> = images
            .into_iter()
            .map(|image| {
                let fit = self.fit(&image);
                (image, fit)
            })
            .collect();
        ranked.sort_by_cached_key(|(image, fit)| {
            (fit.distance(), Reverse(image.created), image.source.clone(), image.id.clone())
        });
        ranked
    }

    fn status(&self, image: &Image, fit: &mut Fit) {
        match image.status {
            Some(Status::Pending) => fit.unknown(
                Subject::Status,
                "the image is still being made".to_owned(),
                "the image once it is available",
            ),
            Some(status @ (Status::Disabled | Status::Failed | Status::Deleted)) => {
                fit.no(Subject::Status, format!("the image is {status}"));
            }
            Some(Status::Available) | None => {}
        }
    }

    fn place_fits(&self, image: &Image, fit: &mut Fit) {
        let Some(provider) = &self.provider else { return };
        if !image.provider.eq_ignore_ascii_case(provider) {
            let (image, machine) = (shown(&image.provider), shown(provider));
            let sentence = format!("the image is on {image}, the machine on {machine}");
            return fit.no(Subject::Place, sentence);
        }
        match (&self.region, &image.region) {
            (Some(machine), Some(image)) if !image.eq_ignore_ascii_case(machine) => {
                fit.no(
                    Subject::Place,
                    format!("the image is in {}, the machine in {}", shown(image), shown(machine)),
                );
            }
            (Some(machine), None) => fit.unknown(
                Subject::Place,
                format!("the image does not say its region, the machine is in {}", shown(machine)),
                "the region of the image",
            ),
            _ => {}
        }
    }

    fn room(&self, image: &Image, fit: &mut Fit) {
        if let Some(disk) = self.disk_gib {
            let least = image.min_disk_gib.filter(|least| *least > 0);
            // The data may be compressed: the disk is at least as large.
            let data = image.size_bytes.map(|bytes| bytes.div_ceil(1 << 30));
            match (least, data) {
                (Some(least), _) if least > disk => {
                    fit.no(
                        Subject::Disk,
                        format!(
                            "the image needs a disk of {least} GiB, the machine has {disk} GiB"
                        ),
                    );
                }
                (_, Some(data)) if data > disk => {
                    fit.no(
                        Subject::Disk,
                        format!(
                            "the image has {data} GiB of data, the machine a disk of {disk} GiB"
                        ),
                    );
                }
                (None, _) => {
                    fit.note("the image does not say how large a disk it needs".to_owned())
                }
                _ => {}
            }
        }
        if let Some(memory) = self.ram_mib {
            match image.min_ram_mib.filter(|least| *least > 0) {
                Some(least) if least > memory => fit.no(
                    Subject::Memory,
                    format!("the image needs {least} MiB of memory, the machine has {memory} MiB"),
                ),
                Some(_) => {}
                None => fit.note("the image does not say how much memory it needs".to_owned()),
            }
        }
    }

    fn driver_is_new_enough(&self, software: &Software<'_>, fit: &mut Fit) {
        let Some(wanted) = &self.driver_min else { return };
        let shown_wanted = driver::shown_version(wanted);
        let Some(driver) = software.driver.or(self.host_driver.as_ref()) else {
            return fit.unknown(
                Subject::Driver,
                format!("the image names no driver, the machine asks for {shown_wanted}"),
                "the branch of the driver in the image",
            );
        };
        let has = driver::shown_version(driver);
        match driver::at_least(driver, wanted) {
            Some(true) => {}
            Some(false) => {
                let gap = driver
                    .major()
                    .zip(wanted.major())
                    .map_or(0, |(has, needs)| needs.abs_diff(has));
                fit.no_by(
                    Subject::Driver,
                    gap,
                    format!("{has} is older than {shown_wanted}, which the machine asks for"),
                );
            }
            None => fit.unknown(
                Subject::Driver,
                format!("the machine asks for {shown_wanted}; the image says only {has}"),
                format!("the full version of the driver: {wanted} or later is enough"),
            ),
        }
    }

    fn gpu_fits(&self, image: &Image, software: &Software<'_>) -> Fit {
        let Some(name) = self.gpu.as_deref() else {
            return processor::judge(image.architecture, self.architecture, None);
        };
        let Some(candidates) = candidates::candidates(name, self.provider.as_deref()) else {
            let mut fit = processor::judge(image.architecture, self.architecture, None);
            fit.unknown(
                Subject::Gpu,
                format!("\"{}\" is not a GPU of the table", shown(name)),
                "the model of the GPU, such as H100-SXM5, or the provider of the machine",
            );
            return fit;
        };
        let mut answers = candidates.models.iter().map(|gpu| {
            let host = self.architecture.or(candidates.host);
            // Most GPUs also sit in other machines; these never do.
            let host = host.or(gpu.host.filter(|host| *host == super::Architecture::Aarch64));
            let by_gpu = Some(*gpu).filter(|_| self.architecture.is_none());
            let mut fit = processor::judge(image.architecture, host, by_gpu);
            fit.add(rules::judge(software, self.host_driver.as_ref(), gpu));
            fit
        });
        let mut first = answers.next().unwrap_or_default();
        let others: Vec<Fit> = answers.collect();
        if others.iter().any(|other| other.verdict() != first.verdict()) {
            first = Fit::default();
            ambiguous(name, &candidates, &mut first);
        }
        if candidates.share && first.verdict() != Verdict::No {
            first.unknown(
                Subject::Driver,
                "the machine has a share of a GPU, which needs the GRID driver".to_owned(),
                "the provider's list of GRID drivers",
            );
        }
        first
    }
}

/// The verdict depends on which GPU is meant.
fn ambiguous(name: &str, candidates: &Candidates, fit: &mut Fit) {
    let models: Vec<&str> = candidates.models.iter().map(|gpu| gpu.name).collect();
    let needed = if candidates.of_several_providers {
        "the provider of the machine".to_owned()
    } else {
        format!("the model: {}", models.join(", "))
    };
    fit.unknown(
        Subject::Gpu,
        format!(
            "\"{}\" names {} GPUs ({}), and the answer depends on which it is",
            shown(name),
            models.len(),
            models.join(", ")
        ),
        needed,
    );
}

fn out_of_support(image: &Image, day: NaiveDate, fit: &mut Fit) {
    let lifecycle = image.lifecycle(Support::bundled());
    for cycle in [lifecycle.system(), lifecycle.driver()].into_iter().flatten() {
        let name = match (cycle.product(), image.distribution.as_ref()) {
            ("nvidia-branch" | "nvidia-driver", _) => cycle.name().to_owned(),
            (_, Some(distribution)) => format!("{} {}", distribution.name(), cycle.name()),
            (product, None) => format!("{product} {}", cycle.name()),
        };
        let ended = match (cycle.at(day).phase, cycle.end_of_support()) {
            (Phase::Ended, _) => cycle.end_of_extended_support().or(cycle.end_of_support()),
            (Phase::Extended, end) => end,
            _ => None,
        };
        let extended =
            if cycle.at(day).phase == Phase::Extended { "standard support of " } else { "" };
        match ended {
            Some(super::End::Before(_)) => fit.note(format!("{extended}{name} has ended")),
            Some(end) => fit.note(format!("{extended}{name} ended {end}")),
            None => {}
        }
    }
}
