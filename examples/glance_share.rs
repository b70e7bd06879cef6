//! Shares an image with another project, and answers such an offer.
//!
//!     cargo run --example glance_share
//!     cargo run --example glance_share -- offer IMAGE PROJECT
//!     cargo run --example glance_share -- accept IMAGE PROJECT
//!
//! Without the variables of a real cloud an embedded server answers: see `--help`.

mod support;

use clap::{Parser, Subcommand};
use cloud_images::ims::{Client, Patch};
use futures::TryStreamExt;
use std::process::ExitCode;
use support::{Failure, Service, Table, finish, or_dash, print};

/// Shares images. Images and projects are given by id.
///
/// An embedded server answers, unless the OS_* variables of the OpenStack tools name a cloud.
#[derive(Parser)]
struct Options {
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
    let client = &service.client;
    match options.action {
        None => {
            let request = client.image_operations().create_image().name("to be shared");
            let image = request.await?;
            offer(client, &image.id, "39465d1ecd414943b9fcca33720b8754").await?;
            client.image_operations().delete_image(image.id).await?;
            Ok(())
        }
        Some(Action::Offer { image, project }) => offer(client, &image, &project).await,
        Some(Action::Pending) => pending(client).await,
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

async fn offer(client: &Client, image: &str, project: &str) -> Result<(), Failure> {
    // Only an image that is `shared` can have members.
    let shared = Patch::new().visibility("shared");
    client.image_operations().update_image(image, shared).await?;
    client.image_members().create_image_member(image, project).await?;
    let mut table = Table::new(["PROJECT", "STATUS"]);
    for member in client.image_members().list_image_members(image).await?.members {
        table.row([or_dash(member.member_id), or_dash(member.status)]);
    }
    print(table)
}

async fn pending(client: &Client) -> Result<(), Failure> {
    let list = client.image_operations().list_images();
    let mut offers = list.visibility("shared").member_status("pending").items();
    let mut table = Table::new(["IMAGE", "NAME"]);
    while let Some(image) = offers.try_next().await? {
        table.row([image.id, or_dash(image.name)]);
    }
    print(table)
}
