//! Any status, `Retry-After`, `Date` and body of an error; the first lines are the headers.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(4, |byte| *byte == b'\n');
    let mut part = || parts.next().unwrap_or_default();
    let (status, retry_after, date) = (part(), part(), part());
    cloud_images::fuzzing::failure(status, retry_after, date, part());
});
