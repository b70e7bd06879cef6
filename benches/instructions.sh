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

run() { # argument...
    valgrind --tool=callgrind --callgrind-out-file="${OUT:-$work}/$(tr ' /' '._' <<< "${*/http*/}")" \
        "$binary" "$@" 2> "$work/log" > "$work/seen"
    sed -n 's/.*Collected : //p' "$work/log"
}

walk() { # images page api who
    "$binary" serve "$3" "$1" "$2" > "$work/url" &
    server=$!
    until [ -s "$work/url" ]; do sleep 0.1; done
    run "$3" "$4" "$(cat "$work/url")"
    kill $server && wait $server 2>/dev/null || true
    : > "$work/url"
    [ "$(cat "$work/seen")" = "$1" ] || { echo "$*: $(cat "$work/seen") images" >&2; exit 1; }
}

decode() { # images page api who
    run decode "$3" "$4" "$1" "$2"
}

# The computing API has no pages.
page() { # api images
    case $1 in ims) echo 1000 ;; parallelcluster) echo 100 ;; computing) echo "$2" ;; esac
}

per_image() { # walk|decode api who
    local first second
    first=$("$1" "$small" "$(page "$2" "$small")" "$2" "$3")
    second=$("$1" "$large" "$(page "$2" "$large")" "$2" "$3")
    echo $(((second - first) / (large - small)))
}

printf '%-24s %10s %10s %7s\n' 'per image' ours loop ratio
for what in walk decode; do
    for api in ims parallelcluster computing; do
        ours=$(per_image $what $api ours) loop=$(per_image $what $api loop)
        printf '%-24s %10d %10d %7.2f\n' "$what $api" "$ours" "$loop" "$(awk "BEGIN{print $ours/$loop}")"
        [ "$what $api" != "walk ims" ] || walked=$ours
    done
done
printf '%-24s %10d\n' 'of it the item stream' $((walked - $(per_image walk ims pages)))

# Building clients, the first of which loads the certificates when its endpoint is https.
printf '\n%-26s %10s %10s\n' client first further
for url in http://127.0.0.1:1 https://images.example.com; do
    none=$(run build 0 $url) one=$(run build 1 $url) two=$(run build 2 $url)
    printf '%-26s %10d %10d\n' $url $((one - none)) $((two - one))
done
