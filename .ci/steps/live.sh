# The clients against real servers: starts those in tests/servers, and runs the suites of tests/live side by side.
source .ci/lib.sh
source tests/servers/python.sh
command -v node >/dev/null || leave_out "there is no node, which the ParallelCluster server needs"
find_python 3.11 >/dev/null 2>&1 || leave_out "there is no Python 3.11, which the ParallelCluster server needs"

unset "${!CLOUD_IMAGES_LIVE_@}"
live="$work/live"
mkdir -p "$live"

# --- servers -------------------------------------------------------------------

declare -A server
ports=()

# Below the range of client ports: the servers bind minutes later.
free_ports() { # count
  python3 - "$1" <<'PY'
import random, socket, sys
found = []
for port in random.sample(range(20000, 30000), 1000):
    with socket.socket() as s:
        if len(found) < int(sys.argv[1]) and s.connect_ex(("127.0.0.1", port)):
            found.append(port)
print(*found)
PY
}

# Their first start installs Python packages, which takes minutes: they start while the tests compile.
start_server() { # name folder variable=value...
  local name=$1 folder=$2
  shift 2
  mkdir -p "$live/$name"
  env WORKDIR="$live/$name" VENV="$live/venv-$folder" "$@" "tests/servers/$folder/run.sh" \
    >"$live/$name/run.log" 2>&1 &
  server[$name]=$!
}

wait_ready() { # name
  local log="$live/$1/run.log"
  for _ in {1..900}; do
    grep -q '^READY' "$log" && return
    kill -0 "${server[$1]}" 2>/dev/null || break
    sleep 1
  done
  printf 'the server %s did not start:\n' "$1"
  tail -n 40 "$log"
  return 1
}

stop_servers() {
  kill -TERM "${server[@]}" 2>/dev/null || true
  wait "${server[@]}" 2>/dev/null || true
}
trap stop_servers EXIT

# --- suites --------------------------------------------------------------------

declare -A suite

# A suite knows its own servers alone: the tests of others find no address, and are skipped. One test at a
# time, since they change the settings of the servers. A suite whose server is busy all the time comes after another
# one: two cores cannot serve them all within the time limits of the tests.
start_suite() { # name server after|- variable=value... -- filter...
  local name=$1 needs=$2 after=$3 variables=()
  shift 3
  while [ "$1" != -- ]; do
    variables+=("$1")
    shift
  done
  rm -f "$live/$name.ended"
  (
    trap 'touch "$live/$name.ended"' EXIT
    SECONDS=0
    wait_ready "$needs"
    [ "$after" = - ] || until [ -e "$live/$after.ended" ]; do sleep 1; done
    printf '%s is ready after %d s\n' "$needs" "$SECONDS"
    SECONDS=0
    env "${variables[@]}" "$program" --test-threads 1 "${@:2}"
    printf '%s: %d s\n' "$name" "$SECONDS"
  ) >"$live/$name.log" 2>&1 &
  suite[$name]=$!
}

read -ra ports < <(free_ports 14)
start_server parallelcluster parallelcluster PORT="${ports[0]}"
start_server parallelcluster-faults parallelcluster PORT="${ports[1]}"
start_server openstack openstack KEYSTONE_PORT="${ports[2]}" SHORT_PORT="${ports[3]}" \
  GLANCE_PORT="${ports[4]}" PROXY_PORT="${ports[5]}"
# Glance with several stores, imports, a cache and quotas.
start_server openstack-more openstack MORE=1 IMAGES=60 KEYSTONE_PORT="${ports[7]}" \
  SHORT_PORT="${ports[8]}" GLANCE_PORT="${ports[9]}" PROXY_PORT="${ports[10]}" WEB_PORT="${ports[11]}"
start_server clouds clouds PORT="${ports[6]}"
start_server ec2 ec2 PORT="${ports[12]}"
start_server ec2-faults ec2 PORT="${ports[13]}"

program=$(cargo test --locked --no-run --test live --features "$further" --message-format json | python3 -c '
import json, sys
for line in sys.stdin:
    message = json.loads(line)
    if message.get("executable") and message["target"]["name"] == "live":
        print(message["executable"])
')

start_suite parallelcluster parallelcluster - \
  CLOUD_IMAGES_LIVE_PARALLELCLUSTER="http://127.0.0.1:${ports[0]}" \
  -- parallelcluster:: --skip faults::
start_suite parallelcluster-faults parallelcluster-faults - \
  CLOUD_IMAGES_LIVE_PARALLELCLUSTER="http://127.0.0.1:${ports[1]}" \
  -- faults::
start_suite openstack openstack - \
  CLOUD_IMAGES_LIVE_KEYSTONE="http://127.0.0.1:${ports[2]}/v3" \
  CLOUD_IMAGES_LIVE_KEYSTONE_SHORT="http://127.0.0.1:${ports[3]}/v3" \
  CLOUD_IMAGES_LIVE_GLANCE_PROXY="http://127.0.0.1:${ports[5]}" \
  -- openstack:: faults::
start_suite openstack-more openstack-more clouds \
  CLOUD_IMAGES_LIVE_KEYSTONE="http://127.0.0.1:${ports[7]}/v3" \
  CLOUD_IMAGES_LIVE_KEYSTONE_SHORT="http://127.0.0.1:${ports[8]}/v3" \
  CLOUD_IMAGES_LIVE_GLANCE_PROXY="http://127.0.0.1:${ports[10]}" \
  CLOUD_IMAGES_LIVE_GLANCE_FILES="http://127.0.0.1:${ports[11]}" \
  -- openstack::contract::imports openstack::glance openstack::metadefs openstack::quotas \
  openstack::refusals
start_suite clouds clouds - CLOUD_IMAGES_LIVE_CLOUDS="http://127.0.0.1:${ports[6]}" -- clouds::
start_suite ec2 ec2 parallelcluster \
  CLOUD_IMAGES_LIVE_EC2="http://127.0.0.1:${ports[12]}" \
  CLOUD_IMAGES_LIVE_EC2_PYTHON="$live/venv-ec2/bin/python" \
  -- ec2:: --skip faults::
start_suite ec2-faults ec2-faults clouds CLOUD_IMAGES_LIVE_EC2="http://127.0.0.1:${ports[13]}" -- faults::

# The suite of DuckDB needs a package of Python instead of a server.
(
  make_venv "$live/venv-duckdb" tests/live/duckdb/requirements.txt "$(find_python 3.11)"
  CLOUD_IMAGES_LIVE_DUCKDB="$live/venv-duckdb/bin/python" "$program" duckdb::
) >"$live/duckdb.log" 2>&1 &
suite[duckdb]=$!

failed=()
for name in "${!suite[@]}"; do
  wait "${suite[$name]}" || failed+=("$name")
  note "$name"
  cat "$live/$name.log"
done
[ ${#failed[@]} -eq 0 ] || fail "failed: ${failed[*]}"
