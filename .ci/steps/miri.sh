# Miri over the pure logic. By name only, and before a release: it takes longer than all other steps.
#
# The crate has no unsafe code, so that only its dependencies can have undefined behaviour. Miri compiles all of them once
# more, and interprets the crate's tests a thousand times slower than the machine runs them: a choice of tests that is fast
# would leave out the dependencies that it is for, serde_json and smol_str under hostile input.
source .ci/lib.sh
rustup +nightly component add miri rust-src >/dev/null 2>&1 ||
  leave_out "there is no nightly toolchain that has Miri"
# Of the seeds of the fuzz targets those that are short, and not those that make signatures or read tables, which takes
# minutes here.
MIRIFLAGS=-Zmiri-disable-isolation CARGO_TARGET_DIR="$work/miri" \
  cargo +nightly miri test --locked --lib -- types:: seeds:: --skip retry_after --skip catalog
