//! Any bytes as the answer of every operation.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| cloud_images::fuzzing::decode(input));
