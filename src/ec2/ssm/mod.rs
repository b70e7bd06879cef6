//! The parameters of AWS Systems Manager: vendors publish the ids of their newest images as public parameters.

/// What the build script makes of `specs/ssm.yaml`.
mod generated {
    include!(concat!(env!("OUT_DIR"), "/ssm.rs"));
}

mod public;

#[cfg(any(fuzzing, test))]
pub(crate) use generated::READERS;
pub use generated::{Client, ParametersApi, requests, types};
pub use public::PublicImage;
