//! One walk through a catalogue by this crate or by the hand-written loop, to be run under
//! callgrind by `benches/instructions.sh`.
//!
//! `instructions serve API COUNT PAGE` prints the URL of a server and stays;
//! `instructions API ours|loop URL` walks once and prints the number of images.

#[path = "support/peer.rs"]
mod peer;
#[path = "support/server.rs"]
mod server;

use cloud_images::auth::{Bearer, Credentials, SigV4, XAuthToken};
use cloud_images::{computing, ims, parallelcluster};
use futures::TryStreamExt;
use server::Api;
use std::time::Duration;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["serve", api, count, page] => {
            println!(
                "{}",
                server::start(api_of(api)?, count.parse()?, page.parse()?, Duration::ZERO)?
            );
            loop {
                std::thread::park();
            }
        }
        [api, who, url] => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let count = runtime.block_on(walk(api_of(api)?, who, url))?;
            println!("{count}");
            Ok(())
        }
        _ => {
            println!("run benches/instructions.sh");
            Ok(())
        }
    }
}

fn api_of(name: &str) -> Outcome<Api> {
    match name {
        "ims" => Ok(Api::Ims),
        "parallelcluster" => Ok(Api::ParallelCluster),
        "computing" => Ok(Api::Computing),
        other => Err(format!("no API {other}").into()),
    }
}

async fn walk(api: Api, who: &str, url: &str) -> Outcome<usize> {
    // The hand-written loop builds its HTTP client the plain way, which asks for a default provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let credentials = Credentials::new("AKIDEXAMPLE", "secret-of-the-bench", None, None, "bench");
    Ok(match (api, who) {
        (Api::Ims, "loop") => peer::ims(url).await?,
        (Api::Computing, "loop") => peer::computing(url).await?,
        (Api::ParallelCluster, "loop") => peer::parallelcluster(url, |_| {}).await?,
        (Api::Ims, _) => {
            let auth = XAuthToken::new("token-of-the-bench");
            let client = ims::Client::builder().endpoint(url).auth(auth).build()?;
            let mut images = client.image_operations().list_images().items();
            let mut count = 0;
            while let Some(image) = images.try_next().await? {
                count += usize::from(!std::hint::black_box(image).id.is_empty());
            }
            count
        }
        (Api::ParallelCluster, _) => {
            let auth = SigV4::new("us-east-1", credentials);
            let client = parallelcluster::Client::builder().endpoint(url).auth(auth).build()?;
            let mut images = client.image_operations().list_images("AVAILABLE").items();
            let mut count = 0;
            while let Some(image) = images.try_next().await? {
                count += usize::from(!std::hint::black_box(image).image_id.is_empty());
            }
            count
        }
        (Api::Computing, _) => {
            let auth = Bearer::new("token-of-the-bench");
            let client = computing::Client::builder().endpoint(url).auth(auth).build()?;
            let answer = client.image_operations().list_images().await?;
            std::hint::black_box(answer).data.values().map(Vec::len).sum()
        }
    })
}
