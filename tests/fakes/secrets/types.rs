//! The `Debug` of every public type, with the credentials inside. Which types there are, the snapshot of
//! the public API says: one that is not looked at here fails the test.

use super::{SECRETS, assert_debug_clean, bearer, clients, sigv4};
use crate::hostile::{Answer, Hostile, http};
use cloud_images::auth::{
    AkSk, ApiKey, Authenticate, Basic, Bearer, Credentials, Keystone, Refusal, Region, Token,
    XAuthToken,
};
use cloud_images::ims::{Patch, Sort, TimeFilter};
use cloud_images::parallelcluster::{Configuration, DryRun, InRegion, LogStreamFilter, types};
use cloud_images::testing::{FakeComputing, FakeIms, FakeParallelCluster, Fault};
use cloud_images::{Body, BoxFuture, Result, computing};
use futures::{StreamExt, TryStreamExt};
use std::any::type_name;
use std::collections::BTreeSet;
use std::fmt::Debug;

const API: &str = include_str!("../../public-api.txt");

/// Types that hold nothing but numbers, times and names, and the one for what the caller wants to see.
const WITHOUT_SECRETS: [&str; 10] = [
    "Cursor",
    "Domain",
    "ErrorKind",
    "Properties",
    "Property",
    "RateLimit",
    "Text",
    "Trust",
    "Unreadable",
    "UnrecognizedValue",
];

/// Types that several APIs have in their modules.
const OF_SEVERAL: [&str; 3] = ["InRegion", "RegionError", "Regions"];

/// A type by its name and its API: `ims Client`. Where it is defined is not where it is found.
fn short(path: &str) -> String {
    let path = path.split(['<', '(', '{', ' ']).next().unwrap_or(path);
    let segments: Vec<_> = path.split("::").collect();
    let mut apis = ["computing", "ims", "parallelcluster"].into_iter();
    // The servers for tests have the API in their own name.
    let api = apis.find(|api| segments.contains(api) && !segments.contains(&"testing"));
    let name = segments[segments.len() - 1];
    let api = api.filter(|_| !OF_SEVERAL.contains(&name));
    api.map_or_else(|| name.to_owned(), |api| format!("{api} {name}"))
}

/// The modules whose types hold no credential: the catalogue reads images, and the clients of further clouds
/// are made by the generator that makes the three here.
const LEFT_OUT: [&str; 8] =
    ["catalog", "digitalocean", "ec2", "hetzner", "hyperstack", "lambda", "linode", "vultr"];

/// The same of modules within an API.
const PARTS_LEFT_OUT: [&str; 3] = ["cloudimages", "glance", "metadefs"];

/// The public types, but for what documents describe: bodies hold what the service said.
fn public() -> BTreeSet<String> {
    let lines = API.lines().map(|line| line.trim_start_matches("#[non_exhaustive] "));
    let types = lines.filter_map(|line| {
        ["pub struct ", "pub enum ", "pub union "].iter().find_map(|kind| line.strip_prefix(kind))
    });
    let of_documents =
        ["computing", "ims", "parallelcluster"].map(|api| format!("::{api}::types::"));
    types
        .filter(|path| !of_documents.iter().any(|part| path.contains(part)))
        .filter(|path| !path.split("::").nth(1).is_some_and(|module| LEFT_OUT.contains(&module)))
        .filter(|path| !path.split("::").nth(2).is_some_and(|part| PARTS_LEFT_OUT.contains(&part)))
        .map(short)
        .collect()
}

#[derive(Default)]
struct Shown {
    seen: BTreeSet<String>,
}

impl Shown {
    #[track_caller]
    fn see<T: Debug>(&mut self, value: &T) {
        assert_debug_clean(value);
        self.seen.insert(short(type_name::<T>()));
    }
}

#[tokio::test]
async fn no_public_type_shows_the_credential_that_it_holds() {
    let mut shown = Shown::default();
    let server = echo().await;
    credentials(&mut shown);
    of_computing(&mut shown, &server).await;
    of_computing_requests(&mut shown, &server);
    of_ims(&mut shown, &server).await;
    of_ims_requests(&mut shown, &server);
    of_parallelcluster(&mut shown, &server).await;
    of_parallelcluster_requests(&mut shown, &server);
    of_testing(&mut shown).await;
    answers(&mut shown, &server).await;
    refusals(&mut shown).await;

    let known: BTreeSet<_> =
        shown.seen.into_iter().chain(WITHOUT_SECRETS.map(str::to_owned)).collect();
    let forgotten: Vec<_> = public().difference(&known).cloned().collect();
    assert!(forgotten.is_empty(), "public types that this test does not look at: {forgotten:?}");
    let gone: Vec<_> = WITHOUT_SECRETS.iter().filter(|name| !public().contains(**name)).collect();
    assert!(gone.is_empty(), "no public types: {gone:?}");
}

/// Answers everything, and sends the credential back in headers.
async fn echo() -> Hostile {
    let body = r#"{"images": [], "status": "success", "data": {}, "events": [], "id": "7",
        "imageId": "i", "region": "r", "message": "m"}"#;
    Hostile::start(move |_, request| {
        let echoed = ["authorization", "x-auth-token", "x-amz-security-token"]
            .iter()
            .filter_map(|name| request.header(name))
            .map(|value| format!("x-echo: {value}\r\nset-cookie: {value}\r\n"))
            .collect::<String>();
        Answer::Keep(http("200 OK", &echoed, body))
    })
    .await
}

fn credentials(shown: &mut Shown) {
    let url = "https://localhost:1/v3";
    shown.see(&bearer());
    shown.see(&Bearer::from_fn(|| async { Ok(SECRETS[2].to_owned()) }));
    shown.see(&XAuthToken::new(SECRETS[2]));
    shown.see(&sigv4());
    shown.see(&AkSk::new("AKEXAMPLE", SECRETS[0]).security_token(SECRETS[1]));
    let login = Keystone::password(url).user("me", "Default");
    shown.see(&login);
    shown.see(&login.password(SECRETS[0]));
    shown.see(&Keystone::token(url, SECRETS[2]));
    let login = Keystone::application_credential(url).id("id");
    shown.see(&login);
    shown.see(&login.secret(SECRETS[0]));
    shown.see(&ApiKey::new("api-key", SECRETS[0]).unwrap());
    shown.see(&Basic::new("me", SECRETS[0]));
    shown.see(&Credentials::new("AKIDEXAMPLE", SECRETS[0]).session_token(SECRETS[1]));
    shown.see(&Token::new(SECRETS[2]));
    let region = Region::default();
    shown.see(&sigv4().regional("ec2", &region).unwrap().unwrap());
    shown.see(&region);
}

async fn of_computing(shown: &mut Shown, server: &Hostile) {
    shown.see(&computing::Client::builder().auth(bearer()));
    let (client, ..) = clients(&server.url());
    shown.see(&client);
    shown.see(&client.image_operations());
    shown.see(&client.image_operations().list_images());
}

fn of_computing_requests(shown: &mut Shown, server: &Hostile) {
    let (client, _, _) = clients(&server.url());
    let authentication = client.authentication();
    shown.see(&authentication);
    shown.see(&authentication.login("me", SECRETS[0]));
    let types = client.instance_types();
    shown.see(&types);
    shown.see(&types.list_products());
    let instances = client.instances();
    shown.see(&instances);
    shown.see(&instances.create_instance("name", "type", "image", 7));
    shown.see(&instances.delete_instance("7"));
    shown.see(&instances.list_deleted_instances());
    shown.see(&instances.list_instances());
    shown.see(&instances.reboot_instance("7"));
    shown.see(&instances.show_instance("7"));
    shown.see(&instances.start_instance("7"));
    shown.see(&instances.stop_instance("7"));
    let keys = client.ssh_keys();
    shown.see(&keys);
    shown.see(&keys.create_ssh_key("name", "ssh-ed25519 AAAA"));
    shown.see(&keys.delete_ssh_key(7));
    shown.see(&keys.list_ssh_keys());
    shown.see(&keys.update_ssh_key(7, "name"));
}

async fn of_ims(shown: &mut Shown, server: &Hostile) {
    let (_, client, _) = clients(&server.url());
    shown.see(&client);
    shown.see(&client.image_data());
    shown.see(&client.image_members());
    shown.see(&client.image_operations());
    shown.see(&client.image_tags());
    shown.see(&client.schemas());
    shown.see(&client.versions());
    let list = client.image_operations().list_images();
    shown.see(&list.clone().items());
    let mut pages = list.pages();
    pages.try_next().await.unwrap();
    shown.see(&pages);
    shown.see(&client.image_operations().show_image("7").wait_until_active());
    shown.see(&Body::from(SECRETS[2]));
    shown.see(&Patch::new().name("seven"));
    shown.see(&Sort::ascending("name"));
    shown.see(&TimeFilter::since(chrono::DateTime::UNIX_EPOCH));
}

fn of_ims_requests(shown: &mut Shown, server: &Hostile) {
    let (_, client, _) = clients(&server.url());
    let data = client.image_data();
    shown.see(&data.download("7"));
    shown.see(&data.download_image_file("7"));
    shown.see(&data.upload_image_file("7", SECRETS[2]));
    let members = client.image_members();
    shown.see(&members.create_image_member("7", "member"));
    shown.see(&members.delete_image_member("7", "member"));
    shown.see(&members.list_image_members("7"));
    shown.see(&members.show_image_member("7", "member"));
    shown.see(&members.update_image_member("7", "member", "accepted"));
    let images = client.image_operations();
    shown.see(&images.create_image());
    shown.see(&images.deactivate_image("7"));
    shown.see(&images.delete_image("7"));
    shown.see(&images.list_images());
    shown.see(&images.reactivate_image("7"));
    shown.see(&images.show_image("7"));
    shown.see(&images.update_image("7", Patch::new()));
    shown.see(&client.image_tags().add_image_tag("7", "tag"));
    shown.see(&client.image_tags().delete_image_tag("7", "tag"));
    shown.see(&client.schemas().show_image_schema());
    shown.see(&client.schemas().show_images_schema());
    shown.see(&client.schemas().show_member_schema());
    shown.see(&client.schemas().show_members_schema());
    shown.see(&client.versions().list_versions());
    shown.see(&client.versions().show_version("v2"));
}

async fn of_parallelcluster(shown: &mut Shown, server: &Hostile) {
    let (.., client) = clients(&server.url());
    shown.see(&client);
    shown.see(&client.cluster_compute_fleet());
    shown.see(&client.cluster_instances());
    shown.see(&client.cluster_logs());
    shown.see(&client.cluster_operations());
    shown.see(&client.image_logs());
    shown.see(&client.image_operations());
    shown.see(&client.image_logs().get_image_log_events("i", "stream").follow());
    // A configuration may have a password in it, and is shown by its size.
    shown.see(&Configuration::from(SECRETS[0]));
    shown.see(&DryRun::default());
    shown.see(&LogStreamFilter::HeadNode);

    let list = || client.image_operations().list_images("AVAILABLE");
    shown.see(&list().in_regions(["us-east-1"]));
    let (.., nowhere) = clients("http://127.0.0.1:1");
    let list = nowhere.image_operations().list_images("AVAILABLE");
    let outcome = list.in_regions(["us-east-1"]).next().await;
    shown.see(&outcome.unwrap().unwrap_err());
    let fake = FakeParallelCluster::start().await;
    let list = fake.client().image_operations().list_images("AVAILABLE");
    let found: InRegion<_> = list.in_regions(["us-east-1"]).try_next().await.unwrap().unwrap();
    shown.see(&found);
    let password = "Region: r\nImage:\nHeadNode:\nScheduling:\n  Key: HIDDEN-SECRET-KEY\n";
    fake.client().cluster_operations().create_cluster("cluster", password).await.unwrap();
    shown.see(&fake);
}

fn of_parallelcluster_requests(shown: &mut Shown, server: &Hostile) {
    let (.., client) = clients(&server.url());
    let fleet = client.cluster_compute_fleet();
    shown.see(&fleet.describe_compute_fleet("c"));
    shown.see(&fleet.update_compute_fleet("c", "STOP_REQUESTED"));
    shown.see(&client.cluster_instances().delete_cluster_instances("c"));
    shown.see(&client.cluster_instances().describe_cluster_instances("c"));
    let logs = client.cluster_logs();
    shown.see(&logs.get_cluster_log_events("c", "stream"));
    shown.see(&logs.get_cluster_stack_events("c"));
    shown.see(&logs.list_cluster_log_streams("c"));
    let clusters = client.cluster_operations();
    shown.see(&clusters.create_cluster("c", SECRETS[0]));
    shown.see(&clusters.delete_cluster("c"));
    shown.see(&clusters.describe_cluster("c"));
    shown.see(&clusters.list_clusters());
    shown.see(&clusters.update_cluster("c", SECRETS[0]));
    let logs = client.image_logs();
    shown.see(&logs.get_image_log_events("i", "stream"));
    shown.see(&logs.get_image_stack_events("i"));
    shown.see(&logs.list_image_log_streams("i"));
    let images = client.image_operations();
    shown.see(&images.build_image("i", SECRETS[0]));
    // And what is sent of it.
    let content = format!("{{\"imageId\": \"i\", \"imageConfiguration\": \"{}\"}}", SECRETS[0]);
    let content: types::BuildImageRequestContent = serde_json::from_str(&content).unwrap();
    assert_debug_clean(&content);
    assert!(format!("{content:?}").contains("image_id: \"i\""), "{content:?}");
    shown.see(&images.delete_image("i"));
    shown.see(&images.describe_image("i"));
    shown.see(&images.list_images("AVAILABLE"));
    shown.see(&images.list_official_images());
}

/// The servers for tests see credentials arrive.
async fn of_testing(shown: &mut Shown) {
    shown.see(&FakeComputing::builder());
    shown.see(&FakeIms::builder());
    shown.see(&FakeParallelCluster::builder());
    shown.see(&FakeParallelCluster::start().await);
    shown.see(&FakeIms::start().await);
    let server = FakeComputing::start().await;
    let client = server.client_builder().auth(bearer()).build().unwrap();
    client.image_operations().list_images().await.unwrap_err();
    shown.see(&server);
    shown.see(&server.requests()[0]);
    shown.see(&Fault::status(503));
}

/// What came back, from a service that repeats the credential.
async fn answers(shown: &mut Shown, server: &Hostile) {
    let (gpu, glance, cluster) = clients(&server.url());
    let answer = glance.image_operations().list_images().send().await.unwrap();
    assert!(answer.headers().contains_key("x-echo"));
    shown.see(&answer);
    assert_debug_clean(answer.headers());
    shown.see(&gpu.image_operations().list_images().send().await.unwrap());
    let answer = cluster.image_operations().list_images("AVAILABLE").send().await.unwrap();
    assert_debug_clean(answer.headers());
    let answer = glance.image_data().download_image_file("7").send().await.unwrap();
    assert_debug_clean(answer.headers());
    shown.see(&answer);
    shown.see(answer.body());
    shown.see(&glance.image_data().download("7").stream().await.unwrap());
    shown.see(&cloud_images::RetryPolicy::default());
}

/// A credential of the user's own, which looks at what it gets.
#[derive(Debug)]
struct Observing;

impl Authenticate for Observing {
    fn authenticate<'a>(&'a self, request: &'a mut reqwest::Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { bearer().authenticate(request).await })
    }

    fn refused<'a>(&'a self, refusal: &'a Refusal<'a>) -> BoxFuture<'a, bool> {
        assert!(refusal.carried(SECRETS[2]));
        assert_debug_clean(refusal);
        Box::pin(async { false })
    }
}

async fn refusals(shown: &mut Shown) {
    let server =
        super::echo("401 Unauthorized", |head| format!("{{\"message\": \"{head}\"}}")).await;
    let client = computing::Client::builder().endpoint(server.url()).auth(Observing);
    let client = client.observer(|attempt| assert_debug_clean(attempt)).build().unwrap();
    shown.see(&client.image_operations().list_images().await.unwrap_err());
    // Seen above, by those who get them.
    shown.seen.insert(short(type_name::<Refusal<'_>>()));
    shown.seen.insert(short(type_name::<cloud_images::Attempt<'_>>()));
}
