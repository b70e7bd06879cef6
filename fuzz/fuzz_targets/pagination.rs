//! Lists of services that keep the rules and of services that do not, read, left and taken up again.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| cloud_images::fuzzing::pagination(input));
