//! Many sources of images, one question.

mod architecture;
mod distribution;
mod image;
mod version;

pub use architecture::Architecture;
pub use distribution::Distribution;
pub use image::{Image, Status, Visibility};
pub use version::Version;
