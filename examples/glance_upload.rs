//! Uploads a disk as an image, with a progress bar.
//!
//!     cargo run --example glance_upload
//!     cargo run --example glance_upload -- disk.qcow2 --name my-image
//!
//! An embedded server answers, unless the variables of a real cloud are set: see `--help`.

mod support;

use clap::Parser;
use cloud_images::Body;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use support::{Failure, Service, finish, line, or_dash};

/// How much made-up data is uploaded where no file is given.
const MADE_UP: usize = 8 << 20;

/// Uploads a disk as an image. The format is the ending of the file.
///
/// A real cloud answers if OS_CLOUD, or OS_AUTH_URL and the other OS_* variables of the OpenStack tools, or
/// OS_IMAGE_ENDPOINT with OS_TOKEN or with OS_ACCESS_KEY and OS_SECRET_KEY, are set. If none of them is, an
/// embedded server answers.
#[derive(Parser)]
struct Options {
    /// The disk; 8 MiB of made-up data without it
    file: Option<PathBuf>,
    /// The name of the image; that of the file without it
    #[arg(long)]
    name: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    finish(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<(), Failure> {
    let file = options.file.as_deref();
    let stem = file.and_then(Path::file_stem).and_then(|stem| stem.to_str());
    let name = options.name.as_deref().or(stem).unwrap_or("made-up").to_owned();
    let format = match file.and_then(Path::extension).and_then(|ending| ending.to_str()) {
        Some("img") | None => "raw",
        Some(ending) => ending,
    };
    let body = match file {
        Some(file) => Body::file(file).await?,
        None => Body::from(vec![7; MADE_UP]),
    };
    let bar = ProgressBar::no_length().with_style(ProgressStyle::with_template(
        "{bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}",
    )?);
    let shown = bar.clone();
    let body = body.on_progress(move |sent, total| {
        shown.set_length(total.unwrap_or_default());
        shown.set_position(sent);
    });

    let service = Service::ims().await?;
    let images = service.client.image_operations();
    let request = images.create_image().name(name).disk_format(format).container_format("bare");
    let image = request.await?;
    if let Err(error) = service.client.image_data().upload_image_file(&*image.id, body).await {
        // The record without data would only be in the way of the next attempt.
        images.delete_image(&*image.id).await?;
        return Err(error.into());
    }
    let image = images.show_image(&*image.id).wait_until_active().await?;
    bar.finish();
    line(format_args!("{} {}", image.id, or_dash(image.os_hash_value)))
}
