//! One walk through a list, raw or through `Catalog`, to be run under callgrind by `benches/catalog.sh`.
//!
//! `catalog serve API COUNT PAGE` prints the URL of a server and stays; `catalog API WALK URL` walks once,
//! prints the number of images, and on stderr its peak memory. The walks:
//!
//! - `idle`: builds the client alone;
//! - `raw`: `items()` of the client;
//! - `read`: a query that every image fits, all of which are read;
//! - `named`: a query of the service's own fields that no image fits, none of which is read.
//!
//! `catalog names ROUNDS` reads the names of `tests/catalog/data`, each so many times.

#[path = "support/server.rs"]
mod server;

use cloud_images::auth::{Bearer, XAuthToken};
use cloud_images::catalog::{Catalog, Query, Reading, Source};
use cloud_images::{computing, ims};
use futures::{Stream, StreamExt, TryStreamExt};
use server::Api;
use std::hint::black_box;
use std::time::Duration;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// The server ignores it and sends every image. None has this name.
const NAMED: &str = "name=no-image-has-this-name status=available";

fn main() -> Outcome<()> {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
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
        ["names", rounds] => {
            println!("{}", names(rounds.parse()?));
            Ok(())
        }
        [api, walk, url] => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let count = runtime.block_on(async {
                match api_of(api)? {
                    Api::Ims => {
                        let auth = XAuthToken::new("token-of-the-bench");
                        let client = ims::Client::builder().endpoint(url).auth(auth).build()?;
                        let raw = client.image_operations().list_images().items();
                        count(walk, raw, client).await
                    }
                    _ => {
                        let auth = Bearer::new("token-of-the-bench");
                        let client =
                            computing::Client::builder().endpoint(url).auth(auth).build()?;
                        let raw = client.image_operations().list_images().items();
                        count(walk, raw, client).await
                    }
                }
            })?;
            println!("{count}");
            if let Some(peak) = peak_memory() {
                eprintln!("peak memory: {peak} KiB");
            }
            Ok(())
        }
        _ => {
            println!("run benches/catalog.sh");
            Ok(())
        }
    }
}

fn api_of(name: &str) -> Outcome<Api> {
    match name {
        "ims" => Ok(Api::Ims),
        "computing" => Ok(Api::Computing),
        other => Err(format!("no API {other}").into()),
    }
}

/// The number of images that a walk has seen.
async fn count<T>(
    walk: &str,
    raw: impl Stream<Item = cloud_images::Result<T>>,
    source: impl Source,
) -> Outcome<u64> {
    let query: Query = match walk {
        "idle" => return Ok(0),
        "raw" => {
            let mut raw = std::pin::pin!(raw);
            let mut count = 0;
            while let Some(image) = raw.try_next().await? {
                black_box(image);
                count += 1;
            }
            return Ok(count);
        }
        "read" => Query::new(),
        "named" => NAMED.parse()?,
        other => return Err(format!("no walk {other}").into()),
    };
    let mut found = Catalog::new().add("source", source).find(query);
    while let Some(image) = found.next().await {
        black_box(image?);
    }
    Ok(found.outcome().listed())
}

/// The number of names that were read.
fn names(rounds: usize) -> usize {
    let tables = [
        include_str!("../tests/catalog/data/image-names.tsv"),
        include_str!("../tests/catalog/data/other-names.tsv"),
    ];
    let names: Vec<&str> = tables
        .iter()
        .flat_map(|table| table.lines().skip(1))
        .filter_map(|line| line.split('\t').next())
        .collect();
    for _ in 0..rounds {
        for name in &names {
            black_box(Reading::of(black_box(name)));
        }
    }
    names.len() * rounds
}

/// The most memory that this process ever had, in KiB, where the system says.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
