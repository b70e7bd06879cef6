//! Many sources as one stream: nothing lost, nothing that hangs.

use crate::shelf::{Shelf, image};
use cloud_images::ErrorKind;
use cloud_images::catalog::{Catalog, Find, Image, List, Progress, Query, Source};
use futures::{StreamExt, stream};
use std::time::Duration;

async fn all(mut find: Find) -> (Vec<Image>, Vec<cloud_images::Error>, Find) {
    let (mut images, mut errors) = (Vec::new(), Vec::new());
    while let Some(item) = find.next().await {
        match item {
            Ok(image) => images.push(image),
            Err(error) => errors.push(error),
        }
    }
    (images, errors, find)
}

#[tokio::test]
async fn a_source_that_fails_does_not_end_the_others() {
    let many = |count: usize| {
        (0..count)
            .map(|number| image(&number.to_string(), "debian-12", "us", 1))
            .collect::<Vec<_>>()
    };
    let catalog = Catalog::new()
        .add("broken", Shelf::of(many(3)).failing())
        .add("whole", Shelf::of(many(200)));
    let (images, errors, find) = all(catalog.find(Query::new())).await;
    assert_eq!(images.len(), 203);
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].kind(), ErrorKind::Server);
    assert!(errors[0].to_string().contains("broken"), "{}", errors[0]);
    let outcome = find.outcome();
    assert!(!outcome.is_complete());
    assert!(outcome.covers("whole", Some("eu-west-1")));
    assert!(!outcome.covers("broken", None) && !outcome.covers("no such source", None));
    assert_eq!(
        outcome.listings()[0].to_string(),
        format!("broken: 3 of 3 images, incomplete: {}", errors[0])
    );
}

/// A list of the same image without an end.
struct Endless;

impl Source for Endless {
    fn lists(&self, _: &Query) -> Vec<List> {
        vec![List::new(stream::repeat_with(|| Ok(image("x", "debian-12", "us", 1))))]
    }
}

#[tokio::test]
async fn a_source_that_never_ends_is_ended_and_starves_nobody() {
    let catalog = Catalog::new()
        .add("endless", Endless)
        .add("short", Shelf::of([image("a", "ubuntu-24.04", "us", 1)]));
    let mut find = catalog.clone().most(10_000).find("ubuntu".parse().unwrap());
    assert_eq!(find.next().await.unwrap().unwrap().source, "short");
    let error = find.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ResponseTooLarge);
    assert!(find.next().await.is_none());
    assert_eq!(find.outcome().listings()[0].listed, 10_000);
    assert!(matches!(find.outcome().listings()[0].progress, Progress::Failed(_)));
}

/// A list that never says anything.
struct Silent;

impl Source for Silent {
    fn lists(&self, _: &Query) -> Vec<List> {
        vec![List::new(stream::pending())]
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_source_is_ended() {
    let catalog = Catalog::new().add("silent", Silent).idle_timeout(Duration::from_secs(60));
    let (images, errors, find) = all(catalog.find(Query::new())).await;
    assert!(images.is_empty());
    assert!(errors.iter().all(|error| error.kind() == ErrorKind::Timeout));
    assert!(!find.outcome().is_complete());
}

#[tokio::test]
async fn lists_of_other_sources_and_regions_are_not_read() {
    struct Regions;
    impl Source for Regions {
        fn lists(&self, _: &Query) -> Vec<List> {
            let list = |region: &'static str| {
                let mut found = image(region, "debian-12", "us", 1);
                found.region = Some(region.into());
                List::new(stream::iter([Ok(found)])).region(region)
            };
            vec![list("eu-west-1"), list("us-east-1")]
        }
    }
    let catalog = Catalog::new().add("one", Regions).add("other", Regions);
    let (images, _, find) = all(catalog.find("source=one region=eu-*".parse().unwrap())).await;
    assert_eq!(images.len(), 1);
    assert_eq!(find.outcome().listings().len(), 1);
    assert_eq!(find.outcome().listed(), 1);
}

#[tokio::test]
async fn what_misses_least_is_nearest() {
    let shelf = Shelf::of([
        image("a", "debian-12-arm64", "us", 1),
        image("b", "ubuntu-22.04-amd64", "us", 1),
        image("c", "ubuntu-24.04-arm64", "us", 1),
    ]);
    let find = Catalog::new().add("s", shelf).find("ubuntu>=24.04 arch=x86_64".parse().unwrap());
    let (images, _, find) = all(find.keep_nearest(2)).await;
    assert!(images.is_empty());
    let near: Vec<_> =
        find.nearest().iter().map(|(image, misses)| (&*image.id, misses[0].to_string())).collect();
    let expected = [
        ("b", "version>=24.04, the image has 22.04".to_owned()),
        ("c", "arch=x86_64, the image has aarch64".to_owned()),
    ];
    assert_eq!(near, expected);
}
