//! Metadata definitions, which only administrators write.

use super::harness::unique;
use super::servers;
use cloud_images::ErrorKind;
use cloud_images::ims::metadefs::MetadataDefinitionsApi;
use cloud_images::ims::metadefs::types::{
    MetadefPropertyType, MetadefTagName, MetadefType, MetadefVisibility,
};
use futures::TryStreamExt;
use std::collections::BTreeMap;

async fn made(api: &MetadataDefinitionsApi) -> String {
    let name = unique("Live::Some thing");
    let request = api.create_metadef_namespace(&*name).display_name("A thing").description("Text");
    request.visibility("public").await.unwrap();
    name
}

#[tokio::test]
async fn a_change_of_one_setting_leaves_the_others() {
    let servers = servers!();
    let api = servers.client("admin").metadata_definitions();
    let name = made(&api).await;
    api.change_namespace(&*name).await.unwrap().description("Other").await.unwrap();
    let now = api.show_metadef_namespace(&*name).await.unwrap();
    assert_eq!(now.description.as_deref(), Some("Other"));
    assert_eq!(now.display_name.as_deref(), Some("A thing"));
    assert_eq!(now.visibility, Some(MetadefVisibility::Public));
    // What is left out is reset: that is why there is `change_namespace`.
    api.replace_metadef_namespace(&*name, &*name).await.unwrap();
    let now = api.show_metadef_namespace(&*name).await.unwrap();
    assert_eq!((now.display_name, now.visibility), (None, Some(MetadefVisibility::Private)));

    let property = MetadefPropertyType::new("A number", MetadefType::Integer);
    let properties = BTreeMap::from([("a number".to_owned(), property)]);
    let request = api.create_metadef_object(&*name, "CPU Limits").description("Text");
    request.properties(properties).await.unwrap();
    let request = api.change_object(&*name, "CPU Limits").await.unwrap();
    let changed = request.description("Other").await.unwrap();
    assert_eq!(changed.properties.len(), 1, "{changed:?}");
    assert_eq!(changed.description.as_deref(), Some("Other"));

    let request = api.create_metadef_property(&*name, "hw: cores", "Cores", MetadefType::Integer);
    request.minimum(1.0).maximum(80.0).default("2").await.unwrap();
    let request = api.change_property(&*name, "hw: cores").await.unwrap();
    let changed = request.maximum(96.0).await.unwrap();
    assert_eq!((changed.minimum, changed.maximum), (Some(1.0), Some(96.0)));
    assert_eq!(changed.default.as_deref(), Some("2"));

    let objects: Vec<_> = api.list_metadef_objects(&*name).items().try_collect().await.unwrap();
    let properties = api.list_metadef_properties(&*name).items();
    let properties: Vec<_> = properties.try_collect().await.unwrap();
    assert_eq!((objects.len(), properties.len()), (1, 1));
    let shown = api.show_metadef_property(&*name, "hw: cores").await.unwrap();
    assert_eq!((shown.maximum, shown.default.as_deref()), (Some(96.0), Some("2")));
    api.delete_metadef_property(&*name, "hw: cores").await.unwrap();
    let request = api.create_metadef_property(&*name, "other", "Other", MetadefType::String);
    request.await.unwrap();
    api.delete_metadef_properties(&*name).await.unwrap();
    let left: Vec<_> = api.list_metadef_properties(&*name).items().try_collect().await.unwrap();
    assert!(left.is_empty(), "{left:?}");
    api.delete_metadef_object(&*name, "CPU Limits").await.unwrap();
    let gone = api.show_metadef_object(&*name, "CPU Limits").await.unwrap_err();
    assert!(gone.is_not_found(), "{gone}");
    api.delete_metadef_namespace(&*name).await.unwrap();
    assert!(api.delete_metadef_namespace(&*name).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn tags_are_listed_by_their_names() {
    let servers = servers!();
    let api = servers.client("admin").metadata_definitions();
    let name = made(&api).await;
    let tags: Vec<MetadefTagName> =
        ["a", "b c", "d", "e", "f"].into_iter().map(Into::into).collect();
    api.create_metadef_tags(&*name, tags).await.unwrap();
    for size in [1, 2, 5, 100] {
        let all = api.list_metadef_tags(&*name).page_size(size).items().map_ok(|tag| tag.name);
        let mut all: Vec<String> = all.try_collect().await.unwrap();
        all.sort_unstable();
        assert_eq!(all, ["a", "b c", "d", "e", "f"], "pages of {size}");
    }
    let more = vec![MetadefTagName::new("g")];
    api.create_metadef_tags(&*name, more).x_openstack_append("true").await.unwrap();
    api.update_metadef_tag(&*name, "g", "h").await.unwrap();
    assert_eq!(api.show_metadef_tag(&*name, "h").await.unwrap().name, "h");
    let all: Vec<_> = api.list_metadef_tags(&*name).items().try_collect().await.unwrap();
    assert_eq!(all.len(), 6);
    let twice = api.create_metadef_tag(&*name, "h").await.unwrap_err();
    assert_eq!(twice.kind(), ErrorKind::Conflict);
    api.delete_metadef_tag(&*name, "h").await.unwrap();
    api.delete_metadef_tags(&*name).await.unwrap();
    api.delete_metadef_namespace(&*name).await.unwrap();
}

#[tokio::test]
async fn namespaces_are_listed_and_associated() {
    let servers = servers!();
    let (demo, admin) = (servers.client("demo"), servers.client("admin"));
    let (reader, api) = (demo.metadata_definitions(), admin.metadata_definitions());
    let name = made(&api).await;
    api.create_metadef_resource_type_association(&*name, "OS::Live::Thing").await.unwrap();
    let associated = api.list_metadef_resource_type_associations(&*name).items();
    let associated: Vec<_> = associated.try_collect().await.unwrap();
    assert_eq!(associated[0].name, "OS::Live::Thing");
    let types: Vec<_> = reader.list_metadef_resource_types().items().try_collect().await.unwrap();
    assert!(types.iter().any(|kind| kind.name == "OS::Live::Thing"));
    for size in [1, 1000] {
        let all = reader.list_metadef_namespaces().page_size(size).items();
        let all: Vec<String> = all.map_ok(|row| row.namespace).try_collect().await.unwrap();
        let mut unique = all.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), all.len(), "pages of {size}");
        assert!(all.contains(&name));
    }
    let denied = reader.create_metadef_namespace("Live::denied").await.unwrap_err();
    assert_eq!(denied.kind(), ErrorKind::Forbidden);
    api.delete_metadef_resource_type_association(&*name, "OS::Live::Thing").await.unwrap();
    api.delete_metadef_namespace(&*name).await.unwrap();
}

/// Real Glance answers 500 to mistakes of its callers: asking again would only make more of them.
#[tokio::test]
async fn a_500_is_not_asked_again_and_a_slash_never_sent() {
    let servers = servers!();
    let api = servers.client("admin").metadata_definitions();
    let name = made(&api).await;
    let wrong = [
        api.list_metadef_namespaces().sort_key("bogus").await.unwrap_err(),
        api.list_metadef_tags(&*name).sort_key("bogus").await.unwrap_err(),
    ];
    for error in wrong {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 1), "{error}");
        assert!(!error.is_retryable());
    }
    let mut all = api.list_metadef_namespaces().sort_key("bogus").items();
    all.try_next().await.unwrap_err();
    assert!(all.try_next().await.unwrap().is_none(), "the stream is over");
    api.create_metadef_object(&*name, "one").await.unwrap();
    api.create_metadef_object(&*name, "other").await.unwrap();
    let taken = api.replace_metadef_object(&*name, "one", "other").await.unwrap_err();
    assert_eq!((taken.kind(), taken.attempts()), (ErrorKind::Server, 1), "{taken}");

    let slashes = [
        api.create_metadef_namespace("a/b").await.unwrap_err(),
        api.create_metadef_object(&*name, "a/b").await.unwrap_err(),
        api.create_metadef_tags(&*name, vec![MetadefTagName::new("a/b")]).await.unwrap_err(),
        api.show_metadef_tag(&*name, "a/b").await.unwrap_err(),
    ];
    for error in slashes {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidRequest, 0), "{error}");
    }
    api.delete_metadef_objects(&*name).await.unwrap();
    api.delete_metadef_namespace(&*name).await.unwrap();
}
