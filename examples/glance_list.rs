//! Lists images of an OpenStack cloud, filtered by the service.
//!
//!     cargo run --example glance_list
//!     cargo run --example glance_list -- --os-type Linux --since 2026-01-31
//!
//! Without the variables of a real cloud an embedded server answers: see `--help`.

mod support;

use chrono::NaiveDate;
use clap::Parser;
use cloud_images::ims::{Sort, TimeFilter};
use futures::TryStreamExt;
use std::process::ExitCode;
use support::{Failure, Service, Table, finish, or_dash, print};

/// Lists images, sorted by name.
///
/// An embedded server answers, unless the OS_* variables of the OpenStack tools name a cloud.
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
        let time = day.and_hms_opt(0, 0, 0).ok_or("no such day")?.and_utc();
        list = list.created_at(TimeFilter::since(time));
    }
    let mut images = list.sort(Sort::ascending("name").then_descending("created_at")).items();
    let mut table = Table::new(["ID", "STATUS", "MIB", "NAME"]);
    while let Some(image) = images.try_next().await? {
        let size = or_dash(image.size.map(|size| size >> 20));
        table.row([image.id, or_dash(image.status), size, or_dash(image.name)]);
    }
    print(table)
}
