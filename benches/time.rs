//! Time, as ratios to the hand-written loop or to the same work done the plain way in the same run.

#[path = "support/peer.rs"]
mod peer;
#[path = "support/server.rs"]
mod server;

use cloud_images::auth::{Authenticate, Bearer, Credentials, SigV4, XAuthToken};
use cloud_images::{computing, ims, parallelcluster};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use futures::{StreamExt, TryStreamExt};
use server::{Api, start};
use std::time::Duration;
use tokio::runtime::Runtime;

const IMAGES: usize = 10_000;

fn runtime() -> Runtime {
    // The hand-written loop builds its HTTP client the plain way, which asks for a default provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn glance(url: &str) -> ims::ImageOperationsApi {
    let auth = XAuthToken::new("token-of-the-bench");
    ims::Client::builder().endpoint(url).auth(auth).build().unwrap().image_operations()
}

fn signer() -> SigV4 {
    SigV4::new("us-east-1", Credentials::new("AKIDEXAMPLE", "secret"))
}

/// The whole catalogue of each service, by this crate and by the loop.
fn listing(criterion: &mut Criterion) {
    let runtime = runtime();
    let mut group = criterion.benchmark_group("listing");
    group.throughput(Throughput::Elements(IMAGES as u64)).sample_size(10);

    let url = start(Api::Ims, IMAGES, 1000, Duration::ZERO).unwrap();
    let images = glance(&url);
    group.bench_function("ims/ours", |b| {
        b.to_async(&runtime).iter(|| images.list_images().items().count());
    });
    group.bench_function("ims/loop", |b| b.to_async(&runtime).iter(|| peer::ims(&url)));

    let url = start(Api::ParallelCluster, IMAGES, 100, Duration::ZERO).unwrap();
    let client = parallelcluster::Client::builder().endpoint(&url).auth(signer()).build().unwrap();
    let images = client.image_operations();
    group.bench_function("parallelcluster/ours", |b| {
        b.to_async(&runtime).iter(|| images.list_images("AVAILABLE").items().count());
    });
    group.bench_function("parallelcluster/loop", |b| {
        b.to_async(&runtime).iter(|| peer::parallelcluster(&url, |_| {}));
    });

    let url = start(Api::Computing, IMAGES, IMAGES, Duration::ZERO).unwrap();
    let auth = Bearer::new("token-of-the-bench");
    let client = computing::Client::builder().endpoint(&url).auth(auth).build().unwrap();
    let images = client.image_operations();
    group.bench_function("computing/ours", |b| {
        b.to_async(&runtime).iter(|| async { images.list_images().await.unwrap() });
    });
    group.bench_function("computing/loop", |b| b.to_async(&runtime).iter(|| peer::computing(&url)));
}

/// 20 ms per answer and 10 ms of work per page, with and without a page fetched ahead.
fn latency(criterion: &mut Criterion) {
    let runtime = runtime();
    let mut group = criterion.benchmark_group("latency");
    group.sample_size(10);
    let slow = start(Api::Ims, IMAGES, 1000, Duration::from_millis(20)).unwrap();
    let quick = start(Api::Ims, IMAGES, 1000, Duration::ZERO).unwrap();
    for (name, url, work) in
        [("20ms-work10ms", &slow, Some(Duration::from_millis(10))), ("none-idle", &quick, None)]
    {
        let images = glance(url);
        for ahead in [0, 1] {
            group.bench_function(BenchmarkId::new(name, format!("prefetch{ahead}")), |b| {
                b.to_async(&runtime).iter(|| async {
                    let mut pages = images.list_images().page_size(1000).pages().prefetch(ahead);
                    while let Some(page) = pages.try_next().await.unwrap() {
                        std::hint::black_box(page);
                        if let Some(work) = work {
                            tokio::time::sleep(work).await;
                        }
                    }
                });
            });
        }
    }
}

/// A page from each of eight regions, 20 ms each, one after the other and at once.
fn regions(criterion: &mut Criterion) {
    let runtime = runtime();
    let mut group = criterion.benchmark_group("regions");
    group.sample_size(10);
    let url = start(Api::ParallelCluster, 100, 100, Duration::from_millis(20)).unwrap();
    let client = parallelcluster::Client::builder().endpoint(&url).auth(signer()).build().unwrap();
    let images = client.image_operations();
    let regions: Vec<String> = (1..=8).map(|number| format!("us-east-{number}")).collect();
    group.bench_function("one-after-the-other", |b| {
        b.to_async(&runtime).iter(|| async {
            for region in &regions {
                let request = images.list_images("AVAILABLE").region(region);
                assert_eq!(request.items().count().await, 100);
            }
        });
    });
    group.bench_function("at-once", |b| {
        b.to_async(&runtime).iter(|| async {
            let request = images.list_images("AVAILABLE");
            assert_eq!(request.in_regions(&regions).count().await, 800);
        });
    });
}

/// One page of 100 images, asked for by 1 to 64 tasks at once.
fn concurrency(criterion: &mut Criterion) {
    let runtime = runtime();
    let mut group = criterion.benchmark_group("concurrency");
    group.sample_size(10);
    let url = start(Api::Ims, 100, 100, Duration::ZERO).unwrap();
    let images = glance(&url);
    for tasks in [1, 4, 16, 64] {
        group.throughput(Throughput::Elements(256));
        group.bench_function(BenchmarkId::from_parameter(tasks), |b| {
            b.to_async(&runtime).iter(|| async {
                let requests =
                    futures::stream::iter(0..256).map(|_| images.list_images().into_future());
                requests
                    .buffer_unordered(tasks)
                    .for_each(|page| async { page.map(drop).unwrap() })
                    .await;
            });
        });
    }
}

/// What one signature costs.
fn signing(criterion: &mut Criterion) {
    let runtime = runtime();
    let signer = signer();
    let http = reqwest::Client::new();
    criterion.bench_function("signing", |b| {
        b.to_async(&runtime).iter(|| async {
            let url = "https://abc.execute-api.us-east-1.amazonaws.com/prod/v3/images/custom?imageStatus=AVAILABLE";
            let mut request = http.get(url).build().unwrap();
            signer.authenticate(&mut request).await.unwrap();
            request
        });
    });
}

criterion_group!(benches, listing, latency, regions, concurrency, signing);
criterion_main!(benches);
