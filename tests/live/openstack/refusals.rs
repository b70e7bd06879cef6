//! What every operation says about a thing that is not there, or to a user who may not.

use super::files;
use super::harness::Plain;
use crate::contract::documented::operations;
use crate::patient;
use cloud_images::auth::XAuthToken;
use cloud_images::ims::glance::types::{CacheTarget, ImportMethod};
use cloud_images::ims::metadefs::types::{MetadefTagName, MetadefType};
use cloud_images::ims::{Client, Patch};
use cloud_images::{Error, ErrorKind};
use std::collections::BTreeSet;

#[derive(Default)]
struct Tried {
    names: BTreeSet<String>,
    wrong: Vec<String>,
}

impl Tried {
    fn note(&mut self, name: &str, expected: ErrorKind, error: Option<Error>) {
        self.names.insert(name.to_owned());
        match error {
            Some(error) if error.kind() == expected && !error.message().is_empty() => {}
            other => self.wrong.push(format!("{name}: {other:?} instead of {expected:?}")),
        }
    }
}

#[tokio::test]
async fn every_operation_fails_with_the_kind_of_its_cause() {
    let (servers, _) = files!();
    let (demo, admin) = (servers.client("demo"), servers.client("admin"));
    let plain = Plain::login(&servers, "demo").await;
    let stranger = Client::builder().endpoint(&plain.glance).auth(XAuthToken::new("no-token"));
    let stranger = patient(stranger).build().unwrap();
    let missing = "00000000-0000-4000-8000-000000000000";
    let mut tried = Tried::default();
    macro_rules! fails {
        ($kind:ident: $($api:ident.$method:ident($($argument:expr),*)$(.$setter:ident($value:expr))?;)*) => {$(
            let request = $api.$method($($argument),*)$(.$setter($value))?;
            let error = Box::pin(request.into_future()).await.err();
            tried.note(stringify!($method), ErrorKind::$kind, error);
        )*};
    }

    let (images, data) = (demo.image_operations(), demo.image_data());
    let (members, tags) = (demo.image_members(), demo.image_tags());
    fails! { BadRequest:
        images.list_images().marker(missing);
        images.create_image().disk_format("nonsense");
    }
    fails! { NotFound:
        images.show_image(missing);
        images.update_image(missing, Patch::new().name("n"));
        images.delete_image(missing);
        images.deactivate_image(missing);
        images.reactivate_image(missing);
        data.download_image_file(missing);
        data.upload_image_file(missing, "data");
        members.list_image_members(missing);
        members.create_image_member(missing, "project");
        members.show_image_member(missing, "project");
        members.update_image_member(missing, "project", "accepted");
        members.delete_image_member(missing, "project");
        tags.add_image_tag(missing, "tag");
        tags.delete_image_tag(missing, "tag");
    }

    let (import, stores, tasks) = (demo.image_import(), demo.stores(), demo.tasks());
    let (locations, image_tasks) = (demo.image_locations(), demo.image_tasks());
    let (of_admin, stores_of_admin) = (admin.tasks(), admin.stores());
    fails! { NotFound:
        import.import_image(missing, ImportMethod::glance_direct());
        import.stage_image_file(missing, "data");
        image_tasks.list_image_tasks(missing);
        locations.add_image_location(missing, "http://127.0.0.1/file");
        stores_of_admin.delete_image_from_store("fast", missing);
        of_admin.show_task(missing);
    }
    fails! { BadRequest:
        of_admin.list_tasks().marker(missing);
    }
    fails! { Forbidden:
        stores.list_stores_detail();
        tasks.create_task("import", serde_json::Map::new());
    }
    let (cache, usage, schemas) = (demo.cache(), stranger.usage(), stranger.schemas());
    // These look for the image before they look at the user.
    fails! { NotFound:
        cache.cache_image(missing);
        cache.delete_cached_image(missing);
    }
    fails! { Forbidden:
        cache.show_cache();
        cache.list_cache_nodes(missing);
        cache.clear_cache().x_image_cache_clear_target(CacheTarget::Queue);
        cache.clean_cache();
        cache.prune_cache();
        cache.list_cached_images();
        cache.remove_cached_images();
        cache.remove_cached_image(missing);
        cache.list_queued_images();
        cache.delete_queued_images();
        cache.queue_image_for_cache(missing);
        cache.delete_queued_image(missing);
    }
    // What has no other failure than a wrong credential.
    let (more, stores, import) =
        (stranger.glance_schemas(), stranger.stores(), stranger.image_import());
    let (definitions, locations) = (stranger.metadata_definitions(), stranger.image_locations());
    fails! { Unauthorized:
        usage.show_usage();
        stores.list_stores();
        import.show_import_info();
        locations.list_image_locations(missing);
        definitions.list_metadef_resource_types();
        schemas.show_image_schema();
        schemas.show_images_schema();
        schemas.show_member_schema();
        schemas.show_members_schema();
        more.show_task_schema();
        more.show_tasks_schema();
        more.show_metadef_namespace_schema();
        more.show_metadef_namespaces_schema();
        more.show_metadef_object_schema();
        more.show_metadef_objects_schema();
        more.show_metadef_property_schema();
        more.show_metadef_properties_schema();
        more.show_metadef_resource_type_schema();
        more.show_metadef_resource_types_schema();
        more.show_metadef_tag_schema();
        more.show_metadef_tags_schema();
    }

    let (reader, definitions) = (demo.metadata_definitions(), admin.metadata_definitions());
    let (none, integer) = ("Live::none", || MetadefType::Integer);
    fails! { Forbidden:
        reader.create_metadef_namespace("Live::denied");
    }
    fails! { NotFound:
        reader.list_metadef_namespaces().marker(none);
        reader.show_metadef_namespace(none);
        definitions.replace_metadef_namespace(none, none);
        definitions.delete_metadef_namespace(none);
        reader.list_metadef_objects(none);
        definitions.create_metadef_object(none, "object");
        definitions.delete_metadef_objects(none);
        reader.show_metadef_object(none, "object");
        definitions.replace_metadef_object(none, "object", "object");
        definitions.delete_metadef_object(none, "object");
        reader.list_metadef_properties(none);
        definitions.create_metadef_property(none, "property", "Property", integer());
        definitions.delete_metadef_properties(none);
        reader.show_metadef_property(none, "property");
        definitions.replace_metadef_property(none, "property", "property", "Property", integer());
        definitions.delete_metadef_property(none, "property");
        reader.list_metadef_resource_type_associations(none);
        definitions.create_metadef_resource_type_association(none, "OS::Live::Thing");
        definitions.delete_metadef_resource_type_association(none, "OS::Live::Thing");
        reader.list_metadef_tags(none);
        definitions.create_metadef_tags(none, vec![MetadefTagName::new("tag")]);
        definitions.delete_metadef_tags(none);
        reader.show_metadef_tag(none, "tag");
        definitions.update_metadef_tag(none, "tag", "other");
        definitions.create_metadef_tag(none, "tag");
        definitions.delete_metadef_tag(none, "tag");
    }

    // Versions are for everybody.
    let mut expected = operations(&["ims", "glance", "glance-metadefs"]);
    assert!(expected.remove("list_versions") && expected.remove("show_version"));
    assert_eq!(tried.names, expected);
    assert!(tried.wrong.is_empty(), "{}", tried.wrong.join("\n"));
}
