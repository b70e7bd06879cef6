//! Any body of an error.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| cloud_images::fuzzing::error_bodies(input));
