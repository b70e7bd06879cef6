#!/usr/bin/env bash
# Starts the server. It prints READY with its address, and ends on SIGTERM or SIGINT. The settings are
# environment variables, see README.md.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../python.sh"

export WORKDIR="${WORKDIR:-${TMPDIR:-/tmp}/cloud-images-parallelcluster}"
VENV="${VENV:-$WORKDIR/venv}"
if ! command -v node >/dev/null; then
  echo "node is missing: the server refuses to start without it" >&2
  exit 1
fi
mkdir -p "$WORKDIR/tmp"
make_venv "$VENV" "$here/requirements.txt" "$(find_python 3.11)"
export TMPDIR="$WORKDIR/tmp" PYTHONPYCACHEPREFIX="$VENV/pycache"
exec "$VENV/bin/python" -u "$here/serve.py"
