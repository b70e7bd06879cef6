//! What the contract does not hold: administrators, failing stores, locations, the cache.

use super::files;
use super::harness::Servers;
use cloud_images::ErrorKind;
use cloud_images::ims::Client;
use cloud_images::ims::glance::types::{
    CacheTarget, ImportMethod, LocationValidationData, TaskData, TaskStatus,
};
use cloud_images::ims::types::{Image, ImageStatus};
use cloud_images::wait::Wait;
use futures::TryStreamExt;
use std::time::Duration;

async fn made(client: &Client) -> Image {
    let request = client.image_operations().create_image().name("glance");
    request.disk_format("raw").container_format("bare").await.unwrap()
}

async fn filled(client: &Client, data: &'static str) -> Image {
    let image = made(client).await;
    client.image_import().upload(&*image.id, data).await.unwrap()
}

fn end(client: &Client, id: &str) -> Wait<Image> {
    let request = client.image_operations().show_image(id);
    request.wait_for_import().interval(Duration::from_millis(50)).backoff(1.0)
}

fn clients(servers: &Servers) -> (Client, Client) {
    (servers.client("demo"), servers.client("admin"))
}

#[tokio::test]
async fn a_large_image_is_imported_by_each_method() {
    let (servers, files) = files!();
    let (demo, admin) = clients(&servers);
    let size = 64 << 20;
    let import = admin.image_import();

    let staged = made(&admin).await;
    let data = cloud_images::Body::from(vec![7_u8; size]);
    let staged_by = import.upload(&*staged.id, data);
    let staged_by = staged_by.method(cloud_images::ims::glance::UploadMethod::Import);
    assert_eq!(staged_by.await.unwrap().size, Some(size as i64));

    let downloaded = made(&admin).await;
    let uri = format!("{files}/blob/{size}");
    import.import_image(&*downloaded.id, ImportMethod::web_download(uri)).await.unwrap();
    assert_eq!(end(&admin, &downloaded.id).await.unwrap().size, Some(size as i64));

    import.import_image(&*downloaded.id, ImportMethod::copy_image()).store("cheap").await.unwrap();
    let copied = end(&admin, &downloaded.id).await.unwrap();
    assert_eq!(copied.stores.as_deref().unwrap().split(',').count(), 2, "{copied:?}");
    let member = demo.image_import().import_image(&*downloaded.id, ImportMethod::copy_image());
    let refused = member.store("cheap").await.unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::Forbidden | ErrorKind::NotFound), "{refused}");

    let elsewhere = made(&admin).await;
    let method = ImportMethod::glance_download("RegionOne", &*downloaded.id);
    import.import_image(&*elsewhere.id, method).await.unwrap();
    assert_eq!(end(&admin, &elsewhere.id).await.unwrap().size, Some(size as i64));

    let unknown = made(&admin).await;
    let method = ImportMethod::glance_download("Nowhere", &*downloaded.id);
    import.import_image(&*unknown.id, method).await.unwrap();
    assert_eq!(end(&admin, &unknown.id).await.unwrap_err().kind(), ErrorKind::Failed);

    for image in [staged, downloaded, elsewhere, unknown] {
        admin.image_operations().delete_image(image.id).await.unwrap();
    }
}

#[tokio::test]
async fn a_failed_copy_is_a_failure_although_the_image_is_active() {
    let (servers, _) = files!();
    let (_, admin) = clients(&servers);
    let image = filled(&admin, "the data").await;
    let copy = admin.image_import().import_image(&*image.id, ImportMethod::copy_image());
    copy.store("web").await.unwrap();
    let error = end(&admin, &image.id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed);
    assert!(error.message().contains("web"), "{error}");
    let shown = admin.image_operations().show_image(&*image.id).await.unwrap();
    assert_eq!(shown.status, Some(ImageStatus::Active));
    // Nothing to copy makes no task.
    let again = admin.image_import().import_image(&*image.id, ImportMethod::copy_image());
    let again = again.all_stores(true).all_stores_must_succeed(false).await;
    if again.is_ok() {
        let _ = end(&admin, &image.id).await;
    }
    admin.image_operations().delete_image(image.id).await.unwrap();
}

#[tokio::test]
async fn a_source_that_breaks_off_fails_the_import() {
    let (servers, files) = files!();
    let (demo, _) = clients(&servers);
    let image = made(&demo).await;
    let method = ImportMethod::web_download(format!("{files}/short/1000000"));
    demo.image_import().import_image(&*image.id, method).await.unwrap();
    let error = end(&demo, &image.id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed);
    assert!(error.message().contains("(stores: fast)"), "{error}");
    let shown = demo.image_operations().show_image(&*image.id).await.unwrap();
    assert_eq!((shown.status, shown.size), (Some(ImageStatus::Queued), None));
    // The image goes away meanwhile.
    let method = ImportMethod::web_download(format!("{files}/slow/100000/5"));
    demo.image_import().import_image(&*image.id, method).await.unwrap();
    demo.image_operations().delete_image(&*image.id).await.unwrap();
    assert!(end(&demo, &image.id).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_copy_is_deleted_from_one_store_and_never_the_last() {
    let (servers, _) = files!();
    let (demo, admin) = clients(&servers);
    let image = made(&admin).await;
    let upload = admin.image_import().upload(&*image.id, "the data");
    let image = upload.store("fast").store("cheap").await.unwrap();
    let preferred = admin.image_data().download_image_file(&*image.id).prefer("cheap,fast");
    assert_eq!(preferred.await.unwrap().bytes(100).await.unwrap(), "the data");
    let stores = admin.stores();
    assert_eq!(demo.stores().list_stores_detail().await.unwrap_err().kind(), ErrorKind::Forbidden);
    let detail: Vec<_> = stores.list_stores_detail().items().try_collect().await.unwrap();
    assert!(detail.iter().any(|store| store.id == "cheap" && store.type_.is_some()));
    let absent = stores.delete_image_from_store("web", &*image.id).await.unwrap_err();
    assert!(absent.is_not_found(), "{absent}");
    stores.delete_image_from_store("cheap", &*image.id).await.unwrap();
    let last = stores.delete_image_from_store("fast", &*image.id).await.unwrap_err();
    assert_eq!(last.kind(), ErrorKind::Forbidden);
    admin.image_operations().delete_image(image.id).await.unwrap();
}

#[tokio::test]
async fn tasks_are_listed_page_by_page_without_a_gap() {
    let (servers, files) = files!();
    let (demo, admin) = clients(&servers);
    let image = made(&admin).await;
    for _ in 0..2 {
        let method = ImportMethod::web_download(format!("{files}/status/500"));
        admin.image_import().import_image(&*image.id, method).await.unwrap();
        end(&admin, &image.id).await.unwrap_err();
    }
    let tasks = admin.tasks();
    let all = |size| tasks.list_tasks().page_size(size).items().map_ok(|task| task.id);
    let whole: Vec<String> = all(1000).try_collect().await.unwrap();
    assert!(whole.len() >= 2);
    let by_one: Vec<String> = all(3).try_collect().await.unwrap();
    assert!(whole.iter().all(|id| by_one.contains(id)), "{whole:?} {by_one:?}");
    let task = tasks.show_task(&*whole[0]).await.unwrap();
    assert!(task.status.is_some() && task.created_at.is_some());
    assert_eq!(demo.tasks().list_tasks().await.unwrap_err().kind(), ErrorKind::Forbidden);
    assert!(tasks.show_task("nope").await.unwrap_err().is_not_found());
    let unknown = tasks.list_tasks().marker("nope").await.unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::BadRequest);
    admin.image_operations().delete_image(image.id).await.unwrap();
}

#[tokio::test]
async fn a_bad_location_is_found_out_by_the_hash() {
    let (servers, files) = files!();
    let (demo, admin) = clients(&servers);
    let image = made(&demo).await;
    let locations = demo.image_locations();
    locations.add_image_location(&*image.id, format!("{files}/blob/20")).await.unwrap();
    assert_eq!(end(&demo, &image.id).await.unwrap().size, Some(20));
    let all = admin.image_locations().list_image_locations(&*image.id);
    let all: Vec<_> = all.items().try_collect().await.unwrap();
    assert!(all[0].url.ends_with("/blob/20"), "{all:?}");
    let denied = locations.list_image_locations(&*image.id).await.unwrap_err();
    assert_eq!(denied.kind(), ErrorKind::Forbidden);
    let twice = locations.add_image_location(&*image.id, format!("{files}/blob/9")).await;
    assert_eq!(twice.unwrap_err().kind(), ErrorKind::Conflict);
    demo.image_operations().delete_image(image.id).await.unwrap();

    let image = made(&demo).await;
    let hash = LocationValidationData::new("sha512", "0".repeat(128));
    let request = locations.add_image_location(&*image.id, format!("{files}/blob/20"));
    request.validation_data(hash).await.unwrap();
    assert_eq!(end(&demo, &image.id).await.unwrap_err().kind(), ErrorKind::Failed);
    // The bad location stays, and the service sends its bytes under the hash of the upload.
    demo.image_data().upload_image_file(&*image.id, "other bytes, of 20 !").await.unwrap();
    let damaged = demo.image_data().download(&*image.id).bytes(100).await.unwrap_err();
    assert_eq!(damaged.kind(), ErrorKind::Damaged, "{damaged}");
    demo.image_operations().delete_image(image.id).await.unwrap();
}

#[tokio::test]
async fn the_cache_is_looked_after_by_administrators() {
    let (servers, _) = files!();
    let (demo, admin) = clients(&servers);
    let image = filled(&admin, "the data").await;
    let cache = admin.cache();
    assert_eq!(demo.cache().show_cache().await.unwrap_err().kind(), ErrorKind::Forbidden);
    cache.cache_image(&*image.id).await.unwrap();
    let mut cached = false;
    for _ in 0..100 {
        let state = cache.show_cache().await.unwrap();
        cached = state.cached_images.iter().any(|entry| entry.image_id == image.id);
        if cached {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(cached);
    cache.list_cache_nodes(&*image.id).await.unwrap();
    cache.prune_cache().await.unwrap();
    cache.clean_cache().await.unwrap();
    cache.delete_cached_image(&*image.id).await.unwrap();
    cache.clear_cache().x_image_cache_clear_target(CacheTarget::Queue).await.unwrap();
    cache.list_cached_images().await.unwrap();
    cache.list_queued_images().await.unwrap();
    cache.queue_image_for_cache(&*image.id).await.unwrap();
    cache.delete_queued_image(&*image.id).await.unwrap();
    cache.remove_cached_image(&*image.id).await.unwrap();
    assert!(cache.delete_queued_images().await.unwrap().num_deleted >= 0);
    assert!(cache.remove_cached_images().await.unwrap().num_deleted >= 0);
    admin.image_operations().delete_image(image.id).await.unwrap();
}

#[tokio::test]
async fn all_schemas_are_there() {
    let (servers, _) = files!();
    let schemas = servers.client("demo").glance_schemas();
    let names = [
        schemas.show_task_schema().await.unwrap()["name"].clone(),
        schemas.show_tasks_schema().await.unwrap()["name"].clone(),
        schemas.show_metadef_namespace_schema().await.unwrap()["name"].clone(),
        schemas.show_metadef_namespaces_schema().await.unwrap()["name"].clone(),
        schemas.show_metadef_object_schema().await.unwrap()["name"].clone(),
        schemas.show_metadef_objects_schema().await.unwrap()["name"].clone(),
        schemas.show_metadef_property_schema().await.unwrap()["name"].clone(),
        schemas.show_metadef_properties_schema().await.unwrap()["name"].clone(),
        schemas.show_metadef_resource_type_schema().await.unwrap()["name"].clone(),
        schemas.show_metadef_resource_types_schema().await.unwrap()["name"].clone(),
        schemas.show_metadef_tag_schema().await.unwrap()["name"].clone(),
        schemas.show_metadef_tags_schema().await.unwrap()["name"].clone(),
    ];
    assert!(names.iter().all(serde_json::Value::is_string), "{names:?}");
}

#[tokio::test]
async fn a_task_of_an_administrator_runs() {
    let (servers, files) = files!();
    let (demo, admin) = clients(&servers);
    let input = serde_json::json!({
        "import_from": format!("{files}/blob/11"), "import_from_format": "raw",
        "image_properties": { "name": "by a task", "disk_format": "raw", "container_format": "bare" },
    });
    let input = serde_json::from_value::<TaskData>(input).unwrap();
    let denied = demo.tasks().create_task("import", input.clone()).await.unwrap_err();
    assert_eq!(denied.kind(), ErrorKind::Forbidden);
    let task = admin.tasks().create_task("import", input).await.unwrap();
    let mut status = task.status;
    for _ in 0..200 {
        if !matches!(status, Some(TaskStatus::Pending | TaskStatus::Processing)) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        status = admin.tasks().show_task(&*task.id).await.unwrap().status;
    }
    assert!(matches!(status, Some(TaskStatus::Success | TaskStatus::Failure)), "{status:?}");
}
