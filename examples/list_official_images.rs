//! Lists the official AMIs of AWS ParallelCluster.
//!
//!     cargo run --example list_official_images
//!     cargo run --example list_official_images -- --os ubuntu2204 --architecture arm64
//!
//! An embedded server answers, unless the variables of a real service are set: see `--help`.

mod support;

use clap::Parser;
use std::process::ExitCode;
use support::{Failure, Format, Output, Service, cell};

/// Lists the official AMIs of AWS ParallelCluster.
///
/// A real service answers if PCLUSTER_API_ENDPOINT, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
/// AWS_REGION are set, and an embedded server if PCLUSTER_API_ENDPOINT is not.
#[derive(Parser)]
#[command(verbatim_doc_comment)]
struct Options {
    /// An operating system, such as alinux2023 or ubuntu2204
    #[arg(long)]
    os: Option<String>,
    /// x86_64 or arm64
    #[arg(long)]
    architecture: Option<String>,
    /// A region other than the endpoint's
    #[arg(long)]
    region: Option<String>,
    /// How to print them
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[tokio::main]
async fn main() -> ExitCode {
    support::finish(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<(), Failure> {
    let service = Service::parallelcluster().await?;
    let mut request = service.client.image_operations().list_official_images();
    if let Some(os) = options.os {
        request = request.os(os);
    }
    if let Some(architecture) = options.architecture {
        request = request.architecture(architecture);
    }
    if let Some(region) = options.region {
        request = request.region(region);
    }
    let columns = ["os", "architecture", "version", "ami", "name"];
    let mut images = Output::new(options.format, columns);
    for image in request.await?.images {
        images.row([
            cell(image.os),
            cell(image.architecture),
            cell(image.version),
            cell(image.ami_id),
            cell(image.name),
        ])?;
    }
    images.finish()
}
