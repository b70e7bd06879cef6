//! The machine that an image shall run on.

use crate::catalog::{Architecture, Version};
use crate::types::Text;
use chrono::NaiveDate;

/// A machine, as far as it is known. What is not said is not judged.
///
/// ```
/// use cloud_images::catalog::{Image, Machine, Verdict};
///
/// let mut image = Image::new("gpu", "nebula-block", "7", "Ubuntu Server 22.04 LTS R570 CUDA 12.8");
/// image.architecture = Some("x86_64".parse()?);
/// image.driver = Some("570".parse()?);
/// image.cuda = Some("12.8".parse()?);
///
/// let machine = Machine::new().gpu("B200").disk_gib(100);
/// assert_eq!(machine.fit(&image).verdict(), Verdict::Yes);
///
/// let machine = Machine::new().gpu("V100").driver_min("580".parse()?);
/// let fit = machine.fit(&image);
/// assert_eq!(fit.verdict(), Verdict::No);
/// assert_eq!(fit.reasons().next().map(ToString::to_string).as_deref(), Some("R570 is older than R580, which the machine asks for"));
/// # Ok::<_, cloud_images::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use]
pub struct Machine {
    pub(super) architecture: Option<Architecture>,
    pub(super) gpu: Option<Text>,
    pub(super) driver_min: Option<Version>,
    pub(super) host_driver: Option<Version>,
    pub(super) disk_gib: Option<u64>,
    pub(super) ram_mib: Option<u64>,
    pub(super) provider: Option<Text>,
    pub(super) region: Option<Text>,
    pub(super) day: Option<NaiveDate>,
}

impl Machine {
    /// A machine of which nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Its processor. Without it, what the GPU says: a GH200 sits in an aarch64 machine.
    pub fn arch(mut self, architecture: Architecture) -> Self {
        self.architecture = Some(architecture);
        self
    }

    /// Its GPU: the model (`H100`, `RTX A6000`), the name of the device (`NVIDIA H100 80GB HBM3`), or what the
    /// provider calls the GPU or the machine (`p5.48xlarge`, `H100-80G-PCIe`).
    ///
    /// What a provider calls a machine says nothing without the provider: give it with [`Machine::place`]. A
    /// name that stands for several GPUs (`RTX 6000`) gives a verdict only where all of them agree.
    pub fn gpu(mut self, gpu: impl Into<Text>) -> Self {
        self.gpu = Some(gpu.into());
        self
    }

    /// The oldest driver that the work on it needs: a branch (`570`) or a version (`570.133.20`).
    pub fn driver_min(mut self, driver: Version) -> Self {
        self.driver_min = Some(driver);
        self
    }

    /// The driver that the machine has of its own, for images without one, such as containers.
    pub fn host_driver(mut self, driver: Version) -> Self {
        self.host_driver = Some(driver);
        self
    }

    /// Its boot disk, in GiB.
    pub fn disk_gib(mut self, gib: u64) -> Self {
        self.disk_gib = Some(gib);
        self
    }

    /// Its memory, in MiB.
    pub fn ram_mib(mut self, mib: u64) -> Self {
        self.ram_mib = Some(mib);
        self
    }

    /// Where it stands: a provider (`aws`), or a provider and a region (`aws/eu-west-1`), in the words of
    /// [`Image::provider`](crate::catalog::Image::provider) and [`Image::region`](crate::catalog::Image::region).
    pub fn place(mut self, place: impl AsRef<str>) -> Self {
        let place = place.as_ref();
        let (provider, region) = place.split_once('/').map_or((place, None), |(a, b)| (a, Some(b)));
        self.provider = Some(provider).filter(|provider| !provider.is_empty()).map(Text::from);
        self.region = region.filter(|region| !region.is_empty()).map(Text::from);
        self
    }

    /// The day for which the notes say what is out of support. Today, if it is not given.
    pub fn on(mut self, day: NaiveDate) -> Self {
        self.day = Some(day);
        self
    }
}
