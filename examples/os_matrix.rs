//! Shows which operating systems are where, and how long they are supported.
//!
//!     cargo run --example os_matrix
//!     cargo run --example os_matrix -- --html matrix.html "status=available"
//!
//! Embedded servers answer, unless the variables of a real service are set: see `list_images --help`.

mod support;

use clap::Parser;
use cloud_images::catalog::{Query, Support};
use cloud_images::chrono::{NaiveDate, Utc};
use futures::StreamExt;
use std::path::PathBuf;
use std::process::ExitCode;
use support::{Failure, Matrix, Services, note};

/// Shows which operating systems are where, and how long they are supported.
///
/// The exit status is 1 if no image matches the query, or if a service could not be read to its end: what is
/// missing may be there.
#[derive(Parser)]
struct Options {
    /// The images to count; by default all of them
    #[arg(default_value = "")]
    query: Query,
    /// Writes a page with a picture to this file, too; it needs no other file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// The day that counts, such as 2027-06-01; by default today
    #[arg(long)]
    on: Option<NaiveDate>,
}

#[tokio::main]
async fn main() -> ExitCode {
    support::finish(run(&Options::parse()).await)
}

async fn run(options: &Options) -> Result<(), Failure> {
    let services = Services::start().await?;
    let mut found = services.catalog().find(options.query.clone()).keep_nearest(3);
    let day = options.on.unwrap_or_else(|| Utc::now().date_naive());
    let mut matrix = Matrix::new(day);
    while let Some(item) = found.next().await {
        match item {
            Ok(image) => matrix.add(&image, Support::bundled()),
            Err(error) => note(error),
        }
    }
    support::print(&matrix)?;
    let incomplete = found.outcome().incomplete().map(|listing| listing.source.to_string());
    let incomplete: Vec<String> = incomplete.collect();
    if let Some(path) = &options.html {
        let write = std::fs::write(path, matrix.html(&incomplete));
        write.map_err(|error| format!("{}: {error}", path.display()))?;
    }
    support::conclude(&found)
}
