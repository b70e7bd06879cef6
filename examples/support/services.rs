//! Clients of real services where the environment names one, of embedded servers elsewhere.

use super::note;
use clap::ValueEnum;
#[cfg(feature = "ec2")]
use cloud_images::ec2;
#[cfg(feature = "ec2")]
use cloud_images::testing::FakeEc2;
use cloud_images::testing::{
    FakeComputing, FakeIms, FakeParallelCluster, FakeParallelClusterBuilder,
};
use cloud_images::{Result, computing, ims, parallelcluster};

/// How many images an embedded server has besides those of its document's example.
const IMAGES: usize = 60;

/// A service.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Provider {
    Parallelcluster,
    Ims,
    Computing,
}

impl Provider {
    pub const ALL: [Self; 3] = [Self::Parallelcluster, Self::Ims, Self::Computing];

    /// The variables that choose a real service. If one of them is set, a missing or wrong variable is an error:
    /// no embedded server takes the place of the service.
    pub fn variables(self) -> &'static [&'static str] {
        match self {
            Self::Parallelcluster => &["PCLUSTER_API_ENDPOINT"],
            Self::Ims => &[
                "OS_CLOUD",
                "OS_AUTH_URL",
                "OS_IMAGE_ENDPOINT_OVERRIDE",
                "OS_IMAGE_ENDPOINT",
                "OS_ENDPOINT",
                "OS_TOKEN",
                "OS_AUTH_TOKEN",
                "OS_USERNAME",
                "OS_PASSWORD",
                "OS_APPLICATION_CREDENTIAL_ID",
                "HUAWEICLOUD_SDK_AK",
                "OS_ACCESS_KEY",
            ],
            Self::Computing => &["API_URL", "ACCESS_TOKEN"],
        }
    }

    /// Whether the environment names a real service.
    pub fn is_real(self) -> bool {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        self.variables().iter().any(set)
    }

    fn note_embedded(self) {
        let name = self.to_possible_value();
        let name = name.as_ref().map_or("", |name| name.get_name());
        note(format_args!(
            "{name}: an embedded server answers; --help has the variables of a real one"
        ));
    }
}

/// A client, and the embedded server that it talks to, if it does.
pub struct Service<C, S> {
    pub client: C,
    pub embedded: Option<S>,
}

impl<C, S> Service<C, S> {
    fn real(client: C) -> Self {
        Self { client, embedded: None }
    }
}

impl Service<parallelcluster::Client, FakeParallelCluster> {
    pub async fn parallelcluster() -> Result<Self> {
        let builder = FakeParallelCluster::builder().images(IMAGES).pending(4).failed(2);
        Self::parallelcluster_or(builder).await
    }

    /// The real service, or an embedded one that is configured so.
    pub async fn parallelcluster_or(builder: FakeParallelClusterBuilder) -> Result<Self> {
        if Provider::Parallelcluster.is_real() {
            return parallelcluster::Client::from_env().map(Self::real);
        }
        Provider::Parallelcluster.note_embedded();
        let server = builder.start().await;
        Ok(Self { client: server.client(), embedded: Some(server) })
    }
}

impl Service<ims::Client, FakeIms> {
    pub async fn ims() -> Result<Self> {
        if Provider::Ims.is_real() {
            return ims::Client::from_env().map(Self::real);
        }
        Provider::Ims.note_embedded();
        let server = FakeIms::builder().images(IMAGES).start().await;
        Ok(Self { client: server.client(), embedded: Some(server) })
    }
}

impl Service<computing::Client, FakeComputing> {
    pub async fn computing() -> Result<Self> {
        if Provider::Computing.is_real() {
            return computing::Client::from_env().map(Self::real);
        }
        Provider::Computing.note_embedded();
        let server = FakeComputing::builder().images(IMAGES).start().await;
        Ok(Self { client: server.client(), embedded: Some(server) })
    }
}

#[cfg(feature = "ec2")]
impl Service<ec2::Client, FakeEc2> {
    /// AWS, if the environment has a key for it.
    pub async fn ec2() -> Result<Self> {
        if std::env::var_os("AWS_ACCESS_KEY_ID").is_some_and(|value| !value.is_empty()) {
            return ec2::Client::from_env().map(Self::real);
        }
        note("ec2: an embedded server answers; --help has the variables of AWS");
        let server = FakeEc2::builder().images(IMAGES).start().await;
        Ok(Self { client: server.client(), embedded: Some(server) })
    }
}
