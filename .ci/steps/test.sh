# Unit tests, tests against fakes, tests of the build pipeline, and the examples in the documentation.
source .ci/lib.sh
cargo test --locked --features ec2
