//! Futures and streams that are dropped: at each point where they wait, nothing stays behind.

use super::*;
use crate::hostile::{Answer, ok, status};
use cloud_images::ims::requests::ListImages;
use futures::{FutureExt, StreamExt, TryStreamExt};
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

/// A catalogue of three pages. Each answer comes in two pieces, and one in three after a refusal, so
/// that calls wait in every way there is: for a connection, a head, a body, another attempt.
async fn catalogue() -> Hostile {
    Hostile::start(|number, request| {
        if number % 3 == 1 {
            return status("503 Service Unavailable", "");
        }
        let wait = Duration::from_millis(1);
        let body = match request.line.split(' ').nth(1).unwrap().split_once("/v2/images/") {
            Some((_, id)) => format!(r#"{{"id": "{id}", "name": "seven"}}"#),
            None => match request.query("marker") {
                None => page("a", "b"),
                Some("b") => page("c", "d"),
                Some(_) => r#"{"images": [{"id": "e"}, {"id": "f"}]}"#.to_owned(),
            },
        };
        Answer::Late(wait, Box::new(ok(&body)))
    })
    .await
}

fn page(first: &str, last: &str) -> String {
    format!(
        r#"{{"images": [{{"id": "{first}"}}, {{"id": "{last}"}}], "next": "/v2/images?marker={last}"}}"#
    )
}

/// A client with one place: a call that held it would stop all others for good.
fn narrow(server: &Hostile) -> ims::Client {
    let policy = RetryPolicy::default().base_delay(Duration::from_millis(1));
    glance(server).retry(policy).max_in_flight(1).max_rate(1e5, 1000).build().unwrap()
}

/// Polls a future so often, each time that it asks for it, and says whether it was done by then.
async fn polled(future: impl Future, times: usize) -> bool {
    let mut future = pin!(future);
    let mut polls = 0;
    poll_fn(|context| {
        if polls == times {
            return Poll::Ready(false);
        }
        polls += 1;
        future.as_mut().poll(context).map(|_| true)
    })
    .await
}

/// The client serves the next ones, each with its own answer.
async fn assert_sound(client: &ims::Client) {
    let calls = (0..3).map(|number| {
        let client = client.clone();
        async move {
            let id = format!("image-{number}");
            let image = client.image_operations().show_image(&id).await.unwrap();
            assert_eq!(image.id, id);
        }
    });
    let all = futures::future::join_all(calls);
    tokio::time::timeout(Duration::from_secs(20), all).await.expect("a permit was not given back");
}

#[tokio::test]
async fn a_call_may_be_dropped_wherever_it_waits() {
    let server = catalogue().await;
    let client = narrow(&server);
    for times in 0.. {
        let call = client.image_operations().show_image("dropped").into_future();
        let done = polled(call, times).await;
        assert_sound(&client).await;
        if done && times > 12 {
            break;
        }
    }
}

async fn read_all(request: ListImages, prefetch: usize) -> Vec<String> {
    let items = request.items().prefetch(prefetch).map_ok(|image| image.id);
    items.try_collect().await.unwrap()
}

#[tokio::test]
async fn a_stream_may_be_dropped_wherever_it_waits() {
    for prefetch in [0, 1, 3] {
        let server = catalogue().await;
        let client = narrow(&server);
        let list = || client.image_operations().list_images();
        for times in 0.. {
            let done = polled(read_all(list(), prefetch), times).await;
            assert_sound(&client).await;
            if done && times > 12 {
                break;
            }
        }
        assert_eq!(read_all(list(), prefetch).await, ["a", "b", "c", "d", "e", "f"]);
    }
}

#[tokio::test]
async fn a_poll_of_a_stream_may_be_given_up_and_made_again() {
    for prefetch in [0, 2] {
        let server = catalogue().await;
        let client = narrow(&server);
        let mut items = client.image_operations().list_images().items().prefetch(prefetch);
        let mut seen = Vec::new();
        loop {
            // `select!` and timeouts drop the future of the next item, not the stream.
            match items.next().now_or_never() {
                Some(Some(item)) => seen.push(item.unwrap().id),
                Some(None) => break,
                None => tokio::time::sleep(Duration::from_micros(100)).await,
            }
        }
        assert_eq!(seen, ["a", "b", "c", "d", "e", "f"]);
    }
}

#[tokio::test]
async fn a_download_may_be_dropped_before_its_end() {
    let server = Hostile::start(|_, request| match request.line.contains("/file") {
        true => Answer::Hang([hostile::head(300_000), vec![7; 150_000]].concat()),
        false => ok(r#"{"id": "image-0"}"#),
    });
    let server = server.await;
    let client = narrow(&server);
    for pieces in 0..3 {
        let mut data = client.image_data().download_image_file("7").await.unwrap();
        for _ in 0..pieces {
            data.next().await.unwrap().unwrap();
        }
        drop(data);
        let call = client.image_operations().show_image("image-0").into_future();
        let image = tokio::time::timeout(Duration::from_secs(20), call).await.expect("its place");
        assert_eq!(image.unwrap().id, "image-0");
    }
}
