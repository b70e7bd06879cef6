//! Many sources as one stream: nothing lost, nothing that hangs.

use crate::shelf::{Shelf, image};
use cloud_images::catalog::{Catalog, Find, Image, List, Progress, Query, Source};
use cloud_images::catalog::{Status, Visibility};
use cloud_images::{Error, ErrorKind};
use futures::{StreamExt, stream};
use proptest::prelude::*;
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

#[tokio::test]
async fn a_source_that_only_fails_is_ended() {
    struct Failing;
    impl Source for Failing {
        fn lists(&self, _: &Query) -> Vec<List> {
            vec![List::new(stream::repeat_with(|| Err(Error::new(ErrorKind::Server, "down"))))]
        }
    }
    let (images, errors, find) = all(Catalog::new().add("down", Failing).find(Query::new())).await;
    assert!(images.is_empty() && (1..=3).contains(&errors.len()), "{errors:?}");
    assert!(!find.outcome().is_complete());
}

#[tokio::test]
async fn a_search_says_how_far_it_is_while_there_is_no_hit() {
    /// One image, and then the rest when the test says so.
    struct Slow(tokio::sync::watch::Receiver<bool>);
    impl Source for Slow {
        fn lists(&self, _: &Query) -> Vec<List> {
            let mut go = self.0.clone();
            let images =
                |count| stream::repeat_with(|| Ok(image("x", "debian-12", "us", 1))).take(count);
            let rest = async move {
                let _ = go.wait_for(|go| *go).await;
                images(99)
            };
            vec![List::new(images(1).chain(stream::once(rest).flatten()))]
        }
    }
    let (go, wait) = tokio::sync::watch::channel(false);
    let catalog = Catalog::new().add("slow", Slow(wait)).add("done", Shelf::of([]));
    let mut find = catalog.find("ubuntu".parse().unwrap());
    assert!(futures::poll!(find.next()).is_pending());
    assert_eq!(find.outcome().to_string(), "1 of 2 lists complete, 1 images, 0 hits");
    go.send(true).unwrap();
    assert!(find.next().await.is_none());
    assert_eq!(find.outcome().to_string(), "2 of 2 lists complete, 100 images, 0 hits");
}

/// A source whose service checks some of the terms.
struct Filtering {
    images: Vec<Image>,
    mask: u8,
}

impl Source for Filtering {
    fn lists(&self, query: &Query) -> Vec<List> {
        let mut place = 0;
        let (checked, _) = query.clone().split(|_| {
            place += 1;
            self.mask >> (place % 8) & 1 == 1
        });
        let images = self.images.iter().cloned().map(|image| self.read(image));
        let images = images.filter(|image| checked.matches(image)).map(Ok);
        vec![List::new(stream::iter(images.collect::<Vec<_>>()))]
    }
}

fn images() -> Vec<Image> {
    let names = ["ubuntu-22.04-amd64", "ubuntu-24.04-arm64", "debian-12", "Rocky-9.3 CUDA 12.4"];
    let days = (1..).zip(names.iter().cycle()).take(12);
    let images = days.map(|(day, name)| {
        let owner = if day % 2 == 0 { "099720109477" } else { "us" };
        let mut image = image(&day.to_string(), name, owner, day);
        image.status = [Some(Status::Available), Some(Status::Disabled), None][day as usize % 3];
        image.visibility = [Some(Visibility::Public), None][day as usize % 2];
        image
    });
    images.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_a_source_checks_itself_makes_no_difference(
        terms in prop::sample::subsequence(vec![
            "ubuntu", "version>=22.04", "os!=rocky", "arch=x86_64", "cuda>=12", "status=available",
            "status!=disabled", "visibility=public", "owner=us", "from=canonical", "from=aws/us", "id=1,2,3,4",
            "name=ubuntu*", "name~[0-9]", "created>=2026-01-03", "created<2026-01-09", "region=eu-*",
            "supported_for=1d", "lts=true",
        ], 1..5),
        mask in any::<u8>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let find = |mask| {
            let source = Filtering { images: images(), mask };
            let find = Catalog::new().add("s", source).find(terms.join(" ").parse().unwrap());
            let (images, errors, _) = runtime.block_on(all(find));
            assert!(errors.is_empty(), "{errors:?}");
            images
        };
        prop_assert_eq!(find(mask), find(0));
    }
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
