//! Lists the machine images of the three services in one table.
//!
//!     cargo run --example list_images
//!     cargo run --example list_images -- --provider ims --limit 5
//!     cargo run --example list_images -- --format ndjson
//!
//! Embedded servers answer, unless the variables of a real service are set: see `--help`.

mod support;

use clap::{Parser, ValueEnum};
use cloud_images::ims::types::ImageStatus;
use cloud_images::parallelcluster::types::ImageStatusFilteringOption;
use cloud_images::{computing, ims, parallelcluster};
use futures::{Stream, StreamExt, TryStreamExt};
use std::process::ExitCode;
use support::{Cell, Failure, Format, Output, Progress, Provider, Service, cell};

/// Lists machine images.
///
/// Real services answer if their variables are set. Embedded servers answer if no variable of any service is.
/// parallelcluster: PCLUSTER_API_ENDPOINT, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION.
/// ims: OS_CLOUD, or OS_AUTH_URL and the other OS_* variables of the OpenStack tools, or OS_IMAGE_ENDPOINT with
/// OS_TOKEN or with OS_ACCESS_KEY and OS_SECRET_KEY.
/// computing: API_URL, ACCESS_TOKEN.
#[derive(Parser)]
#[command(verbatim_doc_comment)]
struct Options {
    /// The service to ask; by default all of them
    #[arg(long, value_enum, ignore_case = true)]
    provider: Option<Provider>,
    /// The status of the images
    #[arg(long, value_enum, ignore_case = true, default_value = "available")]
    status: Status,
    /// A region of the provider: us-east-1 of ParallelCluster, CANADA of the computing API
    #[arg(long, requires = "provider")]
    region: Option<String>,
    /// The most images to show of each service
    #[arg(long, default_value_t = 20)]
    limit: usize,
    /// How to print them
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// In the words of ParallelCluster; the other services have others.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Status {
    Available,
    Pending,
    Failed,
}

type Images = Output<5>;

#[tokio::main]
async fn main() -> ExitCode {
    support::finish(run(&Options::parse()).await)
}

async fn run(options: &Options) -> Result<(), Failure> {
    let columns = ["provider", "region", "status", "image", "description"];
    let mut images = Output::new(options.format, columns);
    for provider in providers(options)? {
        match provider {
            Provider::Parallelcluster => {
                let service = Service::parallelcluster().await?;
                custom_images(&service.client, options, &mut images).await?;
            }
            Provider::Ims => {
                if options.region.is_some() {
                    return Err("--region is not for IMS, whose endpoint is of one region: choose the endpoint instead".into());
                }
                let service = Service::ims().await?;
                cloud_images_of(&service.client, options, &mut images).await?;
            }
            Provider::Computing => {
                let service = Service::computing().await?;
                systems(&service.client, options, &mut images).await?;
            }
        }
    }
    let count = images.len();
    images.finish()?;
    if options.format == Format::Table {
        support::line(format_args!("{count} images"))?;
    }
    Ok(())
}

/// The services to ask: real ones only, if the environment names any.
fn providers(options: &Options) -> Result<Vec<Provider>, Failure> {
    let real = Provider::ALL.into_iter().filter(|provider| provider.is_real());
    let known = match real.collect::<Vec<_>>() {
        real if real.is_empty() => Provider::ALL.to_vec(),
        real => real,
    };
    match options.provider {
        Some(provider) if !known.contains(&provider) => {
            let variables = provider.variables().join(", ");
            Err(format!("no such service is configured: set one of {variables}").into())
        }
        Some(provider) => Ok(vec![provider]),
        None => Ok(known),
    }
}

async fn custom_images(
    client: &parallelcluster::Client,
    options: &Options,
    images: &mut Images,
) -> Result<(), Failure> {
    let mut request = client.image_operations().list_images(match options.status {
        Status::Available => ImageStatusFilteringOption::Available,
        Status::Pending => ImageStatusFilteringOption::Pending,
        Status::Failed => ImageStatusFilteringOption::Failed,
    });
    if let Some(region) = &options.region {
        request = request.region(region);
    }
    show(request.items(), options.limit, images, |image| {
        let ami = support::or_dash(image.ec2_ami_info.map(|ami| ami.ami_id));
        let version = support::or_dash(image.version);
        [
            cell("parallelcluster"),
            cell(image.region),
            image.image_build_status.map(|status| status.to_string()).into(),
            cell(image.image_id),
            cell(format_args!("{ami}, ParallelCluster {version}")),
        ]
    })
    .await
}

async fn cloud_images_of(
    client: &ims::Client,
    options: &Options,
    images: &mut Images,
) -> Result<(), Failure> {
    let statuses: &[ImageStatus] = match options.status {
        Status::Available => &[ImageStatus::Active],
        Status::Pending => &[ImageStatus::Queued, ImageStatus::Saving],
        Status::Failed => &[ImageStatus::Killed],
    };
    let api = client.image_operations();
    let each = statuses.iter().map(|status| api.list_images().status(status.clone()).items());
    show(futures::stream::iter(each).flatten(), options.limit, images, |image| {
        [
            cell("ims"),
            Cell::Null,
            image.status.map(|status| status.to_string()).into(),
            cell(image.id),
            image.os_version.map(String::from).or(image.name).into(),
        ]
    })
    .await
}

async fn systems(
    client: &computing::Client,
    options: &Options,
    images: &mut Images,
) -> Result<(), Failure> {
    // What this API lists can be used: it knows no other status.
    if options.status != Status::Available {
        return Ok(());
    }
    let mut by_region = client.image_operations().list_images().await?.data;
    if let Some(region) = &options.region {
        by_region.retain(|name, _| name == region);
    }
    let listed = by_region.into_values().flatten().map(Ok);
    show(futures::stream::iter(listed), options.limit, images, |image| {
        [
            cell("computing"),
            image.region.map(String::from).into(),
            cell("available"),
            image.os_id.or_else(|| image.id.map(|id| id.to_string())).into(),
            cell(image.os_name),
        ]
    })
    .await
}

/// Adds the first images of a list. Pages behind them are never requested.
async fn show<T>(
    listed: impl Stream<Item = cloud_images::Result<T>>,
    limit: usize,
    images: &mut Images,
    row: impl Fn(T) -> [Cell; 5],
) -> Result<(), Failure> {
    let mut progress = Progress::new("images");
    let mut listed = std::pin::pin!(listed.take(limit));
    while let Some(image) = listed.try_next().await? {
        images.row(row(image))?;
        progress.add(1);
    }
    Ok(())
}
