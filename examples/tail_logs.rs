//! Shows the end of a log of an image or a cluster, and waits for more with `--follow`.
//!
//!     cargo run --example tail_logs
//!     cargo run --example tail_logs -- --cluster my-cluster
//!     cargo run --example tail_logs -- --cluster my-cluster --stream ip-10-0-0-1.i-0123.cfn-init --follow
//!
//! An embedded server answers, unless the variables of a real service are set: see `--help`.

mod support;

use clap::Parser;
use cloud_images::Result;
use cloud_images::pagination::Items;
use cloud_images::parallelcluster::types::{LogEvent, LogStream};
use cloud_images::parallelcluster::{Client, Follow};
use cloud_images::testing::FakeParallelCluster;
use futures::{StreamExt, TryStreamExt};
use std::process::ExitCode;
use std::time::Duration;
use support::{Failure, Service, finish, line};

/// Shows the last lines of a log, or the names of the logs if none is given.
///
/// A real service answers if PCLUSTER_API_ENDPOINT, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
/// AWS_REGION are set, and an embedded server if PCLUSTER_API_ENDPOINT is not.
#[derive(Parser)]
struct Options {
    /// The image whose log to show
    #[arg(long, conflicts_with = "cluster", default_value = "img-0001")]
    image: String,
    /// The cluster whose log to show
    #[arg(long)]
    cluster: Option<String>,
    /// The log stream; without it the first one that can be read
    #[arg(long)]
    stream: Option<String>,
    /// How many lines to show
    #[arg(long, default_value_t = 10)]
    lines: usize,
    /// Wait for more, until interrupted
    #[arg(long)]
    follow: bool,
    /// Seconds between two looks
    #[arg(long, default_value_t = 5)]
    interval: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    finish(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<(), Failure> {
    let builder = FakeParallelCluster::builder().images(2).clusters(1);
    let service = Service::parallelcluster_or(builder).await?;
    tail(&service.client, &options).await
}

async fn tail(client: &Client, options: &Options) -> Result<(), Failure> {
    let stream = match &options.stream {
        Some(stream) => stream.clone(),
        None => first_stream(streams(client, options)).await?,
    };
    let mut last: Vec<_> =
        newest_first(client, options, &stream).take(options.lines).try_collect().await?;
    last.reverse();
    line(&stream)?;
    last.iter().try_for_each(show)?;
    if options.follow {
        // What comes from now on: the lines above are left out by their time.
        let mut events = follow(client, options, &stream, last.last());
        while let Some(event) = events.try_next().await? {
            if !last.contains(&event) {
                show(&event)?;
            }
        }
    }
    Ok(())
}

fn show(event: &LogEvent) -> Result<(), Failure> {
    line(format_args!("{} {}", event.timestamp.format("%H:%M:%S%.3f"), event.message))
}

fn streams(client: &Client, options: &Options) -> Items<LogStream> {
    match &options.cluster {
        Some(cluster) => client.cluster_logs().list_cluster_log_streams(cluster).items(),
        None => client.image_logs().list_image_log_streams(&options.image).items(),
    }
}

/// The first stream whose name the API can take: one with a slash is out of its reach.
async fn first_stream(mut streams: Items<LogStream>) -> Result<String, Failure> {
    while let Some(stream) = streams.try_next().await? {
        if !stream.log_stream_name.contains('/') {
            return Ok(stream.log_stream_name);
        }
    }
    Err("the service lists no log stream that its API can read".into())
}

fn newest_first(client: &Client, options: &Options, stream: &str) -> Items<LogEvent> {
    match &options.cluster {
        Some(cluster) => {
            client.cluster_logs().get_cluster_log_events(cluster, stream).newest_first()
        }
        None => client.image_logs().get_image_log_events(&options.image, stream).newest_first(),
    }
}

fn follow(client: &Client, options: &Options, stream: &str, last: Option<&LogEvent>) -> Follow {
    let interval = Duration::from_secs(options.interval);
    let from = last.map_or_else(chrono::Utc::now, |event| event.timestamp);
    let events = match &options.cluster {
        Some(cluster) => {
            let events = client.cluster_logs().get_cluster_log_events(cluster, stream);
            events.start_from_head(true).start_time(from).follow()
        }
        None => {
            let events = client.image_logs().get_image_log_events(&options.image, stream);
            events.start_from_head(true).start_time(from).follow()
        }
    };
    events.interval(interval)
}
