#!/usr/bin/env python3
"""Exercises the running servers with plain `requests`; prints a table, then literal samples.

  smoke.py [--keystone URL] [--glance URL] [--proxy URL] [--short URL] [--images N]

Rows are PASS/FAIL against what the servers are expected to answer; rows marked NOTE only record.
"""

import argparse
import datetime
import hashlib
import json
import os
import sys
import threading
import time
import uuid

import requests

p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
p.add_argument("--keystone", default="http://127.0.0.1:15000/v3")
p.add_argument("--glance", default="http://127.0.0.1:19292")
p.add_argument("--proxy", default="http://127.0.0.1:19293")
p.add_argument("--short", default="http://127.0.0.1:15001/v3")
p.add_argument("--images", type=int, default=250, help="how many images were seeded")
p.add_argument("--size-cap", type=int, default=67108864)
p.add_argument("--limit-max", type=int, default=1000)
p.add_argument("--keep-going", action="store_true")
a = p.parse_args()
K, G = a.keystone, a.glance
rows, samples = [], []
S = requests.Session()


def row(area, what, got, ok=None):
    rows.append((area, what, "NOTE" if ok is None else "PASS" if ok else "FAIL", str(got)))


def sample(title, r, limit=1500):
    keep = (
        "content-type",
        "content-length",
        "location",
        "www-authenticate",
        "retry-after",
        "x-subject-token",
        "content-md5",
        "content-range",
        "accept-ranges",
        "etag",
        "openstack-image-import-methods",
        "openstack-image-store-ids",
        "vary",
        "transfer-encoding",
        "x-openstack-request-id",
    )
    head = "\n".join(
        "%s: %s" % (k, v[:60] + "..." if k.lower() == "x-subject-token" else v)
        for k, v in r.headers.items()
        if k.lower() in keep
    )
    samples.append(
        "--- %s\n%s %s\nHTTP %d %s\n%s\n\n%s\n"
        % (
            title,
            r.request.method,
            r.request.url,
            r.status_code,
            r.reason,
            head,
            r.text[:limit] + ("..." if len(r.text) > limit else ""),
        )
    )


def auth(user="demo", project="demo", password="password", base=None, scope=True, raw=None):
    body = raw or {
        "auth": {
            "identity": {
                "methods": ["password"],
                "password": {"user": {"name": user, "domain": {"name": "Default"}, "password": password}},
            }
        }
    }
    if scope and not raw:
        body["auth"]["scope"] = {"project": {"name": project, "domain": {"name": "Default"}}}
    return S.post((base or K) + "/auth/tokens", json=body)


class As:
    def __init__(self, tok, base=G):
        self.t, self.base = tok, base

    def __call__(self, method, path, **kw):
        h = dict(kw.pop("headers", {}) or {})
        if self.t:
            h.setdefault("X-Auth-Token", self.t)
        return S.request(method, self.base + path, headers=h, **kw)


def expect(area, what, r, status, more=None, show=False):
    ok = r.status_code in (status if isinstance(status, tuple) else (status,))
    note = "%d %s" % (r.status_code, (r.headers.get("Content-Type") or "-").split(";")[0])
    if more is not None:
        ok, note = (
            ok and bool(more),
            note + "; " + (more if isinstance(more, str) else "check " + ("ok" if more else "FAILED")),
        )
    row(area, what, note, ok)
    if show or not ok:
        sample(area + ": " + what, r)
    return r


def walk(g, query, base_path="/v2/images"):
    """Follows `next` as given. Returns (images, pages, the last page's size); LOOP in place of the size if a link comes twice."""
    out, pages, path, last, seen = [], 0, base_path + ("?" + query if query else ""), 0, set()
    while path:
        if path in seen:
            return out, pages, "LOOP"
        seen.add(path)
        r = g("GET", path)
        r.raise_for_status()
        d = r.json()
        out += d["images"]
        pages, last, path = pages + 1, len(d["images"]), d.get("next")
    return out, pages, last


# ---------------------------------------------------------------- identity
r = expect("identity", "password auth, project scope", auth(), 201)
T = r.headers["X-Subject-Token"]
tok = r.json()["token"]
sample("token", r, 4000)
row("identity", "expires_at shape", tok["expires_at"], tok["expires_at"].endswith(".000000Z"))
row(
    "identity",
    "token keys",
    ",".join(sorted(tok)),
    {"catalog", "expires_at", "project", "roles", "user"} <= set(tok),
)
ends = {(s["type"], e["interface"], e["region_id"]): e["url"] for s in tok["catalog"] for e in s["endpoints"]}
row(
    "identity",
    "catalog image public RegionOne",
    ends.get(("image", "public", "RegionOne")),
    ends.get(("image", "public", "RegionOne")) == G,
)
demo = As(T)
pid = tok["project"]["id"]
alt_r, adm_r, rd_r = auth("alt", "alt"), auth("admin", "admin"), auth("reader", "demo")
alt, admin, reader = (As(x.headers["X-Subject-Token"]) for x in (alt_r, adm_r, rd_r))
alt_pid = alt_r.json()["token"]["project"]["id"]
expect("identity", "wrong password", auth(password="no"), 401, show=True)
expect("identity", "unknown user", auth(user="ghost"), 401)
expect("identity", "no role on the project", auth(user="noproject"), 401, show=True)
expect("identity", "malformed body", auth(raw={"auth": {}}), 400, show=True)
r = expect("identity", "unscoped", auth(scope=False), 201)
row(
    "identity",
    "unscoped token has catalog/project",
    "catalog" in r.json()["token"] or "project" in r.json()["token"],
    "catalog" not in r.json()["token"],
)
r = expect(
    "identity",
    "unscoped token at Glance",
    As(r.headers["X-Subject-Token"])("GET", "/v2/images?limit=1"),
    (401, 403, 200),
)
if r.status_code != 200:
    sample("unscoped token at Glance", r)
kd = As(T, K)
expect(
    "identity",
    "GET /auth/tokens validates own",
    kd("GET", "/auth/tokens", headers={"X-Subject-Token": T}),
    200,
)
expect(
    "identity",
    "GET /auth/tokens?nocatalog",
    kd("GET", "/auth/tokens?nocatalog", headers={"X-Subject-Token": T}),
    200,
)
expect("identity", "GET /auth/catalog", kd("GET", "/auth/catalog"), 200)
uid = tok["user"]["id"]
r = expect(
    "identity",
    "create application credential",
    kd(
        "POST",
        "/users/%s/application_credentials" % uid,
        json={"application_credential": {"name": "smoke-" + uuid.uuid4().hex[:8], "description": "smoke"}},
    ),
    201,
)
ac = r.json()["application_credential"]
r = expect(
    "identity",
    "auth by application credential id",
    auth(
        raw={
            "auth": {
                "identity": {
                    "methods": ["application_credential"],
                    "application_credential": {"id": ac["id"], "secret": ac["secret"]},
                }
            }
        }
    ),
    201,
)
row(
    "identity",
    "application credential token is scoped",
    r.json()["token"].get("project", {}).get("name"),
    r.json()["token"].get("project", {}).get("id") == pid,
)
expect("identity", "its token at Glance", As(r.headers["X-Subject-Token"])("GET", "/v2/images?limit=1"), 200)
expect(
    "identity",
    "auth by application credential name + user",
    auth(
        raw={
            "auth": {
                "identity": {
                    "methods": ["application_credential"],
                    "application_credential": {
                        "name": ac["name"],
                        "secret": ac["secret"],
                        "user": {"name": "demo", "domain": {"name": "Default"}},
                    },
                }
            }
        }
    ),
    201,
)
expect(
    "identity",
    "application credential + scope",
    auth(
        raw={
            "auth": {
                "identity": {
                    "methods": ["application_credential"],
                    "application_credential": {"id": ac["id"], "secret": ac["secret"]},
                },
                "scope": {"project": {"id": pid}},
            }
        }
    ),
    (400, 401, 201),
    show=True,
)
expect(
    "identity",
    "application credential, wrong secret",
    auth(
        raw={
            "auth": {
                "identity": {
                    "methods": ["application_credential"],
                    "application_credential": {"id": ac["id"], "secret": "no"},
                }
            }
        }
    ),
    401,
)
expect(
    "identity",
    "auth by token (rescope)",
    auth(
        raw={
            "auth": {
                "identity": {"methods": ["token"], "token": {"id": T}},
                "scope": {"project": {"id": pid}},
            }
        }
    ),
    201,
)
expect("identity", "Keystone 404", kd("GET", "/nothing"), 404, show=True)
expect("identity", "Keystone 403 (demo lists users)", kd("GET", "/users"), 403, show=True)
r = auth()
gone = r.headers["X-Subject-Token"]
expect(
    "identity",
    "revoke a fresh token",
    As(gone, K)("DELETE", "/auth/tokens", headers={"X-Subject-Token": gone}),
    204,
)
time.sleep(1.1)
expect("identity", "revoked, never seen by Glance before", As(gone)("GET", "/v2/images?limit=1"), 401)
r = auth()
gone = r.headers["X-Subject-Token"]
[As(gone)("GET", "/v2/images?limit=1") for _ in range(6)]
As(gone, K)("DELETE", "/auth/tokens", headers={"X-Subject-Token": gone})
time.sleep(1.1)
codes = [As(gone)("GET", "/v2/images?limit=1").status_code for _ in range(4)]
row("identity", "revoked, but cached by Glance's auth_token", codes)
if a.short:
    r = auth(base=a.short)
    life = r.json()["token"]
    st = As(r.headers["X-Subject-Token"])
    before = st("GET", "/v2/images?limit=1").status_code
    left = (
        datetime.datetime.strptime(life["expires_at"], "%Y-%m-%dT%H:%M:%S.%fZ")
        .replace(tzinfo=datetime.timezone.utc)
        .timestamp()
        - time.time()
    )
    time.sleep(max(left, 0) + 1.2)
    r = st("GET", "/v2/images?limit=1")
    expect("identity", "token before expiry %d, after expiry" % before, r, 401, before == 200, show=True)

for _ in range(20):  # what a broken-off run left behind
    left = [
        i
        for i in demo("GET", "/v2/images?limit=1000&owner=" + pid).json()["images"]
        if "seed" not in i["tags"]
    ]
    for i in left:
        demo(
            "PATCH",
            "/v2/images/" + i["id"],
            headers={"Content-Type": "application/openstack-images-v2.1-json-patch"},
            data='[{"op": "replace", "path": "/protected", "value": false}]',
        ) if i["protected"] else None
        demo("DELETE", "/v2/images/" + i["id"])
    if not left:
        break

# ---------------------------------------------------------------- versions
r = expect("versions", "Glance GET /", S.get(G + "/"), 300)
cur = [v for v in r.json()["versions"] if v["status"] == "CURRENT"]
row("versions", "CURRENT", json.dumps(cur), len(cur) == 1)
expect("versions", "Glance GET /versions", S.get(G + "/versions"), (200, 300, 401))
expect("versions", "Glance unknown path without token", S.get(G + "/nothing"), 300)
expect("versions", "Glance GET /v2/ with token", demo("GET", "/v2/"), (200, 300, 404), show=True)
expect("versions", "Keystone GET /", S.get(K.rsplit("/", 1)[0] + "/"), 300)
expect("versions", "Keystone GET /v3", S.get(K), 200)
expect("versions", "Glance healthcheck", S.get(G + "/healthcheck"), 200, show=True)

# ---------------------------------------------------------------- list + paging
r = expect("list", "default limit", demo("GET", "/v2/images"), 200)
d = r.json()
row(
    "list",
    "page size without limit / keys",
    "%d %s" % (len(d["images"]), sorted(d)),
    set(d) == {"images", "first", "next", "schema"},
)
row(
    "list",
    "first, next",
    "%s | %s" % (d["first"], d["next"]),
    d["first"] == "/v2/images" and d["next"].startswith("/v2/images?marker="),
)
r = demo("GET", "/v2/images?limit=1")
sample("list page", r, 4000)
everything, pages, last = walk(demo, "limit=37")
ids = [i["id"] for i in everything]
row(
    "list",
    "walk limit=37: images/pages/last page",
    "%d/%d/%d" % (len(ids), pages, last),
    len(set(ids)) == len(ids) and pages == len(ids) // 37 + 1,
)
one, pages1, last1 = walk(demo, "limit=1000")
row("list", "same set with limit=1000", "%d in %d pages" % (len(one), pages1), [i["id"] for i in one] == ids)
n = len(ids)
div = next(k for k in range(2, n) if n % k == 0 and k < 200 or k == n)
_, pg, lp = walk(demo, "limit=%d" % div)
row(
    "list",
    "limit dividing the total (%d %% %d): pages/last" % (n, div),
    "%d/%d" % (pg, lp),
    pg == n // div + 1 and lp == 0,
)
r = demo("GET", "/v2/images?limit=%d" % (a.limit_max * 5))
row(
    "list",
    "limit above the server's max",
    "%d images; first=%s next=%s" % (len(r.json()["images"]), r.json()["first"], r.json().get("next")),
    len(r.json()["images"]) == min(n, a.limit_max),
)
expect("list", "limit=0", demo("GET", "/v2/images?limit=0"), 200)
expect("list", "limit=-1", demo("GET", "/v2/images?limit=-1"), 400)
expect("list", "limit=abc", demo("GET", "/v2/images?limit=abc"), 400, show=True)
expect(
    "list", "marker unknown", demo("GET", "/v2/images?limit=2&marker=" + str(uuid.uuid4())), 400, show=True
)
expect("list", "marker not a uuid", demo("GET", "/v2/images?limit=2&marker=nonsense"), 400)
row(
    "list",
    "all created_at/updated_at are YYYY-MM-DDTHH:MM:SSZ",
    everything[0]["created_at"],
    all(len(i[k]) == 20 and i[k].endswith("Z") for i in everything for k in ("created_at", "updated_at")),
)
common = set.intersection(*[set(i) for i in everything])
row("list", "keys in every image", ",".join(sorted(common)), len(common) >= 20)
nulls = sorted({k for i in everything for k, v in i.items() if v is None})
row("list", "keys seen null", ",".join(nulls))
kinds = {}
for i in everything:
    for k, v in i.items():
        kinds.setdefault(type(v).__name__, set()).add(k)
for k in sorted(kinds):
    if k in ("int", "bool", "list", "dict", "float"):
        row("list", "keys of JSON type " + k, ",".join(sorted(kinds[k])))
vis = {}
for i in everything:
    key = i["visibility"] + "/" + ("own" if i["owner"] == pid else "other")
    vis[key] = vis.get(key, 0) + 1
row("list", "visibilities in the default list", json.dumps(vis, sort_keys=True), "community/other" not in vis)
st = {}
for i in everything:
    st[i["status"]] = st.get(i["status"], 0) + 1
row(
    "list",
    "statuses in the default list",
    json.dumps(st, sort_keys=True),
    {"queued", "active", "deactivated"} <= set(st),
)

# sorting
for key in ("name", "created_at", "size", "status", "disk_format", "container_format", "id", "updated_at"):
    for direction in ("asc", "desc"):
        got, _, end = walk(demo, "limit=40&sort_key=%s&sort_dir=%s" % (key, direction))
        g_ids = [i["id"] for i in got]
        vals = [i[key] for i in got if i[key] is not None]
        fine = sorted(g_ids) == sorted(ids) and vals == sorted(vals, reverse=direction == "desc")
        # NULL sizes: Glance compares them with '' and SQLite orders numbers before text (see README.md)
        row(
            "sort",
            "%s %s: rows/unique/ordered (nulls left out)" % (key, direction),
            "%d/%d/%s of %d%s"
            % (
                len(g_ids),
                len(set(g_ids)),
                vals == sorted(vals, reverse=direction == "desc"),
                n,
                "; `next` LOOPS" if end == "LOOP" else "",
            ),
            None if key == "size" else fine,
        )
got, _, _ = walk(demo, "limit=40&sort=name:asc,created_at:desc")
row(
    "sort",
    "sort=name:asc,created_at:desc paged",
    "%d/%d" % (len(got), len({i["id"] for i in got})),
    len({i["id"] for i in got}) == n,
)
got, _, _ = walk(demo, "limit=40&sort_key=name&sort_dir=asc&sort_key=created_at&sort_dir=desc")
row(
    "sort",
    "two sort_key params, following `next` as given",
    "%d rows, %d unique of %d" % (len(got), len({i["id"] for i in got}), n),
)
expect("sort", "unknown sort_key", demo("GET", "/v2/images?sort_key=bogus"), 400, show=True)
expect("sort", "sort_key=min_ram", demo("GET", "/v2/images?sort_key=min_ram"), 400)
expect("sort", "sort + sort_key", demo("GET", "/v2/images?sort=name&sort_key=name"), 400)
expect("sort", "unknown sort_dir", demo("GET", "/v2/images?sort_dir=up"), 400)


# filters
def filt(query, pred, title=None, exact=True):
    got, _, _ = walk(demo, "limit=50&" + query)
    want = [i["id"] for i in everything if pred(i)]
    row(
        "filter",
        title or query,
        "%d (want %d)" % (len(got), len(want)),
        sorted(i["id"] for i in got) == sorted(want) if exact else all(pred(i) for i in got),
    )


filt("name=dup-name", lambda i: i["name"] == "dup-name")
filt("name=%E9%95%9C%E5%83%8F-0005", lambda i: i["name"] == "\u955c\u50cf-0005")
filt("name=slash/Ubuntu/0027", lambda i: i["name"] == "slash/Ubuntu/0027")
filt("name=per%25cent%2Bplus%26amp-0008", lambda i: i["name"] == "per%cent+plus&amp-0008")
filt(
    "name=in:dup-name,%22a,b%3Bc%3D0006%22",
    lambda i: i["name"] in ("dup-name", "a,b;c=0006"),
    'name=in:dup-name,"a,b;c=0006"',
)
filt("status=active", lambda i: i["status"] == "active")
filt("status=in:active,queued", lambda i: i["status"] in ("active", "queued"))
filt("visibility=public", lambda i: i["visibility"] == "public")
filt("visibility=private", lambda i: i["visibility"] == "private")
filt("visibility=shared", lambda i: i["visibility"] == "shared")
filt("owner=" + pid, lambda i: i["owner"] == pid, "owner=<demo>")
filt("tag=nightly", lambda i: "nightly" in i["tags"])
filt("tag=tag%20with%20space", lambda i: "tag with space" in i["tags"])
filt("disk_format=qcow2", lambda i: i["disk_format"] == "qcow2")
filt("disk_format=in:qcow2,raw", lambda i: i["disk_format"] in ("qcow2", "raw"))
filt("container_format=in:bare,ovf", lambda i: i["container_format"] in ("bare", "ovf"))
filt("min_ram=1024", lambda i: i["min_ram"] == 1024)
filt("min_disk=40", lambda i: i["min_disk"] == 40)
filt("size_min=500&size_max=900", lambda i: i["size"] is not None and 500 <= i["size"] <= 900)
filt("protected=true", lambda i: i["protected"])
filt("created_at=gt:2024-01-02T00:00:00Z", lambda i: i["created_at"] > "2024-01-02T00:00:00Z")
filt("created_at=lte:2024-01-02T00:00:00Z", lambda i: i["created_at"] <= "2024-01-02T00:00:00Z")
filt("created_at=2024-01-02T00:00:00Z", lambda i: i["created_at"] == "2024-01-02T00:00:00Z")
filt("created_at=neq:2024-01-02T00:00:00Z", lambda i: i["created_at"] != "2024-01-02T00:00:00Z")
filt(
    "updated_at=gte:2024-01-02T12:00:00%2B02:00",
    lambda i: i["updated_at"] >= "2024-01-02T10:00:00Z",
    "updated_at=gte:2024-01-02T12:00:00+02:00",
)
filt("__os_type=Linux", lambda i: i.get("__os_type") == "Linux")
filt(
    "__os_type=Linux&__platform=Ubuntu&status=active",
    lambda i: (i.get("__os_type"), i.get("__platform"), i["status"]) == ("Linux", "Ubuntu", "active"),
)
filt(
    "__isregistered=true&__imagetype=gold",
    lambda i: i.get("__isregistered") == "true" and i.get("__imagetype") == "gold",
)
filt("virtual_env_type=FusionCompute", lambda i: i.get("virtual_env_type") == "FusionCompute")
filt(
    "__os_type=in:Linux,Other",
    lambda i: i.get("__os_type") == "in:Linux,Other",
    "__os_type=in:Linux,Other (custom: in: is not understood)",
)
filt("no_such_property=x", lambda i: False)
filt("status=bogus", lambda i: False)
one_page = demo("GET", "/v2/images?limit=1000&tag=seed&tag=nightly").json()
want = {i["id"] for i in everything if {"seed", "nightly"} <= set(i["tags"])}
row(
    "filter",
    "tag=seed&tag=nightly in one page (AND)",
    "%d (want %d)" % (len(one_page["images"]), len(want)),
    {i["id"] for i in one_page["images"]} == want,
)
got, _, _ = walk(demo, "limit=10&tag=nightly&tag=seed")
row(
    "filter",
    "tag=nightly&tag=seed, following `next` as given",
    "%d rows, want %d (next keeps only the last tag: %s)"
    % (
        len(got),
        len(want),
        demo("GET", "/v2/images?limit=10&tag=nightly&tag=seed").json()["next"].split("&marker")[0],
    ),
)
rng = demo(
    "GET", "/v2/images?limit=1000&created_at=gt:2024-01-02T00:00:00Z&created_at=lt:2024-01-03T00:00:00Z"
).json()["images"]
both = [i for i in everything if "2024-01-02T00:00:00Z" < i["created_at"] < "2024-01-03T00:00:00Z"]
lastonly = [i for i in everything if i["created_at"] < "2024-01-03T00:00:00Z"]
row(
    "filter",
    "created_at=gt:..&created_at=lt:.. in one page",
    "%d rows; both would be %d, last only %d" % (len(rng), len(both), len(lastonly)),
)
comm, _, _ = walk(demo, "limit=50&visibility=community")
row(
    "filter",
    "visibility=community (own and others')",
    "%d, owners %d" % (len(comm), len({i["owner"] for i in comm})),
    len(comm) > 0,
)
allv, _, _ = walk(demo, "limit=50&visibility=all")
row(
    "filter", "visibility=all", "%d = default list + %d community" % (len(allv), len(allv) - n), len(allv) > n
)
hid, _, _ = walk(demo, "limit=50&os_hidden=true")
row(
    "filter",
    "os_hidden=true",
    "%d; hidden ones in the default list: %d" % (len(hid), sum(i["os_hidden"] for i in everything)),
    len(hid) > 0,
)
for ms in ("accepted", "pending", "rejected", "all"):
    got, _, _ = walk(demo, "limit=50&visibility=shared&member_status=" + ms)
    row(
        "filter",
        "visibility=shared&member_status=" + ms,
        "%d rows, %d not own" % (len(got), sum(i["owner"] != pid for i in got)),
        len(got) > 0,
    )
expect("filter", "visibility=bogus", demo("GET", "/v2/images?visibility=bogus"), 400)
expect("filter", "member_status=bogus", demo("GET", "/v2/images?member_status=bogus"), 400)
expect("filter", "created_at=gt:nonsense", demo("GET", "/v2/images?created_at=gt:nonsense"), 400)
expect(
    "filter",
    "created_at=xx:2024-..",
    demo("GET", "/v2/images?created_at=xx:2024-01-01T00:00:00Z"),
    400,
    show=True,
)
expect("filter", "size_min=abc", demo("GET", "/v2/images?size_min=abc"), 400)
expect("filter", "min_ram=abc", demo("GET", "/v2/images?min_ram=abc"), (200, 400))
expect("filter", "protected=maybe", demo("GET", "/v2/images?protected=maybe"), 400)
expect("filter", "name=in: (empty)", demo("GET", "/v2/images?name=in:"), (200, 400))
expect("filter", "name of 300 characters", demo("GET", "/v2/images?name=" + "x" * 300), (200, 400))
expect("filter", "changes-since", demo("GET", "/v2/images?changes-since=2024-01-01"), 400)
expect("filter", "4-byte UTF-8 in a filter", demo("GET", "/v2/images?name=%F0%9F%98%80"), (200, 400))

# ---------------------------------------------------------------- life of an image
JP = {"Content-Type": "application/openstack-images-v2.1-json-patch"}
OCT = {"Content-Type": "application/octet-stream"}
r = expect(
    "image",
    "create",
    demo(
        "POST",
        "/v2/images",
        json={
            "name": "smoke",
            "disk_format": "raw",
            "container_format": "bare",
            "min_ram": 512,
            "tags": ["a", "b"],
            "__os_type": "Linux",
            "__imagetype": "private",
        },
    ),
    201,
    show=True,
)
img = r.json()
I = "/v2/images/" + img["id"]
row(
    "image",
    "Location / self",
    "%s | %s" % (r.headers["Location"], img["self"]),
    r.headers["Location"] == G + I and img["self"] == I,
)
expect("image", "show", demo("GET", I), 200, show=True)
expect("image", "HEAD image", demo("HEAD", I), (200, 404, 405))
expect("image", "show another project's private image", alt("GET", I), 404, show=True)
expect("image", "show unknown id", demo("GET", "/v2/images/" + str(uuid.uuid4())), 404)
r = expect(
    "image",
    "404 with Accept: application/json",
    demo("GET", "/v2/images/nope", headers={"Accept": "application/json"}),
    404,
    show=True,
)
expect(
    "image", "create with an id in use", demo("POST", "/v2/images", json={"id": img["id"]}), 409, show=True
)
expect("image", "create with a bad id", demo("POST", "/v2/images", json={"id": "nope"}), 400)
expect("image", "create, name a number", demo("POST", "/v2/images", json={"name": 5}), 400, show=True)
expect("image", "create, property a number", demo("POST", "/v2/images", json={"my_prop": 5}), 400, show=True)
expect(
    "image", "create, read-only field", demo("POST", "/v2/images", json={"status": "active"}), 403, show=True
)
expect("image", "create, bad disk_format", demo("POST", "/v2/images", json={"disk_format": "zip"}), 400)
expect(
    "image",
    "create, broken JSON",
    demo("POST", "/v2/images", data=b'{"name":', headers={"Content-Type": "application/json"}),
    400,
    show=True,
)
expect("image", "create, no body", demo("POST", "/v2/images"), (400, 411), show=True)
expect(
    "image",
    "create public as member",
    demo("POST", "/v2/images", json={"visibility": "public"}),
    403,
    show=True,
)
expect("image", "create as reader", reader("POST", "/v2/images", json={"name": "x"}), 403, show=True)
expect("image", "GET file before upload", demo("GET", I + "/file"), 204)
r = expect(
    "image",
    "PATCH add/replace/remove",
    demo(
        "PATCH",
        I,
        headers=JP,
        data=json.dumps(
            [
                {"op": "replace", "path": "/name", "value": "smoke 2"},
                {"op": "add", "path": "/__os_bit", "value": "64"},
                {"op": "remove", "path": "/__imagetype"},
                {"op": "replace", "path": "/min_disk", "value": 3},
            ]
        ),
    ),
    200,
)
row(
    "image",
    "PATCH result",
    "%s %s %s %s"
    % (r.json()["name"], r.json().get("__os_bit"), r.json().get("__imagetype"), r.json()["min_disk"]),
    (r.json()["name"], r.json().get("__os_bit"), r.json().get("__imagetype"), r.json()["min_disk"])
    == ("smoke 2", "64", None, 3),
)
r = expect(
    "image",
    "PATCH path with ~1 and ~0",
    demo("PATCH", I, headers=JP, data=json.dumps([{"op": "add", "path": "/a~1b~0c", "value": "x"}])),
    (200, 400),
)
row(
    "image",
    "PATCH key made",
    [k for k in r.json() if "/" in k or "~" in k] if r.status_code == 200 else r.text[:80],
)
expect(
    "image",
    "PATCH v2.0 media type",
    demo(
        "PATCH",
        I,
        headers={"Content-Type": "application/openstack-images-v2.0-json-patch"},
        data=json.dumps([{"replace": "/name", "value": "smoke 3"}]),
    ),
    200,
)
expect("image", "PATCH application/json", demo("PATCH", I, json=[]), 415, show=True)
expect(
    "image",
    "PATCH application/json-patch+json",
    demo("PATCH", I, headers={"Content-Type": "application/json-patch+json"}, data="[]"),
    415,
)
expect("image", "PATCH not a list", demo("PATCH", I, headers=JP, data="{}"), 400)
expect("image", "PATCH empty list", demo("PATCH", I, headers=JP, data="[]"), 200)
expect(
    "image",
    "PATCH remove absent",
    demo("PATCH", I, headers=JP, data=json.dumps([{"op": "remove", "path": "/absent"}])),
    409,
    show=True,
)
expect(
    "image",
    "PATCH replace absent property",
    demo("PATCH", I, headers=JP, data=json.dumps([{"op": "replace", "path": "/absent", "value": "x"}])),
    (200, 409),
)
expect(
    "image",
    "PATCH remove base property",
    demo("PATCH", I, headers=JP, data=json.dumps([{"op": "remove", "path": "/name"}])),
    403,
    show=True,
)
expect(
    "image",
    "PATCH read-only",
    demo("PATCH", I, headers=JP, data=json.dumps([{"op": "replace", "path": "/status", "value": "active"}])),
    403,
)
expect(
    "image",
    "PATCH op test",
    demo("PATCH", I, headers=JP, data=json.dumps([{"op": "test", "path": "/name", "value": "x"}])),
    400,
)
expect("image", "PATCH by another project", alt("PATCH", I, headers=JP, data="[]"), 404)
expect(
    "image",
    "PATCH public image not owned",
    demo(
        "PATCH",
        "/v2/images/" + next(i["id"] for i in everything if i["visibility"] == "public"),
        headers=JP,
        data=json.dumps([{"op": "replace", "path": "/name", "value": "x"}]),
    ),
    403,
)
# upload / download
data = os.urandom(300000)
expect(
    "file",
    "PUT as application/json",
    demo("PUT", I + "/file", data=b"{}", headers={"Content-Type": "application/json"}),
    415,
    show=True,
)
expect("file", "PUT", demo("PUT", I + "/file", data=data, headers=OCT), 204)
s = demo("GET", I).json()
row(
    "file",
    "after upload",
    json.dumps(
        {k: s.get(k) for k in ("status", "size", "virtual_size", "checksum", "os_hash_algo", "stores")}
    ),
    s["status"] == "active"
    and s["size"] == len(data)
    and s["checksum"] == hashlib.md5(data).hexdigest()
    and s["os_hash_value"] == hashlib.sha512(data).hexdigest(),
)
r = expect("file", "GET", demo("GET", I + "/file"), 200)
row(
    "file",
    "GET content and headers",
    json.dumps({k: v for k, v in r.headers.items() if k.lower() not in ("date", "x-openstack-request-id")}),
    r.content == data,
)
r = expect(
    "file", "GET Range bytes=0-9", demo("GET", I + "/file", headers={"Range": "bytes=0-9"}), (200, 206)
)
row(
    "file",
    "range answer",
    "%s %d bytes" % (r.headers.get("Content-Range"), len(r.content)),
    r.content == data[:10],
)
r = expect(
    "file",
    "GET Range bytes=299990-",
    demo("GET", I + "/file", headers={"Range": "bytes=299990-"}),
    (200, 206),
)
row("file", "open range answer", "%s %d bytes" % (r.headers.get("Content-Range"), len(r.content)))
expect(
    "file",
    "GET Range beyond the end",
    demo("GET", I + "/file", headers={"Range": "bytes=999999-1000000"}),
    (416, 200),
)
expect("file", "PUT again (active)", demo("PUT", I + "/file", data=b"x", headers=OCT), 409, show=True)
j = demo(
    "POST", "/v2/images", json={"name": "chunked", "disk_format": "raw", "container_format": "bare"}
).json()
J = "/v2/images/" + j["id"]
expect(
    "file",
    "PUT chunked (no Content-Length)",
    demo("PUT", J + "/file", data=(data[i : i + 65536] for i in range(0, len(data), 65536)), headers=OCT),
    204,
)
s = demo("GET", J).json()
row(
    "file",
    "chunked arrived whole",
    "%s %s" % (s["status"], s["size"]),
    s["checksum"] == hashlib.md5(data).hexdigest(),
)
demo("DELETE", J)
j = demo("POST", "/v2/images", json={"name": "noformat"}).json()
J = "/v2/images/" + j["id"]
expect(
    "file", "PUT without disk_format set", demo("PUT", J + "/file", data=b"x", headers=OCT), 400, show=True
)
row("file", "status after that", demo("GET", J).json()["status"])
demo("DELETE", J)
j = demo("POST", "/v2/images", json={"name": "big", "disk_format": "raw", "container_format": "bare"}).json()
J = "/v2/images/" + j["id"]


def big():
    block = b"\0" * 1048576
    for _ in range(a.size_cap // 1048576 + 1):
        yield block


# its own connection: the server answers early and closes, the body half sent
try:
    expect(
        "file",
        "PUT above image_size_cap, chunked",
        requests.put(G + J + "/file", data=big(), headers=dict(OCT, **{"X-Auth-Token": T})),
        413,
        show=True,
    )
except requests.exceptions.ConnectionError as e:
    row("file", "PUT above image_size_cap, chunked", "client saw only a broken connection: " + str(e)[:80])
S.close()
row("file", "status after that", demo("GET", J).json()["status"])
try:
    expect(
        "file",
        "PUT above image_size_cap, Content-Length",
        requests.put(
            G + J + "/file", data=b"\0" * (a.size_cap + 1), headers=dict(OCT, **{"X-Auth-Token": T})
        ),
        413,
    )
except requests.exceptions.ConnectionError as e:
    row(
        "file",
        "PUT above image_size_cap, Content-Length",
        "client saw only a broken connection: " + str(e)[:80],
    )
S.close()
row("file", "status after that", demo("GET", J).json()["status"])
demo("DELETE", J)
expect("file", "GET file of unknown image", demo("GET", "/v2/images/%s/file" % uuid.uuid4()), 404)
expect("file", "reader uploads", reader("PUT", I + "/file", data=b"x", headers=OCT), (403, 409))

# deactivate / reactivate
expect("action", "deactivate as member (owner)", demo("POST", I + "/actions/deactivate"), (204, 403))
expect("action", "deactivate as admin", admin("POST", I + "/actions/deactivate"), 204)
row("action", "status", demo("GET", I).json()["status"], demo("GET", I).json()["status"] == "deactivated")
expect("action", "GET file while deactivated (owner)", demo("GET", I + "/file"), 403, show=True)
expect("action", "reactivate as admin", admin("POST", I + "/actions/reactivate"), 204)
expect("action", "unknown action", admin("POST", I + "/actions/explode"), 404)
q = demo("POST", "/v2/images", json={"name": "queued"}).json()
expect(
    "action",
    "deactivate a queued image",
    admin("POST", "/v2/images/%s/actions/deactivate" % q["id"]),
    403,
    show=True,
)
demo("DELETE", "/v2/images/" + q["id"])

# tags
expect("tags", "PUT tag", demo("PUT", I + "/tags/x%20y"), 204)
row("tags", "tags now", sorted(demo("GET", I).json()["tags"]), "x y" in demo("GET", I).json()["tags"])
expect("tags", "PUT same tag again", demo("PUT", I + "/tags/x%20y"), 204)
expect("tags", "DELETE tag", demo("DELETE", I + "/tags/x%20y"), 204)
expect("tags", "DELETE absent tag", demo("DELETE", I + "/tags/none"), 404)
expect("tags", "tag of 256 characters", demo("PUT", I + "/tags/" + "t" * 256), 400)
expect(
    "tags",
    "129 tags by PATCH (quota 128)",
    demo(
        "PATCH",
        I,
        headers=JP,
        data=json.dumps([{"op": "replace", "path": "/tags", "value": ["t%d" % i for i in range(129)]}]),
    ),
    413,
    show=True,
)
expect(
    "tags",
    "129 properties (quota 128)",
    demo(
        "PATCH",
        I,
        headers=JP,
        data=json.dumps([{"op": "add", "path": "/p%d" % i, "value": "x"} for i in range(129)]),
    ),
    413,
)

# members
expect("members", "list on a shared image", demo("GET", I + "/members"), 200, show=True)
r = expect("members", "add", demo("POST", I + "/members", json={"member": alt_pid}), 200, show=True)
expect("members", "add again", demo("POST", I + "/members", json={"member": alt_pid}), 409, show=True)
expect("members", "member sees the image while pending", alt("GET", I), 200)
expect(
    "members",
    "member lists it while pending (default)",
    alt("GET", "/v2/images?limit=1000"),
    200,
    img["id"] not in [i["id"] for i in alt("GET", "/v2/images?limit=1000").json()["images"]],
)
expect(
    "members",
    "owner sets the status",
    demo("PUT", I + "/members/" + alt_pid, json={"status": "accepted"}),
    403,
    show=True,
)
expect("members", "member accepts", alt("PUT", I + "/members/" + alt_pid, json={"status": "accepted"}), 200)
expect("members", "bad status", alt("PUT", I + "/members/" + alt_pid, json={"status": "maybe"}), 400)
expect("members", "show", demo("GET", I + "/members/" + alt_pid), 200)
expect("members", "show unknown", demo("GET", I + "/members/nobody"), 404)
expect("members", "member deletes the image", alt("DELETE", I), 403)
expect("members", "remove", demo("DELETE", I + "/members/" + alt_pid), 204)
pub = next(i["id"] for i in everything if i["visibility"] == "public")
expect("members", "list on a public image", demo("GET", "/v2/images/%s/members" % pub), 403, show=True)

# schemas and others
for name in ("image", "images", "member", "members", "task", "tasks"):
    r = expect("schemas", name, demo("GET", "/v2/schemas/" + name), 200)
    if name == "image":
        sc = r.json()
        row("schemas", "image properties", ",".join(sorted(sc["properties"])))
        row("schemas", "additionalProperties", sc.get("additionalProperties"))
expect("schemas", "unknown", demo("GET", "/v2/schemas/none"), 404)
expect("others", "GET /v2/info/import", demo("GET", "/v2/info/import"), 200, show=True)
expect("others", "GET /v2/info/stores", demo("GET", "/v2/info/stores"), (200, 404), show=True)
expect("others", "GET /v2/tasks as member", demo("GET", "/v2/tasks"), (200, 403, 404))
expect("others", "unknown path with token", demo("GET", "/v2/nothing"), 404)
expect("others", "wrong method", demo("PUT", "/v2/images"), 405, show=True)
expect("others", "no token", As("")("GET", "/v2/images"), 401, show=True)
expect(
    "others",
    "no token, Accept: application/json",
    As("")("GET", "/v2/images", headers={"Accept": "application/json"}),
    401,
    show=True,
)
expect("others", "bad token", As("bad")("GET", "/v2/images"), 401)

# delete
expect(
    "delete",
    "protected",
    [
        demo(
            "PATCH", I, headers=JP, data=json.dumps([{"op": "replace", "path": "/protected", "value": True}])
        ),
        demo("DELETE", I),
    ][1],
    403,
    show=True,
)
demo("PATCH", I, headers=JP, data=json.dumps([{"op": "replace", "path": "/protected", "value": False}]))
expect("delete", "public image not owned", demo("DELETE", "/v2/images/" + pub), 403)
expect("delete", "own", demo("DELETE", I), 204)
expect("delete", "again", demo("DELETE", I), 404)
expect(
    "delete", "deleted image as marker", demo("GET", "/v2/images?limit=2&marker=" + img["id"]), 400, show=True
)

# ---------------------------------------------------------------- faults
if a.proxy:
    P = As(T, a.proxy)

    def faults(value):
        r = S.put(a.proxy + "/__faults", json=value)
        r.raise_for_status()
        S.delete(a.proxy + "/__requests")

    def total():
        return S.get(a.proxy + "/__requests").json()["total"]

    faults([])
    expect("faults", "pass through", P("GET", "/v2/images?limit=2"), 200)
    row("faults", "counted", json.dumps(S.get(a.proxy + "/__requests").json()["counts"]), total() == 1)
    faults({"status": 503, "times": 2, "retry_after": 1})
    got = [P("GET", "/v2/images?limit=1") for _ in range(3)]
    row(
        "faults",
        "503 twice with Retry-After, then through",
        "%s Retry-After=%s" % ([x.status_code for x in got], got[0].headers.get("Retry-After")),
        [x.status_code for x in got] == [503, 503, 200] and got[0].headers.get("Retry-After") == "1",
    )

    def broken(fault, method="GET", path="/v2/images?limit=50", **kw):
        faults(fault)
        t = time.time()
        try:
            r = requests.request(method, a.proxy + path, headers={"X-Auth-Token": T}, **kw)
            r.json()
            return "%d ok" % r.status_code, time.time() - t
        except requests.exceptions.RequestException as e:
            cause = e.args[0] if e.args else e
            return "%s: %s" % (type(e).__name__, str(cause)[:90]), time.time() - t

    for title, fault, word in (
        ("reset before the answer", {"reset": True}, "reset"),
        ("reset after 0 bytes", {"reset_after": 0}, "reset"),
        ("reset after 100 body bytes", {"reset_after": 100}, "reset"),
        ("truncated body", {"truncate": 100}, "IncompleteRead"),
    ):
        got, _ = broken(fault)
        row("faults", title, got, word in got)
    got, took = broken({"delay": 1.5})
    row("faults", "delay 1.5 s", "%s in %.2fs" % (got, took), took >= 1.5 and got == "200 ok")
    got, took = broken({"delay": 3}, timeout=1)
    row("faults", "delay 3 s, client timeout 1 s", got, "Timeout" in got)
    got, took = broken({"stall": 1, "at": 50})
    row("faults", "stall 1 s after 50 bytes", "%s in %.2fs" % (got, took), took >= 1 and got == "200 ok")
    got, _ = broken({"status": 200, "body": "<html>", "content_type": "application/json"})
    row("faults", "200 with a body that is no JSON", got, "JSON" in got)
    got, _ = broken({"status": 503, "method": "POST"})
    row("faults", "fault for POST leaves GET alone", got, got == "200 ok")
    faults({"status": 503, "path": "marker=", "skip": 1})
    codes = []
    path = "/v2/images?limit=60"
    while path:
        r = P("GET", path)
        codes.append(r.status_code)
        path = r.json().get("next") if r.status_code == 200 else None
    row("faults", "503 on the third page only", codes, codes == [200, 200, 503])
    faults([])

# ---------------------------------------------------------------- concurrency
errs = []


def worker(k):
    s = requests.Session()
    for _ in range(10):
        r = s.get(G + "/v2/images?limit=20", headers={"X-Auth-Token": T})
        if r.status_code != 200:
            errs.append(r.status_code)
        r = s.post(G + "/v2/images", json={"name": "c%d" % k}, headers={"X-Auth-Token": T})
        if r.status_code != 201:
            errs.append(r.status_code)
            continue
        r = s.delete(G + "/v2/images/" + r.json()["id"], headers={"X-Auth-Token": T})
        if r.status_code != 204:
            errs.append(r.status_code)


ts = [threading.Thread(target=worker, args=(k,)) for k in range(8)]
t0 = time.time()
[t.start() for t in ts], [t.join() for t in ts]
row(
    "load", "8 threads x 10 x (list, create, delete)", "%.1fs, errors %s" % (time.time() - t0, errs), not errs
)

# ---------------------------------------------------------------- report
try:
    import importlib.metadata as md

    print(
        "keystone %s, glance %s, glance_store %s, keystonemiddleware %s; SQLite; %d images seeded\n"
        % (*(md.version(m) for m in ("keystone", "glance", "glance_store", "keystonemiddleware")), a.images)
    )
except md.PackageNotFoundError:
    pass
w = max(len(r[1]) for r in rows)
for area, what, verdict, got in rows:
    print("%-4s  %-8s  %-*s  %s" % (verdict, area, min(w, 62), what, got))
count = {v: sum(r[2] == v for r in rows) for v in ("PASS", "FAIL", "NOTE")}
print("\n%d passed, %d failed, %d noted\n" % (count["PASS"], count["FAIL"], count["NOTE"]))
print("=" * 20 + " literal samples " + "=" * 20)
print("\n".join(samples))
sys.exit(1 if count["FAIL"] else 0)
