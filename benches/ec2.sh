#!/usr/bin/env bash
# The images of EC2: user-space instructions per image, counted by callgrind, of a walk by this crate, which reads
# XML, and by a hand-written loop that reads the same types from JSON with the same fields; and peak memory. The
# cost of starting is taken out by walking lists of two sizes. Needs valgrind.
set -euo pipefail
cd "$(dirname "$0")/.."
small=${SMALL:-2000} large=${LARGE:-102000}
work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT

binary=${BINARY:-$(cargo bench --bench ec2 --features ec2 --no-run --message-format=json 2>/dev/null |
    sed -n 's/.*"executable":"\([^"]*ec2-[^"]*\)".*/\1/p' | tail -n 1)}
[ -x "$binary" ] || { echo "the bench was not built" >&2; exit 1; }
source benches/support/per_image.sh

json=$(per_image ec2-json json) xml=$(per_image ec2 xml)
printf '%-24s %10s %10s %7s\n' 'instructions per image' XML JSON ratio
printf '%-24s %10d %10d %7.2f\n' 'walk, 1000 a page' "$xml" "$json" "$(awk "BEGIN{print $xml/$json}")"

printf '\n%-10s %12s %12s\n' images 'client KiB' 'walk KiB'
for images in 10000 100000 1000000; do
    start ec2 $images
    for walk in idle xml; do
        "$binary" $walk "$(cat "$work/url")" 2>"$work/$walk" >/dev/null
    done
    stop
    peak() { sed -n 's/peak memory: \([0-9]*\) KiB/\1/p' "$work/$1"; }
    printf '%-10d %12d %12d\n' $images "$(peak idle)" "$(peak xml)"
done
