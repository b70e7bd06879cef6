# Sourced by the benches that walk lists of two sizes under callgrind. They set `binary`, `small`, `large`, `work` and `server`.
# shellcheck shell=bash

start() { # api images
    local page=1000
    [ "$1" != computing ] || page=$2 # it has no pages
    "$binary" serve "$1" "$2" "$page" >"$work/url" &
    server=$!
    until [ -s "$work/url" ]; do sleep 0.1; done
}

stop() {
    kill $server && wait $server 2>/dev/null || true
    : >"$work/url"
}

count() { # argument...
    local profile=/dev/null
    [ -z "${OUT:-}" ] || profile="$OUT/$(tr ' /' '._' <<<"${*/http*/}")"
    valgrind --tool=callgrind --callgrind-out-file="$profile" "$binary" "$@" 2>"$work/log" >"$work/seen"
    sed -n 's/.*Collected : //p' "$work/log"
}

per_image() { # api argument..., which the address follows
    local api=$1 images counts=()
    shift
    for images in "$small" "$large"; do
        start "$api" "$images"
        counts+=("$(count "$@" "$(cat "$work/url")")")
        stop
        [ "$(cat "$work/seen")" = "$images" ] || { echo "$*: $(cat "$work/seen") images" >&2; exit 1; }
    done
    echo $(((counts[1] - counts[0]) / (large - small)))
}
