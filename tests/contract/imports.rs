//! How imports go, on real Glance with several stores and on the server of `testing`.

use cloud_images::ErrorKind;
use cloud_images::ims::Client;
use cloud_images::ims::glance::UploadMethod;
use cloud_images::ims::glance::types::{Flag, ImportMethod, TaskStatus};
use cloud_images::ims::types::{Image, ImageStatus};
use cloud_images::wait::Wait;
use futures::{StreamExt, TryStreamExt};
use std::time::Duration;

/// All behaviours, as arguments of another macro.
macro_rules! all_behaviours {
    ($each:ident) => {
        $each! {
            the_service_says_what_it_offers
            staged_data_is_imported_into_stores
            an_address_is_downloaded_and_its_end_is_seen
            a_source_that_fails_fails_the_import_with_a_reason
            one_good_store_is_enough_where_that_is_allowed
            a_second_import_after_a_failure_works
            what_cannot_be_imported_is_refused_at_once
            an_upload_takes_the_way_that_is_offered
            versions_come_with_status_300
        }
    };
}
pub(crate) use all_behaviours;

/// A client, and a server of files that the service may download from.
pub struct World {
    pub client: Client,
    pub files: String,
}

impl World {
    async fn made(&self) -> Image {
        let request = self.client.image_operations().create_image().name("import");
        request.disk_format("raw").container_format("bare").await.unwrap()
    }

    fn download(&self, path: &str) -> ImportMethod {
        ImportMethod::web_download(format!("{}{path}", self.files))
    }

    fn end(&self, image: &Image) -> Wait<Image> {
        let request = self.client.image_operations().show_image(&*image.id);
        request.wait_for_import().interval(Duration::from_millis(50)).backoff(1.0)
    }

    async fn gone(&self, image: Image) {
        self.client.image_operations().delete_image(image.id).await.unwrap();
    }
}

fn sorted(stores: Option<&str>) -> Vec<&str> {
    let mut stores: Vec<&str> = stores.unwrap_or_default().split(',').collect();
    stores.sort_unstable();
    stores
}

pub async fn the_service_says_what_it_offers(world: World) {
    let info = world.client.image_import().show_import_info().await.unwrap();
    assert!(info.offers(&ImportMethod::glance_direct()));
    assert!(info.offers(&ImportMethod::web_download("http://x")));
    let stores: Vec<_> = world.client.stores().list_stores().items().try_collect().await.unwrap();
    let names: Vec<&str> = stores.iter().map(|store| store.id.as_str()).collect();
    for name in ["fast", "cheap", "web"] {
        assert!(names.contains(&name), "{names:?}");
    }
    let marked = |flag: fn(&cloud_images::ims::glance::types::Store) -> &Option<Flag>| {
        let all = stores.iter().filter(|store| *flag(store) == Some(Flag::True));
        all.map(|store| store.id.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(marked(|store| &store.default), ["fast"]);
    assert_eq!(marked(|store| &store.read_only), ["web"]);
}

pub async fn staged_data_is_imported_into_stores(world: World) {
    let (import, image) = (world.client.image_import(), world.made().await);
    import.stage_image_file(&*image.id, "0123456789").x_openstack_image_size(10).await.unwrap();
    let staged = world.client.image_operations().show_image(&*image.id).await.unwrap();
    assert_eq!(staged.status, Some(ImageStatus::Uploading));
    let request = import.import_image(&*image.id, ImportMethod::glance_direct());
    let started = request.store("fast").store("cheap").send().await.unwrap();
    assert_eq!(started.status(), 202);
    let image = world.end(&image).await.unwrap();
    assert_eq!((image.status.clone(), image.size), (Some(ImageStatus::Active), Some(10)));
    assert_eq!(sorted(image.stores.as_deref()), ["cheap", "fast"]);
    assert!(image.failed_stores().is_empty() && image.importing_stores().is_empty());
    let data = world.client.image_data().download(&*image.id).bytes(100).await.unwrap();
    assert_eq!(data, "0123456789");
    world.gone(image).await;
}

pub async fn an_address_is_downloaded_and_its_end_is_seen(world: World) {
    let image = world.made().await;
    let method = world.download("/blob/1000");
    world.client.image_import().import_image(&*image.id, method).await.unwrap();
    let states: Vec<Image> = world.end(&image).try_collect().await.unwrap();
    // The status before the end is one of an image that is not there yet.
    let (last, before) = states.split_last().unwrap();
    assert!(before.iter().all(|image| image.status != Some(ImageStatus::Killed)));
    assert_eq!((last.status.clone(), last.size), (Some(ImageStatus::Active), Some(1000)));
    assert_eq!(last.os_glance_import_task, None);
    let tasks = world.client.image_tasks().list_image_tasks(&*image.id);
    let tasks: Vec<_> = tasks.items().try_collect().await.unwrap();
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0].status, Some(TaskStatus::Success));
    // A time without a zone is read.
    assert!(tasks[0].created_at.is_some() && tasks[0].unreadable.is_empty(), "{tasks:?}");
    world.gone(image).await;
}

pub async fn a_source_that_fails_fails_the_import_with_a_reason(world: World) {
    let image = world.made().await;
    let method = world.download("/status/404");
    world.client.image_import().import_image(&*image.id, method).await.unwrap();
    let items: Vec<_> = world.end(&image).collect().await;
    let Some((Err(error), states)) = items.split_last() else { panic!("{items:?}") };
    assert_eq!(error.kind(), ErrorKind::Failed);
    assert!(error.message().contains("Task failed due to Internal Error"), "{error}");
    assert!(error.message().contains("fast"), "the store is named: {error}");
    let last = states.last().unwrap().as_ref().unwrap();
    assert_eq!(last.status, Some(ImageStatus::Queued));
    assert_eq!(last.failed_stores(), ["fast"]);
    world.gone(image).await;
}

pub async fn one_good_store_is_enough_where_that_is_allowed(world: World) {
    let import = world.client.image_import();
    for (must, works) in [(false, true), (true, false)] {
        let image = world.made().await;
        let request = import.import_image(&*image.id, world.download("/blob/10"));
        let request = request.store("fast").store("web").all_stores_must_succeed(must);
        request.await.unwrap();
        match world.end(&image).await {
            Ok(image) => {
                assert!(works, "{image:?}");
                assert_eq!(image.failed_stores(), ["web"]);
                assert_eq!(image.stores.as_deref(), Some("fast"));
            }
            Err(error) => {
                assert!(!works, "{error}");
                assert!(error.message().contains("web"), "{error}");
            }
        }
        world.gone(image).await;
    }
}

pub async fn a_second_import_after_a_failure_works(world: World) {
    let (import, image) = (world.client.image_import(), world.made().await);
    import.import_image(&*image.id, world.download("/status/500")).await.unwrap();
    world.end(&image).await.unwrap_err();
    import.import_image(&*image.id, world.download("/blob/7")).await.unwrap();
    assert_eq!(world.end(&image).await.unwrap().size, Some(7));
    world.gone(image).await;
}

pub async fn what_cannot_be_imported_is_refused_at_once(world: World) {
    let (import, image) = (world.client.image_import(), world.made().await);
    let nothing = import.import_image(&*image.id, ImportMethod::glance_direct());
    assert_eq!(nothing.await.unwrap_err().kind(), ErrorKind::Conflict);
    let unknown = import.import_image(&*image.id, world.download("/blob/1")).store("nowhere");
    assert_eq!(unknown.await.unwrap_err().kind(), ErrorKind::Conflict);
    let both = import.import_image(&*image.id, world.download("/blob/1"));
    let both = both.all_stores(true).store("fast").await.unwrap_err();
    assert_eq!(both.kind(), ErrorKind::BadRequest);
    // Nothing was started, and a wait says so.
    let error = world.end(&image).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed);
    assert!(error.message().contains("none was started"), "{error}");
    let bare = world.client.image_operations().create_image().await.unwrap();
    let bare_error = import.import_image(&*bare.id, world.download("/blob/1")).await.unwrap_err();
    assert_eq!(bare_error.kind(), ErrorKind::Conflict);
    let missing = "00000000-0000-4000-8000-000000000000";
    let gone = import.import_image(missing, world.download("/blob/1")).await.unwrap_err();
    assert!(gone.is_not_found(), "{gone}");
    world.gone(bare).await;
    world.gone(image).await;
}

pub async fn an_upload_takes_the_way_that_is_offered(world: World) {
    let import = world.client.image_import();
    let methods = [
        (UploadMethod::Auto, true, "cheap,fast"),
        (UploadMethod::Auto, false, "fast"),
        (UploadMethod::Import, false, "fast"),
        (UploadMethod::Direct, false, "fast"),
    ];
    for (method, all, stores) in methods {
        let image = world.made().await;
        let mut upload = import.upload(&*image.id, "the data").method(method);
        upload = if all { upload.store("fast").store("cheap") } else { upload.store("fast") };
        let image = upload.await.unwrap();
        assert_eq!(image.size, Some(8));
        assert_eq!(sorted(image.stores.as_deref()).join(","), stores, "{method:?}");
        world.gone(image).await;
    }
    // Into all that can be written to.
    let image = world.made().await;
    let image = import.upload(&*image.id, "the data").all_stores().await.unwrap();
    assert_eq!(sorted(image.stores.as_deref()), ["cheap", "fast"]);
    for store in ["cheap", "fast"] {
        let download = world.client.image_data().download_image_file(&*image.id).prefer(store);
        assert_eq!(download.await.unwrap().bytes(100).await.unwrap(), "the data", "{store}");
    }
    world.gone(image).await;
    for may_fail in [true, false] {
        let image = world.made().await;
        let upload = import.upload(&*image.id, "the data").store("fast").store("web");
        match if may_fail { upload.allow_failed_stores() } else { upload }.await {
            Ok(image) => {
                assert!(may_fail, "{image:?}");
                assert_eq!(image.stores.as_deref(), Some("fast"));
                assert_eq!(image.failed_stores(), ["web"]);
            }
            Err(error) => {
                assert!(!may_fail, "{error}");
                assert_eq!(error.kind(), ErrorKind::Failed);
                assert!(error.message().contains("web"), "{error}");
            }
        }
        world.gone(image).await;
    }
    let image = world.made().await;
    let one = import.upload(&*image.id, "the data").method(UploadMethod::Direct).all_stores();
    assert_eq!(one.await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    let short = world.client.image_data().upload_image_file(&*image.id, "1234567");
    let wrong = short.x_openstack_image_size(8).await.unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::BadRequest);
    world.gone(image).await;
}

pub async fn versions_come_with_status_300(world: World) {
    let response = world.client.versions().list_versions().send().await.unwrap();
    assert_eq!(response.status(), 300);
    assert!(response.body().current().unwrap().number().unwrap() >= (2, 17));
}
