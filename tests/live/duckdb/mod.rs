//! The images of a catalogue as a table of DuckDB.
//!
//! `CLOUD_IMAGES_LIVE_DUCKDB` names a Python that has the package in `requirements.txt`.

use cloud_images::catalog::{Catalog, Image, List, Query, Source, Status, Visibility, sources};
use cloud_images::testing::{FakeComputing, FakeIms, FakeParallelCluster};
use futures::TryStreamExt;
use serde_json::Value;
use std::fmt::Write;
use std::process::Command;

/// The columns, in the order of the keys, with the types that DuckDB gives them.
const COLUMNS: [(&str, &str); 25] = [
    ("source", "VARCHAR"),
    ("provider", "VARCHAR"),
    ("region", "VARCHAR"),
    ("id", "VARCHAR"),
    ("name", "VARCHAR"),
    ("owner", "VARCHAR"),
    ("distribution", "VARCHAR"),
    ("version", "VARCHAR"),
    ("codename", "VARCHAR"),
    ("edition", "VARCHAR"),
    ("lts", "BOOLEAN"),
    ("architecture", "VARCHAR"),
    ("status", "VARCHAR"),
    ("visibility", "VARCHAR"),
    ("created", "TIMESTAMP WITH TIME ZONE"),
    ("updated", "TIMESTAMP WITH TIME ZONE"),
    ("size_bytes", "BIGINT"),
    ("min_disk_gib", "BIGINT"),
    ("min_ram_mib", "BIGINT"),
    ("driver", "VARCHAR"),
    ("cuda", "VARCHAR"),
    ("parallelcluster", "VARCHAR"),
    ("extras", "VARCHAR[]"),
    ("hash", "VARCHAR"),
    ("deprecated", "TIMESTAMP WITH TIME ZONE"),
];

/// An image of which everything is known, and one of which nothing is.
struct Extremes;

impl Source for Extremes {
    fn lists(&self, _: &Query) -> Vec<List> {
        let time = |text: &str| text.parse().ok();
        let hostile = "Windows Server 2012 R2 \"SQL\", 日本語\n\u{1b}\u{202e}";
        let mut whole = Image::unplaced("aws", "ami-1", hostile);
        whole.region = Some("eu-west-1".into());
        whole.owner = Some("0123".into());
        whole.status = Some(Status::Available);
        whole.visibility = Some(Visibility::Public);
        whole.created = time("2026-03-01T23:59:59Z");
        whole.updated = time("2026-03-02T00:00:00.123456Z");
        whole.deprecated = time("2028-03-01T00:00:00Z");
        whole.size_bytes = Some(1 << 40);
        whole.min_disk_gib = Some(100);
        whole.min_ram_mib = Some(2048);
        whole.driver = "550.54.15".parse().ok();
        whole.cuda = "12.4".parse().ok();
        whole.parallelcluster = "3.13.0".parse().ok();
        whole.hash = Some("sha512:9f86".into());
        let bare = Image::unplaced("", "", "");
        vec![List::new(futures::stream::iter([Ok(whole), Ok(bare)]))]
    }
}

/// The rows of each query, over the images as they are written: one JSON object a line.
fn ask(python: &str, images: &[Image], queries: &[&str]) -> Vec<Value> {
    let lines = images.iter().fold(String::new(), |mut lines, image| {
        writeln!(lines, "{}", serde_json::to_string(image).unwrap()).unwrap();
        lines
    });
    let path = format!("{}/images.ndjson", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(&path, lines).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/duckdb/query.py");
    let output = Command::new(python).arg(script).arg(path).args(queries).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn the_images_are_a_table_of_duckdb() {
    let Some(python) =
        std::env::var("CLOUD_IMAGES_LIVE_DUCKDB").ok().filter(|path| !path.is_empty())
    else {
        println!("skipped: no Python with DuckDB to test against");
        return;
    };
    let hpc = FakeParallelCluster::builder().images(20).start().await;
    let (otc, gpu) = (FakeIms::builder().images(60).start().await, FakeComputing::start().await);
    let catalog = Catalog::new()
        .add("hpc", sources::ParallelCluster::new(hpc.client()).regions(["us-east-1"]))
        .add("otc", sources::Ims::new(otc.client()).region("eu-de"))
        .add("gpu", gpu.client())
        .add("extremes", Extremes);
    let find = |query: &'static str| {
        let found = catalog.find(query.parse().unwrap());
        async move { found.try_collect::<Vec<Image>>().await.unwrap() }
    };
    let images = find("").await;

    let ubuntu = "source=otc ubuntu status=available created>=2024-01-01T02:00:00Z";
    let cases = [
        ("SELECT source, id FROM images", find("").await),
        (
            "SELECT source, id FROM images WHERE source = 'otc' AND distribution = 'ubuntu'
             AND status = 'available' AND created >= TIMESTAMPTZ '2024-01-01 02:00:00+00'",
            find(ubuntu).await,
        ),
        (
            "SELECT source, id FROM images WHERE list_contains(extras, 'docker')",
            find("with=docker").await,
        ),
        ("SELECT source, id FROM images WHERE lts", find("lts=true").await),
        (
            "SELECT source, id FROM images WHERE architecture <> 'aarch64'",
            find("arch!=aarch64").await,
        ),
    ];
    let extremes = "SELECT count(*), count(created), count(architecture), count(lts), count(size_bytes),
        max(size_bytes), max(epoch_us(updated)), max(name), max(version) FROM images WHERE source = 'extremes'";
    let mut queries = vec!["SELECT column_name, column_type FROM (DESCRIBE images)", extremes];
    queries.extend(cases.iter().map(|(sql, _)| *sql));
    let answers = ask(&python, &images, &queries);

    let columns = COLUMNS.map(|(name, kind)| serde_json::json!([name, kind]));
    assert_eq!(answers[0], Value::from(columns.to_vec()));

    let whole = images.iter().find(|image| image.id == "ami-1").unwrap();
    let micros = whole.updated.unwrap().timestamp_micros();
    let expected = serde_json::json!([[2, 1, 0, 0, 1, 1_u64 << 40, micros, whole.name, "2012 R2"]]);
    assert_eq!(answers[1], expected, "an unknown value is NULL, a known one is what it is");

    for ((sql, ours), theirs) in cases.iter().zip(&answers[2..]) {
        let mut ours: Vec<(String, String)> =
            ours.iter().map(|image| (image.source.to_string(), image.id.to_string())).collect();
        let mut theirs: Vec<(String, String)> = serde_json::from_value(theirs.clone()).unwrap();
        ours.sort();
        theirs.sort();
        assert!(!ours.is_empty(), "{sql}");
        assert_eq!(theirs, ours, "{sql}");
    }
}
