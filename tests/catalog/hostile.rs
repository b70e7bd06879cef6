//! Names of strangers: 100 kB, and full of what a terminal obeys.

use crate::shelf::{Shelf, image};
use cloud_images::catalog::{Catalog, Image, Lock, Machine, Policy, Publisher, Reading, Snapshot};
use futures::TryStreamExt;

const NAMES: [&str; 4] =
    ["ubuntu\u{1b}[2J\n", "\u{202e}\u{200b}22.04 ", "\r\0\u{7}", "日本語\u{e0041}"];

fn hostile() -> impl Iterator<Item = String> {
    NAMES
        .into_iter()
        .map(|part| format!("ubuntu-24.04-amd64 {}", part.repeat(100_000 / part.len())))
}

fn catalog(names: impl Iterator<Item = String>) -> Catalog {
    let images =
        (1..).zip(names).map(|(day, name)| image(&format!("\u{1b}{day}"), &name, "us", day));
    Catalog::new().add("s", Shelf::of(images))
}

fn is_clean(text: &str) -> bool {
    let obeyed = |character: char| {
        character.is_control()
            || matches!(character, '\u{200b}' | '\u{202e}' | '\u{e0000}'..='\u{e0fff}')
    };
    text.len() < 4000 && !text.contains(obeyed)
}

#[tokio::test]
async fn a_hostile_name_is_found_as_it_is() {
    let catalog = catalog(hostile());
    let found: Vec<Image> =
        catalog.find("ubuntu=24.04 arch=x86_64".parse().unwrap()).try_collect().await.unwrap();
    assert!(found.iter().map(|image| image.name.clone()).eq(hostile()));
    let snapshot = Snapshot::new(found);
    assert_eq!(snapshot.to_string().parse::<Snapshot>().unwrap(), snapshot);
    for image in snapshot.images() {
        assert!(is_clean(&image.display_name()));
        assert!(is_clean(&Machine::new().gpu(image.name.as_str()).fit(image).to_string()));
        assert_eq!(image.version, Some("24.04".parse().unwrap()));
    }
}

#[tokio::test]
async fn an_error_with_hostile_names_is_one_bounded_line() {
    let catalog = catalog(hostile());
    let find = |query: &str| catalog.find(query.parse().unwrap()).any_publisher("a test");
    for error in [
        find("ubuntu=24.04").one().await.unwrap_err(),
        find("ubuntu=26.04 name!=x").one().await.unwrap_err(),
        find("debian name=ubuntu*").latest().await.unwrap_err(),
        find("ubuntu").choose(Policy::latest().minus(99)).await.unwrap_err(),
    ] {
        assert!(is_clean(&error.to_string()), "{error:?}");
        assert!(error.to_string().contains("24.04") || error.to_string().contains("minus=99"));
    }
}

#[tokio::test]
async fn a_lock_of_a_hostile_name_is_clean_and_checked() {
    let catalog = catalog(hostile());
    let us = Publisher::new("us").account("aws", "us");
    let lock = catalog.find("ubuntu=24.04".parse().unwrap()).from(us).lock(Policy::latest());
    let text = lock.await.unwrap().to_string();
    assert!(text.lines().all(is_clean), "{text}");
    let checked = text.parse::<Lock>().unwrap().check(&catalog).await;
    assert_eq!(checked[0].drift, []);
}

#[test]
fn hostile_names_say_no_more_than_they_say() {
    for name in hostile() {
        let reading = Reading::of(&name);
        assert_eq!(reading.distribution.unwrap().as_str(), "ubuntu");
        assert!(reading.extras.len() < 3);
    }
}
