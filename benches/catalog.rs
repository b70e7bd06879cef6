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

#[path = "support/command.rs"]
mod command;
#[path = "support/server.rs"]
mod server;

use cloud_images::auth::{Bearer, XAuthToken};
use cloud_images::catalog::{Catalog, Query, Reading, Source};
use cloud_images::{computing, ims};
use command::Outcome;
use futures::{Stream, StreamExt, TryStreamExt};
use server::Api;
use std::hint::black_box;

/// The server ignores it and sends every image. None has this name.
const NAMED: &str = "name=no-image-has-this-name status=available";

fn main() -> Outcome<()> {
    command::run("benches/catalog.sh", |arguments| match arguments {
        ["names", rounds] => Ok(names(rounds.parse()?)),
        [api, walk, url] => command::block_on(async {
            match api.parse()? {
                Api::Ims => {
                    let auth = XAuthToken::new("token-of-the-bench");
                    let client = ims::Client::builder().endpoint(*url).auth(auth).build()?;
                    let raw = client.image_operations().list_images().items();
                    count(walk, raw, client).await
                }
                Api::Computing => {
                    let auth = Bearer::new("token-of-the-bench");
                    let client = computing::Client::builder().endpoint(*url).auth(auth).build()?;
                    let raw = client.image_operations().list_images().items();
                    count(walk, raw, client).await
                }
                _ => command::unknown(arguments),
            }
        }),
        other => command::unknown(other),
    })
}

/// The number of images that a walk has seen.
async fn count<T>(
    walk: &str,
    raw: impl Stream<Item = cloud_images::Result<T>>,
    source: impl Source,
) -> Outcome<usize> {
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
    Ok(found.outcome().listed().try_into()?)
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
