//! A server that behaves like the image operations of EC2 and the parameters of SSM.

mod attributes;
mod builder;
mod creation;
mod filters;
mod form;
mod image;
mod images;
mod lifecycle;
mod pages;
mod parameters;
mod places;
mod recycle_bin;
mod refusal;
mod region;
mod seed;
mod snapshots;
mod tags;
mod xml;

pub use builder::FakeEc2Builder;

use super::exchange::{Call, Outcome, Reply, header};
use super::imitation::{Images, Imitation, Route, lock};
use super::numbers;
use super::server::FakeServer;
use super::sigv4::Verifier;
use crate::auth::SigV4;
use crate::client::ClientBuilder;
use crate::ec2::{self, Client};
use builder::Settings;
use form::Form;
use refusal::Refusal;
use region::{Here, Region};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use wiremock::Request;

/// The account that the credentials of the server belong to.
const ACCOUNT: &str = "123456789012";

/// A server that behaves like the image operations of EC2 and the parameters of SSM, both at one address.
///
/// It verifies signatures, and takes the region of a request from its credential scope. Errors have the codes of
/// the service: a missing resource is a 400, throttling a 503, and a dry run that would succeed a 412. Filters
/// apply after a page is taken, so a page can be empty and still have a token.
///
/// It has a few images of Canonical, Debian and Amazon with the parameters that name them, images of this account
/// and one that another account shares with it, generated ones, and your own. An unrelated account offers newer
/// images with the names of Canonical's and Debian's: a program that chooses by name gets these.
///
/// Images can be registered, copied, changed, shared, deprecated, disabled, protected, deregistered and restored
/// from the recycle bin. A copy is `pending` for the first [`copy_polls`](FakeEc2Builder::copy_polls) requests that
/// describe it.
///
/// An image of your own belongs to the account `123456789012` unless its `imageOwnerId` says otherwise; a private
/// one of another account counts as shared with it. If it has no block devices, it gets a snapshot.
///
/// ```
/// use cloud_images::testing::FakeEc2;
/// use futures::TryStreamExt;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let golden = serde_json::from_str(
///     r#"{"imageId": "ami-0123456789abcdef0", "name": "golden", "creationDate": "2026-01-31T08:00:00.000Z"}"#,
/// )?;
/// let server = FakeEc2::builder().images(300).image(golden).start().await;
/// let own: Vec<_> = server.client().images().describe_images().owner("self").items().try_collect().await?;
/// assert!(own.iter().any(|image| image.name.as_deref() == Some("golden")));
/// # Ok(()) }
/// ```
pub type FakeEc2 = FakeServer<Api>;

impl FakeEc2 {
    /// Fails an image, which is then in the state `failed` with this reason.
    ///
    /// Nothing happens if the region of the server has no such image.
    pub fn fail_image(&self, id: &str, reason: &str) {
        let api = self.imitation();
        let mut regions = lock(&api.regions);
        let region = regions.get_mut(&api.region);
        if let Some(image) = region.and_then(|region| region.images.get_mut(id)) {
            image.fail(reason);
        }
    }
}

pub struct Api {
    verifier: Verifier,
    /// The region of the server's own client.
    region: String,
    regions: Mutex<BTreeMap<String, Region>>,
    copy_polls: u32,
    created: AtomicU64,
    answered: AtomicU64,
}

impl Api {
    fn auth(&self) -> SigV4 {
        SigV4::new(self.region.as_str(), self.verifier.credentials())
    }

    /// The answer to an action of EC2, as XML.
    fn answer(
        &self,
        call: &Call<'_>,
        work: impl FnOnce(&mut Here<'_>, &Form) -> Result<Value, Refusal>,
    ) -> Outcome {
        let form = Form::of(&call.request.body);
        if form.text("Version") != Some("2016-11-15") {
            return Err(self.refuse(call.request, &Refusal::missing("Version")));
        }
        let answer = self.within(call.request, |here| work(here, &form));
        let answer = answer.map_err(|refusal| self.refuse(call.request, &refusal))?;
        let id = self.request_id();
        let action = form.text("Action").unwrap_or_default();
        let text = xml::answer(action, &id, answer.as_object().unwrap_or(&serde_json::Map::new()));
        Ok(Reply::new(200, "text/xml;charset=UTF-8", text).header("x-amzn-requestid", id))
    }

    /// The answer to an action of SSM, as JSON.
    fn answer_json(
        &self,
        call: &Call<'_>,
        work: impl FnOnce(&mut Here<'_>, &Value) -> Result<Value, Refusal>,
    ) -> Outcome {
        let sent = serde_json::from_slice(&call.request.body).unwrap_or_default();
        let answer = self.within(call.request, |here| work(here, &sent));
        let answer = answer.map_err(|refusal| self.refuse(call.request, &refusal))?;
        let reply = Reply::new(200, "application/x-amz-json-1.1", answer.to_string());
        Ok(reply.header("x-amzn-requestid", self.request_id()))
    }

    /// Works in the region of a request.
    fn within<T>(&self, request: &Request, work: impl FnOnce(&mut Here<'_>) -> T) -> T {
        let mut regions = lock(&self.regions);
        let region = scope(request).map_or(self.region.as_str(), |(region, _)| region);
        work(&mut Here {
            regions: &mut regions,
            region,
            copy_polls: self.copy_polls,
            created: &self.created,
        })
    }

    fn refuse(&self, request: &Request, refusal: &Refusal) -> Reply {
        let id = self.request_id();
        let Refusal { status, code, message } = refusal;
        let reply = if is_ssm(request) {
            // A missing parameter is an error without a text.
            let mut body = json!({ "__type": code });
            if !message.is_empty() {
                body["message"] = message.as_str().into();
            }
            Reply::new(*status, "application/x-amz-json-1.1", body.to_string())
        } else {
            Reply::new(*status, "text/xml;charset=UTF-8", xml::error(code, message, &id))
        };
        reply.header("x-amzn-requestid", id)
    }

    fn request_id(&self) -> String {
        numbers::uuid(self.answered.fetch_add(1, Ordering::Relaxed))
    }
}

/// The region and the service that a request is signed for.
fn scope(request: &Request) -> Option<(&str, &str)> {
    let value = header(&request.headers, "authorization")?;
    let mut parts = value.split_once("Credential=")?.1.split('/').skip(2);
    Some((parts.next()?, parts.next()?))
}

fn is_ssm(request: &Request) -> bool {
    request.headers.contains_key("x-amz-target")
}

impl Imitation for Api {
    const NAME: &'static str = "FakeEc2";
    const ROUTES: &'static [&'static [Route<Self>]] = &[
        images::ROUTES,
        attributes::ROUTES,
        creation::ROUTES,
        lifecycle::ROUTES,
        recycle_bin::ROUTES,
        snapshots::ROUTES,
        tags::ROUTES,
        places::ROUTES,
        parameters::ROUTES,
    ];

    type Client = Client;
    type Image = ec2::types::Image;
    type Settings = Settings;

    fn new(settings: Settings, images: Images<ec2::types::Image>) -> Self {
        let Settings { verifier, region, more_regions, images_elsewhere, parameters, copy_polls } =
            settings;
        let mut regions = BTreeMap::new();
        for name in std::iter::once(&region).chain(&more_regions) {
            let mut place = seed::region(name, images.generated);
            for (parameter, value) in &parameters {
                place.put_parameter(parameter, value);
            }
            regions.insert(name.clone(), place);
        }
        let own = images.own.into_iter().map(|image| (region.clone(), image));
        for (name, image) in own.chain(images_elsewhere) {
            regions.entry(name).or_default().add_given(&image);
        }
        Self {
            verifier,
            region,
            regions: Mutex::new(regions),
            copy_polls,
            created: AtomicU64::new(0),
            answered: AtomicU64::new(0),
        }
    }

    fn client(&self, url: String) -> ClientBuilder<Client> {
        Client::builder().endpoint(url).auth(self.auth())
    }

    /// The action: of EC2 a parameter, of SSM a header.
    fn path<'a>(&self, request: &'a Request) -> Option<Cow<'a, str>> {
        let action = match header(&request.headers, "x-amz-target") {
            Some(target) => target.to_owned(),
            None => Form::of(&request.body).text("Action")?.to_owned(),
        };
        (request.url.path() == "/").then(|| format!("/{action}").into())
    }

    fn admit(&self, request: &Request) -> Result<(), Reply> {
        let service = if is_ssm(request) { "ssm" } else { "ec2" };
        let regions = lock(&self.regions);
        let signed = scope(request).map(|(region, _)| region);
        let region = signed.filter(|region| regions.contains_key(*region)).unwrap_or(&self.region);
        let Err(refusal) = self.verifier.verify(request, region, service) else { return Ok(()) };
        let (status, code) = match refusal.error_type {
            code if service == "ssm" => (400, code),
            "MissingAuthenticationTokenException" => (403, "MissingAuthenticationToken"),
            _ if refusal.message.contains("does not match the signature") => {
                (403, "SignatureDoesNotMatch")
            }
            _ => (401, "AuthFailure"),
        };
        let message = match code {
            "AuthFailure" => {
                "AWS was not able to validate the provided access credentials".to_owned()
            }
            _ => refusal.message,
        };
        Err(self.refuse(request, &Refusal::new(status, code, message)))
    }

    fn no_route(&self, request: &Request) -> Reply {
        let message = "The action is not valid for this web service.";
        let code = if is_ssm(request) { "UnknownOperationException" } else { "InvalidAction" };
        self.refuse(request, &Refusal::bad(code, message))
    }

    fn error(&self, request: &Request, status: u16) -> Reply {
        self.refuse(request, &Refusal::of_status(status, is_ssm(request)))
    }

    fn finish(&self, reply: Reply, _: u64) -> Reply {
        reply.header("date", self.verifier.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string())
    }
}
