#!/usr/bin/env bash
# User-space instructions per image of a whole walk through a catalogue, by this crate and by the
# hand-written loop beside it, counted by callgrind. The cost of starting is taken out by walking
# catalogues of two sizes. Needs valgrind.
set -euo pipefail
cd "$(dirname "$0")/.."
small=${SMALL:-2000} large=${LARGE:-12000}
work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT

binary=$(cargo bench --bench instructions --no-run --message-format=json 2>/dev/null |
    sed -n 's/.*"executable":"\([^"]*instructions-[^"]*\)".*/\1/p' | tail -n 1)
[ -x "$binary" ] || { echo "the bench was not built" >&2; exit 1; }

count() { # api who images page
    "$binary" serve "$1" "$3" "$4" > "$work/url" &
    server=$!
    until [ -s "$work/url" ]; do sleep 0.1; done
    local seen
    seen=$(valgrind --tool=callgrind --callgrind-out-file="${OUT:-$work}/$1.$2.$3" \
        "$binary" "$1" "$2" "$(cat "$work/url")" 2> "$work/log")
    kill $server && wait $server 2>/dev/null || true
    : > "$work/url"
    [ "$seen" = "$3" ] || { echo "$1 $2: $seen images instead of $3" >&2; exit 1; }
    sed -n 's/.*Collected : //p' "$work/log"
}

printf '%-16s %10s %10s %7s\n' API ours loop ratio
for api in ims parallelcluster computing; do
    for who in ours loop; do
        page=1000
        [ $api = parallelcluster ] && page=100
        # The computing API has no pages.
        first=$(count $api $who "$small" "$([ $api = computing ] && echo "$small" || echo $page)")
        second=$(count $api $who "$large" "$([ $api = computing ] && echo "$large" || echo $page)")
        declare "$who=$(((second - first) / (large - small)))"
    done
    printf '%-16s %10d %10d %7.2f\n' "$api" "$ours" "$loop" "$(awk "BEGIN{print $ours/$loop}")"
done

# Building clients, the first of which loads the certificates when its endpoint is https.
built() { # count url
    valgrind --tool=callgrind --callgrind-out-file="$work/build" "$binary" build "$1" "$2" 2> "$work/log"
    sed -n 's/.*Collected : //p' "$work/log"
}
printf '\n%-26s %10s %10s\n' client first further
for url in http://127.0.0.1:1 https://images.example.com; do
    none=$(built 0 $url) one=$(built 1 $url) two=$(built 2 $url)
    printf '%-26s %10d %10d\n' $url $((one - none)) $((two - one))
done
