//! What the name of an image says.
//!
//! A name is cut into tokens, and the tokens become pieces: words of the vocabulary, numbers, and the rest.
//! Software with a version of its own takes its numbers first; then the system is looked for, and
//! a number is its version only if it has such a release. What is not certain stays `None`.

mod fields;
mod parts;
mod pieces;
mod recent;
mod releases;
mod software;
mod system;
#[cfg(test)]
mod tests;
mod tokens;
mod windows;
mod words;

use super::{Architecture, Distribution, Version};
use crate::types::Text;
use fields::Said;
use pieces::Piece;
use words::Meaning;

/// The facts that the name of an image, and the fields of the service, say about it.
///
/// It never guesses: a fact that is not certain is `None`. If a name has two operating systems, the distribution is
/// `None`. A number is a version only if the operating system has such a release.
///
/// ```
/// use cloud_images::catalog::{Architecture, Distribution, Reading};
///
/// let reading = Reading::of("Ubuntu Server 22.04 LTS R535 CUDA 12.2 with Docker");
/// assert_eq!(reading.distribution, Some(Distribution::UBUNTU));
/// assert_eq!(reading.version, Some("22.04".parse()?));
/// assert_eq!(reading.codename.as_deref(), Some("jammy"));
/// assert_eq!(reading.driver, Some("535".parse()?));
/// assert_eq!(reading.cuda, Some("12.2".parse()?));
/// assert_eq!(reading.extras, ["lts", "docker"]);
/// assert_eq!(reading.architecture, None);
///
/// // 1.29 is the version of Kubernetes.
/// assert_eq!(Reading::of("amazon-eks-node-1.29-v20240415").version, None);
/// # Ok::<_, cloud_images::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Reading {
    /// The operating system.
    pub distribution: Option<Distribution>,
    /// The version of the operating system, as precise as the name has it.
    pub version: Option<Version>,
    /// The code name of the version, one lower-case word. For Ubuntu and Debian.
    pub codename: Option<Text>,
    /// The edition, one lower-case word: `datacenter`, `server`, `minimal`.
    pub edition: Option<Text>,
    /// Whether the vendor calls the version a long-term support release. For Ubuntu.
    pub lts: Option<bool>,
    /// The processor architecture.
    pub architecture: Option<Architecture>,
    /// The NVIDIA driver: a branch (`535`) or a full version (`550.54.15`).
    pub driver: Option<Version>,
    /// The version of CUDA.
    pub cuda: Option<Version>,
    /// The version of AWS ParallelCluster.
    pub parallelcluster: Option<Version>,
    /// Further software in the image: a name (`docker`) or a name with a version (`kernel=6.1`).
    pub extras: Vec<Text>,
}

/// The fields in which a service describes an image.
///
/// All are optional. If the name is more specific than a field, the name wins: the documentation of Glance, for
/// example, allows `os_distro=centos` for an AlmaLinux image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hints<'a> {
    /// The distribution: `os_distro` of Glance, `os` of ParallelCluster, `type` of GPU clouds.
    pub distribution: Option<&'a str>,
    /// The version: `os_version` of Glance.
    pub version: Option<&'a str>,
    /// The architecture, by any name that a cloud uses: `x86_64`, `arm64`.
    pub architecture: Option<&'a str>,
    /// A description in the form of a name, such as `__os_version` of IMS: `Ubuntu 20.04 server 64bit`.
    pub description: Option<&'a str>,
}

impl Reading {
    /// Reads a name.
    ///
    /// The time is linear in the length of the name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self::with(name, &Hints::default())
    }

    /// Reads a name and the fields beside it.
    ///
    /// A field adds what the name does not say, or a more precise version of the same operating system. If the name
    /// names no operating system, the version of the fields wins over a number of the name.
    #[must_use]
    pub fn with(name: &str, hints: &Hints<'_>) -> Self {
        let tokens = tokens::tokens(name);
        let mut pieces = pieces::pieces(&tokens);
        let parallelcluster = software::parallelcluster(&mut pieces);
        let driver = software::driver(&mut pieces);
        let cuda = software::cuda(&mut pieces);
        let parts = software::parts(&mut pieces);
        let said = Said::by(hints);
        let system = fields::system(&pieces, system::system(&pieces), &said);
        let distribution = system.distribution();
        let has_channel = distribution
            .as_ref()
            .is_some_and(|one| matches!(one.as_str(), "coreos" | "flatcar" | "cos"));
        Self {
            edition: edition(&pieces),
            architecture: fields::architecture(&pieces, hints.architecture, &said),
            extras: software::extras(&pieces, &parts, has_channel),
            distribution,
            version: system.version,
            codename: system.codename,
            lts: system.lts,
            driver,
            cuda,
            parallelcluster,
        }
    }
}

/// The first edition behind the name of the system and before other software.
fn edition(pieces: &[Piece<'_>]) -> Option<Text> {
    if pieces::bits(pieces) & Meaning::Edition("").bit() == 0 {
        return None;
    }
    let is_system = |meaning: &Meaning| {
        matches!(
            meaning,
            Meaning::Distribution(_)
                | Meaning::DistributionBeforeVersion(_)
                | Meaning::Windows
                | Meaning::WindowsServer
        )
    };
    let start = pieces.iter().position(|piece| piece.meanings().iter().any(is_system))?;
    let own = pieces[start + 1..].iter().take_while(|piece| {
        !piece.meanings().iter().any(|meaning| meaning.takes_number() && *meaning != Meaning::Taker)
    });
    own.flat_map(|piece| piece.meanings()).find_map(|meaning| match meaning {
        Meaning::Edition(edition) => Some(Text::from_static(edition)),
        _ => None,
    })
}

/// The distribution that a word or a usual spelling stands for: `rocky`, `rocky-linux`, `Amazon Linux`.
pub(super) fn distribution(word: &str) -> Option<Distribution> {
    if let Some(place) = releases::place(&word.to_ascii_lowercase()) {
        return Some(releases::all()[place].row.distribution.clone());
    }
    let tokens = tokens::tokens(word);
    let (found, count) = words::Vocabulary::get().find(&tokens)?;
    let mut places = found.meanings.iter().filter_map(|meaning| match meaning {
        Meaning::Distribution(place) => Some(*place),
        _ => None,
    });
    let place = places.next().filter(|_| count == tokens.len())?;
    Some(releases::all()[place].row.distribution.clone())
}

/// The words of all distributions.
pub(super) fn distributions() -> impl Iterator<Item = &'static str> {
    releases::all().iter().map(|releases| releases.row.distribution.as_str())
}
