# A program that uses the crate: without TLS and clouds.yaml, and with each TLS beside other users of it.
source .ci/lib.sh
program=tests/outside
# The versions that the crate is tested with.
cp Cargo.lock "$program/Cargo.lock"
for feature in "" rustls ring native-tls; do
  note "features: ${feature:-none}"
  cargo test --quiet --manifest-path "$program/Cargo.toml" --features "$feature"
done
