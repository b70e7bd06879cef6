//! Uploads a disk as an image: `cargo run --example glance_upload -- disk.qcow2 [NAME]`.
//!
//! The credential is in the `OS_*` variables. The format is the ending of the file.

use cloud_images::Body;
use cloud_images::ims::Client;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::Path;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("usage: glance_upload FILE [NAME]")?;
    let file = Path::new(&path);
    let stem = file.file_stem().and_then(|stem| stem.to_str()).ok_or("the file has no name")?;
    let name = arguments.next().unwrap_or_else(|| stem.to_owned());
    let format = match file.extension().and_then(|ending| ending.to_str()) {
        Some("img") | None => "raw",
        Some(ending) => ending,
    };

    let bar = ProgressBar::no_length().with_style(ProgressStyle::with_template(
        "{bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}",
    )?);
    let shown = bar.clone();
    let body = Body::file(file).await?.on_progress(move |sent, total| {
        shown.set_length(total.unwrap_or_default());
        shown.set_position(sent);
    });

    let client = Client::from_env()?;
    let images = client.image_operations();
    let image =
        images.create_image().name(name).disk_format(format).container_format("bare").await?;
    if let Err(error) = client.image_data().upload_image_file(&*image.id, body).await {
        // The record without data would only be in the way of the next attempt.
        images.delete_image(&*image.id).await?;
        return Err(error.into());
    }
    let image = images.show_image(&*image.id).wait_until_active().await?;
    bar.finish();
    println!("{} {}", image.id, image.os_hash_value.unwrap_or_default());
    Ok(())
}
