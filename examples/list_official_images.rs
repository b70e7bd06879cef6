//! Lists the official AMIs of AWS ParallelCluster.
//!
//!     cargo run --example list_official_images
//!     cargo run --example list_official_images -- --os ubuntu2204 --architecture arm64
//!
//! Without the variables of a real endpoint an embedded server answers: see `--help`.

mod support;

use clap::Parser;
use std::process::ExitCode;
use support::{Failure, Service, Table};

/// Lists the official AMIs of AWS ParallelCluster.
///
/// An embedded server answers, unless PCLUSTER_API_ENDPOINT, AWS_ACCESS_KEY_ID,
/// AWS_SECRET_ACCESS_KEY and AWS_REGION name a real one.
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
    let mut table = Table::new(["OS", "ARCHITECTURE", "VERSION", "AMI", "NAME"]);
    for image in request.await?.images {
        table.row([
            image.os.into(),
            image.architecture.into(),
            image.version.into(),
            image.ami_id,
            image.name,
        ]);
    }
    support::print(format_args!("{table}{} images\n", table.len()))
}
