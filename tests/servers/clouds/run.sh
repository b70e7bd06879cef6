#!/usr/bin/env bash
# Starts the server. It prints READY with its address, and ends on SIGTERM or SIGINT. The settings are
# environment variables, see README.md. It needs the standard library alone.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../python.sh"

export PYTHONDONTWRITEBYTECODE=1
exec "$(find_python 3.11 3.12 3.13)" -u "$here/serve.py"
