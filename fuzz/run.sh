#!/usr/bin/env bash
# Runs every fuzz target, or those that are named, for a time each. Stops at the first that fails.
#
#   fuzz/run.sh [seconds] [target...]
#
# Needs the nightly toolchain and cargo-fuzz. Stable Rust compiles the targets too, but not the sanitizer.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

seconds=${1:-600}
targets=("${@:2}")
if [ ${#targets[@]} -eq 0 ]; then
  mapfile -t targets < <(cd fuzz_targets && printf '%s\n' *.rs | sed 's/\.rs$//')
fi

for target in "${targets[@]}"; do
  printf '=== %s\n' "$target"
  mkdir -p "corpus/$target"
  # What is found is written to the first folder; the seeds stay as they are.
  cargo +nightly fuzz run --fuzz-dir . ${CARGO_TARGET_DIR:+--target-dir "$CARGO_TARGET_DIR"} "$target" \
    "corpus/$target" "../tests/seeds/$target" -- \
    -max_total_time="$seconds" -timeout=60 -print_final_stats=1
done
