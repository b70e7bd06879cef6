# The package as it is published, compiled from what is in it.
source .ci/lib.sh
cargo package --locked --allow-dirty --quiet
ls -l "$CARGO_TARGET_DIR"/package/*.crate
