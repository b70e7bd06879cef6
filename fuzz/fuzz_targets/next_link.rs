//! Any text as the token or link to the next page.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|said: &str| {
    cloud_images::fuzzing::next_position(said);
});
