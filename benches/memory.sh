#!/usr/bin/env bash
# Peak memory of a walk through ever larger catalogues, over that of building the client alone.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT

binary=$(cargo bench --bench instructions --no-run --message-format=json 2>/dev/null |
    sed -n 's/.*"executable":"\([^"]*instructions-[^"]*\)".*/\1/p' | tail -n 1)
[ -x "$binary" ] || { echo "the bench was not built" >&2; exit 1; }

printf '%10s %12s %12s\n' images 'client KiB' 'walk KiB'
for images in 10000 100000 1000000; do
    "$binary" serve ims $images 1000 > "$work/url" &
    server=$!
    until [ -s "$work/url" ]; do sleep 0.1; done
    for who in idle ours; do
        "$binary" walk ims $who 1000 "$(cat "$work/url")" 2> "$work/$who" > /dev/null
    done
    kill $server && wait $server 2>/dev/null || true
    : > "$work/url"
    peak() { sed -n 's/peak memory: \([0-9]*\) KiB/\1/p' "$work/$1"; }
    printf '%10d %12d %12d\n' $images "$(peak idle)" "$(peak ours)"
done
