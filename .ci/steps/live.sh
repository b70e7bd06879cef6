# The clients against real servers: starts those in tests/servers, and runs the suites of tests/live, some side by side.
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
  [ "$1" != - ] || return 0
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

# Runs a suite when its server is ready. It knows this server alone: the tests of others find no address, and are
# skipped. One test at a time, since they change the settings of the server.
suite() { # name server variable=value... -- filter...
  local name=$1 needs=$2 variables=()
  shift 2
  while [ "$1" != -- ]; do
    variables+=("$1")
    shift
  done
  {
    wait_ready "$needs" &&
      SECONDS=0 &&
      env "${variables[@]}" "$program" --test-threads 1 "${@:2}" &&
      printf '%s: %d s\n' "$name" "$SECONDS"
  } >"$live/$name.log" 2>&1 || printf '%s\n' "$name" >>"$live/failed"
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
make_venv "$live/venv-duckdb" tests/live/duckdb/requirements.txt "$(find_python 3.11)"

program=$(cargo test --locked --no-run --test live --features "$further" --message-format json | python3 -c '
import json, sys
for line in sys.stdin:
    message = json.loads(line)
    if message.get("executable") and message["target"]["name"] == "live":
        print(message["executable"])
')

# Two lanes for two cores, and one of suites that wait for timeouts most of the time. With more at once, servers are too
# slow for the time limits of the tests.
rm -f "$live/failed" "$live"/*.log
{
  suite openstack openstack \
    CLOUD_IMAGES_LIVE_KEYSTONE="http://127.0.0.1:${ports[2]}/v3" \
    CLOUD_IMAGES_LIVE_KEYSTONE_SHORT="http://127.0.0.1:${ports[3]}/v3" \
    CLOUD_IMAGES_LIVE_GLANCE_PROXY="http://127.0.0.1:${ports[5]}" \
    -- openstack:: faults::
  suite openstack-more openstack-more \
    CLOUD_IMAGES_LIVE_KEYSTONE="http://127.0.0.1:${ports[7]}/v3" \
    CLOUD_IMAGES_LIVE_KEYSTONE_SHORT="http://127.0.0.1:${ports[8]}/v3" \
    CLOUD_IMAGES_LIVE_GLANCE_PROXY="http://127.0.0.1:${ports[10]}" \
    CLOUD_IMAGES_LIVE_GLANCE_FILES="http://127.0.0.1:${ports[11]}" \
    -- openstack::contract::imports openstack::glance openstack::metadefs openstack::quotas openstack::refusals
} &
lanes=($!)
{
  suite clouds clouds CLOUD_IMAGES_LIVE_CLOUDS="http://127.0.0.1:${ports[6]}" -- clouds::
  suite parallelcluster parallelcluster \
    CLOUD_IMAGES_LIVE_PARALLELCLUSTER="http://127.0.0.1:${ports[0]}" \
    -- parallelcluster:: --skip faults::
  suite ec2 ec2 \
    CLOUD_IMAGES_LIVE_EC2="http://127.0.0.1:${ports[12]}" \
    CLOUD_IMAGES_LIVE_EC2_PYTHON="$live/venv-ec2/bin/python" \
    -- ec2:: --skip faults::
  # Needs a package of Python instead of a server.
  suite duckdb - CLOUD_IMAGES_LIVE_DUCKDB="$live/venv-duckdb/bin/python" -- duckdb::
} &
lanes+=($!)
{
  suite parallelcluster-faults parallelcluster-faults \
    CLOUD_IMAGES_LIVE_PARALLELCLUSTER="http://127.0.0.1:${ports[1]}" \
    -- faults::
  suite ec2-faults ec2-faults CLOUD_IMAGES_LIVE_EC2="http://127.0.0.1:${ports[13]}" -- faults::
} &
lanes+=($!)

for lane in "${lanes[@]}"; do
  wait "$lane"
done
for log in "$live"/*.log; do
  note "$(basename "$log" .log)"
  cat "$log"
done
[ ! -e "$live/failed" ] || fail "failed: $(tr '\n' ' ' <"$live/failed")"
