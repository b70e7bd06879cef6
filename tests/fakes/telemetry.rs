//! What arrives at the exporter of a user.

use crate::hostile::{Answer, Hostile, http};
use crate::subscriber;
use cloud_images::auth::XAuthToken;
use cloud_images::{Error, RetryPolicy, ims};
use opentelemetry::Value;
use opentelemetry::trace::{SpanKind, Status, TracerProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use std::time::Duration;
use tracing::instrument::WithSubscriber;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Layer, SubscriberExt};

/// The spans of a list that is refused twice with 503, and then answered.
async fn exported(level: LevelFilter, last: &'static str) -> (Vec<SpanData>, Option<Error>) {
    let server = Hostile::start(move |number, _| match number {
        0 | 1 => {
            let header = format!("x-openstack-request-id: req-{number}\r\n");
            Answer::Keep(http("503 Unavailable", &header, "{}"))
        }
        _ => Answer::Keep(http(last, "x-openstack-request-id: req-2\r\n", r#"{"images": []}"#)),
    });
    let server = server.await;
    let client = ims::Client::builder()
        .endpoint(server.url())
        .auth(XAuthToken::new("token-of-the-test"))
        .retry(RetryPolicy::default().base_delay(Duration::from_millis(20)))
        .build()
        .unwrap();

    let exporter = InMemorySpanExporter::default();
    let spans = SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build();
    let layer = tracing_opentelemetry::layer().with_tracer(spans.tracer("test"));
    let wanted = Targets::new().with_target("cloud_images", level);
    let subscriber = tracing_subscriber::registry().with(layer.with_filter(wanted));
    let subscriber = subscriber::of_one_test(subscriber);
    let list = client.image_operations().list_images().into_future();
    let outcome = list.with_subscriber(subscriber).await;
    (exporter.get_finished_spans().unwrap(), outcome.err())
}

fn value<'a>(span: &'a SpanData, name: &str) -> Option<&'a Value> {
    let mut found = span.attributes.iter().filter(|attribute| attribute.key.as_str() == name);
    let value = found.next().map(|attribute| &attribute.value);
    assert!(found.next().is_none(), "{name} twice");
    value
}

#[track_caller]
fn text(span: &SpanData, name: &str) -> String {
    match value(span, name) {
        Some(Value::String(text)) => text.to_string(),
        other => panic!("{name}: {other:?} in {:?}", span.attributes),
    }
}

/// A number as a number: what arrives as text can neither be compared nor summed up.
#[track_caller]
fn number(span: &SpanData, name: &str) -> i64 {
    match value(span, name) {
        Some(Value::I64(number)) => *number,
        other => panic!("{name}: {other:?} in {:?}", span.attributes),
    }
}

#[tokio::test(flavor = "current_thread")]
async fn an_exporter_gets_a_span_for_each_call_and_each_attempt() {
    let (spans, error) = exported(LevelFilter::DEBUG, "200 OK").await;
    assert!(error.is_none());
    let [first, second, third, call] = &spans[..] else { panic!("{spans:?}") };
    for span in &spans {
        assert_eq!(
            (text(span, "api"), text(span, "operation")),
            ("ims".into(), "list_images".into())
        );
        assert!(number(span, "elapsed_ms") >= 0);
    }
    for (position, attempt) in (0..).zip([first, second, third]) {
        assert_eq!(attempt.name, "list_images");
        assert_eq!(attempt.span_kind, SpanKind::Client);
        assert_eq!(attempt.parent_span_id, call.span_context.span_id());
        assert_eq!(number(attempt, "attempt"), position + 1);
        assert_eq!(number(attempt, "http.request.resend_count"), position);
        assert_eq!(text(attempt, "http.request.method"), "GET");
        assert_eq!(text(attempt, "server.address"), "127.0.0.1");
        assert!(number(attempt, "server.port") > 0);
        assert_eq!(text(attempt, "request_id"), format!("req-{position}"));
    }
    for refused in [first, second] {
        assert_eq!(
            (number(refused, "http.response.status_code"), number(refused, "bytes")),
            (503, 2)
        );
        assert_eq!(text(refused, "error.type"), "503");
        assert!((0..=40).contains(&number(refused, "retry_delay_ms")));
        assert!(matches!(refused.status, Status::Error { .. }));
    }
    assert_eq!((number(third, "http.response.status_code"), number(third, "bytes")), (200, 14));
    assert_eq!((value(third, "error.type"), value(third, "retry_delay_ms")), (None, None));
    assert_eq!(third.status, Status::Unset);

    assert_eq!(call.name, "list_images");
    assert_eq!((number(call, "attempts"), number(call, "http.response.status_code")), (3, 200));
    assert_eq!((text(call, "request_id"), number(call, "bytes")), ("req-2".into(), 14));
    assert_eq!((value(call, "error.type"), &call.status), (None, &Status::Unset));
}

#[tokio::test(flavor = "current_thread")]
async fn at_the_usual_level_there_is_one_span_a_call_with_all_that_became_of_it() {
    let (spans, error) = exported(LevelFilter::INFO, "404 Not Found").await;
    assert!(error.is_some_and(|error| error.is_not_found()));
    let [call] = &spans[..] else { panic!("{spans:?}") };
    assert_eq!((number(call, "attempts"), number(call, "http.response.status_code")), (3, 404));
    assert_eq!(
        (text(call, "error.type"), text(call, "request_id")),
        ("404".into(), "req-2".into())
    );
    assert_eq!(number(call, "bytes"), 14);
    assert!(matches!(call.status, Status::Error { .. }));
    // There are no events besides.
    assert!(call.events.events.is_empty(), "{:?}", call.events);
}

#[tokio::test(flavor = "current_thread")]
async fn no_attribute_holds_the_credential() {
    let (spans, _) = exported(LevelFilter::TRACE, "401 Unauthorized").await;
    assert!(spans.len() >= 4);
    for span in &spans {
        assert!(!format!("{span:?}").contains("token-of-the-test"), "{span:?}");
    }
}
