//! Clients of real services where the environment names one, of embedded servers elsewhere.

use cloud_images::testing::{FakeComputing, FakeIms, FakeParallelCluster};
use cloud_images::{Result, computing, ims, parallelcluster};

/// How many images an embedded server has besides those of its document's example.
const IMAGES: usize = 60;

/// A client, and the embedded server that it talks to, if it does.
pub struct Service<C, S> {
    pub client: C,
    _server: Option<S>,
}

impl<C, S> Service<C, S> {
    fn real(client: C) -> Self {
        Self { client, _server: None }
    }

    fn embedded(name: &str, variable: &str, client: C, server: S) -> Self {
        eprintln!("{name}: an embedded server answers; set {variable} for a real one.");
        Self { client, _server: Some(server) }
    }
}

impl Service<parallelcluster::Client, FakeParallelCluster> {
    pub async fn parallelcluster() -> Result<Self> {
        if is_set(&["PCLUSTER_API_ENDPOINT"]) {
            return parallelcluster::Client::from_env().map(Self::real);
        }
        let server =
            FakeParallelCluster::builder().images(IMAGES).pending(4).failed(2).start().await;
        Ok(Self::embedded("ParallelCluster", "PCLUSTER_API_ENDPOINT", server.client(), server))
    }
}

impl Service<ims::Client, FakeIms> {
    pub async fn ims() -> Result<Self> {
        if is_set(&["OS_AUTH_URL", "OS_IMAGE_ENDPOINT", "OS_ENDPOINT"]) {
            return ims::Client::from_env().map(Self::real);
        }
        let server = FakeIms::builder().images(IMAGES).start().await;
        Ok(Self::embedded("IMS", "OS_IMAGE_ENDPOINT", server.client(), server))
    }
}

impl Service<computing::Client, FakeComputing> {
    pub async fn computing() -> Result<Self> {
        if is_set(&["API_URL"]) {
            return computing::Client::from_env().map(Self::real);
        }
        let server = FakeComputing::builder().images(IMAGES).start().await;
        Ok(Self::embedded("Computing", "API_URL", server.client(), server))
    }
}

fn is_set(names: &[&str]) -> bool {
    names.iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}
