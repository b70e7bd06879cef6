//! Finds images in all services at once.
//!
//!     cargo run --example find_image -- "ubuntu>=22.04 arch=x86_64 cuda>=12"
//!     cargo run --example find_image -- --format ndjson "debian status=available"
//!     cargo run --example find_image -- --latest-of-anyone "rocky=9 parallelcluster>=3"
//!
//! Embedded servers answer, unless the variables of a real service are set: see `list_images --help`.

mod support;

use clap::Parser;
use cloud_images::catalog::{Catalog, Image, Publisher, Query};
use futures::StreamExt;
use std::process::ExitCode;
use std::time::Duration;
use support::{Failure, Format, Output, Services, cell, note};
use tokio::time::{Instant, interval_at};

/// Finds machine images in all services at once.
///
/// The exit status is 1 if no image matches the query, and the nearest ones are on standard error with what they
/// miss. It is 1, too, if a service could not be read to its end: the image may be there.
#[derive(Parser)]
struct Options {
    /// What is asked for, such as "ubuntu>=22.04 arch=x86_64 status=available from=canonical"
    query: Vec<Query>,
    /// Only the newest image of each source, region and architecture, of a publisher such as canonical or
    /// aws/123456789012
    #[arg(long, value_name = "PUBLISHER", conflicts_with = "latest_of_anyone")]
    latest_from: Option<Publisher>,
    /// The same of anybody: a name proves nothing
    #[arg(long)]
    latest_of_anyone: bool,
    /// How to print them
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const SECOND: Duration = Duration::from_secs(1);

#[tokio::main]
async fn main() -> ExitCode {
    support::finish(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<(), Failure> {
    // Words that the shell has split are one query.
    let terms: Vec<String> = options.query.iter().map(ToString::to_string).collect();
    let query: Query = terms.join(" ").parse()?;
    let services = Services::start().await?;
    let catalog = services.catalog();
    if options.latest_from.is_some() || options.latest_of_anyone {
        return latest(&catalog, query, &options).await;
    }
    let mut found = catalog.find(query).keep_nearest(3);
    let mut rows = Rows::new(options.format);
    // How far a long search is.
    let mut ticks = interval_at(Instant::now() + SECOND, SECOND);
    loop {
        tokio::select! {
            item = found.next() => match item {
                Some(Ok(image)) => rows.add(&image)?,
                Some(Err(error)) => note(error),
                None => break,
            },
            _ = ticks.tick() => note(found.outcome()),
        }
    }
    rows.finish()?;
    for listing in found.outcome().listings() {
        note(listing);
    }
    support::conclude(&found)
}

async fn latest(catalog: &Catalog, query: Query, options: &Options) -> Result<(), Failure> {
    let found = catalog.find(query);
    let images = match &options.latest_from {
        Some(publisher) => found.from(publisher.clone()).latest().await?,
        None => found.any_publisher("the user says so").latest().await?,
    };
    let mut rows = Rows::new(options.format);
    for image in &images {
        rows.add(image)?;
    }
    rows.finish()
}

/// A table of the most important fields, or all fields as JSON.
struct Rows {
    format: Format,
    table: Output<8>,
    images: Vec<Image>,
}

impl Rows {
    fn new(format: Format) -> Self {
        let columns =
            ["source", "region", "system", "architecture", "driver", "cuda", "id", "name"];
        Self { format, table: Output::new(Format::Table, columns), images: Vec::new() }
    }

    fn add(&mut self, image: &Image) -> Result<(), Failure> {
        match self.format {
            Format::Ndjson => support::line(serde_json::to_string(image)?),
            Format::Json => {
                self.images.push(image.clone());
                Ok(())
            }
            Format::Table => self.table.row([
                cell(&image.source),
                image.region.as_ref().map(ToString::to_string).into(),
                support::system(image).into(),
                image.architecture.map(|architecture| architecture.to_string()).into(),
                image.driver.as_ref().map(ToString::to_string).into(),
                image.cuda.as_ref().map(ToString::to_string).into(),
                cell(&image.id),
                cell(image.display_name()),
            ]),
        }
    }

    fn finish(self) -> Result<(), Failure> {
        match self.format {
            Format::Ndjson => Ok(()),
            Format::Json => support::line(serde_json::to_string_pretty(&self.images)?),
            Format::Table => self.table.finish(),
        }
    }
}
