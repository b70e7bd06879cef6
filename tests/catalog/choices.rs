//! Which image is chosen, and of whom.

use crate::shelf::{Shelf, image};
use cloud_images::ErrorKind;
use cloud_images::catalog::{Catalog, Image, Policy, Publisher, Status, publishers};
use std::time::Duration;

const CANONICAL: &str = "099720109477";

fn catalog(images: impl IntoIterator<Item = Image>) -> Catalog {
    Catalog::new().add("prod", Shelf::of(images))
}

fn ids(images: &[Image]) -> Vec<&str> {
    images.iter().map(|image| image.id.as_str()).collect()
}

#[tokio::test]
async fn a_newer_look_alike_of_a_stranger_is_never_chosen() {
    let catalog = catalog([
        image("ami-1", "ubuntu-noble-24.04-amd64-server-20260101", CANONICAL, 1),
        image("ami-2", "ubuntu-noble-24.04-amd64-server-20260102", CANONICAL, 2),
        image("ami-3", "ubuntu-noble-24.04-amd64-server-20260130", "666666666666", 30),
    ]);
    let query = || "ubuntu=24.04".parse().unwrap();
    let newest = catalog.find(query()).from(publishers::CANONICAL).latest().await.unwrap();
    assert_eq!(ids(&newest), ["ami-2"]);
    let anyone = catalog.find(query()).any_publisher("to see it").latest().await.unwrap();
    assert_eq!(ids(&anyone), ["ami-3"]);
}

#[tokio::test]
async fn the_newest_is_one_of_each_architecture_and_ties_go_by_id() {
    let mut disabled = image("ami-9", "debian-12-arm64", CANONICAL, 9);
    disabled.status = Some(Status::Disabled);
    let catalog = catalog([
        image("ami-2", "debian-12-amd64", CANONICAL, 2),
        image("ami-3", "debian-12-amd64", CANONICAL, 2),
        image("ami-1", "debian-12-arm64", CANONICAL, 1),
        disabled,
    ]);
    let find = || catalog.find("debian=12".parse().unwrap()).from(publishers::CANONICAL);
    assert_eq!(ids(&find().latest().await.unwrap()), ["ami-3", "ami-1"]);
    let day = Duration::from_secs(86_400);
    let error = find().choose(Policy::latest().minus(1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(
        error
            .to_string()
            .contains("`latest minus=1` chooses none of the 1 images in prod, eu-west-1, aarch64"),
        "{error}"
    );
    let error = find().choose(Policy::latest().min_age(day * 365_000)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn an_image_without_a_date_is_never_the_newest_of_several() {
    let undated = || image("ami-0", "debian-12-amd64", CANONICAL, 0);
    let find = |images: Vec<Image>| {
        catalog(images).find("debian".parse().unwrap()).from(publishers::CANONICAL)
    };
    assert_eq!(ids(&find(vec![undated()]).latest().await.unwrap()), ["ami-0"]);
    let dated = image("ami-1", "debian-12-amd64", CANONICAL, 1);
    let error = find(vec![undated(), dated]).latest().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.message().contains("ami-0") && error.message().contains("ami-1"), "{error}");
}

#[tokio::test]
async fn one_refuses_none_and_several() {
    let catalog = catalog([
        image("ami-1", "ubuntu-22.04-amd64", CANONICAL, 1),
        image("ami-2", "ubuntu-22.04-amd64", CANONICAL, 2),
        image("ami-3", "ubuntu-24.04-amd64", CANONICAL, 3),
    ]);
    let one = |query: &str| catalog.find(query.parse().unwrap()).from(publishers::CANONICAL).one();
    assert_eq!(one("ubuntu=24.04").await.unwrap().id, "ami-3");
    let none = one("ubuntu=26.04").await.unwrap_err();
    assert_eq!(none.kind(), ErrorKind::NotFound);
    assert!(none.message().contains("version=26.04, the image has 22.04"), "{none}");
    let several = one("ubuntu=22.04").await.unwrap_err();
    assert_eq!(several.kind(), ErrorKind::InvalidRequest);
    assert!(several.message().starts_with("2 images"), "{several}");
}

#[tokio::test]
async fn nothing_is_chosen_while_a_source_is_incomplete() {
    let debian = || image("ami-1", "debian-12-amd64", CANONICAL, 1);
    let catalog = catalog([debian()]).add("down", Shelf::of([debian()]).failing());
    let find = |query: &str| catalog.find(query.parse().unwrap()).from(publishers::CANONICAL);
    for error in [
        find("debian").latest().await.unwrap_err(),
        find("debian").one().await.unwrap_err(),
        find("ubuntu").one().await.unwrap_err(),
        find("debian").lock(Policy::latest()).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Server);
        assert!(error.to_string().contains("down"), "{error}");
    }
    assert_eq!(find("debian source=prod").latest().await.unwrap().len(), 1);
}

#[tokio::test]
async fn this_project_is_the_account_of_the_source() {
    let images = || [image("ours", "debian-12", "p1", 1), image("theirs", "debian-12", "p2", 2)];
    let known = Catalog::new().add("a", Shelf::of(images()).account("p1"));
    let find =
        |catalog: &Catalog| catalog.find("debian".parse().unwrap()).from(Publisher::this_project());
    assert_eq!(ids(&find(&known).latest().await.unwrap()), ["ours"]);
    let unknown = Catalog::new().add("a", Shelf::of(images()));
    let error = find(&unknown).latest().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
}
