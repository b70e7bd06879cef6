//! The machine that an image shall run on.

use crate::catalog::{Architecture, Version};
use crate::types::Text;
use chrono::NaiveDate;

/// A machine that an image may run on. Properties that you do not set are not checked.
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
    /// Creates a machine without any property.
    pub fn new() -> Self {
        Self::default()
    }

    /// The processor architecture. By default it follows from the GPU, if that allows only one: a GH200 is always in an
    /// aarch64 machine.
    pub fn arch(mut self, architecture: Architecture) -> Self {
        self.architecture = Some(architecture);
        self
    }

    /// The GPU: a model (`H100`, `RTX A6000`), a device name (`NVIDIA H100 80GB HBM3`), or the name of the GPU or the
    /// machine at a provider (`H100-80G-PCIe`, `p5.48xlarge`).
    ///
    /// The name of a machine needs its provider: set that with [`Machine::place`]. If a name stands for several GPUs
    /// (`RTX 6000`), there is a verdict only where it is the same for all of them.
    pub fn gpu(mut self, gpu: impl Into<Text>) -> Self {
        self.gpu = Some(gpu.into());
        self
    }

    /// The minimum driver that the workload needs: a branch (`570`) or a version (`570.133.20`).
    pub fn driver_min(mut self, driver: Version) -> Self {
        self.driver_min = Some(driver);
        self
    }

    /// The driver of the host, for images without a driver, such as containers.
    pub fn host_driver(mut self, driver: Version) -> Self {
        self.host_driver = Some(driver);
        self
    }

    /// The size of the boot disk in GiB.
    pub fn disk_gib(mut self, gib: u64) -> Self {
        self.disk_gib = Some(gib);
        self
    }

    /// The memory in MiB.
    pub fn ram_mib(mut self, mib: u64) -> Self {
        self.ram_mib = Some(mib);
        self
    }

    /// Where the machine is: a provider (`aws`), or a provider and a region (`aws/eu-west-1`), as in
    /// [`Image::provider`](crate::catalog::Image::provider) and [`Image::region`](crate::catalog::Image::region).
    pub fn place(mut self, place: impl AsRef<str>) -> Self {
        let place = place.as_ref();
        let (provider, region) = place.split_once('/').map_or((place, None), |(a, b)| (a, Some(b)));
        self.provider = Some(provider).filter(|provider| !provider.is_empty()).map(Text::from);
        self.region = region.filter(|region| !region.is_empty()).map(Text::from);
        self
    }

    /// The day for which the notes say what is out of support. The default is today.
    pub fn on(mut self, day: NaiveDate) -> Self {
        self.day = Some(day);
        self
    }
}
