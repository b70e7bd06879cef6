//! Any text as the token or link to the next page.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| cloud_images::fuzzing::next_link(input));
