# Sourced by the steps that read the public API.
# shellcheck shell=bash
source .ci/tools.sh
snapshot=tests/public-api.txt

# The public API as JSON. Its format is unstable, and the switch that allows it is for rustdoc alone:
# build scripts ask for it too, and all that they belong to would be compiled anew.
api_json() { # package file
  printf '#!/bin/sh\nRUSTC_BOOTSTRAP=1 exec rustdoc "$@"\n' >"$work/rustdoc"
  chmod +x "$work/rustdoc"
  RUSTDOC="$work/rustdoc" cargo rustdoc --locked --quiet --lib --all-features \
    --manifest-path "$1/Cargo.toml" -- -Z unstable-options --output-format json
  mv "$CARGO_TARGET_DIR/doc/cloud_images.json" "$2"
}
