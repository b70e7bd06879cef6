//! Locks against sources that change.

use crate::shelf::{Content, Shelf, image};
use cloud_images::ErrorKind;
use cloud_images::catalog::{Catalog, Drift, Lock, Policy, Publisher, Status};

const CANONICAL: &str = "099720109477";

async fn locked() -> (Catalog, Shelf, Lock) {
    let mut first = image("ami-1", "ubuntu-24.04-amd64", CANONICAL, 1);
    first.hash = Some("sha512:aa".into());
    let shelf = Shelf::of([first]);
    let catalog = Catalog::new().add("prod", shelf.clone());
    let query = "ubuntu=24.04 status=available from=canonical".parse().unwrap();
    let lock = catalog.lock(&query, Policy::latest()).await.unwrap();
    (catalog, shelf, lock)
}

async fn drift_after(change: impl FnOnce(&mut Content)) -> Vec<Drift> {
    let (catalog, shelf, lock) = locked().await;
    shelf.change(change);
    // The file is what is read tomorrow.
    let lock: Lock = lock.to_string().parse().unwrap();
    let mut checked = lock.check(&catalog).await;
    assert_eq!(checked.len(), 1);
    checked.remove(0).drift
}

#[tokio::test]
async fn each_drift_is_recognised() {
    assert_eq!(drift_after(|_| ()).await, []);
    assert_eq!(drift_after(|content| content.listed.clear()).await, [Drift::Gone]);
    let hide = |content: &mut Content| content.hidden.append(&mut content.listed);
    assert_eq!(drift_after(hide).await, [Drift::Hidden]);
    let disable = |content: &mut Content| content.listed[0].status = Some(Status::Disabled);
    assert_eq!(drift_after(disable).await, [Drift::Hidden]);
    let since = "2026-02-01T00:00:00Z".parse().unwrap();
    let deprecate = |content: &mut Content| content.listed[0].deprecated = Some(since);
    assert_eq!(drift_after(deprecate).await, [Drift::Deprecated { since }]);
    let change = |content: &mut Content| content.listed[0].hash = Some("sha512:bb".into());
    let expected = Drift::ContentChanged { locked: "sha512:aa".into(), now: "sha512:bb".into() };
    assert_eq!(drift_after(change).await, [expected]);
    let sell = |content: &mut Content| content.listed[0].owner = Some("666".into());
    let expected = Drift::OwnerChanged { locked: CANONICAL.into(), now: "666".into() };
    assert_eq!(drift_after(sell).await, [expected]);
}

#[tokio::test]
async fn only_a_newer_image_of_the_publisher_is_newer() {
    let newer = |owner: &'static str| {
        move |content: &mut Content| {
            content.listed.push(image("ami-2", "ubuntu-24.04-amd64", owner, 2));
        }
    };
    let created = "2026-01-02T00:00:00Z".parse().unwrap();
    let expected = Drift::Newer { id: "ami-2".into(), created };
    assert_eq!(drift_after(newer(CANONICAL)).await, [expected]);
    assert_eq!(drift_after(newer("666666666666")).await, []);
}

#[tokio::test]
async fn a_newer_image_of_a_publisher_of_ones_own_is_newer() {
    let shelf = Shelf::of([image("ami-1", "golden-debian-12", "123456789012", 1)]);
    let catalog = Catalog::new().add("prod", shelf.clone());
    let ours = Publisher::new("canonical").account("aws", "123456789012").account("otc", "4f1a");
    let lock = catalog.find("debian".parse().unwrap()).from(ours).lock(Policy::latest()).await;
    let lock = lock.unwrap().to_string();
    assert!(lock.contains("distribution=debian from=aws/123456789012,otc/4f1a"), "{lock}");
    shelf.change(|content| {
        content.listed.push(image("ami-2", "golden-debian-12", "123456789012", 2));
        content.listed.push(image("ami-3", "golden-debian-12", CANONICAL, 3));
    });
    let checked = lock.parse::<Lock>().unwrap().check(&catalog).await;
    let created = "2026-01-02T00:00:00Z".parse().unwrap();
    assert_eq!(checked[0].drift, [Drift::Newer { id: "ami-2".into(), created }]);
}

#[tokio::test]
async fn an_outage_is_never_gone() {
    let outage = |content: &mut Content| {
        content.listed.clear();
        content.fails = true;
    };
    assert_eq!(drift_after(outage).await, [Drift::Unknown]);
    let (_, _, lock) = locked().await;
    let checked = lock.check(&Catalog::new()).await;
    assert_eq!(checked[0].drift, [Drift::Unknown]);
}

#[tokio::test]
async fn a_lock_needs_somebody_to_trust() {
    let (catalog, _, lock) = locked().await;
    let error = catalog.lock(&"ubuntu".parse().unwrap(), Policy::latest()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let owner = format!("ubuntu owner={CANONICAL}").parse().unwrap();
    let by_owner = catalog.lock(&owner, Policy::latest()).await.unwrap();
    assert_eq!(by_owner.entries()[0].id, lock.entries()[0].id);
    let any_owner = "ubuntu owner=*".parse().unwrap();
    assert!(catalog.lock(&any_owner, Policy::latest()).await.is_err());
}
