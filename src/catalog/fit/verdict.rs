//! The answer of fit: yes, no or unknown, and why.

use serde::Serialize;
use std::fmt;

/// Whether an image runs on a machine.
///
/// Sorted from the best fit to the worst: `Yes`, `Unknown`, `No`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// No known fact prevents it.
    Yes,
    /// A fact is missing; the reasons say which.
    Unknown,
    /// It does not run.
    No,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Yes => "yes",
            Self::Unknown => "unknown",
            Self::No => "no",
        })
    }
}

/// What a [`Reason`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Subject {
    /// The state of the image.
    Status,
    /// The cloud or the region.
    Place,
    /// The disk of the machine.
    Disk,
    /// The memory of the machine.
    Memory,
    /// The branch or version of the GPU driver.
    Driver,
    /// Open or proprietary kernel modules.
    KernelModules,
    /// The version of CUDA.
    Cuda,
    /// Which GPU the machine has.
    Gpu,
    /// NVIDIA or AMD.
    Vendor,
    /// The processor.
    Architecture,
}

impl Subject {
    /// How far an image is from running: what is easily changed is near.
    fn distance(self) -> u64 {
        match self {
            Self::Status => 1,
            Self::Place => 2,
            Self::Disk | Self::Memory => 4,
            Self::Gpu => 8,
            Self::Driver => 100,
            Self::KernelModules => 300,
            Self::Cuda => 500,
            Self::Vendor => 2_000,
            Self::Architecture => 4_000,
        }
    }
}

/// Why an image does not run on a machine, or why that is unknown.
///
/// Displayed as one sentence: `R535 is older than the 580 that CUDA 13 needs`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    subject: Subject,
    verdict: Verdict,
    sentence: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    needed: Option<String>,
    #[serde(skip)]
    distance: u64,
}

impl Reason {
    /// The property that the reason is about.
    #[must_use]
    pub fn subject(&self) -> Subject {
        self.subject
    }

    /// The verdict of this reason: [`Verdict::No`] or [`Verdict::Unknown`].
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// The missing fact, if the verdict is unknown, such as `the driver's full version`.
    #[must_use]
    pub fn needed(&self) -> Option<&str> {
        self.needed.as_deref()
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.sentence)
    }
}

/// Whether one image runs on a machine, with the reasons. Returned by [`Machine::fit`](super::Machine::fit).
///
/// Displayed as one line: the verdict, the reasons that decided it, and the notes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Fit {
    reasons: Vec<Reason>,
    notes: Vec<String>,
}

impl Fit {
    /// The verdict: `No` if any reason says no, else `Unknown` if any fact is missing, else `Yes`.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.reasons.iter().map(Reason::verdict).max().unwrap_or(Verdict::Yes)
    }

    /// The reasons that decide the verdict. Empty for `Yes`.
    pub fn reasons(&self) -> impl Iterator<Item = &Reason> {
        let verdict = self.verdict();
        self.reasons.iter().filter(move |reason| reason.verdict == verdict)
    }

    /// All reasons. For `No` these include the unknowns, which do not decide.
    #[must_use]
    pub fn all_reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// Further facts that do not change the verdict: a driver that is out of support, compatibility within a major
    /// version of CUDA, a driver that the vendor recommends.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// How far the image is from running; smaller is nearer. For sorting, not for showing.
    pub(super) fn distance(&self) -> (Verdict, u64, usize) {
        let distance = self.reasons().map(|reason| reason.distance).sum();
        (self.verdict(), distance, self.notes.len())
    }

    pub(super) fn no(&mut self, subject: Subject, sentence: String) {
        self.no_by(subject, 0, sentence);
    }

    /// A "no" of which the image is `gap` away: the branches between its driver and the one it needs.
    pub(super) fn no_by(&mut self, subject: Subject, gap: u64, sentence: String) {
        let distance = subject.distance() + gap.min(200);
        self.reasons.push(Reason {
            subject,
            verdict: Verdict::No,
            sentence,
            needed: None,
            distance,
        });
    }

    pub(super) fn unknown(
        &mut self,
        subject: Subject,
        sentence: String,
        needed: impl Into<String>,
    ) {
        let (needed, distance) = (Some(needed.into()), subject.distance());
        self.reasons.push(Reason {
            subject,
            verdict: Verdict::Unknown,
            sentence,
            needed,
            distance,
        });
    }

    pub(super) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    pub(super) fn add(&mut self, other: Self) {
        self.reasons.extend(other.reasons);
        self.notes.extend(other.notes);
    }
}

impl fmt::Display for Fit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.verdict())?;
        for (place, reason) in self.reasons().enumerate() {
            f.write_str(if place == 0 { ": " } else { "; " })?;
            write!(f, "{reason}")?;
        }
        if !self.notes.is_empty() {
            write!(f, " ({})", self.notes.join("; "))?;
        }
        Ok(())
    }
}
