# The fuzz targets compile. `cargo test` tries their seeds, and fuzz/run.sh the rest.
source .ci/lib.sh
command -v c++ >/dev/null || leave_out "there is no C++ compiler"
RUSTFLAGS="--cfg fuzzing" CARGO_TARGET_DIR="$work/fuzz" cargo check --locked --quiet --manifest-path fuzz/Cargo.toml
