# Unit tests, tests against fakes, tests of the build pipeline, and the examples in the documentation.
source .ci/lib.sh
cargo test --locked
note "with the APIs that are off by default"
cargo test --locked --features "$further" --lib --test fakes --test ec2
cargo test --locked --features "$further" --doc
