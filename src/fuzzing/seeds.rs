//! The seeds of the fuzz targets as tests: what a target once failed at is among them.

use std::path::Path;

/// What Miri is given at most, in bytes: it is a thousand times slower than the machine.
const LONGEST_FOR_MIRI: usize = 200;

fn each_seed(target: &str, run: impl Fn(&[u8])) {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seeds").join(target);
    let mut count = 0;
    for seed in std::fs::read_dir(&seeds).unwrap() {
        let path = seed.unwrap().path();
        let input = std::fs::read(&path).unwrap();
        if cfg!(miri) && input.len() > LONGEST_FOR_MIRI {
            continue;
        }
        eprintln!("{}", path.display());
        run(&input);
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

#[test]
#[cfg(feature = "catalog")]
fn catalog() {
    each_seed("catalog", |seed| super::catalog(std::str::from_utf8(seed).unwrap()));
}
