//! Builds a custom image: a dry run first, then the build, with its states and its log as they come.
//!
//!     cargo run --example build_image
//!     cargo run --example build_image -- --id my-image --configuration image.yaml
//!
//! An embedded server answers, unless the variables of a real service are set: see `--help`.

mod support;

use clap::Parser;
use cloud_images::Result;
use cloud_images::parallelcluster::{Client, Configuration};
use cloud_images::testing::FakeParallelCluster;
use futures::{Stream, StreamExt, TryStreamExt};
use std::path::PathBuf;
use std::pin::pin;
use std::process::ExitCode;
use std::time::Duration;
use support::{Failure, Service, finish, line};

/// What is built if no file says otherwise.
const CONFIGURATION: &str =
    "Build:\n  InstanceType: c5.xlarge\n  ParentImage: ami-0aaaaaaaaaaaaaaa1\n";

/// Builds a custom image, and shows its states and its log as they come.
///
/// A real service answers if PCLUSTER_API_ENDPOINT, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
/// AWS_REGION are set, and an embedded server if PCLUSTER_API_ENDPOINT is not. At a real service a build takes most of
/// an hour and costs money.
#[derive(Parser)]
struct Options {
    /// The id of the new image
    #[arg(long, default_value = "my-image")]
    id: String,
    /// A file with the configuration of the image, in YAML
    #[arg(long)]
    configuration: Option<PathBuf>,
    /// Only check whether the image could be built
    #[arg(long)]
    dry_run: bool,
    /// Seconds between two looks
    #[arg(long, default_value_t = 30)]
    interval: u64,
    /// Minutes to wait; the build continues after that
    #[arg(long, default_value_t = 120)]
    deadline: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    finish(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<(), Failure> {
    let builder = FakeParallelCluster::builder().build_polls(4);
    let service = Service::parallelcluster_or(builder).await?;
    let interval = match service.embedded {
        Some(_) => Duration::from_millis(200),
        None => Duration::from_secs(options.interval),
    };
    build(&service.client, &options, interval).await
}

async fn build(client: &Client, options: &Options, interval: Duration) -> Result<(), Failure> {
    let images = client.image_operations();
    let configuration = match &options.configuration {
        Some(path) => Configuration::from_file(path)?,
        None => Configuration::from(CONFIGURATION),
    };
    let request = images.build_image(&options.id, configuration);

    let outcome = request.clone().dry_run().await?;
    line(format_args!("dry run: {}", outcome.message))?;
    if options.dry_run {
        return Ok(());
    }

    let answer = request.await?;
    line(format_args!("building {}", answer.image.image_id))?;
    let wait = images.describe_image(&options.id).wait_for_build();
    let deadline = Duration::from_secs(60 * options.deadline);
    let mut states = wait.interval(interval).deadline(deadline);
    let mut log = pin!(log(client.clone(), options.id.clone(), interval));
    let mut built = None;
    loop {
        tokio::select! {
            state = states.try_next() => match state? {
                Some(image) => {
                    let status = support::or_dash(image.image_build_status.as_ref());
                    line(format_args!("state: {status}"))?;
                    built = Some(image);
                }
                None => break,
            },
            Some(text) = log.next() => line(format_args!("log: {text}"))?,
        }
    }
    let ami = built.and_then(|image| image.ec2_ami_info).map(|info| info.ami_id);
    line(format_args!("{} is {}", options.id, support::or_dash(ami)))
}

/// The lines of the build's log, from the moment when there is one.
///
/// The streams that EC2 Image Builder writes have a slash in their names and cannot be read through
/// this API; what else there is, is followed. The log is a help, so its failures are lines too.
fn log(client: Client, id: String, interval: Duration) -> impl Stream<Item = String> {
    let logs = client.image_logs();
    let name = async move {
        loop {
            tokio::time::sleep(interval).await;
            let streams = logs.list_image_log_streams(&id).items();
            let names: Vec<_> = streams
                .map_ok(|stream| stream.log_stream_name)
                .try_collect()
                .await
                .unwrap_or_default();
            if let Some(name) = names.into_iter().find(|name| !name.contains('/')) {
                let events = logs.get_image_log_events(&id, name).start_from_head(true);
                return events.follow().interval(interval);
            }
        }
    };
    futures::stream::once(name).flatten().map(|event| match event {
        Ok(event) => event.message,
        Err(error) => error.to_string(),
    })
}
