#!/usr/bin/env bash
# Starts the server. It prints READY with its address, and ends on SIGTERM or SIGINT. The settings are
# environment variables, see README.md.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../python.sh"

export WORKDIR="${WORKDIR:-${TMPDIR:-/tmp}/cloud-images-ec2}"
VENV="${VENV:-$WORKDIR/venv}"
mkdir -p "$WORKDIR/tmp"
make_venv "$VENV" "$here/requirements.txt" "$(find_python 3.11 3.12)"
export TMPDIR="$WORKDIR/tmp" PYTHONPYCACHEPREFIX="$VENV/pycache"
exec "$VENV/bin/python" -u "$here/serve.py"
