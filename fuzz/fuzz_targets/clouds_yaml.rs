//! Any text as `clouds.yaml` and `secure.yaml`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| cloud_images::fuzzing::clouds_yaml(input));
