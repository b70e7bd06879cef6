//! The clients of this crate as sources, over the servers of `testing`.

use cloud_images::catalog::{Catalog, Image, Machine, Query, Source, Verdict, sources};
use cloud_images::testing::{FakeComputing, FakeIms, FakeParallelCluster, Fault};
use cloud_images::{computing, ims};
use futures::{StreamExt, TryStreamExt};
use proptest::prelude::*;
use std::collections::BTreeSet;

struct Servers {
    hpc: FakeParallelCluster,
    otc: FakeIms,
    gpu: FakeComputing,
}

impl Servers {
    async fn start() -> Self {
        let community = r#"{"id": "c0", "name": "Ubuntu 24.04 amd64", "status": "active",
            "visibility": "community", "owner": "stranger", "created_at": "2030-01-01T00:00:00Z"}"#;
        let community = serde_json::from_str(community).unwrap();
        Self {
            hpc: FakeParallelCluster::builder().images(8).pending(3).failed(2).start().await,
            otc: FakeIms::builder().images(60).image(community).start().await,
            gpu: FakeComputing::builder().images(20).start().await,
        }
    }

    fn catalog(&self) -> Catalog {
        let hpc =
            sources::ParallelCluster::new(self.hpc.client()).regions(["us-east-1", "eu-west-1"]);
        Catalog::new()
            .add("hpc", hpc)
            .add("otc", sources::Ims::new(self.otc.client()).region("eu-de"))
            .add("gpu", self.gpu.client())
    }
}

type Key = (String, Option<String>, String, String);

fn keys<'i>(images: impl IntoIterator<Item = &'i Image>) -> Vec<Key> {
    let key = |image: &Image| {
        let region = image.region.as_ref().map(ToString::to_string);
        (image.source.to_string(), region, image.id.to_string(), image.name.clone())
    };
    let mut keys: Vec<Key> = images.into_iter().map(key).collect();
    keys.sort();
    keys
}

async fn find(catalog: &Catalog, query: &str) -> Vec<Image> {
    catalog.find(query.parse().unwrap()).try_collect().await.unwrap()
}

const TERMS: [&str; 24] = [
    "ubuntu",
    "version>=22.04",
    "os!=windows-server,windows",
    "arch=x86_64",
    "arch=aarch64",
    "arch=riscv64",
    "status=available",
    "status=pending",
    "status=available,failed",
    "status!=available",
    "visibility=public",
    "visibility=public,private",
    "visibility=shared",
    "owner=1bed856811654c1cb661a6ca845ebc77",
    "name=dup-name",
    "name=*Ubuntu*",
    "region=us-east-1",
    "region=eu-*",
    "created>=2024-01-01T05:00:00Z",
    "provider=aws,openstack",
    "created<2024-01-01T05:00:00Z",
    "created>2024-01-01T01:00:00Z",
    "owner!=1bed856811654c1cb661a6ca845ebc77",
    "from=openstack/1bed856811654c1cb661a6ca845ebc77",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// The answer is that of the whole list, checked here, and does not depend on what the services check.
    #[test]
    fn what_a_service_checks_makes_no_difference(terms in prop::sample::subsequence(&TERMS[..], 1..4)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let servers = Servers::start().await;
            let catalog = servers.catalog();
            let query: Query = terms.join(" ").parse().unwrap();
            let all = find(&catalog, "").await;
            let expected = keys(all.iter().filter(|image| query.matches(image)));
            assert_eq!(keys(&find(&catalog, &terms.join(" ")).await), expected, "{query}");
        });
    }
}

#[tokio::test]
async fn an_image_has_its_original_and_its_hash_in_a_list_and_by_its_id() {
    let servers = Servers::start().await;
    let found = find(&servers.catalog(), "source=otc status=available").await;
    for image in &found {
        let original = image.original::<ims::types::Image>().unwrap();
        assert_eq!(image.id, original.id);
        let hash = original.os_hash_value.as_ref().map(|value| format!("sha512:{value}"));
        assert_eq!(image.hash.as_deref(), hash.as_deref());
    }
    let first = found.iter().find(|image| image.hash.is_some()).unwrap();
    let shown = servers.otc.client().show(None, &first.id).await.unwrap().unwrap();
    assert_eq!(shown.hash, first.hash);
    assert_eq!(shown.original::<ims::types::Image>(), first.original());
}

#[tokio::test]
async fn a_query_gives_what_filtering_the_lists_by_hand_gives() {
    let servers = Servers::start().await;
    let images = servers.otc.client().image_operations();
    let raw: Vec<ims::types::Image> = images.list_images().items().try_collect().await.unwrap();
    let by_hand = raw.iter().filter(|image| {
        image.status == Some("active".into())
            && image.os_version.as_deref().is_some_and(|system| system.starts_with("Ubuntu 2"))
    });
    let mut by_hand: Vec<&str> = by_hand.map(|image| image.id.as_str()).collect();
    by_hand.sort_unstable();
    let found = find(&servers.catalog(), "source=otc ubuntu>=20.04 status=available").await;
    let mut found: Vec<&str> = found.iter().map(|image| image.id.as_str()).collect();
    found.sort_unstable();
    assert!(!found.is_empty());
    assert_eq!(found, by_hand);

    let raw = servers.gpu.client().image_operations().list_images().await.unwrap();
    let raw: Vec<&computing::types::Image> = raw.data.values().flatten().collect();
    let by_hand: BTreeSet<&str> = raw
        .iter()
        .filter(|image| image.os_name.contains("CUDA 12"))
        .map(|image| &*image.os_name)
        .collect();
    let found = find(&servers.catalog(), "source=gpu cuda=12").await;
    assert_eq!(found.iter().map(|image| image.name.as_str()).collect::<BTreeSet<_>>(), by_hand);
    assert!(found[0].original::<computing::types::Image>().is_some());
}

#[tokio::test]
async fn what_a_service_can_check_is_sent_to_it() {
    let servers = Servers::start().await;
    let query =
        "status=available owner=1bed856811654c1cb661a6ca845ebc77 created>=2024-01-01 source=otc";
    find(&servers.catalog(), query).await;
    let sent = servers.otc.requests().remove(0);
    let sent = format!("{sent:?}");
    for part in ["status=active", "owner=1bed856811654c1cb661a6ca845ebc77", "created_at=gte"] {
        assert!(sent.contains(part), "{part}: {sent}");
    }
    assert!(servers.hpc.requests().is_empty(), "the query is for another source");
}

#[tokio::test]
async fn community_images_are_found_only_where_the_query_names_them() {
    let servers = Servers::start().await;
    let catalog = servers.catalog();
    let is_planted = |images: &[Image]| images.iter().any(|image| image.id == "c0");
    assert!(!is_planted(&find(&catalog, "ubuntu=24.04").await));
    assert!(is_planted(&find(&catalog, "ubuntu=24.04 visibility=community").await));
    assert!(is_planted(&find(&catalog, "ubuntu=24.04 visibility=community,public").await));
}

#[tokio::test]
async fn an_outage_of_one_service_leaves_the_others() {
    let servers = Servers::start().await;
    servers.otc.fail(Fault::status(500));
    let mut found = servers.catalog().find("ubuntu".parse().unwrap());
    let (mut images, mut errors) = (0, 0);
    while let Some(item) = found.next().await {
        if item.is_ok() { images += 1 } else { errors += 1 }
    }
    assert!(images > 0 && errors > 0);
    assert!(!found.outcome().covers("otc", Some("eu-de")));
    assert!(
        found.outcome().covers("gpu", None) && found.outcome().covers("hpc", Some("us-east-1"))
    );
}

#[tokio::test]
async fn images_that_run_on_a_machine_come_first() {
    let servers = Servers::start().await;
    let query = "source=gpu driver>=500".parse().unwrap();
    let ranked = servers.catalog().fit(&query, &Machine::new().gpu("B200")).await.unwrap();
    let verdicts: Vec<Verdict> = ranked.iter().map(|(_, fit)| fit.verdict()).collect();
    assert!(verdicts.is_sorted());
    assert!(
        ranked.iter().all(|(_, fit)| fit.verdict() == Verdict::Yes || fit.reasons().count() > 0)
    );
    servers.gpu.fail(Fault::status(403));
    assert!(servers.catalog().fit(&query, &Machine::new()).await.is_err());
}
