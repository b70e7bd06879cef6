# The public API is the one of tests/public-api.txt.
source .ci/lib.sh
source .ci/api.sh
tool "$public_api"

# The features with those that each turns on, then every public item.
list_api() {
  cargo metadata --locked --no-deps --format-version 1 | python3 -c '
import json, sys
features = json.load(sys.stdin)["packages"][0]["features"]
for name, parts in sorted(features.items()):
    print("feature", name, "=", *sorted(part for part in parts if part in features))
'
  cargo public-api --rustdoc-json "$work/api.json" --color never -sss
}

api_json . "$work/api.json"
list_api >"$work/public-api.txt"
diff -u "$snapshot" "$work/public-api.txt" || fail "The public API is not the one of $snapshot. If that is meant, commit it with the change:
    cp $work/public-api.txt $snapshot"
