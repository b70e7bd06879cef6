//! Any text as the name of an image, as a query, as a policy and as a lock file.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| cloud_images::fuzzing::catalog(input));
