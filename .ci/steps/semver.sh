# The version in Cargo.toml allows the changes of the public API since the last release.
source .ci/lib.sh
source .ci/api.sh
[ "$(git rev-parse --is-shallow-repository 2>/dev/null)" = false ] ||
  leave_out "this is no clone with its history"
baseline=$(newest_release)
[ -n "$baseline" ] || leave_out "there is no release to compare with: until then tests/public-api.txt is compared"
git log -1 --format='against %h, %s' "$baseline"
tool "$semver_checks"
old="$work/baseline"
rm -rf "$old"
mkdir "$old"
git archive "$baseline" | tar -x -C "$old"
api_json "$old" "$work/baseline.json"
[ -f "$work/api.json" ] || api_json . "$work/api.json"
cargo semver-checks --baseline-rustdoc "$work/baseline.json" --current-rustdoc "$work/api.json" ||
  fail "If users are to be broken by that, it is another version: raise the one in Cargo.toml."
