//! The end of the README's tour: one query over three services.

use cloud_images::catalog::{Catalog, Image};
use cloud_images::testing::{FakeComputing, FakeIms, FakeParallelCluster};
use futures::TryStreamExt;
use std::collections::BTreeSet;

/// The text between two others in the README.
fn between(start: &str, end: &str) -> &'static str {
    let (_, rest) = include_str!("../../README.md").split_once(start).unwrap();
    rest.split_once(end).unwrap().0
}

#[tokio::test]
async fn the_tour_ends_with_images_of_three_services() {
    let query = between("catalog.find(\"", "\"");
    let sources = between("Catalog::new()", ";");
    assert_eq!(sources, r#".add("hpc", pc).add("otc", ims).add("gpu", gpu)"#);
    let jammy =
        r#"{"id": "3fc8", "name": "Standard_Ubuntu_22.04_amd64_bios_latest", "status": "active"}"#;
    let ims = FakeIms::builder().image(serde_json::from_str(jammy).unwrap()).start().await;
    let (pc, gpu) = (FakeParallelCluster::start().await, FakeComputing::start().await);
    let (pc, ims, gpu) = (pc.client(), ims.client(), gpu.client());
    let catalog = Catalog::new().add("hpc", pc).add("otc", ims).add("gpu", gpu);
    let found: Vec<Image> = catalog.find(query.parse().unwrap()).try_collect().await.unwrap();
    let found: BTreeSet<&str> = found.iter().map(|image| image.source.as_str()).collect();
    assert_eq!(found, BTreeSet::from(["gpu", "hpc", "otc"]), "{query}");
}
