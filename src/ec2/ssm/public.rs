//! The public parameters that lead to the newest images of a vendor.
//!
//! Source of the paths: public programs that use them, and the vendors' own pages.

use super::ParametersApi;
use crate::ec2::types::Architecture;
use crate::types::Text;
use crate::{Error, ErrorKind, Result};
use std::fmt;

/// Releases of Ubuntu whose images have volumes of the type `gp2`.
const GP2: [&str; 10] =
    ["14.04", "trusty", "16.04", "xenial", "18.04", "bionic", "20.04", "focal", "22.04", "jammy"];

/// A public parameter that holds the id of a vendor's newest image in the region.
///
/// Only the vendor can set it, so it is a safe way to find, for example, the newest Ubuntu. A search by name is not.
///
/// ```no_run
/// # async fn example(ec2: cloud_images::ec2::Client) -> cloud_images::Result<()> {
/// use cloud_images::ec2::{ssm::PublicImage, types::Architecture};
///
/// let newest = PublicImage::ubuntu("24.04", Architecture::Arm64);
/// let id = ec2.ssm()?.parameters().image_id(&newest).await?;
/// let image = ec2.images().show_image(id).await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PublicImage(String);

impl PublicImage {
    /// Ubuntu Server by Canonical; a release such as `24.04` or `noble`.
    #[must_use]
    pub fn ubuntu(release: &str, architecture: impl Into<Architecture>) -> Self {
        let volume = if GP2.contains(&release) { "gp2" } else { "gp3" };
        let architecture = of_debian(architecture.into());
        Self(format!(
            "/aws/service/canonical/ubuntu/server/{release}/stable/current/{architecture}/hvm/ebs-{volume}/ami-id"
        ))
    }

    /// Debian; a release such as `12` or `bookworm`.
    #[must_use]
    pub fn debian(release: &str, architecture: impl Into<Architecture>) -> Self {
        let architecture = of_debian(architecture.into());
        Self(format!("/aws/service/debian/release/{release}/latest/{architecture}"))
    }

    /// Amazon Linux 2023 with its default kernel.
    #[must_use]
    pub fn amazon_linux_2023(architecture: impl Into<Architecture>) -> Self {
        let architecture = architecture.into();
        Self(format!(
            "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{architecture}"
        ))
    }

    /// Windows Server by Amazon; an edition such as `Windows_Server-2022-English-Full-Base`.
    #[must_use]
    pub fn windows(edition: &str) -> Self {
        Self(format!("/aws/service/ami-windows-latest/{edition}"))
    }

    /// The image for nodes of ECS; a system such as `amazon-linux-2023`.
    #[must_use]
    pub fn ecs(system: &str, architecture: impl Into<Architecture>) -> Self {
        let architecture = match architecture.into() {
            Architecture::X8664 => String::new(),
            other => format!("{other}/"),
        };
        Self(format!("/aws/service/ecs/optimized-ami/{system}/{architecture}recommended/image_id"))
    }

    /// The image for nodes of EKS with Amazon Linux 2023; a version of Kubernetes such as `1.32`, and a variant
    /// such as `standard` or `nvidia`.
    #[must_use]
    pub fn eks(version: &str, architecture: impl Into<Architecture>, variant: &str) -> Self {
        let architecture = architecture.into();
        Self(format!(
            "/aws/service/eks/optimized-ami/{version}/amazon-linux-2023/{architecture}/{variant}/recommended/image_id"
        ))
    }

    /// An image for deep learning by AWS, such as `base-oss-nvidia-driver-gpu-ubuntu-22.04`.
    #[must_use]
    pub fn deep_learning(name: &str, architecture: impl Into<Architecture>) -> Self {
        let architecture = architecture.into();
        Self(format!("/aws/service/deeplearning/ami/{architecture}/{name}/latest/ami-id"))
    }

    /// Any other parameter, by its full name. Its value must be the id of an image.
    #[must_use]
    pub fn of(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name of the parameter.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PublicImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The architecture as Debian and Ubuntu name it.
fn of_debian(architecture: Architecture) -> String {
    match architecture {
        Architecture::X8664 => "amd64".to_owned(),
        other => other.to_string(),
    }
}

impl ParametersApi {
    /// Returns the id of the image in a public parameter, in the region of the client.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] if there is no such parameter in the region; [`ErrorKind::Decode`] if its value
    /// is not the id of an image.
    pub async fn image_id(&self, image: &PublicImage) -> Result<Text> {
        let value = self.get_parameter(image.as_str()).await?.parameter.value;
        let digits = value.strip_prefix("ami-").unwrap_or_default();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let message = format!("the value of {image} is not the id of an image");
            return Err(Error::new(ErrorKind::Decode, message));
        }
        Ok(value.as_str().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_those_that_the_vendors_publish() {
        let (intel, arm) = (Architecture::X8664, Architecture::Arm64);
        for (image, name) in [
            (
                PublicImage::ubuntu("24.04", arm.clone()),
                "/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id",
            ),
            (
                PublicImage::ubuntu("jammy", intel.clone()),
                "/aws/service/canonical/ubuntu/server/jammy/stable/current/amd64/hvm/ebs-gp2/ami-id",
            ),
            (PublicImage::debian("12", "x86_64"), "/aws/service/debian/release/12/latest/amd64"),
            (
                PublicImage::amazon_linux_2023(intel.clone()),
                "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
            ),
            (
                PublicImage::ecs("amazon-linux-2023", arm),
                "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id",
            ),
            (
                PublicImage::ecs("amazon-linux-2023", intel.clone()),
                "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
            ),
            (
                PublicImage::eks("1.32", intel.clone(), "standard"),
                "/aws/service/eks/optimized-ami/1.32/amazon-linux-2023/x86_64/standard/recommended/image_id",
            ),
            (
                PublicImage::deep_learning("base-oss-nvidia-driver-gpu-ubuntu-22.04", intel),
                "/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-ubuntu-22.04/latest/ami-id",
            ),
        ] {
            assert_eq!(image.to_string(), name);
        }
    }
}
