//! Logs: the end that is a token come again, both directions, and growth.

use super::{answering, client, json, requests};
use cloud_images::ErrorKind;
use cloud_images::parallelcluster::LogStreamFilter;
use futures::{StreamExt, TryStreamExt};
use serde_json::json as object;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// A log as CloudWatch shows it: every page has both tokens, also at the end.
#[derive(Clone, Default)]
struct Log {
    events: Arc<AtomicUsize>,
    /// What is wrong with the next answers.
    faults: Arc<Mutex<Vec<u16>>>,
}

impl Log {
    fn of(events: usize) -> Self {
        let log = Self::default();
        log.grow(events);
        log
    }

    fn grow(&self, events: usize) {
        self.events.fetch_add(events, SeqCst);
    }

    async fn served(&self) -> MockServer {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(self.clone()).mount(&server).await;
        server
    }
}

impl Respond for Log {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        if let Some(status) = self.faults.lock().unwrap().pop() {
            return json(status, object!({"message": "fault"}));
        }
        let query = |name: &str| {
            let found = request.url.query_pairs().find(|(sent, _)| sent == name);
            found.map(|(_, value)| value.into_owned())
        };
        let all = self.events.load(SeqCst);
        let limit = query("limit").map_or(10, |limit| limit.parse().unwrap());
        let head = query("startFromHead").as_deref() == Some("true");
        let token = query("nextToken");
        let forwards = token.as_ref().is_some_and(|token| token.starts_with("f/"));
        if forwards && !head {
            // CloudWatch: a position of the way forward counts together with the direction.
            return json(400, object!({"message": "nextToken goes with startFromHead=true"}));
        }
        let (start, end) = match token.as_deref().map(|token| token.split_at(2)) {
            Some(("f/", at)) => {
                let at: usize = at.parse().unwrap();
                (at, (at + limit).min(all))
            }
            Some((_, at)) => {
                let at: usize = at.parse().unwrap();
                (at.saturating_sub(limit), at)
            }
            None if head => (0, limit.min(all)),
            None => (all.saturating_sub(limit), all),
        };
        let events: Vec<_> = (start..end)
            .map(|number| {
                object!({"message": number.to_string(), "timestamp": "2026-11-21T07:54:12.344Z"})
            })
            .collect();
        let (next, previous) = (format!("f/{end}"), format!("b/{start}"));
        json(200, object!({"events": events, "nextToken": next, "prevToken": previous}))
    }
}

fn numbers(range: impl Iterator<Item = usize>) -> Vec<String> {
    range.map(|number| number.to_string()).collect()
}

#[tokio::test]
async fn a_log_read_from_its_head_ends_with_the_same_token() {
    let server = Log::of(25).served().await;
    let request = client(&server).image_logs().get_image_log_events("i1", "plain");
    let events: Vec<_> =
        request.start_from_head(true).limit(10).items().try_collect().await.unwrap();
    let texts: Vec<_> = events.into_iter().map(|event| event.message).collect();
    assert_eq!(texts, numbers(0..25));
    assert_eq!(requests(&server).await.len(), 4);
}

#[tokio::test]
async fn a_log_is_read_from_the_first_event_to_the_last_by_default() {
    let server = Log::of(25).served().await;
    let request = client(&server).cluster_logs().get_cluster_log_events("c1", "plain").limit(10);
    for ahead in [0, 2] {
        let events: Vec<_> = request.clone().items().prefetch(ahead).try_collect().await.unwrap();
        let texts: Vec<_> = events.into_iter().map(|event| event.message).collect();
        assert_eq!(texts, numbers(0..25));
    }
    let pages: Vec<_> = request.clone().pages().try_collect().await.unwrap();
    let texts = pages.into_iter().flat_map(|page| page.events).map(|event| event.message);
    assert_eq!(texts.collect::<Vec<_>>(), numbers(0..25));

    // The newest page, and what comes after it.
    let events: Vec<_> =
        request.clone().start_from_head(false).items().try_collect().await.unwrap();
    let texts: Vec<_> = events.into_iter().map(|event| event.message).collect();
    assert_eq!(texts, numbers(15..25));
    // A single page is the one that the service gives of itself.
    assert_eq!(request.await.unwrap().events[0].message, "15");
}

#[tokio::test]
async fn a_log_that_grows_between_leaving_and_coming_back_is_read_once() {
    for leave in [0, 3, 10, 13, 24, 25] {
        let log = Log::of(25);
        let server = log.served().await;
        let request = client(&server).image_logs().get_image_log_events("i1", "plain").limit(10);
        let mut stream = request.clone().items();
        let mut texts = Vec::new();
        for _ in 0..leave {
            texts.push(stream.try_next().await.unwrap().unwrap().message);
        }
        log.grow(7);
        let rest: Vec<_> = request.resume(stream.cursor()).items().try_collect().await.unwrap();
        texts.extend(rest.into_iter().map(|event| event.message));
        assert_eq!(texts, numbers(0..32), "left after {leave}");
    }
}

#[tokio::test]
async fn a_cursor_within_the_newest_page_stands_for_the_newest_page() {
    let log = Log::of(25);
    let server = log.served().await;
    let request = client(&server).image_logs().get_image_log_events("i1", "plain").limit(10);
    let mut backwards = request.clone().newest_first();
    let mut forwards = request.clone().start_from_head(false).items();
    for _ in 0..3 {
        backwards.try_next().await.unwrap();
        forwards.try_next().await.unwrap();
    }
    log.grow(7);
    let rest = request.clone().resume(backwards.cursor()).newest_first();
    let texts: Vec<_> = rest.map_ok(|event| event.message).try_collect().await.unwrap();
    assert_eq!(texts, numbers((0..32).rev()));
    let rest = request.clone().start_from_head(false).resume(forwards.cursor()).items();
    let texts: Vec<_> = rest.map_ok(|event| event.message).try_collect().await.unwrap();
    assert_eq!(texts, numbers(22..32));

    // Behind that page there is a place of its own, even if events were added.
    for _ in 3..10 {
        backwards.try_next().await.unwrap();
    }
    log.grow(7);
    let rest = request.resume(backwards.cursor()).newest_first();
    let texts: Vec<_> = rest.map_ok(|event| event.message).try_collect().await.unwrap();
    assert_eq!(texts, numbers((0..15).rev()));
}

#[tokio::test]
async fn a_log_that_was_read_is_followed_from_there() {
    for read in [3, 12, 25] {
        let log = Log::of(25);
        let server = log.served().await;
        let request = client(&server).image_logs().get_image_log_events("i1", "plain").limit(10);
        let mut stream = request.clone().items();
        for _ in 0..read {
            stream.try_next().await.unwrap();
        }
        log.grow(3);
        let tail = request.resume(stream.cursor()).follow().interval(Duration::from_millis(10));
        let texts = tail.take(28 - read).map_ok(|event| event.message);
        assert_eq!(texts.try_collect::<Vec<_>>().await.unwrap(), numbers(read..28));
    }
}

#[tokio::test]
async fn a_log_read_from_its_tail_comes_newest_first() {
    let server = Log::of(25).served().await;
    let request = client(&server).cluster_logs().get_cluster_log_events("c1", "plain").limit(10);
    let events: Vec<_> = request.clone().newest_first().try_collect().await.unwrap();
    let texts: Vec<_> = events.into_iter().map(|event| event.message).collect();
    assert_eq!(texts, numbers((0..25).rev()));

    let mut stream = request.clone().newest_first();
    for _ in 0..13 {
        stream.try_next().await.unwrap();
    }
    let mut rest = request.resume(stream.cursor()).newest_first();
    assert_eq!(rest.try_next().await.unwrap().unwrap().message, "11");
}

#[tokio::test]
async fn a_followed_log_gives_what_is_added() {
    let log = Log::of(25);
    let server = log.served().await;
    let request = client(&server).image_logs().get_image_log_events("i1", "plain").limit(10);
    let mut tail = request.follow().interval(Duration::from_millis(10));
    for number in 15..25 {
        assert_eq!(tail.try_next().await.unwrap().unwrap().message, number.to_string());
    }
    log.grow(12);
    for number in 25..37 {
        assert_eq!(tail.try_next().await.unwrap().unwrap().message, number.to_string());
    }
}

#[tokio::test]
async fn a_followed_log_that_does_not_grow_is_asked_at_intervals() {
    let log = Log::of(3);
    let server = log.served().await;
    let request = client(&server).image_logs().get_image_log_events("i1", "plain");
    // A look at the start and one for the end of the log; then nothing is asked for an hour.
    let hour = Duration::from_secs(3600);
    let mut tail = request.clone().start_from_head(true).follow().interval(hour);
    for _ in 0..3 {
        tail.try_next().await.unwrap();
    }
    let pausing = async {
        while requests(&server).await.len() < 2 {
            tokio::task::yield_now().await;
        }
        log.grow(1);
        // While the same server and runtime do other things, there is no third look.
        for _ in 0..50 {
            request.clone().end_time(chrono::Utc::now()).await.unwrap();
        }
    };
    tokio::select! {
        event = tail.next() => panic!("{event:?} before the pause was over"),
        () = pausing => {}
    }
    let looks = requests(&server).await;
    assert_eq!(looks.iter().filter(|look| !look.contains("endTime")).count(), 2, "{looks:?}");
    // Who asks again finds what was added.
    let mut tail = request.resume(tail.cursor()).follow().interval(Duration::from_millis(10));
    assert_eq!(tail.try_next().await.unwrap().unwrap().message, "3");
}

#[tokio::test]
async fn a_followed_log_goes_on_after_an_error_and_in_another_process() {
    let log = Log::of(5);
    let server = log.served().await;
    let request = client(&server)
        .image_logs()
        .get_image_log_events("i1", "plain")
        .start_from_head(true)
        .limit(4)
        .retry(cloud_images::RetryPolicy::none());
    let mut tail = request.clone().follow().interval(Duration::from_millis(10));
    assert_eq!(tail.try_next().await.unwrap().unwrap().message, "0");
    assert_eq!(tail.try_next().await.unwrap().unwrap().message, "1");

    let stored = serde_json::to_string(&tail.cursor()).unwrap();
    drop(tail);
    let cursor = serde_json::from_str(&stored).unwrap();
    let mut tail = request.clone().resume(cursor).follow().interval(Duration::from_millis(10));
    for number in 2..5 {
        assert_eq!(tail.try_next().await.unwrap().unwrap().message, number.to_string());
    }
    // A transient error leaves the stream alive, a permanent one ends it.
    log.faults.lock().unwrap().push(503);
    assert_eq!(tail.next().await.unwrap().unwrap_err().kind(), ErrorKind::Server);
    log.grow(1);
    assert_eq!(tail.try_next().await.unwrap().unwrap().message, "5");
    log.faults.lock().unwrap().push(403);
    assert_eq!(tail.next().await.unwrap().unwrap_err().kind(), ErrorKind::Forbidden);
    assert!(tail.next().await.is_none());
    log.grow(1);
    let mut tail = request.resume(tail.cursor()).follow();
    assert_eq!(tail.next_event().await.unwrap().unwrap().message, "6");
}

#[tokio::test]
async fn a_followed_log_ends_at_the_end_time() {
    let server = Log::of(5).served().await;
    let request = client(&server)
        .image_logs()
        .get_image_log_events("i1", "plain")
        .end_time("2026-01-01T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap());
    let events: Vec<_> = request.follow().try_collect().await.unwrap();
    assert_eq!(events.len(), 5);
}

#[tokio::test]
async fn filters_are_sent_as_the_server_reads_them() {
    let route = "/v3/clusters/c1/logstreams";
    let server = answering("GET", route, json(200, object!({"logStreams": []}))).await;
    let logs = client(&server).cluster_logs();
    let node = LogStreamFilter::PrivateDnsName("ip-10-0-0-2".to_owned());
    for filter in [LogStreamFilter::HeadNode, node] {
        logs.list_cluster_log_streams("c1").filter(filter).await.unwrap();
    }
    assert_eq!(
        requests(&server).await,
        [
            format!("GET {route}?filters=Name%3Dnode-type%2CValues%3DHeadNode"),
            format!("GET {route}?filters=Name%3Dprivate-dns-name%2CValues%3Dip-10-0-0-2"),
        ]
    );
}
