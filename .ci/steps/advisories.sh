# Dependencies with a known vulnerability, by the RustSec advisory database.
source .ci/lib.sh
source .ci/tools.sh
tool "$audit"
# A copy of https://github.com/rustsec/advisory-db, for machines that cannot fetch it.
if [ -n "${CLOUD_IMAGES_ADVISORY_DB:-}" ]; then
  cargo audit --db "$CLOUD_IMAGES_ADVISORY_DB" --no-fetch --stale
  exit
fi
database=https://github.com/rustsec/advisory-db
GIT_TERMINAL_PROMPT=0 timeout 60 git ls-remote --quiet "$database" HEAD >/dev/null 2>&1 ||
  leave_out "$database cannot be reached, and CLOUD_IMAGES_ADVISORY_DB names no copy of it"
cargo audit --db "$work/advisory-db"
