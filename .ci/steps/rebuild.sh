# The clients are generated again when their documents change, and not with every edit of the crate.
source .ci/lib.sh
cargo check --locked --quiet
for path in specs/computing.yaml src/lib.rs; do
  touch "$path"
  output=$(cargo check --locked --verbose 2>&1)
  case "$path $(grep -c 'cloud-images.*/build-script-build' <<<"$output")" in
    "specs/computing.yaml 0") fail "a changed document generated nothing" ;;
    "src/lib.rs 0") ;;
    src/lib.rs*) fail "touching $path ran build.rs" ;;
  esac
  note "$path: as expected"
done
