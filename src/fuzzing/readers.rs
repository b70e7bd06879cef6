//! What reads the responses of every operation, as the build script lists them.

use super::Reader;

macro_rules! readers {
    ($($feature:tt $document:tt $name:ident $($module:ident)::+,)*) => {
        $(
            #[cfg(feature = $feature)]
            mod $name {
                use super::Reader;
                use crate::$($module::)+generated::{operations, types};

                include!(concat!(env!("OUT_DIR"), "/", $document, "_readers.rs"));
            }
        )*

        const ALL: &[&[Reader]] = &[$(#[cfg(feature = $feature)] $name::READERS,)*];
    };
}

readers! {
    "parallelcluster" "parallelcluster" parallelcluster parallelcluster,
    "ims" "ims" ims ims,
    "glance" "glance" glance ims::glance,
    "glance-metadefs" "glance-metadefs" metadefs ims::metadefs,
    "ims-cloudimages" "ims-cloudimages" cloudimages ims::cloudimages,
    "computing" "computing" computing computing,
    "digitalocean" "digitalocean" digitalocean digitalocean,
    "ec2" "ec2" ec2 ec2,
    "ec2" "ssm" ssm ec2::ssm,
    "hetzner" "hetzner" hetzner hetzner,
    "hyperstack" "hyperstack" hyperstack hyperstack,
    "lambda" "lambda" lambda lambda,
    "linode" "linode" linode linode,
    "vultr" "vultr" vultr vultr,
}

pub(super) fn all() -> impl Iterator<Item = &'static Reader> {
    ALL.iter().copied().flatten()
}
