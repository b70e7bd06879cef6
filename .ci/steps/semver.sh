# The version in Cargo.toml allows the changes of the public API since the last release.
source .ci/lib.sh
source .ci/api.sh
[ "$(git rev-parse --is-shallow-repository 2>/dev/null)" = false ] ||
  leave_out "this is no clone with its history"
git diff --quiet HEAD -- "$snapshot" || leave_out "a change of $snapshot is not committed"

# What a release is not to break: the newest one, by its tag. Before the first, the API as it was
# accepted last, since that may change but not unseen.
baseline=$(git describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null ||
  git log -1 --format=%H -- "$snapshot")
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
