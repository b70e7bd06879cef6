//! Logs and stack events.

use super::{SOON, World};
use chrono::{TimeDelta, Utc};
use cloud_images::ErrorKind;
use cloud_images::parallelcluster::LogStreamFilter;
use futures::{StreamExt, TryStreamExt};

pub async fn log_streams_are_listed(world: &dyn World) {
    let logs = world.client().image_logs();
    let pages: Vec<_> =
        logs.list_image_log_streams("img-0001").pages().try_collect().await.unwrap();
    assert!(pages.len() > 1);
    let streams: Vec<_> = pages.into_iter().flat_map(|page| page.log_streams).collect();
    assert!(streams.len() >= 62);
    let plain = streams.iter().find(|stream| stream.log_stream_name == "plain").unwrap();
    assert!(plain.first_event_timestamp < plain.last_event_timestamp);
    // One stream without an event makes the whole list fail.
    let error = logs.list_image_log_streams("img-0002").await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Server, "'firstEventTimestamp'"));
}

pub async fn a_log_is_read_from_both_ends(world: &dyn World) {
    let request = world.client().image_logs().get_image_log_events("img-0001", "plain").limit(10);
    let forwards = request.clone().start_from_head(true).items();
    let forwards: Vec<_> = forwards.try_collect().await.unwrap();
    assert_eq!(forwards.len(), 25);
    assert_eq!(forwards[0].message, "plain event 0000");
    // The same without a direction; a single page is the newest one.
    assert_eq!(request.clone().items().try_collect::<Vec<_>>().await.unwrap(), forwards);
    assert_eq!(request.clone().await.unwrap().events, forwards[15..]);
    let newest = request.clone().start_from_head(false).items();
    assert_eq!(newest.try_collect::<Vec<_>>().await.unwrap(), forwards[15..]);
    let mut backwards: Vec<_> = request.clone().newest_first().try_collect().await.unwrap();
    assert_eq!(backwards[0].message, "plain event 0024");
    backwards.reverse();
    assert_eq!(backwards, forwards);
    let last: Vec<_> = request.clone().newest_first().take(3).try_collect().await.unwrap();
    assert_eq!(last[2].message, "plain event 0022");
    for (limit, kind) in [(-1, ErrorKind::BadRequest), (99_999, ErrorKind::BadRequest)] {
        assert_eq!(request.clone().limit(limit).await.unwrap_err().kind(), kind);
    }
}

pub async fn a_log_is_read_for_a_time(world: &dyn World) {
    let request =
        world.client().image_logs().get_image_log_events("img-0001", "plain").start_from_head(true);
    let all: Vec<_> = request.clone().items().try_collect().await.unwrap();
    let (from, to) = (all[5].timestamp, all[10].timestamp - TimeDelta::milliseconds(1));
    let some: Vec<_> =
        request.clone().start_time(from).end_time(to).items().try_collect().await.unwrap();
    assert_eq!(some, all[5..10]);
    let error = request.start_time(to).end_time(from).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
}

pub async fn a_log_is_followed_as_it_grows(world: &dyn World) {
    let stream = world.name("growing");
    world.make_log(&stream, &["one", "two", "three"]).await;
    let request =
        world.client().image_logs().get_image_log_events("img-0001", &stream).start_from_head(true);
    let mut tail = request.clone().follow().interval(SOON);
    for text in ["one", "two", "three"] {
        assert_eq!(tail.try_next().await.unwrap().unwrap().message, text);
    }
    let (next, ()) = futures::join!(tail.try_next(), world.append_log(&stream, &["four", "five"]));
    assert_eq!(next.unwrap().unwrap().message, "four");
    let mut resumed = request.resume(tail.cursor()).follow().interval(SOON);
    drop(tail);
    assert_eq!(resumed.try_next().await.unwrap().unwrap().message, "five");
    world.append_log(&stream, &["six"]).await;
    assert_eq!(resumed.try_next().await.unwrap().unwrap().message, "six");
}

pub async fn cluster_logs_are_read_and_filtered(world: &dyn World) {
    let logs = world.client().cluster_logs();
    let node = LogStreamFilter::PrivateDnsName("ip-10-0-0-1".to_owned());
    let list = logs.list_cluster_log_streams("full-cluster");
    let streams: Vec<_> = list.clone().filter(node).items().try_collect().await.unwrap();
    let name = "ip-10-0-0-1.i-00000000000000001.cfn-init";
    assert!(streams.iter().any(|stream| stream.log_stream_name == name));
    assert!(!streams.iter().any(|stream| stream.log_stream_name.starts_with("ip-10-0-0-2.")));
    let all: Vec<_> = list.clone().items().try_collect().await.unwrap();
    assert_eq!(all.len(), 60);
    list.clone().filter(LogStreamFilter::HeadNode).await.unwrap();
    let error = list.clone().filter("foo").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);

    let events = logs.get_cluster_log_events("full-cluster", name).limit(100);
    let all: Vec<_> = events.clone().start_from_head(true).items().try_collect().await.unwrap();
    assert_eq!(all.len(), 300);
    let newest: Vec<_> = events.newest_first().take(150).try_collect().await.unwrap();
    assert_eq!(newest[0], all[299]);
    assert_eq!(newest[149], all[150]);
}

pub async fn stack_events_are_listed(world: &dyn World) {
    let client = world.client();
    let pages: Vec<_> = client
        .image_logs()
        .get_image_stack_events("building-001")
        .pages()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(pages.len(), 2);
    assert!(pages.iter().map(|page| page.events.len()).sum::<usize>() > 100);
    // Statuses that the document does not list.
    let events: Vec<_> = client
        .cluster_logs()
        .get_cluster_stack_events("cluster-003")
        .items()
        .try_collect()
        .await
        .unwrap();
    assert!(events.iter().any(|event| event.resource_status == "ROLLBACK_COMPLETE"));
    // An available image has no stack any more.
    let error = client.image_logs().get_image_stack_events("img-0001").await.unwrap_err();
    assert!(error.is_not_found());
}

pub async fn logs_that_do_not_exist_are_not_found(world: &dyn World) {
    let client = world.client();
    let logs = client.image_logs();
    let error = logs.get_image_log_events("img-0001", "nope").await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    let error = logs.get_image_log_events("img-0001", "3.16.1/1").await.unwrap_err();
    assert!(error.is_not_found() && error.message().contains("slash"), "{error}");
    let error = logs.get_image_log_events("img-0001", "plain").next_token("garbage").await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Server);
    let error = client.cluster_logs().get_cluster_stack_events("no-such").await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    let error = client.cluster_logs().list_cluster_log_streams("no-such").await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    let later = Utc::now() + TimeDelta::hours(1);
    let events = logs.get_image_log_events("img-0001", "plain").start_time(later).await.unwrap();
    assert!(events.events.is_empty());
}
