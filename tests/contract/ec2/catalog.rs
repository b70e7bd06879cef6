//! EC2 as a source of the catalogue.

use super::{ACCOUNT, World, register};
use cloud_images::catalog::{
    Architecture, Catalog, Drift, Image, Policy, Publisher, Query, Status, Visibility, publishers,
    sources,
};
use cloud_images::ec2::types;
use futures::TryStreamExt;

fn catalog(world: &dyn World) -> Catalog {
    let source = sources::Ec2::new(world.client()).regions(["us-east-1", "eu-west-1"]);
    Catalog::new().add("aws", source.unwrap().account(ACCOUNT))
}

fn query(text: &str) -> Query {
    text.parse().unwrap()
}

async fn find(catalog: &Catalog, query: Query) -> Vec<Image> {
    catalog.find(query).try_collect().await.unwrap()
}

pub async fn the_latest_of_a_publisher_is_never_a_strangers(world: &dyn World) {
    let catalog = catalog(world);
    for (publisher, text) in [
        (publishers::CANONICAL, "ubuntu=24.04 arch=x86_64 region=us-east-1"),
        (publishers::CANONICAL, "ubuntu=24.04 arch=arm64 region=eu-west-1"),
        (publishers::DEBIAN, "debian=12 arch=x86_64 region=eu-west-1"),
    ] {
        // Of all that have the name, the newest is a stranger's.
        let everybody = find(&catalog, query(text)).await;
        let newest = everybody.iter().max_by_key(|image| image.created).unwrap();
        assert!(!publisher.owns(newest), "{text}: {}", newest.name);
        let chosen = catalog.find(query(text)).from(publisher.clone()).latest().await.unwrap();
        assert_eq!(chosen.len(), 1, "{text}");
        let chosen = &chosen[0];
        assert!(publisher.owns(chosen), "{text}: {:?}", chosen.owner);
        let of_theirs = everybody.iter().filter(|image| publisher.owns(image));
        let latest = of_theirs.max_by_key(|image| (image.created, image.id.clone())).unwrap();
        assert_eq!(chosen.id, latest.id, "{text}");
    }
}

pub async fn an_image_has_what_the_service_says(world: &dyn World) {
    let name = world.name("in-the-catalogue");
    let id = register(world, &name).await;
    let ours = query("status=available visibility=private").from(Publisher::this_project());
    let found = find(&catalog(world), ours).await;
    let image = found.iter().find(|image| image.id == id.as_str()).unwrap();
    assert_eq!((image.provider.as_str(), image.region.as_deref()), ("aws", Some("us-east-1")));
    assert_eq!(image.owner.as_deref(), Some(ACCOUNT));
    assert_eq!(image.architecture, Some(Architecture::X86_64));
    assert_eq!(image.status, Some(Status::Available));
    assert_eq!(image.visibility, Some(Visibility::Private));
    assert!(image.created.is_some() && image.name == name);
    assert_eq!(image.original::<types::Image>().unwrap().image_id, id.as_str());
    // The vendor's images end, each at a time of its own.
    let canonical = query("region=us-east-1 ubuntu=24.04").from(publishers::CANONICAL);
    let canonical = find(&catalog(world), canonical).await;
    assert!(canonical.iter().any(|image| image.deprecated > image.created));
}

pub async fn the_answer_is_that_of_the_whole_list(world: &dyn World) {
    let catalog = catalog(world);
    let whole = find(&catalog, query("region=us-east-1")).await;
    let ids = format!("id={},{},ami-0none", whole[0].id, whole[7].id);
    for text in [
        &*ids,
        "name=app-0001",
        "arch=arm64 owner=123456789012",
        "arch=x86_64,arm64 status=available,failed owner=123456789012",
        "status=disabled",
        "visibility=shared",
        "visibility=public owner=666666666666",
        "owner=amazon",
        "arch=riscv64",
        "from=canonical ubuntu>=22.04",
        "from=debian,amazon-linux",
        "created>=2026-11-19T00:00:00Z visibility=public",
    ] {
        let wanted = query(text);
        let mut expected: Vec<_> = whole.iter().filter(|image| wanted.matches(image)).collect();
        let found = find(&catalog, query(&format!("{text} region=us-east-1"))).await;
        let mut found: Vec<_> = found.iter().collect();
        expected.sort_by_key(|image| &image.id);
        found.sort_by_key(|image| &image.id);
        let ids =
            |images: &[&Image]| images.iter().map(|image| image.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&found), ids(&expected), "{text}");
    }
}

pub async fn a_deregistered_image_is_gone_from_a_lock(world: &dyn World) {
    let catalog = catalog(world);
    let name = world.name("locked");
    let id = register(world, &name).await;
    let own = query(&format!("name={name} region=us-east-1"));
    let own = catalog.find(own).from(Publisher::this_project());
    let lock = own.lock(Policy::latest()).await.unwrap();
    assert_eq!(lock.entries().len(), 1);
    let drift = async || lock.check(&catalog).await.remove(0).drift;
    assert_eq!(drift().await, []);
    world.images().deregister_image(&id).await.unwrap();
    assert_eq!(drift().await, [Drift::Gone]);
}
