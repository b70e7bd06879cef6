# Clippy: the library with every set of features that can differ, the rest with the default and all features.
source .ci/lib.sh
sets=$(python3 .ci/feature_sets.py)
while read -r -u 3 set; do
  note "features: $set"
  set=${set%%#*}
  cargo clippy --locked --quiet --no-default-features --features "${set% }" -- -D warnings
done 3<<<"$sets"
note "features: default, with tests, examples and benches"
cargo clippy --locked --quiet --all-targets -- -D warnings
note "features: all, with tests, examples and benches"
cargo clippy --locked --quiet --all-targets --all-features -- -D warnings
