//! Lists of images.

use super::{ACCOUNT, World, register};
use cloud_images::ErrorKind;
use cloud_images::ec2::types::{Filter, Image, NewTag};
use futures::{StreamExt, TryStreamExt};
use std::collections::BTreeSet;

const NOBLE: &str = "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*";
const CANONICAL: &str = "099720109477";

fn ids(images: &[Image]) -> Vec<String> {
    images.iter().map(|image| image.image_id.to_string()).collect()
}

pub async fn images_are_found_by_owner_name_and_tag(world: &dyn World) {
    let client = world.client();
    let name = world.name("found (by name)");
    let id = register(world, &name).await;
    client.tags().create_tags([id.clone()], [NewTag::new("purpose", name.as_str())]).await.unwrap();
    for filter in [
        Filter::from(("name", name.as_str())),
        Filter::from(("name", ["nothing".to_owned(), format!("{}*", &name[..name.len() - 3])])),
        Filter::from(("tag:purpose", name.as_str())),
    ] {
        let request = client.images().describe_images().owner("self").filter(filter.clone());
        let found: Vec<_> = request.items().try_collect().await.unwrap();
        assert_eq!(ids(&found), [id.as_str()], "{filter:?}");
        assert_eq!(found[0].owner_id.as_deref(), Some(ACCOUNT));
        assert_eq!(found[0].name.as_deref(), Some(name.as_str()));
        assert_eq!(found[0].public, Some(false));
        assert_eq!(found[0].tags[0].value.as_deref(), Some(name.as_str()));
    }
    let others = client.images().describe_images().owner(CANONICAL).filter(("name", name.as_str()));
    assert_eq!(others.items().try_collect::<Vec<_>>().await.unwrap(), []);
}

pub async fn pages_and_the_whole_list_are_the_same(world: &dyn World) {
    let images = world.images();
    let request = || images.describe_images().owner("self").filter(("name", "app-*"));
    let whole = request().await.unwrap();
    assert_eq!(whole.next_token.unwrap_or_default(), "");
    let whole = ids(&whole.images);
    assert!(whole.len() > 5, "{whole:?}");
    for size in [5, 1000] {
        let paged: Vec<_> = request().page_size(size).items().try_collect().await.unwrap();
        assert_eq!(ids(&paged), whole, "pages of {size}");
    }
    let mut items = request().page_size(5).items();
    let first = items.try_next().await.unwrap().unwrap();
    let rest = request().page_size(5).resume(items.cursor()).items();
    let rest: Vec<_> = rest.try_collect().await.unwrap();
    let resumed: BTreeSet<_> = ids(&rest).into_iter().chain([first.image_id.to_string()]).collect();
    assert_eq!(resumed, whole.into_iter().collect());
}

pub async fn filters_that_nothing_fits_and_wrong_ones(world: &dyn World) {
    let images = world.images();
    // Every page is empty, but for the last one each has a token.
    let request = images.describe_images().owner("self").filter(("name", "APP-*")).page_size(5);
    assert_eq!(request.items().try_collect::<Vec<_>>().await.unwrap(), []);
    let error = images.describe_images().filter(("nonsense", "x")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
    assert_eq!(error.code(), Some("InvalidParameterValue"));
    let error = images.describe_images().owner("canonical").await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidUserID.Malformed"));
    let error = images.describe_images().owner("self").next_token("garbage").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidPageToken);
}

pub async fn ids_are_there_gone_or_malformed(world: &dyn World) {
    let images = world.images();
    let error = images.describe_images().image_id("ami-00000000000000000").await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!((error.code(), error.attempts()), (Some("InvalidAMIID.NotFound"), 1));
    assert!(error.message().contains("ami-00000000000000000"), "{error}");
    assert!(error.request_id().is_some());
    let error = images.describe_images().image_id("not-an-id").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
    // The service takes no page size with ids.
    let own = images.describe_images().owner("self").filter(("name", "app-000*")).items();
    let own: Vec<_> = own.try_collect().await.unwrap();
    let request = images.describe_images().image_id(own[0].image_id.as_str());
    let request = request.image_id(own[1].image_id.as_str()).include_disabled(true);
    let shown: Vec<_> = request.items().try_collect().await.unwrap();
    assert_eq!(shown.len(), 2);
}

pub async fn an_empty_list_of_owners_is_refused(world: &dyn World) {
    let nobody: [&str; 0] = [];
    let error = world.images().describe_images().owners(nobody).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidRequest, 0));
}

pub async fn the_newest_by_name_alone_is_a_strangers(world: &dyn World) {
    let images = world.images();
    let newest = async |owner: Option<&str>| {
        let mut request = images.describe_images().filter(("name", NOBLE));
        if let Some(owner) = owner {
            request = request.owner(owner);
        }
        let found: Vec<_> = request.items().try_collect().await.unwrap();
        found.into_iter().max_by_key(|image| image.creation_date).unwrap()
    };
    let by_name = newest(None).await;
    let by_owner = newest(Some(CANONICAL)).await;
    assert_ne!(by_name.owner_id.as_deref(), Some(CANONICAL));
    assert_eq!(by_name.image_owner_alias, None);
    assert_eq!(by_owner.owner_id.as_deref(), Some(CANONICAL));
    assert!(by_name.creation_date > by_owner.creation_date);
}

pub async fn several_regions_are_one_stream(world: &dyn World) {
    let client = world.client();
    let mut expected = Vec::new();
    for region in ["us-east-1", "eu-west-1"] {
        let own = client.in_region(region).unwrap().images().describe_images().owner("self");
        let own: Vec<_> = own.filter(("name", "app-*")).items().try_collect().await.unwrap();
        assert!(!own.is_empty(), "{region}");
        expected.extend(ids(&own).into_iter().map(|id| (region.to_owned(), id)));
    }
    let request = client.images().describe_images().owner("self").filter(("name", "app-*"));
    let request = request.page_size(5);
    let mut stream = request.in_regions(["us-east-1", "eu-west-1", "mars-north-1"]);
    let (mut found, mut failed) = (Vec::new(), Vec::new());
    while let Some(image) = stream.next().await {
        match image {
            Ok(image) => found.push((image.region, image.item.image_id.to_string())),
            Err(error) => failed.push(error.region),
        }
    }
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    assert_eq!(failed, ["mars-north-1"]);
}
