//! Shares an image with another project, and accepts or rejects a shared one.
//!
//!     cargo run --example glance_share
//!     cargo run --example glance_share -- offer IMAGE PROJECT
//!     cargo run --example glance_share -- accept IMAGE PROJECT
//!     cargo run --example glance_share -- --format json pending
//!
//! An embedded server answers, unless the variables of a real cloud are set: see `--help`.

mod support;

use clap::{Parser, Subcommand};
use cloud_images::ims::{Client, Patch};
use futures::TryStreamExt;
use std::process::ExitCode;
use support::{Failure, Format, Output, Service, cell, finish};

/// Shares images. Images and projects are given by id.
///
/// A real cloud answers if OS_CLOUD, or OS_AUTH_URL and the other OS_* variables of the OpenStack tools, or
/// OS_IMAGE_ENDPOINT with OS_TOKEN or with OS_ACCESS_KEY and OS_SECRET_KEY, are set. If none of them is, an
/// embedded server answers.
#[derive(Parser)]
struct Options {
    /// How to print members and offers
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// What to do; without it, an image is made, offered to a project, and deleted
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Subcommand)]
enum Action {
    /// Offers an image of this project to another one
    Offer { image: String, project: String },
    /// Lists what others offer to this project
    Pending,
    /// Takes an offer, as the project that it was made to
    Accept { image: String, project: String },
    /// Declines an offer, as the project that it was made to
    Reject { image: String, project: String },
}

#[tokio::main]
async fn main() -> ExitCode {
    finish(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<(), Failure> {
    let service = Service::ims().await?;
    let (client, format) = (&service.client, options.format);
    match options.action {
        None => {
            let request = client.image_operations().create_image().name("to be shared");
            let image = request.await?;
            offer(client, &image.id, "39465d1ecd414943b9fcca33720b8754", format).await?;
            client.image_operations().delete_image(image.id).await?;
            Ok(())
        }
        Some(Action::Offer { image, project }) => offer(client, &image, &project, format).await,
        Some(Action::Pending) => pending(client, format).await,
        Some(Action::Accept { image, project }) => {
            client.image_members().update_image_member(image, project, "accepted").await?;
            Ok(())
        }
        Some(Action::Reject { image, project }) => {
            client.image_members().update_image_member(image, project, "rejected").await?;
            Ok(())
        }
    }
}

async fn offer(client: &Client, image: &str, project: &str, format: Format) -> Result<(), Failure> {
    // Only an image that is `shared` can have members.
    let shared = Patch::new().visibility("shared");
    client.image_operations().update_image(image, shared).await?;
    client.image_members().create_image_member(image, project).await?;
    let mut members = Output::new(format, ["project", "status"]);
    for member in client.image_members().list_image_members(image).await?.members {
        let status = member.status.map(|status| status.to_string());
        members.row([member.member_id.into(), status.into()])?;
    }
    members.finish()
}

async fn pending(client: &Client, format: Format) -> Result<(), Failure> {
    let list = client.image_operations().list_images();
    let mut offers = list.visibility("shared").member_status("pending").items();
    let mut images = Output::new(format, ["image", "name"]);
    while let Some(image) = offers.try_next().await? {
        images.row([cell(image.id), image.name.into()])?;
    }
    images.finish()
}
