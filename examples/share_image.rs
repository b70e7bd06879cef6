//! Shares an AMI with other accounts, and deprecates it on a day.
//!
//!     cargo run --example share_image --features ec2
//!     cargo run --example share_image --features ec2 -- --account 222222222222 --dry-run ami-0123456789abcdef0
//!     cargo run --example share_image --features ec2 -- --account 222222222222 --deprecate-in 90 ami-0123456789abcdef0
//!     cargo run --example share_image --features ec2 -- --account 222222222222 --take-back ami-0123456789abcdef0
//!
//! An embedded server answers, unless the variables of AWS are set: see `--help`.

mod support;

use chrono::{TimeDelta, Utc};
use clap::Parser;
use cloud_images::ec2::Client;
use cloud_images::ec2::types::{LaunchPermission, LaunchPermissionModifications};
use futures::TryStreamExt;
use serde_json::json;
use std::process::ExitCode;
use support::{Failure, Service, finish, line, or_dash};

/// Shares an AMI.
///
/// AWS answers if AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION are set. If AWS_ACCESS_KEY_ID is not, an
/// embedded server answers.
#[derive(Parser)]
struct Options {
    /// The id of the image; without it, the newest one of the embedded server
    image: Option<String>,
    /// The account to share with, 12 digits; may be repeated
    #[arg(long, value_name = "ID", default_value = "222222222222")]
    account: Vec<String>,
    /// Takes the image back from the accounts
    #[arg(long)]
    take_back: bool,
    /// Advises against the image in so many days from now
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(1..=3650))]
    deprecate_in: Option<i64>,
    /// Only checks whether all of it would be permitted
    #[arg(long)]
    dry_run: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    finish(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<(), Failure> {
    let service = Service::ec2().await?;
    let client = &service.client;
    let image = match (&options.image, &service.embedded) {
        (Some(image), _) => image.clone(),
        (None, Some(_)) => newest(client).await?,
        (None, None) => return Err("no image is named: pass the id of one of your images".into()),
    };
    share(client, &image, &options).await?;
    if let Some(days) = options.deprecate_in {
        deprecate(client, &image, days, options.dry_run).await?;
    }
    if options.dry_run {
        return line(format_args!("{image}: all of it would succeed, nothing was changed"));
    }
    show(client, &image).await
}

/// The newest image of this account.
async fn newest(client: &Client) -> Result<String, Failure> {
    let own: Vec<_> = client.images().describe_images().owner("self").items().try_collect().await?;
    let newest = own.into_iter().max_by_key(|image| image.creation_date);
    let newest = newest.ok_or("this account has no image to share")?;
    Ok(newest.image_id.to_string())
}

async fn share(client: &Client, image: &str, options: &Options) -> Result<(), Failure> {
    let images = client.images();
    let accounts = options.account.clone();
    if options.dry_run {
        let change = if options.take_back { "Remove" } else { "Add" };
        let accounts: Vec<_> = accounts.iter().map(|id| json!({ "UserId": id })).collect();
        let change: LaunchPermissionModifications =
            serde_json::from_value(json!({ change: accounts }))?;
        images.modify_image_attribute(image).launch_permission(change).dry_run().await?;
    } else if options.take_back {
        images.unshare(image, accounts).await?;
    } else {
        images.share(image, accounts).await?;
    }
    Ok(())
}

async fn deprecate(client: &Client, image: &str, days: i64, dry_run: bool) -> Result<(), Failure> {
    let request =
        client.images().enable_image_deprecation(image, Utc::now() + TimeDelta::days(days));
    if dry_run {
        request.dry_run().await?;
    } else {
        request.await?;
    }
    Ok(())
}

/// What is true now.
async fn show(client: &Client, image: &str) -> Result<(), Failure> {
    let shown = client.images().show_image(image).await?;
    line(format_args!("{image}: {}", or_dash(shown.name)))?;
    for permission in client.images().shared_with(image).await? {
        line(format_args!("    shared with {}", whom(permission)))?;
    }
    if let Some(time) = shown.deprecation_time {
        line(format_args!("    deprecated from {time}"))?;
    }
    Ok(())
}

fn whom(permission: LaunchPermission) -> String {
    let group = permission.group.map(|group| format!("everybody ({group})"));
    let organization = permission.organization_arn.or(permission.organizational_unit_arn);
    or_dash(permission.user_id.map(|id| id.to_string()).or(organization).or(group))
}
