//! The seeds of the fuzz targets as tests: what a target once failed at is among them.

use std::path::Path;

fn each_seed(target: &str, run: impl Fn(&[u8])) {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seeds").join(target);
    let mut count = 0;
    for seed in std::fs::read_dir(&seeds).unwrap() {
        let path = seed.unwrap().path();
        eprintln!("{}", path.display());
        run(&std::fs::read(&path).unwrap());
        count += 1;
    }
    assert!(count > 0, "{} has no seeds", seeds.display());
}

#[test]
fn decode() {
    each_seed("decode", super::decode);
}

#[test]
fn error_bodies() {
    each_seed("error_bodies", super::error_bodies);
}

#[test]
fn retry_after() {
    each_seed("retry_after", super::retry_after);
}

#[test]
fn pagination() {
    each_seed("pagination", super::pagination);
}

#[test]
fn next_link() {
    each_seed("next_link", |seed| super::next_link(std::str::from_utf8(seed).unwrap()));
}

#[test]
#[cfg(feature = "clouds-yaml")]
fn clouds_yaml() {
    each_seed("clouds_yaml", |seed| super::clouds_yaml(std::str::from_utf8(seed).unwrap()));
}
