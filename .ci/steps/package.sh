# The package as it is published, compiled from what is in it.
source .ci/lib.sh
cargo package --locked --allow-dirty --quiet
ls -l "$CARGO_TARGET_DIR"/package/*.crate
# Its README links to nothing that is not in it.
files=$(cargo package --locked --allow-dirty --list)
while read -r link; do
  grep -qxF "$link" <<<"$files" || fail "README.md links to $link, which is not in the package"
done < <(grep -oE '\]\([^)]+\)' README.md | sed -E 's/^\]\(([^)#]*).*/\1/' | grep -vE '^(https?:|$)' || true)
