//! Lists images of an OpenStack cloud, filtered by the service.
//!
//!     cargo run --example glance_list
//!     cargo run --example glance_list -- --os-type Linux --since 2026-01-31
//!
//! An embedded server answers, unless the variables of a real cloud are set: see `--help`.

mod support;

use chrono::NaiveDate;
use clap::Parser;
use cloud_images::ims::{Sort, TimeFilter};
use futures::TryStreamExt;
use std::process::ExitCode;
use support::{Failure, Format, Output, Service, cell, finish};

/// Lists images, sorted by name.
///
/// A real cloud answers if OS_CLOUD, or OS_AUTH_URL and the other OS_* variables of the OpenStack tools, or
/// OS_IMAGE_ENDPOINT with OS_TOKEN or with OS_ACCESS_KEY and OS_SECRET_KEY, are set. If none of them is, an
/// embedded server answers.
#[derive(Parser)]
struct Options {
    /// Images of this name
    #[arg(long)]
    name: Option<String>,
    /// Linux, Windows or Other
    #[arg(long)]
    os_type: Option<String>,
    /// public, private, shared, community or all
    #[arg(long)]
    visibility: Option<String>,
    /// Images with this tag; may be given several times
    #[arg(long)]
    tag: Vec<String>,
    /// Images made on this day or later, such as 2026-01-31
    #[arg(long)]
    since: Option<NaiveDate>,
    /// How to print them
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[tokio::main]
async fn main() -> ExitCode {
    finish(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<(), Failure> {
    let service = Service::ims().await?;
    let mut list = service.client.image_operations().list_images();
    if let Some(name) = options.name {
        list = list.name(name);
    }
    if let Some(os_type) = options.os_type {
        list = list.os_type(os_type);
    }
    if let Some(visibility) = options.visibility {
        list = list.visibility(visibility);
    }
    for tag in options.tag {
        list = list.tag(tag);
    }
    if let Some(day) = options.since {
        let time = day.and_hms_opt(0, 0, 0).ok_or("--since is not a day")?.and_utc();
        list = list.created_at(TimeFilter::since(time));
    }
    let mut images = list.sort(Sort::ascending("name").then_descending("created_at")).items();
    let mut output = Output::new(options.format, ["id", "status", "size_mib", "name"]);
    while let Some(image) = images.try_next().await? {
        let status = image.status.map(|status| status.to_string());
        let size = image.size.map(|bytes| bytes >> 20);
        output.row([cell(image.id), status.into(), size.into(), image.name.into()])?;
    }
    output.finish()
}
