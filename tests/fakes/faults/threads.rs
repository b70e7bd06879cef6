//! One client for many tasks on many threads.

use super::*;
use crate::hostile::{Answer, ok};
use cloud_images::ims::{DataStream, types::Image};
use cloud_images::pagination::{Items, Pages};
use cloud_images::parallelcluster::{Follow, Regions};
use cloud_images::wait::Wait;
use cloud_images::{Body, ByteStream, Error, Response};
use futures::TryStreamExt;
use std::sync::Arc;

fn shared<T: Send + Sync>() {}

/// That it compiles is the test.
#[test]
fn clients_requests_streams_and_errors_are_send_and_sync() {
    shared::<(computing::Client, ims::Client, parallelcluster::Client)>();
    shared::<(ims::ImageOperationsApi, ims::requests::ListImages, ims::requests::UploadImageFile)>(
    );
    shared::<(Items<Image>, Pages<ims::types::ImageList>, Wait<Image>)>();
    shared::<(ByteStream, DataStream, Follow, Regions<Image>)>();
    shared::<(Error, Response<Image>, Response<ByteStream>, Body)>();
}

/// A catalogue of 5 pages for each name that is asked for.
async fn catalogue() -> Hostile {
    Hostile::start(|_, request| {
        let name = request.query("name").unwrap_or_default();
        let page: usize =
            request.query("marker").map_or(0, |id| id.split_once('-').unwrap().0.parse().unwrap());
        let id = format!("{}-{name}", page + 1);
        let next = match page {
            4 => String::new(),
            _ => format!(r#", "next": "/v2/images?marker={id}""#),
        };
        let body = format!(r#"{{"images": [{{"id": "{id}"}}]{next}}}"#);
        Answer::Late(Duration::from_millis(1), Box::new(ok(&body)))
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_tasks_share_a_client_and_hand_streams_on() {
    let server = catalogue().await;
    let client = glance(&server).max_in_flight(8).build().unwrap();
    let tasks: Vec<_> = (0..32)
        .map(|number| {
            let client = client.clone();
            tokio::spawn(async move {
                let name = format!("n{number}");
                let list = client.image_operations().list_images().name(&name);
                let mut items = list.items().prefetch(number % 3);
                let mut seen = vec![items.try_next().await.unwrap().unwrap().id];
                // Another task looks at it, a third one goes on with it.
                let items = Arc::new(items);
                let looked = Arc::clone(&items);
                tokio::spawn(async move { assert!(!looked.cursor().is_end()) }).await.unwrap();
                let items = Arc::into_inner(items).unwrap();
                let rest = tokio::spawn(items.map_ok(|image| image.id).try_collect::<Vec<_>>());
                seen.extend(rest.await.unwrap().unwrap());
                let expected: Vec<_> = (1..=5).map(|page| format!("{page}-{name}")).collect();
                assert_eq!(seen, expected);
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(server.count(), 32 * 5);
    assert!(server.most_in_flight() <= 8);
}
