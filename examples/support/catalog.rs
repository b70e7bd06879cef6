//! The services as one catalogue.

use super::{Provider, Service};
use cloud_images::catalog::{Catalog, Image};
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

/// The system of an image with its version, if it is known.
pub fn system(image: &Image) -> Option<String> {
    let distribution = image.distribution.as_ref()?;
    Some(match &image.version {
        Some(version) => format!("{} {version}", distribution.name()),
        None => distribution.name().to_owned(),
    })
}
