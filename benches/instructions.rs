//! One walk through a catalogue by this crate or by the hand-written loop, to be run under
//! callgrind by `benches/instructions.sh`.
//!
//! `instructions serve API COUNT PAGE` prints the URL of a server and stays;
//! `instructions walk API ours|pages|loop|signed PAGE URL` walks once and prints the number of images, where
//! `pages` is `ours` without the stream of items, and `signed` the loop with a signer of its own;
//! `instructions call API ours|loop|signed COUNT URL` asks for one image over and over;
//! `instructions decode API ours|loop COUNT PAGE` decodes pages that are in memory, and
//! `instructions build COUNT URL` builds clients.

#[path = "support/command.rs"]
mod command;
#[path = "support/peer.rs"]
mod peer;
#[path = "support/server.rs"]
mod server;
#[path = "support/signer.rs"]
mod signer;

use cloud_images::auth::{Bearer, Credentials, SigV4, XAuthToken};
use cloud_images::{computing, ims, parallelcluster};
use command::Outcome;
use futures::TryStreamExt;
use server::Api;
use signer::Signer;
use std::hint::black_box;

fn main() -> Outcome<()> {
    command::run("benches/instructions.sh", |arguments| match arguments {
        ["decode", api, who, count, page] => {
            decode(api.parse()?, who, count.parse()?, page.parse()?)
        }
        // How much building clients costs: run with two numbers of them.
        ["build", count, url] => {
            let count = count.parse()?;
            for _ in 0..count {
                black_box(ims::Client::builder().endpoint(*url).build()?);
            }
            Ok(count)
        }
        ["call", api, who, count, url] => {
            command::block_on(call(api.parse()?, who, count.parse()?, url))
        }
        ["walk", api, who, page, url] => {
            command::block_on(walk(api.parse()?, who, page.parse()?, url))
        }
        other => command::unknown(other),
    })
}

/// Decodes the same page until there were so many images.
fn decode(api: Api, who: &str, count: usize, page: usize) -> Outcome<usize> {
    fn read<T: serde::de::DeserializeOwned>(text: &str) -> Outcome<T> {
        Ok(black_box(serde_json::from_str(black_box(text))?))
    }
    let items: Vec<String> = (0..page).map(|i| server::item(api, i)).collect();
    let text = server::body(api, page, true, &items);
    let mut seen = 0;
    while seen < count {
        seen += match (api, who) {
            (Api::Ims, "loop") => read::<peer::ImagePage>(&text)?.images.len(),
            (Api::Ims, _) => read::<ims::types::ImageList>(&text)?.images.len(),
            (Api::ParallelCluster, "loop") => read::<peer::PcPage>(&text)?.images.len(),
            (Api::ParallelCluster, _) => {
                read::<parallelcluster::types::ListImagesResponseContent>(&text)?.images.len()
            }
            (Api::Computing, "loop") => {
                read::<peer::Envelope>(&text)?.data.values().map(Vec::len).sum()
            }
            (Api::Computing, _) => {
                let envelope: computing::types::ListImagesResponse = read(&text)?;
                envelope.data.values().map(Vec::len).sum()
            }
            (Api::Ec2 | Api::Ec2Json, _) => return Err("run benches/ec2.sh".into()),
        };
    }
    Ok(seen)
}

const KEY: &str = "AKIDEXAMPLE";
const SECRET: &str = "secret-of-the-bench";

fn signer() -> Signer {
    Signer::new(KEY, SECRET, "us-east-1")
}

fn glance(url: &str) -> cloud_images::Result<ims::Client> {
    ims::Client::builder().endpoint(url).auth(XAuthToken::new("token-of-the-bench")).build()
}

fn parallelcluster(url: &str) -> cloud_images::Result<parallelcluster::Client> {
    let auth = SigV4::new("us-east-1", Credentials::new(KEY, SECRET));
    parallelcluster::Client::builder().endpoint(url).auth(auth).build()
}

/// Asks for one image `count` times.
async fn call(api: Api, who: &str, count: usize, url: &str) -> Outcome<usize> {
    let id = server::id(0);
    match (api, who) {
        (Api::Ims, "loop") => {
            let client = peer::client()?;
            for _ in 0..count {
                black_box(peer::show_image(&client, url, &id).await?);
            }
        }
        (Api::Ims, _) => {
            let images = glance(url)?.image_operations();
            for _ in 0..count {
                black_box(images.show_image(&id).await?);
            }
        }
        (_, "loop") => {
            let client = peer::client()?;
            for _ in 0..count {
                black_box(peer::describe_image(&client, url, "custom-image-000000", |_| {}).await?);
            }
        }
        (_, "signed") => {
            let (client, signer) = (peer::client()?, signer());
            for _ in 0..count {
                let sign = |request: &mut _| signer.sign(request);
                black_box(peer::describe_image(&client, url, "custom-image-000000", sign).await?);
            }
        }
        _ => {
            let images = parallelcluster(url)?.image_operations();
            for _ in 0..count {
                black_box(images.describe_image("custom-image-000000").await?);
            }
        }
    }
    Ok(count)
}

async fn walk(api: Api, who: &str, page: u32, url: &str) -> Outcome<usize> {
    Ok(match (api, who) {
        (Api::Ims, "loop") => peer::ims(url, page).await?,
        (Api::Computing, "loop") => peer::computing(url).await?,
        (Api::ParallelCluster, "loop") => peer::parallelcluster(url, |_| {}).await?,
        (Api::ParallelCluster, "signed") => {
            let signer = signer();
            peer::parallelcluster(url, |request| signer.sign(request)).await?
        }
        (Api::Ims, "idle") => {
            black_box(glance(url)?);
            0
        }
        (Api::Ims, "pages") => {
            let client = glance(url)?;
            let mut pages = client.image_operations().list_images().page_size(page).pages();
            let mut count = 0;
            while let Some(page) = pages.try_next().await? {
                for image in page.images {
                    count += usize::from(!black_box(image).id.is_empty());
                }
            }
            count
        }
        (Api::Ims, _) => {
            let client = glance(url)?;
            let mut images = client.image_operations().list_images().page_size(page).items();
            let mut count = 0;
            while let Some(image) = images.try_next().await? {
                count += usize::from(!black_box(image).id.is_empty());
            }
            count
        }
        (Api::ParallelCluster, _) => {
            let client = parallelcluster(url)?;
            let mut images = client.image_operations().list_images("AVAILABLE").items();
            let mut count = 0;
            while let Some(image) = images.try_next().await? {
                count += usize::from(!black_box(image).image_id.is_empty());
            }
            count
        }
        (Api::Computing, _) => {
            let auth = Bearer::new("token-of-the-bench");
            let client = computing::Client::builder().endpoint(url).auth(auth).build()?;
            let answer = client.image_operations().list_images().await?;
            black_box(answer).data.values().map(Vec::len).sum()
        }
        (Api::Ec2 | Api::Ec2Json, _) => return Err("run benches/ec2.sh".into()),
    })
}
