#!/usr/bin/env bash
# User-space instructions, by this crate and by the hand-written loop beside it, counted by callgrind: per
# image of a whole walk through a catalogue and of decoding alone, and per call for one image. The cost of
# starting is taken out by running each with two sizes. Needs valgrind.
#
#     benches/instructions.sh [ROW...]
#
# ROW is walk, call, decode or build; all of them without one. OUT=DIR leaves the profiles in DIR,
# and BINARY is a built bench to run.
set -euo pipefail
cd "$(dirname "$0")/.."
small=${SMALL:-2000} large=${LARGE:-12000} few=${FEW:-200} many=${MANY:-1200}
rows=${*:-walk call decode build}
work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT

binary=${BINARY:-$(cargo bench --bench instructions --no-run --message-format=json 2>/dev/null |
    sed -n 's/.*"executable":"\([^"]*instructions-[^"]*\)".*/\1/p' | tail -n 1)}
[ -x "$binary" ] || { echo "the bench was not built" >&2; exit 1; }

run() { # argument...
    valgrind --tool=callgrind --callgrind-out-file="${OUT:-$work}/$(tr ' /' '._' <<< "${*/http*/}")" \
        "$binary" "$@" 2> "$work/log" > "$work/seen"
    sed -n 's/.*Collected : //p' "$work/log"
}

with_server() { # count page api command...
    local count=$1 page=$2 api=$3
    shift 3
    "$binary" serve "$api" "$count" "$page" > "$work/url" &
    server=$!
    until [ -s "$work/url" ]; do sleep 0.1; done
    run "$@" "$(cat "$work/url")"
    kill $server && wait $server 2>/dev/null || true
    : > "$work/url"
}

walk() { # images page api who
    with_server "$1" "$2" "$3" walk "$3" "$4" "$2"
    [ "$(cat "$work/seen")" = "$1" ] || { echo "$*: $(cat "$work/seen") images" >&2; exit 1; }
}

call() { # calls page api who
    with_server 1 1 "$3" call "$3" "$4" "$1"
}

decode() { # images page api who
    run decode "$3" "$4" "$1" "$2"
}

each() { # walk|call|decode api page who
    local first=$small last=$large one two
    [ "$1" != call ] || first=$few last=$many
    # The computing API has no pages.
    one=$("$1" "$first" "${3:-$first}" "$2" "$4")
    two=$("$1" "$last" "${3:-$last}" "$2" "$4")
    echo $(((two - one) / (last - first)))
}

row() { # name walk|call|decode api page loop
    local ours loop
    ours=$(each "$2" "$3" "$4" ours) loop=$(each "$2" "$3" "$4" "$5")
    printf '%-44s %10d %10d %7.2f\n' "$1" "$ours" "$loop" "$(awk "BEGIN{print $ours/$loop}")"
}

has() { [[ " $rows " == *" $1 "* ]]; }

printf '%-44s %10s %10s %7s\n' 'per image, or per call' ours loop ratio
if has walk; then
    row 'walk, Glance, 25 a page' walk ims 25 loop
    row 'walk, Glance, 1000 a page' walk ims 1000 loop
    row 'walk, ParallelCluster, 100 a page' walk parallelcluster 100 loop
    row 'the same, where the loop signs as well' walk parallelcluster 100 signed
    row 'walk, computing, one answer' walk computing '' loop
fi
if has call; then
    row 'show_image' call ims 1 loop
    row 'describe_image, where the loop signs as well' call parallelcluster 1 signed
fi
if has decode; then
    row 'decoding, Glance' decode ims 1000 loop
    row 'decoding, ParallelCluster' decode parallelcluster 100 loop
    row 'decoding, computing' decode computing '' loop
fi

# Building clients, of which the first does what the process needs once.
if has build; then
    printf '\n%-44s %10s %10s\n' 'building a client' first further
    for url in http://127.0.0.1:1 https://images.example.com; do
        none=$(run build 0 $url) one=$(run build 1 $url) two=$(run build 2 $url)
        printf '%-44s %10d %10d\n' $url $((one - none)) $((two - one))
    done
fi
