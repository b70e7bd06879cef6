use super::{Drift, Lock, Locked, Observed};
use crate::catalog::{Image, Status};
use chrono::{DateTime, Utc};

fn image(region: &str, architecture: &str, id: &str) -> Image {
    let mut image = Image::new("prod", "aws", id, "ubuntu\u{202e}-noble");
    image.region = Some(region.into());
    image.architecture = architecture.parse().ok();
    image.owner = Some("099720109477".into());
    image.created = Some(time("2026-01-01T00:00:00Z"));
    image.hash = Some("sha512:9f86".into());
    image
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn locked(region: &str, architecture: &str, id: &str) -> Locked {
    Locked::new("ubuntu=24.04", "latest", &image(region, architecture, id))
}

const FILE: &str = r#"{
  "version": 1,
  "images": [
    {
      "query": "ubuntu=24.04",
      "policy": "latest",
      "source": "prod",
      "region": "eu-west-1",
      "architecture": "x86_64",
      "id": "ami-1",
      "name": "ubuntu-noble",
      "owner": "099720109477",
      "created": "2026-01-01T00:00:00Z",
      "hash": "sha512:9f86"
    }
  ]
}
"#;

#[test]
fn a_file_is_the_same_byte_for_byte() {
    let lock = Lock::new([locked("eu-west-1", "x86_64", "ami-1")]).unwrap();
    assert_eq!(lock.to_string(), FILE);
    assert_eq!(FILE.parse::<Lock>().unwrap(), lock);
    let entries = [
        locked("us-east-1", "x86_64", "ami-3"),
        locked("eu-west-1", "x86_64", "ami-1"),
        locked("eu-west-1", "aarch64", "ami-2"),
    ];
    let backwards = entries.iter().rev().cloned();
    assert_eq!(
        Lock::new(entries.clone()).unwrap().to_string(),
        Lock::new(backwards).unwrap().to_string()
    );
}

#[test]
fn a_file_that_cannot_be_read_says_where_and_why() {
    for (text, said) in [
        ("", "line 1 column 0"),
        ("{\"images\": []}", "missing field `version`"),
        ("{\"version\": 2, \"pictures\": {}}", "is of version 2, this program reads version 1"),
        ("{\"version\": \"1\\u001b\", \"images\": []}", "expected u64 at line 1"),
        ("{\"version\": 1,\n<<<<<<< HEAD\n", "line 2 column 1"),
        (&FILE.replace("\"hash\"", "\"hsah\""), "unknown field `hsah`"),
        (&FILE.replace("\"x86_64\"", "\"x86_65\""), "line 9"),
        (&FILE.replace("      \"id\": \"ami-1\",\n", ""), "missing field `id`"),
    ] {
        let error = text.parse::<Lock>().unwrap_err();
        assert!(error.message().contains(said), "{text:?}: {}", error.message());
        assert!(!error.message().contains('\u{1b}'), "{}", error.message());
    }
    assert!(
        Lock::from_reader(std::io::repeat(b' '))
            .unwrap_err()
            .message()
            .contains("larger than 16 MiB")
    );
    assert!(Lock::from_reader(&b"\xff"[..]).unwrap_err().message().contains("cannot be read"));
}

#[test]
fn a_damaged_file_is_an_error_or_another_lock() {
    for place in 0..FILE.len() {
        assert!(FILE[..place].parse::<Lock>().is_err() || place == FILE.len() - 1);
        for byte in [b' ', b'"', b'}', b'0', 0x7f] {
            let mut damaged = FILE.as_bytes().to_vec();
            damaged[place] = byte;
            let Ok(lock) = Lock::from_reader(&damaged[..]) else { continue };
            assert_eq!(lock.to_string().parse::<Lock>().unwrap(), lock);
        }
    }
}

#[test]
fn two_images_for_one_place_are_refused() {
    let two = [locked("eu-west-1", "x86_64", "ami-1"), locked("eu-west-1", "x86_64", "ami-2")];
    let error = Lock::new(two).unwrap_err();
    let said = "the query `ubuntu=24.04` in prod, eu-west-1, x86_64: ami-1 and ami-2";
    assert!(error.message().contains(said), "{}", error.message());
}

fn drift(observed: Observed<'_>, newest: Option<&Image>) -> Vec<Drift> {
    locked("eu-west-1", "x86_64", "ami-1").drift(observed, newest, time("2026-11-25T00:00:00Z"))
}

#[test]
fn an_outage_is_never_gone() {
    assert_eq!(drift(Observed::Incomplete, None), [Drift::Unknown]);
    assert!(!Drift::Unknown.is_breaking());
    assert_eq!(drift(Observed::Missing, None), [Drift::Gone]);
}

#[test]
fn an_image_as_it_was_has_not_drifted() {
    let same = image("eu-west-1", "x86_64", "ami-1");
    assert_eq!(drift(Observed::Listed(&same), Some(&same)), []);
    let mut later = same.clone();
    later.deprecated = Some(time("2027-01-01T00:00:00Z"));
    later.hash = Some("SHA512:9F86".into());
    // The algorithm is another, so the hashes say nothing.
    assert_eq!(drift(Observed::Listed(&later), None), []);
    later.hash = Some("md5:0000".into());
    later.owner = None;
    assert_eq!(drift(Observed::Listed(&later), None), []);
}

#[test]
fn every_kind_of_drift_is_distinguished() {
    let same = image("eu-west-1", "x86_64", "ami-1");
    assert_eq!(drift(Observed::ById(&same), None), [Drift::Hidden]);
    let mut other = same.clone();
    other.status = Some(Status::Disabled);
    assert_eq!(drift(Observed::Listed(&other), None), [Drift::Hidden]);
    other.status = Some(Status::Deleted);
    assert_eq!(drift(Observed::ById(&other), None), [Drift::Gone]);

    let mut other = same.clone();
    other.hash = Some("sha512:0000".into());
    other.owner = Some("666666666666".into());
    other.deprecated = Some(time("2026-11-01T00:00:00Z"));
    let said: Vec<String> =
        drift(Observed::Listed(&other), None).iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "the content of the image changed from sha512:9f86 to sha512:0000",
            "the owner of the image changed from 099720109477 to 666666666666",
            "deprecated by its owner since 2026-11-01T00:00:00Z",
        ]
    );

    let mut recreated = same.clone();
    recreated.hash = None;
    recreated.created = Some(time("2026-02-01T00:00:00Z"));
    assert!(matches!(
        drift(Observed::Listed(&recreated), None)[..],
        [Drift::ContentChanged { .. }]
    ));
}

#[test]
fn newer_is_what_was_created_later() {
    let mut newest = image("eu-west-1", "x86_64", "ami-2");
    assert_eq!(drift(Observed::Incomplete, Some(&newest)), [Drift::Unknown]);
    newest.created = Some(time("2026-02-01T00:00:00Z"));
    let newer = Drift::Newer { id: "ami-2".into(), created: time("2026-02-01T00:00:00Z") };
    assert_eq!(drift(Observed::Incomplete, Some(&newest)), [Drift::Unknown, newer.clone()]);
    assert_eq!(serde_json::to_value(&newer).unwrap()["drift"], "newer");
    newest.created = None;
    assert_eq!(drift(Observed::Missing, Some(&newest)), [Drift::Gone]);
}
