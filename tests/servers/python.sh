# Sourced by the run.sh of each server.
# shellcheck shell=bash

# The interpreter of a version, "3.11": PYTHON if it is set, else pyenv's, else the one in the path.
find_python() { # version...
  local version path
  if [ -n "${PYTHON:-}" ]; then
    echo "$PYTHON"
    return
  fi
  for version in "$@"; do
    for path in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$version".*/bin/python "python$version" python3; do
      if "$path" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$version')" 2>/dev/null; then
        command -v "$path"
        return
      fi
    done
  done
  echo "no Python of version $* was found: PYTHON can name one" >&2
  return 1
}

# Makes a virtual environment with what requirements.txt names, once for each state of that file. Modules are
# compiled when they are first imported, since most never are. Two servers that start at the same time and
# share an environment wait for each other.
make_venv() { # folder requirements python
  local folder=$1 requirements=$2 python=$3 wanted
  mkdir -p "$(dirname "$folder")"
  exec 9>"$folder.lock"
  ! command -v flock >/dev/null || flock 9
  wanted=$(cksum <"$requirements")
  if [ "$(cat "$folder/.requirements" 2>/dev/null)" != "$wanted" ]; then
    echo "installing $requirements into $folder, which takes minutes" >&2
    rm -rf "$folder"
    "$python" -m venv "$folder"
    "$folder/bin/pip" install -q --no-compile --disable-pip-version-check -r "$requirements" >&2
    printf '%s' "$wanted" >"$folder/.requirements"
  fi
  exec 9>&-
}
