# Clippy with the default and with all features, and the compiler's warnings with every set of features that can differ.
source .ci/lib.sh
# Its own, since it runs beside other steps.
export CARGO_TARGET_DIR="$work/lint"
sets=$(python3 .ci/feature_sets.py)
while read -r -u 3 set; do
  note "features: $set"
  set=${set%%#*}
  # What Clippy says of the code, it says with all features. A set can only lack an import, or have one too many.
  warnings=$(cargo check --locked --quiet --no-default-features --features "${set% }" 2>&1) || fail "$warnings"
  [ -z "$warnings" ] || fail "$warnings"
done 3<<<"$sets"
note "features: default, with tests, examples and benches"
cargo clippy --locked --quiet --all-targets -- -D warnings
note "features: all, with tests, examples and benches"
cargo clippy --locked --quiet --all-targets --all-features -- -D warnings
