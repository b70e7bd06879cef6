//! How a `FakeParallelCluster` is configured.

use super::Api;
use crate::testing::builder::FakeBuilder;
use crate::testing::sigv4::Verifier;

/// Configures a [`FakeParallelCluster`](super::FakeParallelCluster).
pub type FakeParallelClusterBuilder = FakeBuilder<Api>;

#[derive(Clone)]
pub struct Settings {
    pub(super) verifier: Verifier,
    pub(super) region: String,
    /// What stands before every path: empty, or a slash and the name of the stage.
    pub(super) stage: String,
    pub(super) pending: usize,
    pub(super) failed: usize,
    pub(super) clusters: usize,
    pub(super) other_stacks: usize,
    pub(super) stacks_per_page: usize,
    pub(super) build_polls: u32,
}

impl AsMut<Verifier> for Settings {
    fn as_mut(&mut self) -> &mut Verifier {
        &mut self.verifier
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            verifier: Verifier::default(),
            region: "us-east-1".to_owned(),
            stage: String::new(),
            pending: 0,
            failed: 0,
            clusters: 0,
            other_stacks: 120,
            stacks_per_page: 50,
            build_polls: 2,
        }
    }
}

/// ```
/// use cloud_images::testing::FakeParallelCluster;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> cloud_images::Result<()> {
/// let server = FakeParallelCluster::builder()
///     .images(1000)
///     .region("eu-west-1")
///     .stage("prod")
///     .credentials("AKIDEXAMPLE", "secret")
///     .session_token("token")
///     .start()
///     .await;
/// assert!(server.url().ends_with("/prod"));
/// let images = server.client().image_operations().list_images("AVAILABLE").await?.images;
/// assert_eq!(images[0].region, "eu-west-1");
/// # Ok(()) }
/// ```
impl FakeParallelClusterBuilder {
    /// The number of images that are being built. The default is 0.
    pub fn pending(mut self, count: usize) -> Self {
        self.settings.pending = count;
        self
    }

    /// The number of failed builds. The default is 0.
    pub fn failed(mut self, count: usize) -> Self {
        self.settings.failed = count;
        self
    }

    /// The number of clusters, `cluster-001` and on, in all states in turn. The default is 0.
    ///
    /// With any of them comes `full-cluster`, which has a head node, a login node, 120 compute nodes, a compute
    /// fleet and logs.
    pub fn clusters(mut self, count: usize) -> Self {
        self.settings.clusters = count;
        self
    }

    /// The number of stacks that have nothing to do with images. The default is 120. Half of them come before all
    /// others and a quarter after, so that some pages are empty.
    pub fn other_stacks(mut self, count: usize) -> Self {
        self.settings.other_stacks = count;
        self
    }

    /// The number of stacks of any kind on a page. The default is 50, the minimum 1.
    pub fn stacks_per_page(mut self, count: usize) -> Self {
        self.settings.stacks_per_page = count.max(1);
        self
    }

    /// How many times a build, or the creation, update or deletion of a cluster, is described as running before
    /// it is complete. The default is 2.
    pub fn build_polls(mut self, count: u32) -> Self {
        self.settings.build_polls = count;
        self
    }

    /// The region that requests are signed for and that the images are in. The default is `us-east-1`.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.settings.region = region.into();
        self
    }

    /// The stage of the gateway, such as `prod`, which is part of every path. By default there is none, as with a
    /// custom domain.
    pub fn stage(mut self, name: impl AsRef<str>) -> Self {
        let name = name.as_ref().trim_matches('/');
        self.settings.stage = if name.is_empty() { String::new() } else { format!("/{name}") };
        self
    }
}
