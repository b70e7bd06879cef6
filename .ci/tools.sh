# Sourced by the steps that need a tool: which version of each, and what two of them compare with.
# shellcheck shell=bash disable=SC2034
# The version that reads the format of rustdoc's JSON in Rust 1.93 to 1.95.
public_api=cargo-public-api@0.52.0
semver_checks=cargo-semver-checks@0.51.0
deny=cargo-deny@0.20.2
audit=cargo-audit@0.22.2

# The newest release, by its tag; nothing before the first.
newest_release() {
  git describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null || true
}

# Of machines that cannot fetch it, a variable names a copy of it.
advisory_db=https://github.com/rustsec/advisory-db
has_advisory_db() {
  [ -n "${CLOUD_IMAGES_ADVISORY_DB:-}" ] ||
    GIT_TERMINAL_PROMPT=0 timeout 60 git ls-remote --quiet "$advisory_db" HEAD >/dev/null 2>&1
}
