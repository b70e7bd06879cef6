//! How a `FakeParallelCluster` is configured.

use super::sigv4::Verifier;
use super::stacks::Region;
use super::{Api, FakeParallelCluster};
use crate::testing::server::Server;
use chrono::TimeDelta;
use std::collections::HashMap;
use std::fmt;
use std::sync::Mutex;

/// Configures a [`FakeParallelCluster`].
///
/// ```
/// use cloud_images::testing::FakeParallelCluster;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> cloud_images::Result<()> {
/// let server = FakeParallelCluster::builder()
///     .region("eu-west-1")
///     .stage("prod")
///     .credentials("AKIDEXAMPLE", "secret")
///     .session_token("token")
///     .images(1000)
///     .start()
///     .await;
/// assert!(server.url().ends_with("/prod"));
/// let images = server.client().image_operations().list_images("AVAILABLE").await?.images;
/// assert_eq!(images[0].region, "eu-west-1");
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "a builder does nothing until the server is started"]
pub struct FakeParallelClusterBuilder {
    verifier: Verifier,
    stage: String,
    images: usize,
    pending: usize,
    failed: usize,
    clusters: usize,
    other_stacks: usize,
    stacks_per_page: usize,
    build_polls: u32,
}

impl FakeParallelClusterBuilder {
    pub(super) fn new() -> Self {
        let verifier = Verifier {
            region: "us-east-1".to_owned(),
            access_key: "AKIDOFTHEFAKE0000001".to_owned(),
            secret_key: "secret-key-of-the-fake".to_owned(),
            session_token: None,
            clock_offset: TimeDelta::zero(),
        };
        Self {
            verifier,
            stage: String::new(),
            images: 0,
            pending: 0,
            failed: 0,
            clusters: 0,
            other_stacks: 120,
            stacks_per_page: 50,
            build_polls: 2,
        }
    }

    /// How many available images there are besides the one of the document's example; the default is
    /// none.
    pub fn images(mut self, count: usize) -> Self {
        self.images = count;
        self
    }

    /// How many images are being built; the default is none.
    pub fn pending(mut self, count: usize) -> Self {
        self.pending = count;
        self
    }

    /// How many builds have failed; the default is none.
    pub fn failed(mut self, count: usize) -> Self {
        self.failed = count;
        self
    }

    /// How many clusters there are, `cluster-001` and on, in all states in turn; the default is none.
    ///
    /// If there are any, there is `full-cluster` besides: with a head node, a login node, 120 compute
    /// nodes, a compute fleet and logs.
    pub fn clusters(mut self, count: usize) -> Self {
        self.clusters = count;
        self
    }

    /// How many stacks there are that have nothing to do with images; the default is 120. Half of them
    /// come before all others, a quarter after: they make the empty pages.
    pub fn other_stacks(mut self, count: usize) -> Self {
        self.other_stacks = count;
        self
    }

    /// How many stacks there are on a page, whatever they are; the default is 50, 0 is taken for 1.
    pub fn stacks_per_page(mut self, count: usize) -> Self {
        self.stacks_per_page = count.max(1);
        self
    }

    /// How often a change that was started here, a build, or the creation, update or deletion of a
    /// cluster, is described as running before it is complete; the default is 2.
    pub fn build_polls(mut self, count: u32) -> Self {
        self.build_polls = count;
        self
    }

    /// The region that requests are signed for and that the images are in; the default is `us-east-1`.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.verifier.region = region.into();
        self
    }

    /// The access key id and the secret key that requests are to be signed with.
    pub fn credentials(mut self, key_id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.verifier.access_key = key_id.into();
        self.verifier.secret_key = secret.into();
        self
    }

    /// The session token that requests have to carry and to sign. By default they must carry none.
    pub fn session_token(mut self, token: impl Into<String>) -> Self {
        self.verifier.session_token = Some(token.into());
        self
    }

    /// The stage of the gateway, such as `prod`, which then stands before every path. By default there
    /// is none, as with a domain of one's own.
    pub fn stage(mut self, name: impl AsRef<str>) -> Self {
        self.stage = format!("/{}", name.as_ref().trim_matches('/'));
        self
    }

    /// What the server's clock is ahead, in seconds, or behind if negative. Signatures are good for
    /// 300 seconds before and after.
    pub fn clock_offset(mut self, seconds: i32) -> Self {
        self.verifier.clock_offset = TimeDelta::seconds(seconds.into());
        self
    }

    /// Starts the server. It stops when it is dropped.
    ///
    /// # Panics
    ///
    /// If this machine has no port to listen on.
    pub async fn start(self) -> FakeParallelCluster {
        let mut region = Region::seed(self.images, self.pending, self.failed, self.other_stacks);
        region.add_clusters(self.clusters);
        let regions = HashMap::from([(self.verifier.region.clone(), region)]);
        let api = Api {
            verifier: self.verifier,
            stage: if self.stage == "/" { String::new() } else { self.stage },
            stacks_per_page: self.stacks_per_page,
            build_polls: self.build_polls,
            regions: Mutex::new(regions),
        };
        FakeParallelCluster { server: Server::start(api).await }
    }
}

impl fmt::Debug for FakeParallelClusterBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeParallelClusterBuilder")
            .field("region", &self.verifier.region)
            .field("stage", &self.stage)
            .field("images", &self.images)
            .field("pending", &self.pending)
            .field("failed", &self.failed)
            .field("clusters", &self.clusters)
            .finish_non_exhaustive()
    }
}
