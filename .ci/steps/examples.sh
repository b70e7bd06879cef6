# The examples, against the servers that they bring along.
source .ci/lib.sh
# Without the variables of real services.
for name in "${!PCLUSTER_@}" "${!OS_@}" "${!HUAWEICLOUD_@}" "${!AWS_@}" API_URL ACCESS_TOKEN; do
  unset "$name"
done

example() { # name argument...
  local name=$1
  shift
  note "$name $*" >&2
  "$CARGO_TARGET_DIR/debug/examples/$name" "$@"
}

cargo build --locked --examples --features "$further"
for path in examples/*.rs; do
  example "$(basename "$path" .rs)"
done

note "a second run of stream_pages goes on where the first one stopped"
output=$(example stream_pages)
example stream_pages --cursor "${output##*$'\n'}"

note "images of EC2 by a parameter and of a publisher, and what would be shared"
by_parameter=$(example find_ami --format ndjson --parameter /aws/service/debian/release/12/latest/amd64)
by_name=$(example find_ami --format ndjson --publisher debian --name 'debian-12-*' --limit 1)
[ "$by_parameter" = "$by_name" ] || fail "find_ami: $by_parameter is not $by_name"
example share_image --dry-run --deprecate-in 90
example share_image --account 222222222222 --account 333333333333 --deprecate-in 90

note "an example that fails says so by its status"
if output=$(example stream_pages --cursor nonsense 2>&1 >/dev/null); then
  fail "stream_pages took nonsense for a cursor"
fi
printf '%s\n' "$output"

note "JSON has one object for each row, and numbers are numbers"
for name in glance_list glance_share list_images list_official_images stream_pages; do
  for format in json ndjson; do
    example "$name" --format "$format" | python3 -c '
import json, sys
text = sys.stdin.read()
rows = json.loads(text) if sys.argv[1] == "json" else [json.loads(line) for line in text.splitlines()]
assert rows and all(isinstance(row, dict) for row in rows), text
numbers = {"size_mib", "page", "images"}
assert all(isinstance(row[name], (int, type(None))) for row in rows for name in numbers & row.keys()), text
' "$format"
  done
done

# Nobody reads: the first write fails.
note "a closed pipe is no failure"
for path in examples/*.rs; do
  name=$(basename "$path" .rs)
  status=0
  exec 3> >(exec true)
  wait $!
  errors=$(example "$name" 2>&1 >&3) || status=$?
  exec 3>&-
  if [ "$status" -ne 0 ] || grep -q panicked <<<"$errors"; then
    fail "$name ended with status $status: $errors"
  fi
done

note "wrong credentials are an error, and no embedded server takes the place of the service"
refused() { # variable=value... -- example argument...
  local variables=()
  while [ "$1" != -- ]; do
    variables+=("$1")
    shift
  done
  if output=$(export "${variables[@]}" && example "${@:2}" 2>"$work/refused"); then
    fail "$2 succeeded with ${variables[*]}"
  fi
  cat "$work/refused"
  # The head of a table is no row.
  [ "$(wc -l <<<"$output")" -eq 1 ] || fail "$2 printed rows: $output"
  ! grep -q embedded "$work/refused" || fail "an embedded server answered $2"
}
nobody=http://127.0.0.1:9
ims=("OS_AUTH_URL=$nobody/v3" OS_USERNAME=me OS_PASSWORD=wrong OS_PROJECT_NAME=p)
for name in glance_list glance_share glance_upload stream_pages list_images; do
  refused "${ims[@]}" -- "$name"
  refused "${ims[1]}" -- "$name"
  refused OS_CLOUD=there-is-none -- "$name"
done
cluster=("PCLUSTER_API_ENDPOINT=$nobody" AWS_ACCESS_KEY_ID=AKID AWS_SECRET_ACCESS_KEY=wrong AWS_REGION=eu-west-1)
for name in build_image list_official_images tail_logs watch_cluster list_images find_image; do
  refused "${cluster[@]}" -- "$name"
  refused "${cluster[0]}" -- "$name"
done
for name in find_ami share_image; do
  refused "AWS_ENDPOINT_URL=$nobody" "${cluster[@]:1}" -- "$name"
  refused AWS_ACCESS_KEY_ID=AKID -- "$name"
done
refused "API_URL=$nobody" ACCESS_TOKEN=wrong -- list_images
refused ACCESS_TOKEN=wrong -- list_images

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
