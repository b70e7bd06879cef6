//! One walk through the images of EC2, to be run under callgrind by `benches/ec2.sh`.
//!
//! `ec2 serve ec2|ec2-json COUNT PAGE` prints the URL of a server and stays; `ec2 WALK URL` walks once, prints the
//! number of images, and on stderr its peak memory. The walks:
//!
//! - `idle`: builds the client alone;
//! - `xml`: `items()` of the client;
//! - `json`: a hand-written loop that reads the same types from JSON with the same fields.

#[path = "support/command.rs"]
mod command;
#[path = "support/server.rs"]
mod server;

use cloud_images::auth::{Credentials, SigV4};
use cloud_images::ec2;
use command::Outcome;
use futures::TryStreamExt;
use std::hint::black_box;

fn main() -> Outcome<()> {
    command::run("benches/ec2.sh", |arguments| match arguments {
        ["idle", url] => {
            black_box(client(url)?);
            Ok(0)
        }
        ["xml", url] => command::block_on(xml(url)),
        ["json", url] => command::block_on(json(url)),
        other => command::unknown(other),
    })
}

fn client(url: &str) -> cloud_images::Result<ec2::Client> {
    let credentials = Credentials::new("AKIDEXAMPLE", "secret-of-the-bench");
    ec2::Client::builder().endpoint(url).auth(SigV4::new("eu-west-1", credentials)).build()
}

async fn xml(url: &str) -> Outcome<usize> {
    let mut images = client(url)?.images().describe_images().owner("self").items();
    let mut count = 0;
    while let Some(image) = images.try_next().await? {
        count += usize::from(!black_box(image).image_id.is_empty());
    }
    Ok(count)
}

async fn json(url: &str) -> Outcome<usize> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let (mut count, mut next) = (0, String::new());
    loop {
        let text = client.get(format!("{url}/?{next}")).send().await?.text().await?;
        let page: ec2::types::ImagePage = serde_json::from_str(&text)?;
        for image in page.images {
            count += usize::from(!black_box(image).image_id.is_empty());
        }
        match page.next_token {
            Some(token) => next = format!("nextToken={token}"),
            None => return Ok(count),
        }
    }
}
