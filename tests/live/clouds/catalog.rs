//! The clouds as sources of the catalogue.

use super::server::{Live, TOKEN};
use cloud_images::catalog::{
    Architecture, Catalog, Distribution, Image, Query, Source, Status, Visibility,
};
use futures::TryStreamExt;
use serde_json::json;

async fn find(source: impl Source, query: &str) -> Vec<Image> {
    let catalog = Catalog::new().add("cloud", source);
    catalog.find(query.parse().unwrap()).try_collect().await.unwrap()
}

/// What a query finds has to be what it would find in the whole list.
async fn same(source: impl Source + Clone, queries: &[&str]) -> Vec<Image> {
    let whole = find(source.clone(), "").await;
    assert!(!whole.is_empty());
    for text in queries {
        let query: Query = text.parse().unwrap();
        let key = |image: &Image| (image.id.clone(), image.region.clone());
        let mut expected: Vec<_> =
            whole.iter().filter(|image| query.matches(image)).map(key).collect();
        let mut found: Vec<_> = find(source.clone(), text).await.iter().map(key).collect();
        expected.sort();
        found.sort();
        assert!(!found.is_empty(), "{text}");
        assert_eq!(found, expected, "{text}");
    }
    whole
}

#[tokio::test]
async fn every_cloud_is_a_source() {
    let Some(live) = Live::find() else { return };
    live.with(json!({}), async {
        let clients = live.clients(TOKEN);

        let ocean = same(
            clients.digitalocean.clone(),
            &["ubuntu=20.04", "visibility=private", "region=nyc3", "status=available arch=x86_64"],
        )
        .await;
        let ubuntu = ocean.iter().find(|image| image.name == "20.04 (LTS) x64").unwrap();
        assert_eq!(ubuntu.distribution, Some(Distribution::UBUNTU));
        assert_eq!(ubuntu.version, Some("20.04".parse().unwrap()));
        assert_eq!(ubuntu.architecture, Some(Architecture::X86_64));
        assert_eq!(ubuntu.visibility, Some(Visibility::Public));
        assert!(ubuntu.region.is_some() && ubuntu.created.is_some());

        let hetzner =
            same(clients.hetzner.clone(), &["ubuntu", "arch=arm64", "visibility=private"]).await;
        let arm = hetzner.iter().find(|image| image.architecture == Some(Architecture::Aarch64));
        assert!(arm.is_some_and(|image| image.created.is_some()));
        assert!(hetzner.iter().all(|image| !image.name.is_empty()));
        assert!(hetzner.iter().any(|image| image.deprecated.is_some()), "deprecated ones, too");

        let hyperstack =
            same(clients.hyperstack.clone(), &["ubuntu cuda>=12.4", "region=CANADA-1"]).await;
        assert!(hyperstack.iter().any(|image| image.driver == Some("550".parse().unwrap())));

        let lambda = same(clients.lambda.clone(), &["arch=x86_64", "ubuntu>=22.04"]).await;
        assert!(lambda.iter().all(|image| image.region.is_some() && image.updated.is_some()));

        let linode = same(clients.linode.clone(), &["debian=11", "visibility=public"]).await;
        let debian = linode.iter().find(|image| image.id == "linode/debian11").unwrap();
        assert_eq!(debian.version, Some("11".parse().unwrap()));
        assert!(debian.min_disk_gib.is_some());

        let vultr = same(
            clients.vultr.clone(),
            &["ubuntu=20.04", "debian arch=i686", "visibility=private status=available"],
        )
        .await;
        let is_system = |name: &str| !["Custom", "Snapshot", "Backup"].contains(&name);
        assert!(vultr.iter().all(|image| is_system(&image.name)));
        assert!(vultr.iter().any(|image| image.status == Some(Status::Available)));
    })
    .await;
}

#[tokio::test]
async fn an_image_is_shown_by_its_id_or_gone() {
    let Some(live) = Live::find() else { return };
    live.with(json!({}), async {
        let clients = live.clients(TOKEN);
        let sources: [(&dyn Source, &str); 4] = [
            (&clients.digitalocean, "1"),
            (&clients.hetzner, "1"),
            (&clients.hyperstack, "999999"),
            (&clients.linode, "private/999999"),
        ];
        for (source, absent) in sources {
            let listed = source.lists(&Query::new()).len();
            assert_eq!(listed, 1);
            assert_eq!(source.show(None, absent).await.unwrap(), None, "{absent}");
        }
        let shown = clients.linode.show(None, "linode/debian11").await.unwrap().unwrap();
        assert_eq!(shown.id, "linode/debian11");
    })
    .await;
}
