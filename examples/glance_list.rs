//! Lists images of an OpenStack cloud: `cargo run --example glance_list -- --os-type Linux`.
//!
//! The credential is in `OS_AUTH_URL`, `OS_USERNAME`, `OS_PASSWORD`, `OS_PROJECT_NAME`... as for the
//! OpenStack tools; `OS_REGION_NAME` where there are several regions. Options: `--name NAME`,
//! `--os-type Linux`, `--visibility public`, `--since 2026-01-31`, `--tag TAG`.

use chrono::NaiveDate;
use cloud_images::ims::{Client, Sort, TimeFilter};
use futures::TryStreamExt;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    let mut list = client.image_operations().list_images();
    let mut arguments = std::env::args().skip(1);
    while let Some(option) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{option} has no value"))?;
        list = match option.as_str() {
            "--name" => list.name(value),
            "--os-type" => list.os_type(value),
            "--visibility" => list.visibility(value),
            "--tag" => list.tag(value),
            "--since" => {
                let day: NaiveDate = value.parse()?;
                let time = day.and_hms_opt(0, 0, 0).ok_or("no such day")?.and_utc();
                list.created_at(TimeFilter::since(time))
            }
            _ => return Err(format!("{option} is not known").into()),
        };
    }
    let mut images = list.sort(Sort::ascending("name").then_descending("created_at")).items();
    let mut count = 0;
    while let Some(image) = images.try_next().await? {
        let status = image.status.as_ref().map_or("", |status| status.as_str());
        let mib = image.size.map_or_else(String::new, |size| format!("{} MiB", size >> 20));
        println!("{}  {status:<11} {mib:>10}  {}", image.id, image.name.as_deref().unwrap_or("-"));
        count += 1;
    }
    println!("{count} images");
    Ok(())
}
