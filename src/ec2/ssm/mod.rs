//! The parameters of AWS Systems Manager: vendors publish the ids of their newest images as public parameters.

/// What the build script makes of `specs/ssm.yaml`.
pub(crate) mod generated {
    include!(concat!(env!("OUT_DIR"), "/ssm.rs"));
}

mod public;

pub use generated::{Client, ParametersApi, requests, types};
pub use public::PublicImage;
