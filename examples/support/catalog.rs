//! The services as one catalogue.

use super::{Failure, Provider, Service, note};
use cloud_images::catalog::{Catalog, Find, Image};
use cloud_images::testing::{FakeComputing, FakeIms, FakeParallelCluster};
use cloud_images::{Result, computing, ims, parallelcluster};

/// The services that the environment names, or an embedded server of each if it names none.
pub struct Services {
    parallelcluster: Option<Service<parallelcluster::Client, FakeParallelCluster>>,
    ims: Option<Service<ims::Client, FakeIms>>,
    computing: Option<Service<computing::Client, FakeComputing>>,
}

impl Services {
    pub async fn start() -> Result<Self> {
        let none_is_real = !Provider::ALL.into_iter().any(Provider::is_real);
        let is_asked = |provider: Provider| none_is_real || provider.is_real();
        let mut services = Self { parallelcluster: None, ims: None, computing: None };
        if is_asked(Provider::Parallelcluster) {
            services.parallelcluster = Some(Service::parallelcluster().await?);
        }
        if is_asked(Provider::Ims) {
            services.ims = Some(Service::ims().await?);
        }
        if is_asked(Provider::Computing) {
            services.computing = Some(Service::computing().await?);
        }
        Ok(services)
    }

    pub fn catalog(&self) -> Catalog {
        let mut catalog = Catalog::new();
        if let Some(service) = &self.parallelcluster {
            catalog = catalog.add("parallelcluster", service.client.clone());
        }
        if let Some(service) = &self.ims {
            catalog = catalog.add("ims", service.client.clone());
        }
        if let Some(service) = &self.computing {
            catalog = catalog.add("computing", service.client.clone());
        }
        catalog
    }
}

/// How a search ended. It is a failure if no image matches the query, with the nearest ones on stderr and what they
/// miss, or if a source could not be read to its end.
pub fn conclude(found: &Find) -> Result<(), Failure> {
    let outcome = found.outcome();
    if outcome.hits() == 0 {
        for (image, misses) in found.nearest() {
            let misses: Vec<String> = misses.iter().map(ToString::to_string).collect();
            let (name, source) = (image.display_name(), &image.source);
            note(format_args!("near: {name} of {source}: {}", misses.join("; ")));
        }
    }
    if let Some(listing) = outcome.incomplete().next() {
        return Err(format!("a list was not read to its end: {listing}").into());
    }
    if outcome.hits() == 0 { Err("no image matches the query".into()) } else { Ok(()) }
}

/// The system of an image with its version, if it is known.
pub fn system(image: &Image) -> Option<String> {
    let distribution = image.distribution.as_ref()?;
    Some(match &image.version {
        Some(version) => format!("{} {version}", distribution.name()),
        None => distribution.name().to_owned(),
    })
}
