# The examples, against the servers that they bring along.
source .ci/lib.sh

# Without the variables of real services.
example() { # name argument...
  local name=$1
  shift
  note "$name $*" >&2
  env -u PCLUSTER_API_ENDPOINT -u OS_IMAGE_ENDPOINT -u OS_ENDPOINT -u OS_AUTH_URL -u OS_CLOUD -u API_URL \
    "$CARGO_TARGET_DIR/debug/examples/$name" "$@"
}

cargo build --locked --examples
for path in examples/*.rs; do
  example "$(basename "$path" .rs)"
done
note "a second run of stream_pages goes on where the first one stopped"
output=$(example stream_pages)
example stream_pages --cursor "${output##*$'\n'}"
note "an example that fails says so by its status"
if output=$(example stream_pages --cursor nonsense 2>&1 >/dev/null); then
  fail "stream_pages took nonsense for a cursor"
fi
printf '%s\n' "$output"
note "a query that no image matches names the nearest ones"
for name in find_image image_report os_matrix; do
  if output=$(example "$name" "ubuntu=24.04 arch=s390x" 2>&1 >/dev/null); then
    fail "$name found an image for s390x"
  fi
  printf '%s\n' "$output"
  grep -q '^near: .*arch=s390x' <<<"$output" || fail "$name names no near image"
done
note "the formats of rows"
for name in find_image image_report; do
  example "$name" --format json ubuntu 2>/dev/null | python3 -c 'import json, sys; assert json.load(sys.stdin)'
  example "$name" --format ndjson ubuntu 2>/dev/null |
    python3 -c 'import json, sys; assert [json.loads(line)["source"] for line in sys.stdin]'
done
note "a page of systems by place that needs no other file"
example os_matrix --html "$work/matrix.html"
grep -q '<svg' "$work/matrix.html"
if grep -E 'src=|href=|url\(|@import' "$work/matrix.html"; then
  fail "the page needs other files"
fi
