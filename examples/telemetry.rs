//! Exports spans and metrics with OpenTelemetry: a span for every call, one for every attempt, and metrics of the
//! attempts.
//!
//!     cargo run --example telemetry
//!
//! An embedded server answers; it refuses the second page once, so that a retry is seen. The exporters
//! print. A service takes those of `opentelemetry-otlp` in their place, and batches.

mod support;

use cloud_images::Attempt;
use cloud_images::testing::{FakeIms, Fault};
use futures::TryStreamExt;
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData, ResourceMetrics};
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{SdkMeterProvider, Temporality};
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use std::fmt::Display;
use std::process::ExitCode;
use std::time::Duration;
use support::Failure;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

#[tokio::main]
async fn main() -> ExitCode {
    support::finish(run().await)
}

async fn run() -> Result<(), Failure> {
    let spans = SdkTracerProvider::builder().with_simple_exporter(Printer).build();
    let metrics = SdkMeterProvider::builder().with_periodic_exporter(Printer).build();

    // INFO has a span for each call, DEBUG one for each attempt below it.
    let wanted = Targets::new().with_target("cloud_images", LevelFilter::DEBUG);
    let layer = tracing_opentelemetry::layer().with_tracer(spans.tracer("telemetry"));
    tracing_subscriber::registry().with(layer.with_filter(wanted)).try_init()?;

    let server = FakeIms::builder().images(30).start().await;
    server.fail(Fault::status(503).on("list_images").after(1));
    let client = server.client_builder().observer(measured(&metrics.meter("telemetry"))).build()?;
    let images: Vec<_> =
        client.image_operations().list_images().page_size(20).items().try_collect().await?;

    spans.shutdown()?;
    metrics.shutdown()?;
    support::line(format_args!("{} images", images.len()))
}

/// Measures each attempt: its time, what it received, and whether another one follows.
fn measured(meter: &Meter) -> impl Fn(&Attempt<'_>) + Send + Sync + 'static {
    let durations = meter.f64_histogram("cloud_images.attempt.duration").with_unit("s").build();
    let bytes = meter.u64_counter("cloud_images.received").with_unit("By").build();
    let retries = meter.u64_counter("cloud_images.retries").build();
    move |attempt| {
        let mut labels =
            vec![KeyValue::new("api", attempt.api), KeyValue::new("operation", attempt.operation)];
        if let Some(error) = attempt.error {
            labels.push(KeyValue::new("error", format!("{error:?}")));
        }
        durations.record(attempt.elapsed.as_secs_f64(), &labels);
        bytes.add(attempt.bytes.unwrap_or_default() as u64, &labels);
        if attempt.retry_delay.is_some() {
            retries.add(1, &labels);
        }
    }
}

/// Prints what it is to export, a line each.
#[derive(Debug)]
struct Printer;

impl SpanExporter for Printer {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        for span in batch {
            show("span", &span.name, span.attributes.iter(), format_args!("{:?}", span.status));
        }
        Ok(())
    }
}

impl PushMetricExporter for Printer {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        for metric in metrics.scope_metrics().flat_map(|scope| scope.metrics()) {
            match metric.data() {
                AggregatedMetrics::F64(MetricData::Histogram(histogram)) => {
                    for point in histogram.data_points() {
                        let value = format!("{} times, {:.4} s", point.count(), point.sum());
                        show("histogram", metric.name(), point.attributes(), value);
                    }
                }
                AggregatedMetrics::U64(MetricData::Sum(sum)) => {
                    for point in sum.data_points() {
                        show("counter", metric.name(), point.attributes(), point.value());
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }
}

/// A line about a span or metric. That nobody reads it is not a reason to stop.
fn show<'a>(
    kind: &str,
    name: &str,
    attributes: impl Iterator<Item = &'a KeyValue>,
    value: impl Display,
) {
    let attributes: Vec<_> =
        attributes.map(|attribute| format!("{}={}", attribute.key, attribute.value)).collect();
    let _ = support::line(format_args!("{kind} {name}: {value} [{}]", attributes.join(", ")));
}
