//! Any `Retry-After` and `Date`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| cloud_images::fuzzing::retry_after(input));
