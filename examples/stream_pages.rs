//! Reads a long list in two runs: the first stops half way and prints its position, the second continues from
//! there.
//!
//!     cargo run --example stream_pages
//!     cargo run --example stream_pages -- --cursor <what the first run printed>
//!
//! An embedded server answers, with the same images in every run, unless the variables of a real cloud are set:
//! see `--help`.

mod support;

use clap::Parser;
use cloud_images::ims::types::Image;
use cloud_images::pagination::Cursor;
use futures::TryStreamExt;
use std::process::ExitCode;
use support::{Failure, Format, Output, Progress, Service};

/// Reads the images of an IMS or Glance page by page, in as many runs as you like.
///
/// A real cloud answers if OS_CLOUD, or OS_AUTH_URL and the other OS_* variables of the OpenStack tools, or
/// OS_IMAGE_ENDPOINT with OS_TOKEN or with OS_ACCESS_KEY and OS_SECRET_KEY, are set. If none of them is, an
/// embedded server answers.
#[derive(Parser)]
#[command(verbatim_doc_comment)]
struct Options {
    /// How many images a page has
    #[arg(long, default_value_t = 10)]
    page_size: u32,
    /// The number of pages to read; by default 3, and with --cursor all that are left
    #[arg(long)]
    pages: Option<usize>,
    /// Where an earlier run stopped, as it printed it
    #[arg(long)]
    cursor: Option<String>,
    /// How to print the pages; the position comes on stderr, unless they are a table
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// After how many pages the first run stops.
const HALF_WAY: usize = 3;

#[tokio::main]
async fn main() -> ExitCode {
    support::finish(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<(), Failure> {
    let service = Service::ims().await?;
    let mut request = service.client.image_operations().list_images().page_size(options.page_size);
    let mut last = options.pages;
    match &options.cursor {
        None => last = last.or(Some(HALF_WAY)),
        Some(text) => {
            let cursor: Cursor = text.parse()?;
            request = request.resume(cursor);
        }
    }

    let mut pages = request.pages();
    let mut table = Output::new(options.format, ["page", "images", "first", "last"]);
    let mut progress = Progress::new("images");
    while last.is_none_or(|last| table.len() < last) {
        let Some(page) = pages.try_next().await? else { break };
        progress.add(page.images.len());
        let id = |image: Option<&Image>| image.map(|image| image.id.as_str()).into();
        table.row([
            (table.len() + 1).into(),
            page.images.len().into(),
            id(page.images.first()),
            id(page.images.last()),
        ])?;
    }
    drop(progress);
    table.finish()?;

    let cursor = pages.cursor();
    let position = if cursor.is_end() {
        "The list ends here.".to_owned()
    } else {
        let more = "There is more. The next run goes on from here with --cursor and this line:";
        format!("{more}\n{cursor}")
    };
    match options.format {
        Format::Table => support::line(position),
        Format::Json | Format::Ndjson => {
            support::note(position);
            Ok(())
        }
    }
}
