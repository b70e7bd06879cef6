//! Time, as ratios to the hand-written loop or to the same work done the plain way in the same run.
//!
//! `cargo bench --bench time -- ROW...` runs the rows whose title has one of these words.

#[path = "support/peer.rs"]
mod peer;
#[path = "support/rounds.rs"]
mod rounds;
#[path = "support/server.rs"]
mod server;
#[path = "support/signer.rs"]
mod signer;

use cloud_images::auth::{Authenticate, Bearer, Credentials, SigV4, XAuthToken};
use cloud_images::{computing, ims, parallelcluster};
use futures::{StreamExt, TryStreamExt};
use rounds::{Way, compare};
use server::{Api, Next, start, start_with};
use sha2::{Digest, Sha512};
use signer::Signer;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::runtime::Runtime;

const IMAGES: usize = 10_000;
const KEY: &str = "AKIDEXAMPLE";
const SECRET: &str = "secret-of-the-bench";

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    // The hand-written loop builds its HTTP client the plain way, which asks for a default provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.unwrap();
    let rows: [(&str, Row); 7] = [
        ("listing 10,000 images", listing),
        ("prefetch, 20 ms an answer, 10 ms of work a page of 1000", latency),
        ("prefetch without latency, and nothing to do", no_latency),
        ("eight regions, 20 ms each", regions),
        ("2048 calls of describe_image, 64 tasks, two workers", concurrency),
        ("verified download of 1 GiB", download),
        ("1000 signatures", signing),
    ];
    for (title, row) in rows {
        if words.is_empty() || words.iter().any(|word| title.contains(word.as_str())) {
            row(title, &runtime);
        }
    }
}

/// What a row compares, by its title.
type Row = fn(&str, &Runtime);

/// A way that runs a future.
fn way<'a, F: Future>(name: &'a str, runtime: &'a Runtime, run: impl Fn() -> F + 'a) -> Way<'a> {
    (name, Box::new(move || drop(black_box(runtime.block_on(run())))))
}

fn glance(url: &str) -> ims::Client {
    let auth = XAuthToken::new("token-of-the-bench");
    ims::Client::builder().endpoint(url).auth(auth).build().unwrap()
}

fn sigv4() -> SigV4 {
    SigV4::new("us-east-1", Credentials::new(KEY, SECRET))
}

fn cluster_images(url: &str) -> parallelcluster::ImageOperationsApi {
    let client = parallelcluster::Client::builder().endpoint(url).auth(sigv4()).build();
    client.unwrap().image_operations()
}

/// The whole catalogue of each service, by this crate and by the loop.
fn listing(title: &str, runtime: &Runtime) {
    let url = start(Api::Ims, IMAGES, 1000, Duration::ZERO).unwrap();
    let images = glance(&url).image_operations();
    compare(
        &format!("{title}, Glance"),
        vec![
            way("loop", runtime, || peer::ims(&url, 1000)),
            way("this crate", runtime, || images.list_images().items().count()),
        ],
    );
    let url = start(Api::ParallelCluster, IMAGES, 100, Duration::ZERO).unwrap();
    let images = cluster_images(&url);
    let signer = Signer::new(KEY, SECRET, "us-east-1");
    compare(
        &format!("{title}, ParallelCluster"),
        vec![
            way("loop that signs", runtime, || {
                peer::parallelcluster(&url, |request| signer.sign(request))
            }),
            way("this crate", runtime, || images.list_images("AVAILABLE").items().count()),
        ],
    );
    let url = start(Api::Computing, IMAGES, IMAGES, Duration::ZERO).unwrap();
    let auth = Bearer::new("token-of-the-bench");
    let client = computing::Client::builder().endpoint(&url).auth(auth).build().unwrap();
    let images = client.image_operations();
    compare(
        &format!("{title}, computing"),
        vec![
            way("loop", runtime, || peer::computing(&url)),
            way("this crate", runtime, || async { images.list_images().await.unwrap() }),
        ],
    );
}

async fn pages(images: &ims::ImageOperationsApi, ahead: usize, work: Option<Duration>) {
    let mut pages = images.list_images().page_size(1000).pages().prefetch(ahead);
    while let Some(page) = pages.try_next().await.unwrap() {
        black_box(page);
        if let Some(work) = work {
            tokio::time::sleep(work).await;
        }
    }
}

/// With and without a page fetched ahead, by where the page says which one follows.
fn latency(title: &str, runtime: &Runtime) {
    for (place, next) in [("behind the list", Next::Last), ("before the list", Next::First)] {
        let delay = Duration::from_millis(20);
        let images =
            glance(&start_with(Api::Ims, IMAGES, 1000, delay, next).unwrap()).image_operations();
        let work = Some(Duration::from_millis(10));
        compare(
            &format!("{title}, `next` {place}"),
            vec![
                way("plain", runtime, || pages(&images, 0, work)),
                way("prefetch(1)", runtime, || pages(&images, 1, work)),
            ],
        );
    }
}

fn no_latency(title: &str, runtime: &Runtime) {
    let url = start(Api::Ims, 50_000, 1000, Duration::ZERO).unwrap();
    let images = glance(&url).image_operations();
    compare(
        title,
        vec![
            way("plain", runtime, || pages(&images, 0, None)),
            way("prefetch(1)", runtime, || pages(&images, 1, None)),
        ],
    );
}

/// A page from each of eight regions, one after the other and at once.
fn regions(title: &str, runtime: &Runtime) {
    let url = start(Api::ParallelCluster, 100, 100, Duration::from_millis(20)).unwrap();
    let images = cluster_images(&url);
    let regions: Vec<String> = (1..=8).map(|number| format!("us-east-{number}")).collect();
    compare(
        title,
        vec![
            way("one after the other", runtime, || async {
                for region in &regions {
                    let request = images.list_images("AVAILABLE").region(region);
                    assert_eq!(request.items().count().await, 100);
                }
            }),
            way("at once", runtime, || async {
                let request = images.list_images("AVAILABLE");
                assert_eq!(request.in_regions(&regions).count().await, 800);
            }),
        ],
    );
}

/// Runs `call` from `tasks` tasks, 2048 times in all.
async fn from_tasks<F: Future<Output = ()> + Send + 'static>(
    tasks: usize,
    call: impl Fn() -> F + Clone + Send + 'static,
) {
    let running: Vec<_> = (0..tasks)
        .map(|_| {
            let call = call.clone();
            tokio::spawn(async move {
                for _ in 0..2048 / tasks {
                    call().await;
                }
            })
        })
        .collect();
    for task in running {
        task.await.unwrap();
    }
}

fn concurrency(title: &str, runtime: &Runtime) {
    let url = start(Api::ParallelCluster, 1, 1, Duration::ZERO).unwrap();
    let id = "custom-image-000000";
    let images = cluster_images(&url);
    let client = peer::client().unwrap();
    let signer = Arc::new(Signer::new(KEY, SECRET, "us-east-1"));
    let raw = || {
        let (client, signer, url) = (client.clone(), Arc::clone(&signer), url.clone());
        from_tasks(64, move || {
            let (client, signer, url) = (client.clone(), Arc::clone(&signer), url.clone());
            async move {
                let sign = |request: &mut _| signer.sign(request);
                black_box(peer::describe_image(&client, &url, id, sign).await.unwrap());
            }
        })
    };
    let ours = || {
        let images = images.clone();
        from_tasks(64, move || {
            let images = images.clone();
            async move { drop(black_box(images.describe_image(id).await.unwrap())) }
        })
    };
    compare(title, vec![way("loop that signs", runtime, raw), way("this crate", runtime, ours)]);
}

/// Against what it consists of: hashing the data in memory, and receiving it unverified.
fn download(title: &str, runtime: &Runtime) {
    const PIECES: usize = 1024;
    let piece: Vec<u8> =
        (0..1_u32 << 20).map(|number| ((number * 2_654_435_761) >> 24) as u8).collect();
    let hash = {
        let piece = piece.clone();
        move || {
            let mut hasher = Sha512::new();
            (0..PIECES).for_each(|_| hasher.update(black_box(&piece)));
            hasher.finalize()
        }
    };
    let digest: String = hash().iter().map(|byte| format!("{byte:02x}")).collect();
    let id = server::id(0);
    let image = format!(
        r#"{{"id":"{id}","size":{},"os_hash_algo":"sha512","os_hash_value":"{digest}"}}"#,
        piece.len() * PIECES
    );
    let url = server::start_data(image, piece, PIECES).unwrap();
    let data = glance(&url).image_data();
    let directory = std::env::temp_dir();
    let target = directory.join(format!("cloud-images-bench-{}", std::process::id()));
    compare(
        title,
        vec![
            ("hash alone", Box::new(|| _ = black_box(hash()))),
            way("received, not verified", runtime, || async {
                let mut bytes = data.download_image_file(&id).await.unwrap();
                while let Some(chunk) = bytes.try_next().await.unwrap() {
                    black_box(chunk);
                }
            }),
            way("received and verified", runtime, || async {
                let mut bytes = data.download(&id).stream().await.unwrap();
                while let Some(chunk) = bytes.try_next().await.unwrap() {
                    black_box(chunk);
                }
            }),
            way("to a file, not verified", runtime, || async {
                let mut bytes = data.download_image_file(&id).await.unwrap();
                let mut file = tokio::fs::File::create(&target).await.unwrap();
                while let Some(chunk) = bytes.try_next().await.unwrap() {
                    file.write_all(&chunk).await.unwrap();
                }
                file.sync_all().await.unwrap();
            }),
            way("to a file, verified", runtime, || async {
                data.download(&id).to_file(&target).await.unwrap();
            }),
        ],
    );
    let _ = std::fs::remove_file(&target);
}

fn signing(title: &str, runtime: &Runtime) {
    let url: reqwest::Url =
        "https://abc.execute-api.us-east-1.amazonaws.com/prod/v3/images/custom?imageStatus=AVAILABLE"
            .parse()
            .unwrap();
    let request = || reqwest::Request::new(http::Method::GET, url.clone());
    let (signer, by_hand) = (sigv4(), Signer::new(KEY, SECRET, "us-east-1"));
    compare(
        title,
        vec![
            (
                "by hand",
                Box::new(|| {
                    for _ in 0..1000 {
                        by_hand.sign(black_box(&mut request()));
                    }
                }),
            ),
            way("this crate", runtime, || async {
                for _ in 0..1000 {
                    signer.authenticate(black_box(&mut request())).await.unwrap();
                }
            }),
        ],
    );
}
