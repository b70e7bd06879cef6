#!/usr/bin/env bash
# What a catalogue costs over listing the same images raw: user-space instructions per image, counted by
# callgrind, and peak memory. The cost of starting is taken out by walking lists of two sizes. Needs valgrind.
set -euo pipefail
cd "$(dirname "$0")/.."
small=${SMALL:-2000} large=${LARGE:-102000}
work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT

binary=${BINARY:-$(cargo bench --bench catalog --no-run --message-format=json 2>/dev/null |
    sed -n 's/.*"executable":"\([^"]*catalog-[^"]*\)".*/\1/p' | tail -n 1)}
[ -x "$binary" ] || { echo "the bench was not built" >&2; exit 1; }
source benches/support/per_image.sh

printf '%-24s %10s %7s\n' 'instructions per image' '' 'to raw'
for api in ims computing; do
    raw=
    for walk in raw named read; do
        cost=$(per_image $api $api $walk)
        raw=${raw:-$cost}
        printf '%-24s %10d %7.2f\n' "$api $walk" "$cost" "$(awk "BEGIN{print $cost/$raw}")"
    done
done

once=$(count names 1) twice=$(count names 2) # the first round reads the tables too
printf '%-24s %10d\n' 'a name' $(((twice - once) / $("$binary" names 1 2>/dev/null)))

printf '\n%-10s %12s %12s\n' images 'client KiB' 'read KiB'
for images in 10000 100000 1000000; do
    start ims $images
    for walk in idle read; do
        "$binary" ims $walk "$(cat "$work/url")" 2>"$work/$walk" >/dev/null
    done
    stop
    peak() { sed -n 's/peak memory: \([0-9]*\) KiB/\1/p' "$work/$1"; }
    printf '%-10d %12d %12d\n' $images "$(peak idle)" "$(peak read)"
done
