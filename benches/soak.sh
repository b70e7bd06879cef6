#!/usr/bin/env bash
# 200,000 calls from 64 tasks against a server with 5 % mixed faults; minutes, and fails if a call is
# lost, wrong or stuck, or if memory grows. `benches/soak.sh CALLS TASKS` for other numbers.
set -euo pipefail
cd "$(dirname "$0")/.."
exec cargo test --quiet --bench soak -- "${1:-200000}" "${2:-64}"
