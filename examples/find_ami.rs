//! Finds the AMIs of one owner in EC2: by publisher and name, or by a public parameter.
//!
//!     cargo run --example find_ami --features catalog,ec2
//!     cargo run --example find_ami --features catalog,ec2 -- --publisher debian --name 'debian-12-*' --limit 1
//!     cargo run --example find_ami --features catalog,ec2 -- --owner self --region eu-west-1 --format ndjson
//!     cargo run --example find_ami --features catalog,ec2 -- \
//!         --parameter /aws/service/debian/release/12/latest/amd64
//!
//! An embedded server answers, unless the variables of AWS are set: see `--help`.

mod support;

use clap::Parser;
use cloud_images::catalog::Publisher;
use cloud_images::ec2::ssm::PublicImage;
use cloud_images::ec2::types::Image;
use cloud_images::ec2::{Client, requests::DescribeImages};
use futures::TryStreamExt;
use std::process::ExitCode;
use support::{Failure, Format, Output, Progress, Service, cell, finish, note};

/// Finds AMIs, the newest first.
///
/// AWS answers if AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION are set. If AWS_ACCESS_KEY_ID is not, an
/// embedded server answers.
///
/// A name is never enough: anybody may publish a newer image of any name. So there is always an owner, or a
/// parameter that the vendor alone can set.
#[derive(Parser)]
struct Options {
    /// Who publishes the images, such as canonical, debian or amazon-linux
    #[arg(long, default_value = "canonical", conflicts_with_all = ["owner", "parameter"])]
    publisher: Publisher,
    /// The id of the account that owns them, or self
    #[arg(long, conflicts_with = "parameter")]
    owner: Option<String>,
    /// The name; * stands for any characters
    #[arg(long, default_value = "*", conflicts_with = "parameter")]
    name: String,
    /// The architecture: x86_64 or arm64
    #[arg(long, conflicts_with = "parameter")]
    architecture: Option<String>,
    /// A parameter that names an image, such as /aws/service/debian/release/12/latest/amd64
    #[arg(long)]
    parameter: Option<String>,
    /// Deprecated images, too
    #[arg(long)]
    deprecated: bool,
    /// The region, in place of that of the environment
    #[arg(long)]
    region: Option<String>,
    /// The most images to show
    #[arg(long, default_value_t = 20)]
    limit: usize,
    /// How to print them
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[tokio::main]
async fn main() -> ExitCode {
    finish(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<(), Failure> {
    let service = Service::ec2().await?;
    let client = match &options.region {
        Some(region) => service.client.in_region(region)?,
        None => service.client.clone(),
    };
    let mut images = match &options.parameter {
        Some(name) => vec![by_parameter(&client, name).await?],
        None => listed(request(&client, &options)?).await?,
    };
    images.sort_by_key(|image| std::cmp::Reverse(image.creation_date));
    let columns = ["image", "name", "owner", "architecture", "created", "deprecated"];
    let mut rows = Output::new(options.format, columns);
    for image in images.iter().take(options.limit) {
        rows.row(row(image))?;
    }
    rows.finish()?;
    note(format_args!("{} images in {}", images.len(), client.region()));
    if images.is_empty() {
        Err("no image matches: widen the name, or choose another region".into())
    } else {
        Ok(())
    }
}

async fn by_parameter(client: &Client, name: &str) -> Result<Image, Failure> {
    let id = client.ssm()?.parameters().image_id(&PublicImage::of(name)).await?;
    Ok(client.images().show_image(id).await?)
}

fn request(client: &Client, options: &Options) -> Result<DescribeImages, Failure> {
    let request = client.images().describe_images().filter(("name", options.name.as_str()));
    let request = request.include_deprecated(options.deprecated);
    let request = match &options.architecture {
        Some(architecture) => request.filter(("architecture", architecture.as_str())),
        None => request,
    };
    if let Some(owner) = &options.owner {
        return Ok(request.owner(owner));
    }
    if options.publisher.is_this_project() {
        return Ok(request.owner("self"));
    }
    let accounts = options.publisher.accounts();
    let accounts: Vec<_> =
        accounts.filter(|(cloud, _)| *cloud == "aws").map(|(_, account)| account).collect();
    if accounts.is_empty() {
        return Err(format!(
            "the publisher {} has no account on AWS: choose another one, or pass --owner",
            options.publisher
        )
        .into());
    }
    Ok(request.owners(accounts))
}

async fn listed(request: DescribeImages) -> Result<Vec<Image>, Failure> {
    let mut progress = Progress::new("images");
    let (mut images, mut items) = (Vec::new(), request.items());
    while let Some(image) = items.try_next().await? {
        images.push(image);
        progress.add(1);
    }
    Ok(images)
}

fn row(image: &Image) -> [support::Cell; 6] {
    let day = |time: &chrono::DateTime<chrono::Utc>| time.format("%Y-%m-%d").to_string();
    [
        cell(&image.image_id),
        image.name.clone().into(),
        image.owner_id.as_ref().map(ToString::to_string).into(),
        image.architecture.as_ref().map(ToString::to_string).into(),
        image.creation_date.as_ref().map(day).into(),
        image.deprecation_time.as_ref().map(day).into(),
    ]
}
