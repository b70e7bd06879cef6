//! The `Debug` of every public type, with the credentials inside. Which types there are, the snapshot of
//! the public API says: one that is not looked at here fails the test.

use super::{SECRETS, assert_debug_clean, bearer, clients, sigv4};
use crate::hostile::{Answer, Hostile, http};
use cloud_images::auth::{
    AkSk, ApiKey, Authenticate, Basic, Bearer, Credentials, Keystone, Refusal, Token, XAuthToken,
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

/// A type by its name and its API: `ims Client`. Where it is defined is not where it is found.
fn short(path: &str) -> String {
    let path = path.split(['<', '(', '{', ' ']).next().unwrap_or(path);
    let segments: Vec<_> = path.split("::").collect();
    let mut apis = ["computing", "ims", "parallelcluster"].into_iter();
    // The servers for tests have the API in their own name.
    let api = apis.find(|api| segments.contains(api) && !segments.contains(&"testing"));
    let name = segments[segments.len() - 1];
    api.map_or_else(|| name.to_owned(), |api| format!("{api} {name}"))
}

/// The modules whose types hold no credential: the catalogue reads images, and the clients of further clouds
/// are made by the generator that makes the three here.
const LEFT_OUT: [&str; 7] =
    ["catalog", "digitalocean", "hetzner", "hyperstack", "lambda", "linode", "vultr"];

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
struct Walk {
    seen: BTreeSet<String>,
}

impl Walk {
    #[track_caller]
    fn see<T: Debug>(&mut self, value: &T) {
        assert_debug_clean(value);
        self.seen.insert(short(type_name::<T>()));
    }
}

#[tokio::test]
async fn no_public_type_shows_the_credential_that_it_holds() {
    let mut walk = Walk::default();
    let server = echo().await;
    credentials(&mut walk);
    of_computing(&mut walk, &server).await;
    of_computing_requests(&mut walk, &server);
    of_ims(&mut walk, &server).await;
    of_ims_requests(&mut walk, &server);
    of_parallelcluster(&mut walk, &server).await;
    of_parallelcluster_requests(&mut walk, &server);
    of_testing(&mut walk).await;
    answers(&mut walk, &server).await;
    refusals(&mut walk).await;

    let known: BTreeSet<_> =
        walk.seen.into_iter().chain(WITHOUT_SECRETS.map(str::to_owned)).collect();
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

fn credentials(walk: &mut Walk) {
    let url = "https://localhost:1/v3";
    walk.see(&bearer());
    walk.see(&Bearer::from_fn(|| async { Ok(SECRETS[2].to_owned()) }));
    walk.see(&XAuthToken::new(SECRETS[2]));
    walk.see(&sigv4());
    walk.see(&AkSk::new("AKEXAMPLE", SECRETS[0]).security_token(SECRETS[1]));
    let login = Keystone::password(url).user("me", "Default");
    walk.see(&login);
    walk.see(&login.password(SECRETS[0]));
    walk.see(&Keystone::token(url, SECRETS[2]));
    let login = Keystone::application_credential(url).id("id");
    walk.see(&login);
    walk.see(&login.secret(SECRETS[0]));
    walk.see(&ApiKey::new("api-key", SECRETS[0]).unwrap());
    walk.see(&Basic::new("me", SECRETS[0]));
    walk.see(&Credentials::new("AKIDEXAMPLE", SECRETS[0]).session_token(SECRETS[1]));
    walk.see(&Token::new(SECRETS[2]));
}

async fn of_computing(walk: &mut Walk, server: &Hostile) {
    walk.see(&computing::Client::builder().auth(bearer()));
    let (client, ..) = clients(&server.url());
    walk.see(&client);
    walk.see(&client.image_operations());
    walk.see(&client.image_operations().list_images());
}

fn of_computing_requests(walk: &mut Walk, server: &Hostile) {
    let (client, _, _) = clients(&server.url());
    let authentication = client.authentication();
    walk.see(&authentication);
    walk.see(&authentication.login("me", SECRETS[0]));
    let types = client.instance_types();
    walk.see(&types);
    walk.see(&types.list_products());
    let instances = client.instances();
    walk.see(&instances);
    walk.see(&instances.create_instance("name", "type", "image", 7));
    walk.see(&instances.delete_instance("7"));
    walk.see(&instances.list_deleted_instances());
    walk.see(&instances.list_instances());
    walk.see(&instances.reboot_instance("7"));
    walk.see(&instances.show_instance("7"));
    walk.see(&instances.start_instance("7"));
    walk.see(&instances.stop_instance("7"));
    let keys = client.ssh_keys();
    walk.see(&keys);
    walk.see(&keys.create_ssh_key("name", "ssh-ed25519 AAAA"));
    walk.see(&keys.delete_ssh_key(7));
    walk.see(&keys.list_ssh_keys());
    walk.see(&keys.update_ssh_key(7, "name"));
}

async fn of_ims(walk: &mut Walk, server: &Hostile) {
    let (_, client, _) = clients(&server.url());
    walk.see(&client);
    walk.see(&client.image_data());
    walk.see(&client.image_members());
    walk.see(&client.image_operations());
    walk.see(&client.image_tags());
    walk.see(&client.schemas());
    walk.see(&client.versions());
    let list = client.image_operations().list_images();
    walk.see(&list.clone().items());
    let mut pages = list.pages();
    pages.try_next().await.unwrap();
    walk.see(&pages);
    walk.see(&client.image_operations().show_image("7").wait_until_active());
    walk.see(&Body::from(SECRETS[2]));
    walk.see(&Patch::new().name("seven"));
    walk.see(&Sort::ascending("name"));
    walk.see(&TimeFilter::since(chrono::DateTime::UNIX_EPOCH));
}

fn of_ims_requests(walk: &mut Walk, server: &Hostile) {
    let (_, client, _) = clients(&server.url());
    let data = client.image_data();
    walk.see(&data.download("7"));
    walk.see(&data.download_image_file("7"));
    walk.see(&data.upload_image_file("7", SECRETS[2]));
    let members = client.image_members();
    walk.see(&members.create_image_member("7", "member"));
    walk.see(&members.delete_image_member("7", "member"));
    walk.see(&members.list_image_members("7"));
    walk.see(&members.show_image_member("7", "member"));
    walk.see(&members.update_image_member("7", "member", "accepted"));
    let images = client.image_operations();
    walk.see(&images.create_image());
    walk.see(&images.deactivate_image("7"));
    walk.see(&images.delete_image("7"));
    walk.see(&images.list_images());
    walk.see(&images.reactivate_image("7"));
    walk.see(&images.show_image("7"));
    walk.see(&images.update_image("7", Patch::new()));
    walk.see(&client.image_tags().add_image_tag("7", "tag"));
    walk.see(&client.image_tags().delete_image_tag("7", "tag"));
    walk.see(&client.schemas().show_image_schema());
    walk.see(&client.schemas().show_images_schema());
    walk.see(&client.schemas().show_member_schema());
    walk.see(&client.schemas().show_members_schema());
    walk.see(&client.versions().list_versions());
    walk.see(&client.versions().show_version("v2"));
}

async fn of_parallelcluster(walk: &mut Walk, server: &Hostile) {
    let (.., client) = clients(&server.url());
    walk.see(&client);
    walk.see(&client.cluster_compute_fleet());
    walk.see(&client.cluster_instances());
    walk.see(&client.cluster_logs());
    walk.see(&client.cluster_operations());
    walk.see(&client.image_logs());
    walk.see(&client.image_operations());
    walk.see(&client.image_logs().get_image_log_events("i", "stream").follow());
    // A configuration may have a password in it, and is shown by its size.
    walk.see(&Configuration::from(SECRETS[0]));
    walk.see(&DryRun::default());
    walk.see(&LogStreamFilter::HeadNode);

    let list = || client.image_operations().list_images("AVAILABLE");
    walk.see(&list().in_regions(["us-east-1"]));
    let (.., nowhere) = clients("http://127.0.0.1:1");
    let list = nowhere.image_operations().list_images("AVAILABLE");
    let outcome = list.in_regions(["us-east-1"]).next().await;
    walk.see(&outcome.unwrap().unwrap_err());
    let fake = FakeParallelCluster::start().await;
    let list = fake.client().image_operations().list_images("AVAILABLE");
    let found: InRegion<_> = list.in_regions(["us-east-1"]).try_next().await.unwrap().unwrap();
    walk.see(&found);
    let password = "Region: r\nImage:\nHeadNode:\nScheduling:\n  Key: HIDDEN-SECRET-KEY\n";
    fake.client().cluster_operations().create_cluster("cluster", password).await.unwrap();
    walk.see(&fake);
}

fn of_parallelcluster_requests(walk: &mut Walk, server: &Hostile) {
    let (.., client) = clients(&server.url());
    let fleet = client.cluster_compute_fleet();
    walk.see(&fleet.describe_compute_fleet("c"));
    walk.see(&fleet.update_compute_fleet("c", "STOP_REQUESTED"));
    walk.see(&client.cluster_instances().delete_cluster_instances("c"));
    walk.see(&client.cluster_instances().describe_cluster_instances("c"));
    let logs = client.cluster_logs();
    walk.see(&logs.get_cluster_log_events("c", "stream"));
    walk.see(&logs.get_cluster_stack_events("c"));
    walk.see(&logs.list_cluster_log_streams("c"));
    let clusters = client.cluster_operations();
    walk.see(&clusters.create_cluster("c", SECRETS[0]));
    walk.see(&clusters.delete_cluster("c"));
    walk.see(&clusters.describe_cluster("c"));
    walk.see(&clusters.list_clusters());
    walk.see(&clusters.update_cluster("c", SECRETS[0]));
    let logs = client.image_logs();
    walk.see(&logs.get_image_log_events("i", "stream"));
    walk.see(&logs.get_image_stack_events("i"));
    walk.see(&logs.list_image_log_streams("i"));
    let images = client.image_operations();
    walk.see(&images.build_image("i", SECRETS[0]));
    // And what is sent of it.
    let content = format!("{{\"imageId\": \"i\", \"imageConfiguration\": \"{}\"}}", SECRETS[0]);
    let content: types::BuildImageRequestContent = serde_json::from_str(&content).unwrap();
    assert_debug_clean(&content);
    assert!(format!("{content:?}").contains("image_id: \"i\""), "{content:?}");
    walk.see(&images.delete_image("i"));
    walk.see(&images.describe_image("i"));
    walk.see(&images.list_images("AVAILABLE"));
    walk.see(&images.list_official_images());
}

/// The servers for tests see credentials arrive.
async fn of_testing(walk: &mut Walk) {
    walk.see(&FakeComputing::builder());
    walk.see(&FakeIms::builder());
    walk.see(&FakeParallelCluster::builder());
    walk.see(&FakeParallelCluster::start().await);
    walk.see(&FakeIms::start().await);
    let server = FakeComputing::start().await;
    let client = server.client_builder().auth(bearer()).build().unwrap();
    client.image_operations().list_images().await.unwrap_err();
    walk.see(&server);
    walk.see(&server.requests()[0]);
    walk.see(&Fault::status(503));
}

/// What came back, from a service that repeats the credential.
async fn answers(walk: &mut Walk, server: &Hostile) {
    let (gpu, glance, cluster) = clients(&server.url());
    let answer = glance.image_operations().list_images().send().await.unwrap();
    assert!(answer.headers().contains_key("x-echo"));
    walk.see(&answer);
    assert_debug_clean(answer.headers());
    walk.see(&gpu.image_operations().list_images().send().await.unwrap());
    let answer = cluster.image_operations().list_images("AVAILABLE").send().await.unwrap();
    assert_debug_clean(answer.headers());
    let answer = glance.image_data().download_image_file("7").send().await.unwrap();
    assert_debug_clean(answer.headers());
    walk.see(&answer);
    walk.see(answer.body());
    walk.see(&glance.image_data().download("7").stream().await.unwrap());
    walk.see(&cloud_images::RetryPolicy::default());
}

/// A credential of the user's own, which looks at what it is told.
#[derive(Debug)]
struct Told;

impl Authenticate for Told {
    fn authenticate<'a>(&'a self, request: &'a mut reqwest::Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { bearer().authenticate(request).await })
    }

    fn refused<'a>(&'a self, refusal: &'a Refusal<'a>) -> BoxFuture<'a, bool> {
        assert!(refusal.carried(SECRETS[2]));
        assert_debug_clean(refusal);
        Box::pin(async { false })
    }
}

async fn refusals(walk: &mut Walk) {
    let server =
        super::echo("401 Unauthorized", |head| format!("{{\"message\": \"{head}\"}}")).await;
    let client = computing::Client::builder().endpoint(server.url()).auth(Told);
    let client = client.observer(|attempt| assert_debug_clean(attempt)).build().unwrap();
    walk.see(&client.image_operations().list_images().await.unwrap_err());
    // Seen above, by those who are told of them.
    walk.seen.insert(short(type_name::<Refusal<'_>>()));
    walk.seen.insert(short(type_name::<cloud_images::Attempt<'_>>()));
}
