//! The fault matrix of `docs/faults.md` against the real servers, when the environment names them:
//! `CLOUD_IMAGES_LIVE_PARALLELCLUSTER`, `CLOUD_IMAGES_LIVE_EC2`, or `CLOUD_IMAGES_LIVE_GLANCE_PROXY` (the proxy that injects
//! faults) with `CLOUD_IMAGES_LIVE_KEYSTONE`. The servers must be this test's own.

#[cfg(feature = "ec2")]
mod ec2;
mod glance;
mod once;
mod parallelcluster;
mod rate;
mod table;

use crate::patient;
use cloud_images::pagination::{Cursor, Items};
use cloud_images::{ClientBuilder, Error, RetryPolicy};
use futures::StreamExt;
use std::future::Future;
use std::time::Duration;
use table::cells;

/// A server whose faults can be switched, and the calls that are made to it.
trait Subject {
    /// Makes the fault happen to a kind of call, once or always.
    async fn inject(&self, fault: &str, call: &str, always: bool);
    async fn clear(&self);
    /// Makes the call; gives the requests that arrived for it, and the outcome.
    async fn run(&self, fault: &str, call: &str, always: bool) -> (usize, Option<Error>);
}

async fn matrix(subject: &impl Subject, heading: &str) {
    let mut wrong = Vec::new();
    for cell in cells(heading) {
        for always in [false, true] {
            subject.clear().await;
            subject.inject(&cell.fault, &cell.call, always).await;
            let (requests, error) = subject.run(&cell.fault, &cell.call, always).await;
            subject.clear().await;
            let seen = (requests, error.as_ref().map(Error::kind));
            let expected = cell.promise.expected(always);
            if seen != expected {
                let how = if always { "always" } else { "once" };
                let line = format!(
                    "{heading}: {}, {how}, {}: {seen:?} and not {expected:?}: {error:?}",
                    cell.fault, cell.call
                );
                eprintln!("{line}");
                wrong.push(line);
            }
        }
    }
    assert!(wrong.is_empty(), "{} of the table is wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Three attempts without long waits in between; a short timeout only where a stall is the fault.
fn configured<S: cloud_images::Service>(builder: ClientBuilder<S>, fault: &str) -> S {
    let stalls = fault.starts_with("stall");
    let builder = patient(builder);
    let builder = if stalls { builder.read_timeout(Duration::from_secs(5)) } else { builder };
    builder
        .retry(
            RetryPolicy::default()
                .base_delay(Duration::from_millis(5))
                .throttled_delay(Duration::from_millis(5)),
        )
        .build()
        .expect("the client")
}

/// What the reading of a list is to meet.
struct Course<'a> {
    catalogue: &'a [String],
    pages: usize,
    /// How many pages come before the one that fails.
    before: usize,
    always: bool,
}

/// Reads a list of which one page fails; gives the requests for that page. Every item must come
/// exactly once, errors or not: a permanent error ends the stream, and its cursor goes on.
async fn read_list<T: 'static, F>(
    mut items: Items<T>,
    resume: impl Fn(Cursor) -> Items<T>,
    id: impl Fn(&T) -> &str,
    course: Course<'_>,
    count: impl Fn() -> F,
) -> (usize, Option<Error>)
where
    F: Future<Output = usize>,
{
    let mut seen = Vec::new();
    let mut first = None;
    while let Some(item) = items.next().await {
        match item {
            Ok(item) => seen.push(id(&item).to_owned()),
            Err(error) => {
                assert!(first.is_none(), "given twice: {error}");
                let is_over = !error.is_retryable();
                first = Some((count().await - course.before, error));
                if course.always {
                    break;
                }
                if is_over {
                    items = resume(items.cursor());
                }
            }
        }
    }
    if first.is_none() || !course.always {
        assert_eq!(seen, course.catalogue, "every item once");
    }
    match first {
        Some((requests, error)) => (requests, Some(error)),
        None => (count().await + 1 - course.pages, None),
    }
}

/// The address of a server, or a line that says why nothing is tested.
fn address(variable: &str) -> Option<String> {
    let address = std::env::var(variable).ok();
    if address.is_none() {
        println!("skipped: {variable} is not set");
    }
    address
}

/// Talks to the switches of a server.
async fn switch(
    method: reqwest::Method,
    url: String,
    body: serde_json::Value,
) -> serde_json::Value {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let request = reqwest::Client::new().request(method, url).json(&body);
    let answer = request.send().await.expect("the switch").error_for_status().expect("the switch");
    answer.json().await.expect("the switch")
}
