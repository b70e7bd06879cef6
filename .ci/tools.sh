# Sourced by the steps that need a tool: which version of each.
# shellcheck shell=bash disable=SC2034
# The version that reads the format of rustdoc's JSON in Rust 1.93 to 1.95.
public_api=cargo-public-api@0.52.0
semver_checks=cargo-semver-checks
deny=cargo-deny
audit=cargo-audit
