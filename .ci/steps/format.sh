# rustfmt, as rustfmt.toml has it.
source .ci/lib.sh
cargo fmt --all -- --check
