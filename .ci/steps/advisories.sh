# Dependencies with a known vulnerability, by the RustSec advisory database.
source .ci/lib.sh
source .ci/tools.sh
has_advisory_db || leave_out "$advisory_db cannot be reached, and CLOUD_IMAGES_ADVISORY_DB names no copy of it"
tool "$audit"
if [ -n "${CLOUD_IMAGES_ADVISORY_DB:-}" ]; then
  cargo audit --db "$CLOUD_IMAGES_ADVISORY_DB" --no-fetch --stale
else
  cargo audit --db "$work/advisory-db"
fi
