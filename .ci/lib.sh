# Sourced by .ci/run and by every step: where things are, and the few words that steps are written in.
# shellcheck shell=bash
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-always}"
export CARGO_INCREMENTAL=0
export CARGO_PROFILE_DEV_DEBUG=0
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}"
export PIP_DISABLE_PIP_VERSION_CHECK=1

# What the checks make for themselves: tools, virtual environments, the state of servers, logs.
work="$CARGO_TARGET_DIR/ci"
mkdir -p "$work"
export PATH="$work/tools/bin:$PATH"

# The APIs that are off by default.
further=ec2,glance,glance-metadefs,ims-cloudimages,digitalocean,hetzner,hyperstack,lambda,linode,vultr

note() { # text
  printf -- '--- %s\n' "$*"
}

fail() { # text
  printf '%s\n' "$*" >&2
  exit 1
}

# Ends a step that cannot be carried out here. It is reported by name with the reason, and is no failure.
leave_out() { # reason
  printf '%s\n' "$*" >"${CI_REASON:-/dev/null}"
  printf 'left out: %s\n' "$*"
  exit 77
}

# From here on this script, and all that it starts, gets the processor when nothing else wants it.
when_idle() {
  chrt --idle --pid 0 $$ >/dev/null 2>&1 || renice -n 19 $$ >/dev/null 2>&1 || true
}

# Installs a tool of the checks, unless it is there. Compiled without optimization: they run for a second,
# and optimizing them takes minutes. Two steps that want one at a time wait for each other.
tool() { # crate@version
  (
    flock 9
    command -v "${1%@*}" >/dev/null 2>&1 && exit
    CARGO_TARGET_DIR="$work/tools/target" cargo install --locked --quiet --debug --root "$work/tools" "$1"
  ) 9>"$work/tools.lock"
}
