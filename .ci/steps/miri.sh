# Miri over the pure logic: the crate has no unsafe code, but what it stands on has.
source .ci/lib.sh
rustup +nightly component add miri rust-src >/dev/null 2>&1 ||
  leave_out "there is no nightly toolchain that has Miri"
# Of the seeds of the fuzz targets those that are short, and not those that make signatures or read tables, which takes
# minutes here.
MIRIFLAGS=-Zmiri-disable-isolation CARGO_TARGET_DIR="$work/miri" \
  cargo +nightly miri test --locked --lib -- types:: seeds:: --skip retry_after --skip catalog
