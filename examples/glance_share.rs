//! Shares an image with another project, and answers such an offer.
//!
//! * `cargo run --example glance_share -- offer IMAGE PROJECT`
//! * `cargo run --example glance_share -- pending`
//! * `cargo run --example glance_share -- accept IMAGE PROJECT` (or `reject`), as the other project
//!
//! The credential is in the `OS_*` variables. Both are ids.

use cloud_images::ims::{Client, Patch};
use futures::TryStreamExt;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    let members = client.image_members();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["offer", image, project] => {
            // Only an image that is `shared` can have members.
            let shared = Patch::new().visibility("shared");
            client.image_operations().update_image(image, shared).await?;
            let member = members.create_image_member(image, project).await?;
            println!("offered: {}", member.status.map_or_else(String::new, |s| s.to_string()));
        }
        ["pending"] => {
            let list = client.image_operations().list_images();
            let mut offers = list.visibility("shared").member_status("pending").items();
            while let Some(image) = offers.try_next().await? {
                println!("{} {}", image.id, image.name.unwrap_or_default());
            }
        }
        [answer @ ("accept" | "reject"), image, project] => {
            let status = if answer == "accept" { "accepted" } else { "rejected" };
            members.update_image_member(image, project, status).await?;
            println!("{status}");
        }
        _ => return Err("usage: glance_share offer|accept|reject IMAGE PROJECT, or pending".into()),
    }
    Ok(())
}
