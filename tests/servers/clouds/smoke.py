#!/usr/bin/env python3
"""Faults, throttling, log, links of a running emulator. usage: smoke.py http://127.0.0.1:18090"""

import gzip
import http.client
import json
import sys
import time
from urllib.parse import urlsplit

BASE = urlsplit(sys.argv[1])
bad = 0


def call(method, path, body=None, token="test-token", timeout=5, **headers):
    c = http.client.HTTPConnection(BASE.hostname, BASE.port, timeout=timeout)
    h = {"Authorization": f"Bearer {token}"} if token else {}
    h.update({k.replace("_", "-"): v for k, v in headers.items()})
    c.request(method, path, json.dumps(body) if body is not None else None, h)
    r = c.getresponse()
    data = r.read()
    if r.headers.get("Content-Encoding") == "gzip":
        data = gzip.decompress(data)
    return r.status, data, r.headers


def check(what, ok, more=""):
    global bad
    bad += not ok
    print(("ok   " if ok else "FAIL ") + what, more if not ok else "")


def raises(what, kinds, path, **kw):
    t = time.time()
    try:
        got = call("GET", path, **kw)
        check(what, False, got[0])
    except kinds as e:
        check(f"{what}: {type(e).__name__} after {time.time() - t:.1f} s", True)


def main():
    paths = {
        "hyperstack": "/core/images",
        "lambda": "/api/v1/images",
        "digitalocean": "/v2/images",
        "hetzner": "/images",
        "linode": "/v4/images",
        "vultr": "/snapshots",
        "nebula": "/api/v1/computing/images",
    }
    keys = {
        "hyperstack": "error_reason",
        "lambda": "error",
        "digitalocean": "id",
        "hetzner": "error",
        "linode": "errors",
        "vultr": "error",
        "nebula": "message",
    }
    call("POST", "/__reset")
    for name, path in paths.items():
        url = f"/{name}{path}"
        call("PUT", "/__faults", {"cloud": name, "status": 429, "times": 2, "retry_after": 1})
        a, b, c = call("GET", url), call("GET", url), call("GET", url)
        check(
            f"{name}: 429 twice, then 200, in the vendor's form",
            (a[0], b[0], c[0]) == (429, 429, 200)
            and a[2]["Retry-After"] == "1"
            and keys[name] in json.loads(a[1]),
            (a, c[0]),
        )
        call("PUT", "/__faults", {"cloud": name, "status": 503, "body": "<html>busy</html>"})
        a = call("GET", url)
        check(
            f"{name}: 503 with HTML",
            a[0] == 503 and a[1] == b"<html>busy</html>" and "html" in a[2]["Content-Type"],
            a[:2],
        )
        call("PUT", "/__faults", {"status": 500})
        check(
            f"{name}: a fault does not fire without a credential", call("GET", url, token="wrong")[0] == 401
        )
        call("DELETE", "/__faults")
    url = "/hetzner/images?per_page=50"
    for fault, kinds, kw in (
        ({"kind": "reset"}, (ConnectionError,), {}),
        ({"kind": "close"}, (ConnectionError, http.client.RemoteDisconnected), {}),
        ({"kind": "truncate", "bytes": 100}, (http.client.IncompleteRead,), {}),
        ({"kind": "hang"}, (TimeoutError,), {"timeout": 0.7}),
    ):
        call("PUT", "/__faults", fault)
        raises(str(fault), kinds, url, **kw)
    for fault in ({"kind": "slow", "delay_ms": 300}, {"kind": "drip", "bytes": 4000, "delay_ms": 20}):
        call("PUT", "/__faults", fault)
        t = time.time()
        a = call("GET", url)
        check(f"{fault}: whole after {time.time() - t:.1f} s", a[0] == 200 and json.loads(a[1]))
    call("PUT", "/__faults", {"status": 500, "phase": "after", "method": "POST"})
    before = json.loads(call("GET", "/vultr/snapshots?per_page=500")[1])["meta"]["total"]
    a = call("POST", "/vultr/snapshots", {"instance_id": "i"})
    after = json.loads(call("GET", "/vultr/snapshots?per_page=500")[1])["meta"]["total"]
    check(
        "phase after: 500, but the snapshot is there", a[0] == 500 and after == before + 1, (a, before, after)
    )
    call("PUT", "/__faults", [{"path": r"page=2", "status": 500}])
    check(
        "path regex sees the query",
        call("GET", "/digitalocean/v2/images?page=1")[0] == 200
        and call("GET", "/digitalocean/v2/images?page=2")[0] == 500,
    )
    check("per request", call("GET", url, X_Harness_Fault='{"status":418}')[0] == 418)
    check("bad fault is refused", call("PUT", "/__faults", {"kind": "nope"})[0] == 400)
    call("DELETE", "/__faults")
    call("PUT", "/__config", {"throttle": {"hetzner": "3:1"}})
    got = [call("GET", url) for _ in range(5)]
    check(
        "throttle 3:1",
        [g[0] for g in got] == [200, 200, 200, 429, 429]
        and got[3][2]["RateLimit-Remaining"] == "0"
        and json.loads(got[3][1])["error"]["code"] == "rate_limit_exceeded",
        [g[0] for g in got],
    )
    time.sleep(1.1)
    check("and again after a second", call("GET", url)[0] == 200)
    call("PUT", "/__config", {"throttle": "vendor"})
    got = [call("GET", "/linode/v4/images?page_size=25", token="second-token")[0] for _ in range(21)]
    check(
        "throttle vendor: the 21st list of Linode images in a minute",
        got[:20] == [200] * 20 and got[20] == 429,
        got,
    )
    got = [call("GET", "/lambda/api/v1/images", token="second-token")[0] for _ in range(2)]
    check("throttle vendor: Lambda 1/s", got == [200, 429], got)
    call("PUT", "/__config", {"throttle": "off", "links": "vendor"})
    a = call("GET", url)
    check(
        "links=vendor",
        '<https://api.hetzner.cloud/v1/images?page=2&per_page=50>; rel="next"' in a[2]["Link"],
        a[2]["Link"],
    )
    check(
        "links=vendor DO",
        json.loads(call("GET", "/digitalocean/v2/images")[1])["links"]["pages"]["next"].startswith(
            "https://api.digitalocean.com/v2/images?page=2"
        ),
    )
    call("PUT", "/__config", {"links": "own", "nebula_shape": "seed"})
    row = json.loads(call("GET", "/nebula/api/v1/computing/images")[1])["data"]["CANADA"][0]
    check("nebula_shape=seed", isinstance(row["id"], int) and "os_id" in row, row)
    call("PUT", "/__config", {"nebula_shape": "head", "images": 1234})
    call("POST", "/__reset")
    check(
        "images=1234",
        json.loads(call("GET", "/hetzner/images?include_deprecated=true")[1])["meta"]["pagination"][
            "total_entries"
        ]
        == 1234,
    )
    call("PUT", "/__config", {"images": 137})
    call("POST", "/__reset")
    a = call("GET", "/digitalocean/v2/images", Accept_Encoding="gzip")
    check("gzip", a[2]["Content-Encoding"] == "gzip" and json.loads(a[1])["meta"]["total"] == 137)
    check("HEAD", call("HEAD", "/digitalocean/v2/images")[:2] == (200, b""))
    check("405", call("PATCH", "/hetzner/images")[0] == 405 and call("GET", "/hetzner/nothing")[0] == 404)
    rows = json.loads(call("GET", "/__requests?cloud=hetzner")[1])
    check(
        "log without credentials",
        rows and rows[-1]["path"] == "/nothing" and "Authorization" not in json.dumps(rows),
        rows[-1:],
    )
    call("DELETE", "/__requests")
    check("log cleared", json.loads(call("GET", "/__requests")[1]) == [])
    print(f"{bad} failed")
    return bad > 0


sys.exit(main())
