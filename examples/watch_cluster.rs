//! Watches a cluster until the change in progress is complete.
//!
//!     cargo run --example watch_cluster
//!     cargo run --example watch_cluster -- my-cluster --region eu-west-1
//!
//! An embedded server answers, unless the variables of a real service are set: see `--help`.

mod support;

use clap::Parser;
use cloud_images::parallelcluster::Client;
use cloud_images::parallelcluster::types::DescribeClusterResponseContent;
use cloud_images::testing::FakeParallelCluster;
use futures::{Stream, StreamExt, TryStreamExt};
use std::process::ExitCode;
use std::time::Duration;
use support::{Failure, Service, finish, line};

/// Watches a cluster until its creation, update or deletion is over.
///
/// A real service answers if PCLUSTER_API_ENDPOINT, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
/// AWS_REGION are set, and an embedded server if PCLUSTER_API_ENDPOINT is not. The embedded server first gets an update of
/// the cluster.
#[derive(Parser)]
struct Options {
    /// The cluster
    #[arg(default_value = "full-cluster")]
    name: String,
    /// A region other than the endpoint's
    #[arg(long)]
    region: Option<String>,
    /// Seconds between two looks
    #[arg(long, default_value_t = 10)]
    interval: u64,
    /// Minutes after which to give up
    #[arg(long, default_value_t = 60)]
    deadline: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    finish(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<(), Failure> {
    let builder = FakeParallelCluster::builder().clusters(10).build_polls(4);
    let service = Service::parallelcluster_or(builder).await?;
    let client = &service.client;
    let Some(server) = &service.embedded else {
        return watch(client, &options, Duration::from_secs(options.interval)).await;
    };
    if let Some(configuration) = server.cluster_configuration("full-cluster") {
        let larger = configuration.replace("MaxCount: 10", "MaxCount: 20");
        client.cluster_operations().update_cluster("full-cluster", larger).await?;
    }
    watch(client, &options, Duration::from_millis(200)).await
}

async fn watch(client: &Client, options: &Options, interval: Duration) -> Result<(), Failure> {
    let mut request = client.cluster_operations().describe_cluster(&options.name);
    if let Some(region) = &options.region {
        request = request.region(region);
    }
    let deadline = Duration::from_secs(60 * options.deadline);
    let now = request.clone().await?;
    let status = now.cluster_status.as_str();
    if !status.ends_with("_IN_PROGRESS") {
        return line(format_args!("{}: {status}; nothing is in progress", options.name));
    }
    if status.starts_with("DELETE") {
        let states = request.wait_for_deletion().interval(interval).deadline(deadline);
        return show(&options.name, states).await;
    }
    let wait = if status.starts_with("UPDATE") {
        request.wait_for_update()
    } else {
        request.wait_for_creation()
    };
    show(&options.name, wait.interval(interval).deadline(deadline).map_ok(Some)).await
}

/// Prints the states; the failure, if there is one, comes last and has the reason of the service.
async fn show(
    name: &str,
    mut states: impl Stream<Item = cloud_images::Result<Option<DescribeClusterResponseContent>>> + Unpin,
) -> Result<(), Failure> {
    while let Some(state) = states.next().await {
        match state? {
            Some(cluster) => line(format_args!("{name}: {}", cluster.cluster_status))?,
            None => line(format_args!("{name}: gone"))?,
        }
    }
    Ok(())
}
