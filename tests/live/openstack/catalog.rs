//! The catalogue over real Glance: queries, strangers' look-alikes, and locks.

use super::harness::{Plain, Servers, raw, servers, unique};
use cloud_images::catalog::{Catalog, Drift, Image, Lock, Policy, Publisher, Query, sources::Ims};
use cloud_images::ims::types::{self, JsonPatchOperation};
use cloud_images::ims::{Client, Patch};
use futures::TryStreamExt;
use serde_json::json;
use std::collections::BTreeSet;

/// An image with data of a name that others may have, too.
async fn golden(client: &Client, name: &str, visibility: &str) -> String {
    let request = raw(client, name).name(name).visibility(visibility);
    let image = request.await.unwrap();
    client.image_data().upload_image_file(&*image.id, name.to_owned()).await.unwrap();
    image.id
}

async fn catalog(servers: &Servers) -> (Catalog, String) {
    let project = Plain::login(servers, "demo").await.id("project");
    let source = Ims::new(servers.client("demo")).region("RegionOne").account(&project);
    (Catalog::new().add("glance", source), project)
}

fn ids(images: &[Image]) -> Vec<&str> {
    images.iter().map(|image| image.id.as_str()).collect()
}

#[tokio::test]
async fn a_query_gives_what_filtering_the_list_by_hand_gives() {
    let servers = servers!();
    let (catalog, project) = catalog(&servers).await;
    let raw: Vec<types::Image> = servers
        .client("demo")
        .image_operations()
        .list_images()
        .items()
        .try_collect()
        .await
        .unwrap();
    type ByHand<'p> = Box<dyn Fn(&types::Image) -> bool + 'p>;
    let since = "2024-01-01T02:00:00Z".parse().unwrap();
    let cases: [(&str, ByHand<'_>); 5] = [
        ("status=available", Box::new(|image| image.status == Some("active".into()))),
        ("visibility=public", Box::new(|image| image.visibility == Some("public".into()))),
        ("name=dup-name", Box::new(|image| image.name.as_deref() == Some("dup-name"))),
        (
            "owner=PROJECT status!=available",
            Box::new(|image| {
                image.owner.as_deref() == Some(&project) && image.status != Some("active".into())
            }),
        ),
        ("created>=2024-01-01T02:00:00Z", Box::new(|image| image.created_at >= Some(since))),
    ];
    for (query, by_hand) in cases {
        let query = query.replace("PROJECT", &project);
        let found: Vec<Image> = catalog.find(query.parse().unwrap()).try_collect().await.unwrap();
        let expected: BTreeSet<&str> =
            raw.iter().filter(|image| by_hand(image)).map(|image| image.id.as_str()).collect();
        assert_eq!(ids(&found).into_iter().collect::<BTreeSet<_>>(), expected, "{query}");
        assert!(!found.is_empty(), "{query}");
    }
}

#[tokio::test]
async fn what_glance_checks_makes_no_difference() {
    let servers = servers!();
    let (catalog, project) = catalog(&servers).await;
    let find = async |query: &str| {
        let found = catalog.find(query.parse().unwrap());
        found.try_collect::<Vec<Image>>().await.unwrap()
    };
    let all = find("").await;
    let owner = format!("owner={project}");
    let terms = [
        "status=available",
        "status!=available",
        "visibility=public",
        "visibility=private",
        "visibility=private,shared",
        &owner,
        "name=dup-name",
        "name=*u*",
        "created>=2024-01-01T02:00:00Z",
        "created<2024-01-01T02:00:00Z",
        "ubuntu",
    ];
    for (place, term) in terms.iter().enumerate() {
        for other in &terms[place..] {
            let query = format!("{term} {other}");
            let parsed: Query = query.parse().unwrap();
            let expected: BTreeSet<&str> = all
                .iter()
                .filter(|image| parsed.matches(image))
                .map(|image| image.id.as_str())
                .collect();
            let found = find(&query).await;
            assert_eq!(ids(&found).into_iter().collect::<BTreeSet<_>>(), expected, "{query}");
        }
    }
}

#[tokio::test]
async fn a_planted_look_alike_is_never_chosen() {
    let servers = servers!();
    let (catalog, project) = catalog(&servers).await;
    let (demo, alt) = (servers.client("demo"), servers.client("alt"));
    let name = unique("ubuntu-noble-24.04-amd64-server");
    let ours = golden(&demo, &name, "private").await;
    let shared = golden(&alt, &name, "shared").await;
    alt.image_members().create_image_member(&*shared, &*project).await.unwrap();
    demo.image_members().update_image_member(&*shared, &*project, "accepted").await.unwrap();
    let community = golden(&alt, &name, "community").await;

    let us = || Publisher::new("us").account("openstack", &*project);
    for visibility in ["", " visibility=private,shared,community"] {
        let query = format!("ubuntu=24.04 arch=x86_64 name={name}{visibility}");
        let find = || catalog.find(query.parse().unwrap());
        let newest = find().any_publisher("to see what is planted").latest().await.unwrap();
        let planted = if visibility.is_empty() { &shared } else { &community };
        // The dates are of whole seconds: of two in one second, either id may be the larger.
        assert!(ids(&newest).contains(&planted.as_str()) || newest[0].created == newest[0].updated);
        for publisher in [us(), Publisher::this_project()] {
            let chosen = find().from(publisher).latest().await.unwrap();
            assert_eq!(ids(&chosen), [ours.as_str()], "{query}");
        }
        assert_eq!(find().from(us()).one().await.unwrap().id, ours);
    }
    for (client, id) in [(&demo, ours), (&alt, shared), (&alt, community)] {
        client.image_operations().delete_image(id).await.unwrap();
    }
}

async fn drift(lock: &Lock, catalog: &Catalog) -> Vec<Drift> {
    // The file is what is read tomorrow.
    let lock: Lock = lock.to_string().parse().unwrap();
    let mut checked = lock.check(catalog).await;
    assert_eq!(checked.len(), 1);
    checked.remove(0).drift
}

#[tokio::test]
async fn each_drift_is_recognised() {
    let servers = servers!();
    let (catalog, project) = catalog(&servers).await;
    let (demo, admin) = (servers.client("demo"), servers.client("admin"));
    let images = demo.image_operations();
    let name = unique("debian-12-amd64");
    let id = golden(&demo, &name, "private").await;
    let query = format!("debian=12 name={name} from=this-project").parse().unwrap();
    let lock = catalog.lock(&query, Policy::latest()).await.unwrap();
    assert_eq!(lock.entries()[0].id, id);
    assert!(lock.entries()[0].hash.as_deref().unwrap().starts_with("sha512:"));
    assert_eq!(drift(&lock, &catalog).await, []);

    images.update_image(&*id, Patch::new().os_hidden(true)).await.unwrap();
    assert_eq!(drift(&lock, &catalog).await, [Drift::Hidden]);
    images.update_image(&*id, Patch::new().os_hidden(false)).await.unwrap();
    admin.image_operations().deactivate_image(&*id).await.unwrap();
    assert_eq!(drift(&lock, &catalog).await, [Drift::Hidden]);
    admin.image_operations().reactivate_image(&*id).await.unwrap();

    // The same by a publisher of one's own, with accounts in two clouds.
    let us = Publisher::new("us").account("openstack", &*project).account("aws", "123456789012");
    let find = catalog.find(format!("debian=12 name={name}").parse().unwrap());
    let by_us = find.from(us).lock(Policy::latest()).await.unwrap();
    assert_eq!(drift(&by_us, &catalog).await, []);

    // Dates are of whole seconds.
    let newer = loop {
        let newer = golden(&demo, &name, "private").await;
        let found = drift(&lock, &catalog).await;
        if let [Drift::Newer { id, .. }] = &*found {
            assert_eq!(*id, newer);
            assert_eq!(drift(&by_us, &catalog).await, found);
            break newer;
        }
        assert_eq!(found, []);
        images.delete_image(newer).await.unwrap();
    };
    images.delete_image(newer).await.unwrap();

    // Other content under the same id: Glance does not allow it, so the lock is of other content.
    let (hash, other) = (lock.entries()[0].hash.clone().unwrap(), "sha512:00");
    let tampered: Lock = lock.to_string().replace(hash.as_str(), other).parse().unwrap();
    let expected = Drift::ContentChanged { locked: other.to_owned(), now: hash.to_string() };
    assert_eq!(drift(&tampered, &catalog).await, [expected]);

    // An outage: no login.
    let down = Client::builder()
        .endpoint("http://127.0.0.1:1")
        .auth(cloud_images::auth::XAuthToken::new("none"))
        .build()
        .unwrap();
    let down = Catalog::new().add("glance", Ims::new(down).region("RegionOne").account(&project));
    assert_eq!(drift(&lock, &down).await, [Drift::Unknown]);

    let stranger = Plain::login(&servers, "alt").await.id("project");
    let give = JsonPatchOperation::replace("/visibility", json!("community"));
    images.update_image(&*id, vec![give]).await.unwrap();
    let give = JsonPatchOperation::replace("/owner", json!(stranger));
    admin.image_operations().update_image(&*id, vec![give]).await.unwrap();
    let changed = Drift::OwnerChanged { locked: project.into(), now: stranger.into() };
    assert_eq!(drift(&lock, &catalog).await, [Drift::Hidden, changed]);

    admin.image_operations().delete_image(&*id).await.unwrap();
    assert_eq!(drift(&lock, &catalog).await, [Drift::Gone]);
}
