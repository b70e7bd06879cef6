//! A server that behaves like the ParallelCluster API behind API Gateway.

mod builder;
mod cluster;
mod clusters;
mod compute_fleet;
mod custom_images;
mod image;
mod image_builds;
mod instances;
mod log_store;
mod logs;
mod official_images;
mod parameters;
mod records;
mod stack_events;
mod stacks;
mod values;

pub use builder::FakeParallelClusterBuilder;

use super::exchange::{Reply, status};
use super::imitation::{Images, Imitation, Route, lock};
use super::numbers;
use super::server::FakeServer;
use super::sigv4::Verifier;
use crate::auth::SigV4;
use crate::client::ClientBuilder;
use crate::parallelcluster::Client;
use crate::parallelcluster::types::DescribeImageResponseContent;
use builder::Settings;
use serde_json::json;
use stacks::Region;
use std::collections::HashMap;
use std::sync::Mutex;
use wiremock::Request;

/// The version of ParallelCluster whose server is imitated.
const VERSION: &str = "3.16.1";

/// A server that behaves like the ParallelCluster API behind API Gateway.
///
/// Signatures are verified: credential scope, signed headers, hash of the body, session token and time, which may
/// be five minutes off. A wrong signature gets the 403 of API Gateway, and so does an unknown path.
///
/// It has the image of the document's example, `custom-image`, the generated images `img-0001` and on, running
/// builds (`building-001` ...), failed builds (`failed-001` ...), and your own. Lists of `PENDING` and `FAILED`
/// images page over all stacks, so some pages are empty and still have a token. A token that was altered gets a
/// 500. A build is complete after it has been described a few times.
///
/// Every region has its own images. Those that you add are in the region that they name; the others are in the
/// region of the server. The status of an image that you add decides whether it is available (`BUILD_COMPLETE`),
/// being built, failed or being deleted.
///
/// ```
/// use cloud_images::testing::FakeParallelCluster;
/// use futures::TryStreamExt;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> cloud_images::Result<()> {
/// let server = FakeParallelCluster::builder().images(250).pending(60).start().await;
/// let images = server.client().image_operations();
///
/// let available = images.list_images("AVAILABLE").await?;
/// assert_eq!(available.images.len(), 251);
/// assert!(images.list_images("PENDING").await?.images.is_empty()); // of the first page
/// let pending: Vec<_> = images.list_images("PENDING").items().try_collect().await?;
/// assert_eq!(pending.len(), 60);
/// # Ok(()) }
/// ```
pub type FakeParallelCluster = FakeServer<Api>;

impl FakeParallelCluster {
    /// Adds an event with the current time to a log stream of an image or a cluster. Creates the stream if it does
    /// not exist.
    ///
    /// ```
    /// use cloud_images::testing::FakeParallelCluster;
    /// use futures::TryStreamExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> cloud_images::Result<()> {
    /// let server = FakeParallelCluster::start().await;
    /// server.append_log("custom-image", "plain", "one line");
    /// let log = server.client().image_logs().get_image_log_events("custom-image", "plain");
    /// let event = log.follow().try_next().await?;
    /// assert_eq!(event.map(|event| event.message).as_deref(), Some("one line"));
    /// # Ok(()) }
    /// ```
    pub fn append_log(&self, owner: &str, stream: &str, text: &str) {
        let api = self.imitation();
        api.with_region(&api.region, |held| held.logs.append(owner, stream, text));
    }

    /// The current configuration of a cluster; `None` if the cluster does not exist.
    #[must_use]
    pub fn cluster_configuration(&self, name: &str) -> Option<String> {
        let api = self.imitation();
        api.with_region(&api.region, |held| {
            clusters::cluster(held, name).ok().map(|cluster| cluster.configuration.clone())
        })
    }
}

pub struct Api {
    verifier: Verifier,
    /// The region that requests are signed for.
    region: String,
    stage: String,
    stacks_per_page: usize,
    build_polls: u32,
    regions: Mutex<HashMap<String, Region>>,
}

impl Api {
    /// Works on the images and stacks of a region.
    fn with_region<T>(&self, name: &str, work: impl FnOnce(&mut Region) -> T) -> T {
        work(lock(&self.regions).entry(name.to_owned()).or_default())
    }
}

impl Imitation for Api {
    const NAME: &'static str = "FakeParallelCluster";
    const ROUTES: &'static [&'static [Route<Self>]] = &[
        custom_images::ROUTES,
        image_builds::ROUTES,
        official_images::ROUTES,
        clusters::ROUTES,
        compute_fleet::ROUTES,
        instances::ROUTES,
        logs::ROUTES,
        stack_events::ROUTES,
    ];

    type Client = Client;
    type Image = DescribeImageResponseContent;
    type Settings = Settings;

    fn new(settings: Settings, images: Images<DescribeImageResponseContent>) -> Self {
        let Settings { verifier, region, stage, pending, failed, clusters, other_stacks, .. } =
            settings;
        let mut own = Region::seed(images.generated, pending, failed, other_stacks);
        own.add_clusters(clusters);
        let mut regions = HashMap::from([(region.clone(), own)]);
        for image in &images.own {
            regions.entry(image.region.to_string()).or_default().add_image(image);
        }
        Self {
            verifier,
            region,
            stage,
            stacks_per_page: settings.stacks_per_page,
            build_polls: settings.build_polls,
            regions: Mutex::new(regions),
        }
    }

    fn client(&self, url: String) -> ClientBuilder<Client> {
        let auth = SigV4::new(self.region.as_str(), self.verifier.credentials());
        Client::builder().endpoint(url).auth(auth)
    }

    fn prefix(&self) -> &str {
        &self.stage
    }

    fn admit(&self, request: &Request) -> Result<(), Reply> {
        let refused = self.verifier.verify(request, &self.region, "execute-api");
        refused.map_err(|refusal| gateway(403, &refusal.message, refusal.error_type))
    }

    fn no_route(&self, _: &Request) -> Reply {
        gateway(403, "Missing Authentication Token", "MissingAuthenticationTokenException")
    }

    fn error(&self, _: &Request, code: u16) -> Reply {
        match code {
            403 => gateway(403, "Forbidden", "ForbiddenException"),
            429 => gateway(429, "Too Many Requests", "TooManyRequestsException"),
            502 => gateway(502, "Internal server error", "InternalServerErrorException"),
            504 => gateway(504, "Endpoint request timed out", "InternalServerErrorException"),
            _ => refusal(code, status(code).canonical_reason().unwrap_or("Error")),
        }
    }

    fn finish(&self, reply: Reply, number: u64) -> Reply {
        let gateway_id = format!("{}=", &numbers::hex(number, 15));
        reply
            .header("date", self.verifier.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string())
            .header("x-amzn-requestid", numbers::uuid(number))
            .header("x-amz-apigw-id", gateway_id)
    }
}

/// An error of API Gateway, in front of the service.
fn gateway(status: u16, message: &str, error_type: &str) -> Reply {
    refusal(status, message).header("x-amzn-errortype", error_type)
}

/// An error of the service.
fn refusal(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({ "message": message }))
}
