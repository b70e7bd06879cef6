//! Reports which images are out of support, who owns them, and what replaces them.
//!
//!     cargo run --example image_report
//!     cargo run --example image_report -- --days 180 "provider=openstack"
//!     cargo run --example image_report -- --on 2027-06-01 --format json
//!
//! Embedded servers answer, unless the variables of a real service are set: see `list_images --help`.

mod support;

use clap::Parser;
use cloud_images::catalog::{Cycle, End, Image, Lifecycle, Phase, Query, Support};
use cloud_images::chrono::{Days, NaiveDate, Utc};
use futures::StreamExt;
use std::process::ExitCode;
use support::{Failure, Format, Output, Services, cell, note};

/// Reports which images are out of support, who owns them, and what replaces them.
///
/// The exit status is 1 if no image matches the query, and the nearest ones are on standard error with what they
/// miss. It is 1, too, if a service could not be read to its end.
#[derive(Parser)]
struct Options {
    /// The images to look at; by default all of them
    #[arg(default_value = "")]
    query: Query,
    /// Also those whose standard support ends within so many days
    #[arg(long, default_value_t = 0)]
    days: u64,
    /// The day that counts, such as 2027-06-01; by default today
    #[arg(long)]
    on: Option<NaiveDate>,
    /// A newer table of life cycles, in the form of data/lifecycle.tsv
    #[arg(long)]
    table: Option<std::path::PathBuf>,
    /// How to print them
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[tokio::main]
async fn main() -> ExitCode {
    support::finish(run(&Options::parse()).await)
}

async fn run(options: &Options) -> Result<(), Failure> {
    let today = options.on.unwrap_or_else(|| Utc::now().date_naive());
    let day = today
        .checked_add_days(Days::new(options.days))
        .ok_or("--days leads beyond the calendar: pass a smaller number")?;
    let newer = match &options.table {
        Some(path) => Some(Support::from_reader(std::fs::File::open(path)?)?),
        None => None,
    };
    let cycles = newer.as_ref().unwrap_or_else(|| Support::bundled());
    let services = Services::start().await?;
    let mut found = services.catalog().find(options.query.clone()).keep_nearest(3);
    let columns = ["source", "owner", "id", "name", "what", "support", "replaced_by"];
    let mut report = Output::new(options.format, columns);
    let mut unknown = 0;
    while let Some(item) = found.next().await {
        let image = match item {
            Ok(image) => image,
            Err(error) => {
                note(error);
                continue;
            }
        };
        let lifecycle = image.lifecycle(cycles);
        unknown += usize::from(lifecycle.system().is_none() && lifecycle.driver().is_none());
        for ended in ended(&lifecycle, &image, day) {
            report.row([
                cell(&image.source),
                image.owner.as_ref().map(ToString::to_string).into(),
                cell(&image.id),
                cell(image.display_name()),
                cell(ended.what),
                cell(ended.support),
                ended.successor.into(),
            ])?;
        }
    }
    let count = report.len();
    report.finish()?;
    note(format_args!(
        "{count} findings in {} images by {day}; of {unknown} images no life cycle is known (table of {})",
        found.outcome().hits(),
        cycles.as_of()
    ));
    support::conclude(&found)
}

/// A part of an image that is out of standard support.
struct Ended {
    what: String,
    support: String,
    successor: Option<String>,
}

fn ended(lifecycle: &Lifecycle<'_>, image: &Image, day: NaiveDate) -> Vec<Ended> {
    let system = lifecycle.system().and_then(|cycle| {
        let name = image.distribution.as_ref().map_or("", |distribution| distribution.name());
        let successor = lifecycle.system_successor(day);
        finding(cycle, day, format!("{name} {}", cycle.name()), successor)
    });
    let driver = lifecycle.driver().and_then(|cycle| {
        let successor = lifecycle.driver_successor(day);
        finding(cycle, day, format!("NVIDIA driver {}", cycle.name()), successor)
    });
    system.into_iter().chain(driver).collect()
}

fn finding(
    cycle: &Cycle,
    day: NaiveDate,
    what: String,
    successor: Option<&Cycle>,
) -> Option<Ended> {
    let support = match cycle.at(day).phase {
        Phase::Ended => "ended",
        Phase::Extended => "extended only",
        _ => return None,
    };
    let dated = |end: &End| matches!(end, End::Day(_) | End::Month(_));
    let end = cycle.end_of_support().filter(dated);
    let end = end.map(|end| format!(", standard support ended {end}"));
    Some(Ended {
        what,
        support: format!("{support}{}", end.unwrap_or_default()),
        successor: successor.map(|cycle| cycle.name().to_owned()),
    })
}
