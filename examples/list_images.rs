//! Lists the machine images of the three services in one table.
//!
//!     cargo run --example list_images
//!     cargo run --example list_images -- --provider ims --limit 5
//!
//! Each service is a server in this process, unless the variables of a real one are set: see `--help`.

mod support;

use clap::{Parser, ValueEnum};
use cloud_images::ims::types::ImageStatus;
use cloud_images::parallelcluster::types::ImageStatusFilteringOption;
use cloud_images::{computing, ims, parallelcluster};
use futures::{Stream, StreamExt, TryStreamExt};
use std::process::ExitCode;
use support::{Failure, Progress, Service, Table, or_dash};

/// Lists machine images.
///
/// Each service is an embedded server, unless its variables are set.
/// ParallelCluster: PCLUSTER_API_ENDPOINT, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION.
/// IMS or Glance: OS_AUTH_URL and the other OS_* variables, or OS_IMAGE_ENDPOINT and OS_TOKEN.
/// Computing: API_URL, ACCESS_TOKEN.
#[derive(Parser)]
#[command(verbatim_doc_comment)]
struct Options {
    /// The service to ask; all of them without it
    #[arg(long, value_enum, ignore_case = true)]
    provider: Option<Provider>,
    /// The images that are wanted
    #[arg(long, value_enum, ignore_case = true, default_value = "available")]
    status: Status,
    /// A region of the provider: us-east-1 of ParallelCluster, CANADA of the computing API
    #[arg(long, requires = "provider")]
    region: Option<String>,
    /// How many images of each service are shown at most
    #[arg(long, default_value_t = 20)]
    limit: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Provider {
    Parallelcluster,
    Ims,
    Computing,
}

/// In the words of ParallelCluster; the other services have others.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Status {
    Available,
    Pending,
    Failed,
}

type Images = Table<5>;

#[tokio::main]
async fn main() -> ExitCode {
    support::finish(run(&Options::parse()).await)
}

async fn run(options: &Options) -> Result<(), Failure> {
    let wanted = |provider| options.provider.is_none_or(|chosen| chosen == provider);
    let mut table = Table::new(["PROVIDER", "REGION", "STATUS", "IMAGE", "WHAT IT IS"]);
    if wanted(Provider::Parallelcluster) {
        let service = Service::parallelcluster().await?;
        custom_images(&service.client, options, &mut table).await?;
    }
    if wanted(Provider::Ims) {
        if options.region.is_some() {
            return Err("an IMS has one region: choose it by its endpoint".into());
        }
        let service = Service::ims().await?;
        cloud_images_of(&service.client, options, &mut table).await?;
    }
    if wanted(Provider::Computing) {
        let service = Service::computing().await?;
        systems(&service.client, options, &mut table).await?;
    }
    support::print(format_args!("{table}{} images\n", table.len()))
}

async fn custom_images(
    client: &parallelcluster::Client,
    options: &Options,
    table: &mut Images,
) -> Result<(), Failure> {
    let mut request = client.image_operations().list_images(match options.status {
        Status::Available => ImageStatusFilteringOption::Available,
        Status::Pending => ImageStatusFilteringOption::Pending,
        Status::Failed => ImageStatusFilteringOption::Failed,
    });
    if let Some(region) = &options.region {
        request = request.region(region);
    }
    show(request.items(), options.limit, table, |image| {
        let ami = or_dash(image.ec2_ami_info.map(|ami| ami.ami_id));
        let version = or_dash(image.version);
        [
            "parallelcluster".to_owned(),
            image.region.into(),
            or_dash(image.image_build_status),
            image.image_id,
            format!("{ami}, ParallelCluster {version}"),
        ]
    })
    .await
}

async fn cloud_images_of(
    client: &ims::Client,
    options: &Options,
    table: &mut Images,
) -> Result<(), Failure> {
    let statuses: &[ImageStatus] = match options.status {
        Status::Available => &[ImageStatus::Active],
        Status::Pending => &[ImageStatus::Queued, ImageStatus::Saving],
        Status::Failed => &[ImageStatus::Killed],
    };
    let images = client.image_operations();
    let each = statuses.iter().map(|status| images.list_images().status(status.clone()).items());
    show(futures::stream::iter(each).flatten(), options.limit, table, |image| {
        [
            "ims".to_owned(),
            "-".to_owned(),
            or_dash(image.status),
            image.id,
            or_dash(image.os_version.map(String::from).or(image.name)),
        ]
    })
    .await
}

async fn systems(
    client: &computing::Client,
    options: &Options,
    table: &mut Images,
) -> Result<(), Failure> {
    // What this API lists can be used: it knows no other status.
    if options.status != Status::Available {
        return Ok(());
    }
    let mut by_region = client.image_operations().list_images().await?.data;
    if let Some(region) = &options.region {
        by_region.retain(|name, _| name == region);
    }
    let images = by_region.into_values().flatten().map(Ok);
    show(futures::stream::iter(images), options.limit, table, |image| {
        [
            "computing".to_owned(),
            or_dash(image.region),
            "available".to_owned(),
            image.os_id,
            image.os_name.into(),
        ]
    })
    .await
}

/// Adds the first images of a list to the table. What is behind them is never fetched.
async fn show<T>(
    images: impl Stream<Item = cloud_images::Result<T>>,
    limit: usize,
    table: &mut Images,
    row: impl Fn(T) -> [String; 5],
) -> Result<(), Failure> {
    let mut progress = Progress::new("images");
    let mut images = std::pin::pin!(images.take(limit));
    while let Some(image) = images.try_next().await? {
        table.row(row(image));
        progress.add(1);
    }
    Ok(())
}
