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
