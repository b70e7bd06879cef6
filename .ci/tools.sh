# Sourced by the steps that need a tool: which version of each.
# shellcheck shell=bash disable=SC2034
# The version that reads the format of rustdoc's JSON in Rust 1.93 to 1.95.
public_api=cargo-public-api@0.52.0
semver_checks=cargo-semver-checks@0.51.0
deny=cargo-deny@0.20.2
audit=cargo-audit@0.22.2
