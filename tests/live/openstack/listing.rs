//! Every filter and page size lists exactly what a plain loop finds.

use super::harness::{Plain, Servers, ids, raw, servers, unique};
use chrono::{DateTime, TimeZone, Utc};
use cloud_images::ErrorKind;
use cloud_images::ims::requests::ListImages;
use cloud_images::ims::{Client, Sort, TimeFilter, one_of};
use futures::TryStreamExt;
use std::collections::HashSet;

async fn both(servers: &Servers) -> (Client, Plain) {
    (servers.client("demo"), Plain::login(servers, "demo").await)
}

fn year(year: i32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).unwrap()
}

type Filter = fn(ListImages) -> ListImages;

#[tokio::test]
async fn each_filter_lists_what_a_plain_loop_finds() {
    let servers = servers!();
    let (client, plain) = both(&servers).await;
    let filters: &[(&[(&str, &str)], Filter)] = &[
        (&[], |list| list),
        (&[("visibility", "public")], |list| list.visibility("public")),
        (&[("visibility", "all")], |list| list.visibility("all")),
        (&[("status", "queued")], |list| list.status("queued")),
        (&[("status", "in:active,queued")], |list| list.status(one_of(["active", "queued"]))),
        (&[("name", "dup-name")], |list| list.name("dup-name")),
        (&[("name", "in:dup-name,\"a,b;c=0006\"")], |list| {
            list.name(one_of(["dup-name", "a,b;c=0006"]))
        }),
        (&[("tag", "nightly"), ("tag", "seed")], |list| list.tag("nightly").tag("seed")),
        (&[("protected", "true")], |list| list.protected(true)),
        (&[("os_hidden", "true")], |list| list.os_hidden(true)),
        (&[("disk_format", "qcow2")], |list| list.disk_format("qcow2")),
        (&[("__os_type", "Linux")], |list| list.os_type("Linux")),
        (&[("__platform", "Ubuntu")], |list| list.platform("Ubuntu")),
        (&[("__imagetype", "gold")], |list| list.imagetype("gold")),
        (&[("size_min", "1")], |list| list.size_min(1)),
        (&[("visibility", "shared"), ("member_status", "pending")], |list| {
            list.visibility("shared").member_status("pending")
        }),
        (&[("visibility", "shared"), ("member_status", "all")], |list| {
            list.visibility("shared").member_status("all")
        }),
        (&[("created_at", "gte:2024-01-02T00:00:00Z"), ("tag", "seed")], |list| {
            list.tag("seed")
                .created_at(TimeFilter::since(Utc.with_ymd_and_hms(2024, 1, 2, 0, 0, 0).unwrap()))
        }),
        (&[("created_at", "lt:2024-01-02T00:00:00Z")], |list| {
            list.created_at(TimeFilter::before(Utc.with_ymd_and_hms(2024, 1, 2, 0, 0, 0).unwrap()))
        }),
        (&[("sort", "name:asc,created_at:desc")], |list| {
            list.sort(Sort::ascending("name").then_descending("created_at"))
        }),
        (&[("sort_key", "size"), ("size_min", "0")], |list| list.sort_key("size").size_min(0)),
        (&[("unknown", "x")], |list| list.property("unknown", "x")),
    ];
    for (query, filter) in filters {
        // Only what was there before: other tests make images meanwhile.
        let mut query = query.to_vec();
        let has_time = query.iter().any(|(name, _)| *name == "created_at");
        if !has_time {
            query.push(("created_at", "lt:2025-01-01T00:00:00Z"));
        }
        let filter = |list| match has_time {
            true => filter(list),
            false => filter(list).created_at(TimeFilter::before(year(2025))),
        };
        let query = &query[..];
        // One page of everything is the truth; more than the server's maximum is cut without a word.
        let mut expected = plain.ids(query, 1000).await;
        let unordered = !query.iter().any(|(name, _)| name.starts_with("sort"));
        expected.sort_by_key(|id| if unordered { id.clone() } else { String::new() });
        let sizes: &[u32] = if query.len() == 1 { &[7, 40, 1000, 5000] } else { &[16, 1000] };
        for &size in sizes {
            let request = filter(client.image_operations().list_images()).page_size(size);
            let mut found = ids(request).await;
            found.sort_by_key(|id| if unordered { id.clone() } else { String::new() });
            assert_eq!(found, expected, "{query:?} by {size}");
        }
    }
}

#[tokio::test]
async fn pages_of_one_and_of_nothing_asked_for() {
    let servers = servers!();
    let (client, plain) = both(&servers).await;
    let expected = plain.ids(&[("tag", "nightly"), ("tag", "seed")], 100).await;
    for size in [0, 1] {
        let request =
            client.image_operations().list_images().tag("nightly").tag("seed").page_size(size);
        assert_eq!(ids(request).await, expected);
    }
}

#[tokio::test]
async fn what_the_service_gets_wrong_is_refused_before_it_is_sent() {
    let servers = servers!();
    let client = servers.client("demo");
    let list = || client.image_operations().list_images();
    let time = Utc::now();
    let refused = [
        (
            list().created_at(TimeFilter::gt(time)).created_at(TimeFilter::lt(time)),
            "created_at is set twice",
        ),
        (list().property("created_at", "gt:x"), "created_at is not a custom property"),
        (list().sort_key("name").sort("name:asc"), "sort cannot be combined"),
        (list().sort_key("size").marker("0"), "size_min(0)"),
        (list().sort("name,size:asc").marker("0"), "size_min(0)"),
    ];
    for (request, reason) in refused {
        let error = request.items().try_next().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(error.attempts(), 0);
        assert_eq!(error.operation(), Some("list_images"));
        assert!(error.message().contains(reason), "{error}");
    }
}

#[tokio::test]
async fn images_that_are_deleted_between_pages_break_nothing() {
    let servers = servers!();
    let client = servers.client("demo");
    let images = client.image_operations();
    for (size, deleted) in
        [(4, vec![3]), (4, vec![2, 3]), (4, vec![0, 1, 2, 3]), (1, vec![0]), (5, vec![1, 3, 4])]
    {
        let tag = unique("list");
        for _ in 0..12 {
            raw(&client, "list").tag(&*tag).await.unwrap();
        }
        let expected = ids(images.list_images().tag(&*tag)).await;
        let mut stream = images.list_images().tag(&*tag).page_size(size).items();
        let mut seen = Vec::new();
        for _ in 0..size {
            seen.push(stream.try_next().await.unwrap().unwrap().id);
        }
        for index in &deleted {
            images.delete_image(&*seen[*index]).await.unwrap();
        }
        seen.extend(stream.map_ok(|image| image.id).try_collect::<Vec<_>>().await.unwrap());
        assert_eq!(seen, expected, "pages of {size}, deleted {deleted:?}");
        for id in ids(images.list_images().tag(&*tag)).await {
            images.delete_image(id).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_list_can_be_emptied_while_it_is_read() {
    let servers = servers!();
    let client = servers.client("demo");
    let images = client.image_operations();
    let tag = unique("sweep");
    for index in 0..14 {
        raw(&client, "sweep").tag(&*tag).protected(index % 5 == 2).await.unwrap();
    }
    let expected: HashSet<String> =
        ids(images.list_images().tag(&*tag)).await.into_iter().collect();
    let mut stream = images.list_images().tag(&*tag).page_size(3).items();
    let mut seen = Vec::new();
    while let Some(image) = stream.try_next().await.unwrap() {
        if image.protected != Some(true) {
            images.delete_image(&*image.id).await.unwrap();
        }
        seen.push(image.id);
    }
    assert_eq!(seen.len(), 14, "each exactly once");
    assert_eq!(seen.into_iter().collect::<HashSet<_>>(), expected);
}
