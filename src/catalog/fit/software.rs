//! What an image brings for a GPU.

use crate::catalog::{Image, Version};

/// The kernel modules of the NVIDIA driver in an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavour {
    Open,
    Proprietary,
}

/// What an image brings for a GPU, as far as it says.
#[derive(Debug, Default)]
pub(super) struct Software<'i> {
    pub(super) driver: Option<&'i Version>,
    pub(super) cuda: Option<&'i Version>,
    /// The driver is made for NVIDIA's, which the image names without a version.
    pub(super) nvidia: bool,
    pub(super) rocm: bool,
    pub(super) rocm_version: Option<Version>,
    pub(super) flavour: Option<Flavour>,
    /// A GRID driver, for shares of a GPU.
    pub(super) grid: bool,
    pub(super) windows: bool,
}

impl<'i> Software<'i> {
    pub(super) fn of(image: &'i Image) -> Self {
        let extra = |wanted: &str| {
            image.extras.iter().find_map(|extra| {
                let (word, version) = extra.split_once('=').unwrap_or((extra, ""));
                word.eq_ignore_ascii_case(wanted).then_some(version)
            })
        };
        let words: Vec<&str> =
            image.name.split(|letter: char| !letter.is_ascii_alphanumeric()).collect();
        let named = |wanted: &str| words.iter().any(|word| word.eq_ignore_ascii_case(wanted));
        let rocm = extra("rocm");
        Self {
            driver: image.driver.as_ref(),
            cuda: image.cuda.as_ref(),
            nvidia: image.driver.is_some() || image.cuda.is_some() || extra("nvidia").is_some(),
            rocm: rocm.is_some() || named("rocm"),
            rocm_version: rocm.and_then(|version| version.parse().ok()),
            flavour: flavour(&words),
            grid: extra("grid").is_some() || named("grid") || named("vgpu"),
            windows: image
                .distribution
                .as_ref()
                .is_some_and(|system| system.as_str().starts_with("windows")),
        }
    }
}

/// Reads `cuda-12.8-open-docker`, `nvidia-driver-570-open`, `OSS Nvidia Driver`, `Proprietary Nvidia Driver`.
fn flavour(words: &[&str]) -> Option<Flavour> {
    let is = |place: usize, wanted: &[&str]| {
        words
            .get(place)
            .is_some_and(|word| wanted.iter().any(|wanted| word.eq_ignore_ascii_case(wanted)))
    };
    let number = |place: usize| {
        words.get(place).is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let mut found = None;
    let mut driver = None;
    for place in 0..words.len() {
        if is(place, &["nvidia", "driver", "cuda"])
            || words[place].len() > 4 && is_cuda_with_version(words[place])
        {
            driver = Some(place);
        }
        let before_driver = is(place + 1, &["nvidia"]) && is(place + 2, &["driver", "drivers"]);
        // Right after the driver or CUDA and its version; `open` is the beginning of other names, too.
        let after_driver = driver.is_some_and(|driver| {
            driver < place
                && (driver + 1..place)
                    .all(|between| number(between) || is(between, &["server", "driver"]))
        });
        let ends = words.get(place + 1).is_none()
            || is(
                place + 1,
                &[
                    "docker", "server", "kernel", "modules", "dkms", "driver", "lts", "amd64",
                    "x86", "arm64", "aarch64",
                ],
            )
            || number(place + 1);
        let this = if is(place, &["open"]) && (after_driver && ends || before_driver)
            || is(place, &["oss"]) && before_driver
        {
            Flavour::Open
        } else if is(place, &["proprietary"]) && (after_driver || before_driver) {
            Flavour::Proprietary
        } else {
            continue;
        };
        if found.is_some_and(|found| found != this) {
            return None;
        }
        found = Some(this);
    }
    found
}

/// `cuda12`, `R570`.
fn is_cuda_with_version(word: &str) -> bool {
    let lower = word.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("cuda"));
    lower && word.bytes().skip(4).all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{Flavour, Software};
    use crate::catalog::Image;

    fn flavour(name: &str) -> Option<Flavour> {
        Software::of(&Image::new("a", "b", "1", name)).flavour
    }

    #[test]
    fn the_flavour_is_read_where_it_belongs_to_the_driver() {
        for name in [
            "ubuntu-24.04-cuda-12.8-open-docker",
            "nvidia-driver-570-open",
            "ubuntu-22.04-cuda12-open",
            "ubuntu_nvidia_570_server_open",
            "Deep Learning OSS Nvidia Driver AMI GPU PyTorch 2.3 (Ubuntu 22.04) 20240601",
        ] {
            assert_eq!(flavour(name), Some(Flavour::Open), "{name}");
        }
        let proprietary = "Deep Learning Proprietary Nvidia Driver AMI (Ubuntu 20.04) 20240601";
        assert_eq!(flavour(proprietary), Some(Flavour::Proprietary));
    }

    #[test]
    fn other_open_things_are_no_flavour() {
        for name in [
            "opensuse-15.6-cuda-12.4",
            "open-webui ubuntu 22.04 cuda 12.4",
            "ubuntu 22.04 cuda 12.4 open webui",
            "openstack open",
            "nvidia 570 open proprietary driver",
            "",
        ] {
            assert_eq!(flavour(name), None, "{name}");
        }
    }

    #[test]
    fn rocm_is_read_from_the_extras_and_the_name() {
        let mut image = Image::new("a", "b", "1", "Ubuntu 22.04");
        assert!(!Software::of(&image).rocm);
        image.extras = vec!["rocm=6.1".into()];
        assert_eq!(Software::of(&image).rocm_version, Some("6.1".parse().unwrap()));
        assert!(Software::of(&Image::new("a", "b", "1", "ubuntu-22-04-rocm-dev")).rocm);
    }
}
