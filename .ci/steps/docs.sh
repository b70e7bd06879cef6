# The documentation of every feature, without a warning.
source .ci/lib.sh
RUSTDOCFLAGS="-D warnings" cargo doc --locked --quiet --no-deps --all-features
