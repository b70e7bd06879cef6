#!/usr/bin/env bash
# Real Keystone (identity v3) + real Glance (image v2) from PyPI, SQLite + file store.
# Foreground process: prints READY, then stays until SIGTERM/SIGINT.
set -euo pipefail
HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
source "$HERE/../python.sh"

WORKDIR="${WORKDIR:-${TMPDIR:-/tmp}/cloud-images-openstack}"
VENV="${VENV:-$WORKDIR/venv}"
HOST=127.0.0.1
KEYSTONE_PORT="${KEYSTONE_PORT:-15000}"
SHORT_PORT="${SHORT_PORT:-15001}"     # second Keystone, same DB and keys, short token life; 0 = off
SHORT_TTL="${SHORT_TTL:-5}"           # seconds a token from it lives
GLANCE_PORT="${GLANCE_PORT:-19292}"
PROXY_PORT="${PROXY_PORT:-19293}"     # fault proxy in front of Glance; 0 = off
IMAGES="${IMAGES:-250}"               # images to seed (0 = none)
SEED_BULK="${SEED_BULK:-auto}"        # auto | api | db
SIZE_CAP="${SIZE_CAP:-67108864}"      # glance image_size_cap: an upload above it is 413
LIMIT_DEFAULT="${LIMIT_DEFAULT:-25}"  # glance limit_param_default
LIMIT_MAX="${LIMIT_MAX:-1000}"        # glance api_limit_max
PROCS="${PROCS:-2}"                   # Glance worker processes
STRICT_FORMAT="${STRICT_FORMAT:-0}"   # 1: Glance's own default, data must match disk_format (else 415)
LEGACY_STORE="${LEGACY_STORE:-0}"     # 1: single "stores=file" (no `stores` key on images)
# What the rest of the image API needs. MORE=1 only changes the defaults below: each can be set by itself.
MORE="${MORE:-0}"
more() { if [ "$MORE" = 1 ]; then echo "$1"; else echo "$2"; fi; }
STORES="${STORES:-$(more "fast cheap web" "fs")}"   # store ids, the first is the default one; `web` is the read-only http store
IMPORT_METHODS="${IMPORT_METHODS:-$(more "glance-direct,web-download,copy-image,glance-download" "glance-direct,web-download,copy-image")}"
WEB_PORT="${WEB_PORT:-$(more 19294 0)}"  # files for web-download and for http locations (web.py); 0 = off
CACHE="${CACHE:-$(more 1 0)}"         # 1: image cache (centralized_db) and its API; sqlite: the driver of that name
LOCATIONS="${LOCATIONS:-$(more 1 0)}" # 1: show_multiple_locations (images carry `locations`, PATCH may change them)
QUOTA="${QUOTA:-$(more 1 0)}"         # 1: use_keystone_limits (user and project `quota` are kept short)
METADEFS="${METADEFS:-$(more 1 0)}"   # 1: load Glance's own metadata definitions

log() { printf '[run] %s\n' "$*" >&2; }

mkdir -p "$WORKDIR"
make_venv "$VENV" "$HERE/requirements.txt" "$(find_python 3.12 3.11)"
PY="$VENV/bin/python"
export PYTHONPYCACHEPREFIX="$VENV/pycache"

# --- ports must be free (they are ours alone) --------------------------------
for p in $KEYSTONE_PORT $SHORT_PORT $GLANCE_PORT $PROXY_PORT $WEB_PORT; do
  [ "$p" = 0 ] && continue
  "$PY" -c 'import socket,sys
s=socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", int(sys.argv[1])))' "$p" 2>/dev/null \
    || { log "port $p is taken"; exit 1; }
done

if [ "${RESET:-0}" = 1 ]; then log "reset: dropping state"; rm -rf "$WORKDIR/state"; fi
S="$WORKDIR/state"; E="$S/etc"; L="$S/log"
mkdir -p "$E/keystone" "$E/glance" "$L" "$S/images" "$S/staging" "$S/tasks" "$S/lock" "$S/cache"
chmod 700 "$S"

# --- config ------------------------------------------------------------------
write_keystone_conf() { # dir ttl
  mkdir -p "$1"
  cat >"$1/keystone.conf" <<CONF
[DEFAULT]
use_stderr = true
[database]
connection = sqlite:///$S/keystone.db?timeout=30
sqlite_synchronous = false
[token]
provider = fernet
expiration = $2
[fernet_tokens]
key_repository = $S/fernet-keys
[credential]
key_repository = $S/credential-keys
[identity]
# cheap on purpose: a password login must not cost a bcrypt of 12 rounds here
password_hash_rounds = 4
[cache]
enabled = false
CONF
}
write_keystone_conf "$E/keystone" 3600
write_keystone_conf "$E/keystone-short" "$SHORT_TTL"
cp "$VENV/etc/glance/glance-api-paste.ini" "$E/glance/"
STORE_DEFAULT=""
if [ "$LEGACY_STORE" != 1 ]; then
  for s in $STORES; do
    if [ "$s" = web ]; then STORE_DEFAULT="$STORE_DEFAULT, web:http"; else STORE_DEFAULT="$STORE_DEFAULT, $s:file"; mkdir -p "$S/images/$s"; fi
  done
  STORE_DEFAULT="enabled_backends = ${STORE_DEFAULT#, }"
fi
store_sections() {
  local s
  for s in $STORES; do
    case $s in
      fs) printf '[fs]\nfilesystem_store_datadir = %s\n' "$S/images" ;;
      web) printf '[web]\nstore_description = read-only\n' ;;
      *) printf '[%s]\nfilesystem_store_datadir = %s\nstore_description = the %s store\n' "$s" "$S/images/$s" "$s" ;;
    esac
  done
}
case $CACHE in 0) FLAVOR=keystone ;; 1) FLAVOR=keystone+cachemanagement CACHE_DRIVER=centralized_db ;; *) FLAVOR=keystone+cachemanagement CACHE_DRIVER=$CACHE ;; esac
cat >"$E/glance/glance-api.conf" <<CONF
[DEFAULT]
use_stderr = true
$STORE_DEFAULT
limit_param_default = $LIMIT_DEFAULT
api_limit_max = $LIMIT_MAX
image_size_cap = $SIZE_CAP
worker_self_reference_url = http://$HOST:$GLANCE_PORT
enabled_import_methods = [$IMPORT_METHODS]
$( [ "$LOCATIONS" = 0 ] || echo "show_multiple_locations = true" )
use_keystone_limits = false
$( [ "$CACHE" = 0 ] || printf 'image_cache_dir = %s\nimage_cache_driver = %s\n' "$S/cache" "$CACHE_DRIVER" )
[import_filtering_opts]
allowed_hosts = [$HOST]
allowed_ports = [80,443,$GLANCE_PORT,$WEB_PORT]
[database]
connection = sqlite:///$S/glance.db?timeout=30
sqlite_synchronous = false
[paste_deploy]
flavor = $FLAVOR
config_file = $E/glance/glance-api-paste.ini
[keystone_authtoken]
www_authenticate_uri = http://$HOST:$KEYSTONE_PORT
auth_url = http://$HOST:$KEYSTONE_PORT
auth_type = password
username = glance
password = password
project_name = service
user_domain_name = Default
project_domain_name = Default
service_token_roles = service
service_token_roles_required = true
[glance_store]
$( [ "$LEGACY_STORE" = 1 ] && printf 'stores = file\ndefault_store = file\nfilesystem_store_datadir = %s\n' "$S/images" || printf 'default_backend = %s\n' "${STORES%% *}" )
$(store_sections)
[os_glance_staging_store]
filesystem_store_datadir = $S/staging
[os_glance_tasks_store]
filesystem_store_datadir = $S/tasks
[image_format]
require_image_format_match = $( [ "$STRICT_FORMAT" = 1 ] && echo true || echo false )
[oslo_concurrency]
lock_path = $S/lock
[oslo_limit]
auth_url = http://$HOST:$KEYSTONE_PORT
auth_type = password
username = glance
password = password
user_domain_name = Default
system_scope = all
endpoint_service_type = image
endpoint_region_name = RegionOne
endpoint_interface = public
CONF

wal() { "$PY" -c 'import sqlite3,sys; sqlite3.connect(sys.argv[1]).execute("PRAGMA journal_mode=WAL")' "$1"; }
KID="http://$HOST:$KEYSTONE_PORT/v3"
# The catalog holds the ports, so a change of ports makes the databases anew.
# So does another set of stores: images of a store that is gone cannot be read.
STAMP="$(cat "$VENV/.requirements") $KEYSTONE_PORT $GLANCE_PORT $PROXY_PORT$( [ "$STORES" = fs ] || echo " $STORES" )"
if [ "$(cat "$S/.db" 2>/dev/null || true)" != "$STAMP" ]; then
  log "creating databases"
  rm -f "$S"/keystone.db* "$S"/glance.db* "$S"/.seeded* "$S"/.metadefs; rm -rf "$S"/images/* "$S"/staging/* "$S"/cache/*
  for s in $STORES; do [ "$s" = fs ] || mkdir -p "$S/images/$s"; done
  me="$(id -un)"; gr="$(id -gn)"
  (
    "$VENV/bin/keystone-manage" --config-file "$E/keystone/keystone.conf" db_sync
    wal "$S/keystone.db"
    "$VENV/bin/keystone-manage" --config-file "$E/keystone/keystone.conf" fernet_setup --keystone-user "$me" --keystone-group "$gr"
    "$VENV/bin/keystone-manage" --config-file "$E/keystone/keystone.conf" credential_setup --keystone-user "$me" --keystone-group "$gr"
    "$VENV/bin/keystone-manage" --config-file "$E/keystone/keystone.conf" bootstrap \
      --bootstrap-username admin --bootstrap-password password --bootstrap-project-name admin \
      --bootstrap-region-id RegionOne --bootstrap-service-name keystone \
      --bootstrap-public-url "$KID" --bootstrap-internal-url "$KID" --bootstrap-admin-url "$KID"
  ) >"$L/keystone-manage.log" 2>&1 & kpid=$!
  (
    "$VENV/bin/glance-manage" --config-file "$E/glance/glance-api.conf" db_sync
    wal "$S/glance.db"
  ) >"$L/glance-manage.log" 2>&1 & gpid=$!
  wait $kpid || { tail -5 "$L/keystone-manage.log" >&2; exit 1; }
  wait $gpid || { tail -5 "$L/glance-manage.log" >&2; exit 1; }
  echo "$STAMP" >"$S/.db"
fi

if [ "$METADEFS" != 0 ] && [ ! -f "$S/.metadefs" ]; then
  log "loading metadata definitions"
  "$VENV/bin/glance-manage" --config-file "$E/glance/glance-api.conf" db_load_metadefs "$VENV/etc/glance/metadefs" \
    >>"$L/glance-manage.log" 2>&1 || { tail -5 "$L/glance-manage.log" >&2; exit 1; }
  touch "$S/.metadefs"
fi

# --- servers -------------------------------------------------------------------
PIDS=()
stop() {
  trap - TERM INT EXIT
  log "stopping"
  local p
  for p in "${PIDS[@]:-}"; do [ -n "$p" ] && kill -TERM "$p" 2>/dev/null || true; done
  for p in "${PIDS[@]:-}"; do [ -n "$p" ] && wait "$p" 2>/dev/null || true; done
  log "stopped"
}
trap 'stop; exit 0' TERM INT
trap 'stop' EXIT

# gunicorn's gthread workers: keep-alive and chunked request bodies both work (uwsgi's http
# router hangs the next request on a connection that carried a chunked body). Options go in
# a file, named by the environment: Keystone parses its server's command line as its own.
serve() { # name port module processes threads env...
  local name=$1 port=$2 module=$3 procs=$4 threads=$5; shift 5
  cat >"$E/$name.gunicorn.py" <<CONF
wsgi_app = "sqlite_wsgi:application"
pythonpath = "$HERE"
bind = "$HOST:$port"
proc_name = "$name"
worker_class = "gthread"
workers = $procs
threads = $threads
keepalive = 30
timeout = 120
graceful_timeout = 1
limit_request_line = 8190
limit_request_field_size = 65535
loglevel = "warning"
accesslog = "$L/$name.access.log"
access_log_format = '%(t)s %(m)s %({raw_uri}e)s %(s)s %(B)s %(L)ss'
worker_tmp_dir = "$S"
control_socket_disable = True
CONF
  env "$@" HARNESS_APP="$module" GUNICORN_CMD_ARGS="--config $E/$name.gunicorn.py" "$VENV/bin/gunicorn" >"$L/$name.log" 2>&1 &
  PIDS+=($!)
}
serve_glance() { serve glance "$GLANCE_PORT" glance.wsgi.api "$PROCS" 8 OS_GLANCE_CONFIG_DIR="$E/glance"; }
quota_on() { sed -i 's/^use_keystone_limits = .*/use_keystone_limits = true/' "$E/glance/glance-api.conf"; }
have="$(cat "$S/.seeded-images" 2>/dev/null || echo 0)"
[ "$QUOTA" = 0 ] || [ "$IMAGES" -gt "$have" ] || quota_on
serve keystone "$KEYSTONE_PORT" keystone.wsgi.api 1 8 OS_KEYSTONE_CONFIG_DIR="$E/keystone"
serve_glance; GLANCE_PID=$!
if [ "$SHORT_PORT" != 0 ]; then
  serve keystone-short "$SHORT_PORT" keystone.wsgi.api 1 4 OS_KEYSTONE_CONFIG_DIR="$E/keystone-short"
fi
if [ "$PROXY_PORT" != 0 ]; then
  "$PY" "$HERE/proxy.py" --listen "$HOST:$PROXY_PORT" --upstream "$HOST:$GLANCE_PORT" >"$L/proxy.log" 2>&1 &
  PIDS+=($!)
fi

if [ "$WEB_PORT" != 0 ]; then
  "$PY" "$HERE/web.py" --listen "$HOST:$WEB_PORT" >"$L/web.log" 2>&1 &
  PIDS+=($!)
fi

wait_http() { # url
  local i
  for i in $(seq 1 300); do
    "$PY" - "$1" 2>/dev/null <<'P' && return 0
import sys, urllib.request, urllib.error
try:
    urllib.request.urlopen(sys.argv[1], timeout=2)
except urllib.error.HTTPError as e:
    sys.exit(0 if e.code == 300 else 1)
P
    for p in "${PIDS[@]}"; do kill -0 "$p" 2>/dev/null || { log "a server died; see $L"; tail -n 5 "$L"/*.log >&2; exit 1; }; done
    sleep 0.1
  done
  log "timed out waiting for $1"; exit 1
}
wait_http "http://$HOST:$KEYSTONE_PORT/v3"
wait_http "http://$HOST:$GLANCE_PORT/healthcheck"
[ "$SHORT_PORT" = 0 ] || wait_http "http://$HOST:$SHORT_PORT/v3"

# --- seed (once per state + count) ----------------------------------------------
MARK="$S/.seeded-identity-2"
seed() {
  "$PY" "$HERE/seed.py" --keystone "$KID" --glance "http://$HOST:$GLANCE_PORT" \
    --proxy "$( [ "$PROXY_PORT" = 0 ] || echo "http://$HOST:$PROXY_PORT" )" \
    --glance-db "$S/glance.db" --glance-conf "$E/glance/glance-api.conf" --bulk "$SEED_BULK" "$@" &
  wait $!                               # not in the foreground: a signal must not wait for the seed
}
[ -f "$MARK" ] || { seed --identity-only >&2; touch "$MARK"; }
[ "$have" -le "$IMAGES" ] || log "the state holds $have seeded images, more than $IMAGES: RESET=1 starts anew"
if [ "$IMAGES" -gt "$have" ]; then
  seed --images "$IMAGES" >&2; echo "$IMAGES" >"$S/.seeded-images"
  # With limits every POST asks Keystone several times (0.5 s and more): seeded without, then Glance starts anew.
  if [ "$QUOTA" != 0 ]; then
    quota_on
    kill -TERM "$GLANCE_PID"; wait "$GLANCE_PID" 2>/dev/null || true
    old=("${PIDS[@]}"); PIDS=()
    for p in "${old[@]}"; do [ "$p" = "$GLANCE_PID" ] || PIDS+=("$p"); done
    serve_glance
    wait_http "http://$HOST:$GLANCE_PORT/healthcheck"
  fi
fi

cat >"$S/openrc" <<RC
export OS_AUTH_URL=$KID OS_USERNAME=demo OS_PASSWORD=password OS_PROJECT_NAME=demo
export OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_NAME=Default OS_REGION_NAME=RegionOne OS_IDENTITY_API_VERSION=3
RC
echo "READY keystone=$KID glance=http://$HOST:$GLANCE_PORT" \
     "$( [ "$PROXY_PORT" = 0 ] || echo "proxy=http://$HOST:$PROXY_PORT" )" \
     "$( [ "$SHORT_PORT" = 0 ] || echo "keystone_short=http://$HOST:$SHORT_PORT/v3" )" \
     "$( [ "$WEB_PORT" = 0 ] || echo "web=http://$HOST:$WEB_PORT" )"
wait -n "${PIDS[@]}" || true
log "a server ended"; exit 1
