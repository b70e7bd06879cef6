# Rust with rustfmt and clippy, and the dependencies that Cargo.lock names.
source .ci/lib.sh
missing=()
cargo fmt --version >/dev/null 2>&1 || missing+=(rustfmt)
cargo clippy --version >/dev/null 2>&1 || missing+=(clippy)
[ ${#missing[@]} -eq 0 ] || rustup component add "${missing[@]}"
rustc --version
cargo fetch --locked
