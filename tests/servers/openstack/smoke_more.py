#!/usr/bin/env python3
"""Runs every operation of Glance's v2 API that smoke.py does not, with plain `requests`: success and main failure.

  smoke_more.py [--keystone URL] [--glance URL] [--web URL] [--record FILE]      (a server started with MORE=1)

--record writes every request and answer of a named operation as a line of JSON.

First the table of operations, then rows (PASS/FAIL against what was expected, NOTE only records), then literal samples.
It leaves behind only deleted images, tasks, and nothing in the cache.
"""

import argparse
import hashlib
import json
import sys
import time
import uuid

import requests

p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
p.add_argument("--keystone", default="http://127.0.0.1:15000/v3")
p.add_argument("--glance", default="http://127.0.0.1:19292")
p.add_argument("--web", default="http://127.0.0.1:19294")
p.add_argument("--record", default="")
a = p.parse_args()
record = open(a.record, "w") if a.record else None
S = requests.Session()
rows, samples, seen, made = [], [], {}, []
HEADERS = (
    "content-type",
    "content-length",
    "location",
    "allow",
    "content-md5",
    "retry-after",
    "openstack-image-import-methods",
    "openstack-image-store-ids",
)


def token(user, project=None):
    r = S.post(
        a.keystone + "/auth/tokens",
        json={
            "auth": {
                "identity": {
                    "methods": ["password"],
                    "password": {
                        "user": {"name": user, "domain": {"name": "Default"}, "password": "password"}
                    },
                },
                "scope": {"project": {"name": project or user, "domain": {"name": "Default"}}},
            }
        },
    )
    r.raise_for_status()
    return r.headers["X-Subject-Token"]


T = {u: token(u) for u in ("admin", "demo", "alt", "quota")}
T["reader"], T["service"] = token("reader", "demo"), token("glance", "service")


def call(user, method, path, **kw):
    h = dict(kw.pop("headers", {}) or {})
    h.setdefault("Accept", "application/json")
    if user:
        h["X-Auth-Token"] = T[user]
    r = S.request(method, a.glance + path, headers=h, **kw)
    if r.status_code == 413:
        S.close()  # the server closes it, the body half read
    return r


def note(what, got, ok=None):
    rows.append(("", what, "NOTE" if ok is None else "PASS" if ok else "FAIL", str(got)))


def op(name, what, user, method, path, status, show=None, check=None, **kw):
    """One request of operation `name`; the first success and the first failure of each are kept literally."""
    r = call(user, method, path, **kw)
    if record:
        text = r.headers.get("Content-Type", "").startswith("application/json")
        record.write(
            json.dumps(
                {
                    "operation": name,
                    "method": method,
                    "path": path,
                    "request": kw.get("json"),
                    "status": r.status_code,
                    "content_type": r.headers.get("Content-Type"),
                    "body": json.loads(r.text) if text and r.text else r.text,
                }
            )
            + "\n"
        )
    ok = r.status_code in (status if isinstance(status, tuple) else (status,)) and (check is None or check(r))
    good = r.status_code < 400
    n = seen.setdefault(name, {True: [], False: []})[good]
    n.append(r.status_code)
    try:
        detail = "" if good else " " + r.json()["message"].split("<br")[0].replace("\n", " ")[:110]
    except (ValueError, KeyError):
        detail = "" if good else " " + r.text.replace("\n", " ")[:110]
    rows.append((name, "%s %s" % (user, what), "PASS" if ok else "FAIL", "%d%s" % (r.status_code, detail)))
    if len(n) == 1 or show or not ok:
        head = "".join("%s: %s\n" % x for x in r.headers.items() if x[0].lower() in HEADERS)
        sent = r.request.body
        if isinstance(sent, bytes) and (
            len(sent) > 4000 or r.request.headers.get("Content-Type") == OCTET["Content-Type"]
        ):
            sent = "(%d bytes)" % len(sent)
        elif isinstance(sent, bytes):
            sent = sent.decode("utf-8", "replace")
        more = "".join(
            "%s: %s\n" % x
            for x in r.request.headers.items()
            if x[0].lower()
            in (
                "content-type",
                "x-image-meta-store",
                "x-openstack-append",
                "x-image-cache-clear-target",
                "x-openstack-image-size",
            )
        )
        samples.append(
            "--- %s: %s (%s)\n%s %s\n%s%s\nHTTP %d %s\n%s\n%s\n"
            % (
                name,
                what,
                user,
                method,
                path,
                more,
                sent or "",
                r.status_code,
                r.reason,
                head,
                r.text[:1400] + ("..." if len(r.text) > 1400 else ""),
            )
        )
    return r


def image(user="demo", **kw):
    f = dict(
        {"name": "more", "disk_format": "raw", "container_format": "bare", "id": str(uuid.uuid4())}, **kw
    )
    r = call(user, "POST", "/v2/images", json=f)
    assert r.status_code == 201, r.text
    made.append((user, f["id"]))
    return f["id"]


def watch(i, user="demo", limit=40, until=None):
    """Polls an image each 50 ms until no import runs; [(ms, status, os_glance_* properties)] of every change."""
    out, t = [], time.time()
    while time.time() - t < limit:
        r = call(user, "GET", "/v2/images/" + i)
        d = r.json()
        state = (d.get("status"), {k: v for k, v in d.items() if k.startswith("os_glance")}, d.get("stores"))
        if not out or out[-1][1:] != state:
            out.append((int(1000 * (time.time() - t)),) + state)
        if "os_glance_import_task" not in d and (until is None or d.get("status") in until):
            break
        time.sleep(0.05)
    return out


def states(what, log, want):
    note(
        what,
        " | ".join("%d ms %s %s stores=%s" % (x[0], x[1], json.dumps(x[2]), x[3]) for x in log),
        log[-1][1] == want,
    )


def data(n):
    return (b"0123456789abcdef" * (n // 16 + 1))[:n]


OCTET = {"Content-Type": "application/octet-stream"}
NOBODY = str(uuid.uuid4())

# ------------------------------------------------------------------ discovery
op("ShowImportInfo", "info", "demo", "GET", "/v2/info/import", 200)
op("ShowImportInfo", "no token", None, "GET", "/v2/info/import", 401)
op("ListStores", "info", "demo", "GET", "/v2/info/stores", 200)
op("ListStores", "POST", "demo", "POST", "/v2/info/stores", 405)
op("ListStoresDetail", "info", "admin", "GET", "/v2/info/stores/detail", 200)
op("ListStoresDetail", "with the service role", "service", "GET", "/v2/info/stores/detail", 200)
op("ListStoresDetail", "info", "demo", "GET", "/v2/info/stores/detail", 403)
op("ShowUsage", "info", "demo", "GET", "/v2/info/usage", 200)
op("ShowUsage", "no token", None, "GET", "/v2/info/usage", 401)

# ------------------------------------------------------------------ schemas
for name in (
    "Task",
    "Tasks",
    "MetadefNamespace",
    "MetadefNamespaces",
    "MetadefResourceType",
    "MetadefResourceTypes",
    "MetadefProperty",
    "MetadefProperties",
    "MetadefObject",
    "MetadefObjects",
    "MetadefTag",
    "MetadefTags",
):
    path = "/v2/schemas/" + "".join("_" + c.lower() if c.isupper() else c for c in name).strip("_").replace(
        "metadef_", "metadefs/"
    )
    op("Show%sSchema" % name, path, "demo", "GET", path, 200)
    op("Show%sSchema" % name, "no token", None, "GET", path, 401)
op("ShowTaskSchema", "POST", "demo", "POST", "/v2/schemas/task", 405, show=True)

# ------------------------------------------------------------------ metadata definitions
NS = "/v2/metadefs/namespaces"
tag = uuid.uuid4().hex[:8]
N = "More::" + tag
r = op(
    "CreateMetadefNamespace",
    "everything",
    "admin",
    "POST",
    NS,
    201,
    json={
        "namespace": N,
        "display_name": "More",
        "description": "d",
        "visibility": "public",
        "protected": False,
        "resource_type_associations": [{"name": "OS::Glance::Image", "prefix": "hw_"}],
        "properties": {
            "size": {"title": "Size", "type": "integer", "minimum": 1, "maximum": 9, "default": "3"}
        },
        "objects": [
            {
                "name": "Thing",
                "properties": {"a": {"title": "A", "type": "string", "enum": ["x", "y"]}},
                "required": ["a"],
            }
        ],
        "tags": [{"name": "t1"}],
    },
)
note("namespace created: keys", ",".join(r.json()))
op(
    "CreateMetadefNamespace",
    "only the name",
    "admin",
    "POST",
    NS,
    201,
    show=True,
    json={"namespace": N + "-min"},
)
op("CreateMetadefNamespace", "as a member", "demo", "POST", NS, 403, json={"namespace": N + "-demo"})
op("CreateMetadefNamespace", "again", "admin", "POST", NS, 409, json={"namespace": N}, show=True)
op("CreateMetadefNamespace", "no name", "admin", "POST", NS, 400, json={"display_name": "x"}, show=True)
op("CreateMetadefNamespace", "name of 81", "admin", "POST", NS, 400, json={"namespace": "x" * 81})
op("CreateMetadefNamespace", "self given", "admin", "POST", NS, 403, json={"namespace": N + "s", "self": "x"})
op(
    "CreateMetadefNamespace",
    "unknown key",
    "admin",
    "POST",
    NS,
    400,
    json={"namespace": N + "u", "bogus": "x"},
)
r = call("demo", "GET", NS + "?resource_types=OS::Cinder::Volume,OS::Nova::Flavor&limit=3")
note("namespaces ?resource_types=two&limit=3: next", r.json().get("next"))
r = op("ListMetadefNamespaces", "limit=2", "demo", "GET", NS + "?limit=2", 200)
note("namespaces page: keys", ",".join(r.json()))
for limit in (5, 7):
    got, path, pages = [], NS + "?limit=%d" % limit, 0
    while path and pages < 50:
        d = call("demo", "GET", path).json()
        got += [x["namespace"] for x in d["namespaces"]]
        pages, path = pages + 1, d.get("next")
    note(
        "namespaces walked by next, limit=%d" % limit,
        "%d rows, %d unique, %d pages, last page %d" % (len(got), len(set(got)), pages, len(d["namespaces"])),
        len(got) == len(set(got)),
    )
d = call("demo", "GET", NS).json()
note("namespaces, no limit", "%d rows, next %s" % (len(d["namespaces"]), d.get("next")))
note("private namespace of admin in demo's list", N + "-min" in got)
note("namespaces limit=0", call("demo", "GET", NS + "?limit=0").text[:200])
for q, want in (
    ("limit=-1", (400, 500)),
    ("limit=abc", (400, 500)),
    ("marker=nope", (400, 404)),
    ("sort_dir=up", 400),
    ("sort_key=bogus", (400, 500)),
    ("visibility=bogus", 400),
):
    op("ListMetadefNamespaces", q, "demo", "GET", NS + "?" + q, want)
for q in (
    "visibility=public&limit=100",
    "resource_types=OS::Cinder::Volume&limit=100",
    "sort_key=namespace&sort_dir=asc&limit=3",
    "bogus=1",
    "namespace=" + N,
    "protected=true&limit=100",
):
    d = call("demo", "GET", NS + "?" + q)
    note(
        "namespaces ?" + q,
        "%d, %s"
        % (
            d.status_code,
            [x["namespace"] for x in d.json().get("namespaces", [])][:3] if d.ok else d.text[:100],
        ),
    )
op("ShowMetadefNamespace", "own", "admin", "GET", NS + "/" + N, 200)
op(
    "ShowMetadefNamespace",
    "resource_type prefixes the names",
    "demo",
    "GET",
    NS + "/" + N + "?resource_type=OS::Glance::Image",
    200,
    check=lambda r: "hw_size" in r.json()["properties"],
    show=True,
)
op("ShowMetadefNamespace", "unknown", "demo", "GET", NS + "/nope", 404)
op("ShowMetadefNamespace", "another's private", "demo", "GET", NS + "/" + N + "-min", 404, show=True)
op(
    "UpdateMetadefNamespace",
    "replace",
    "admin",
    "PUT",
    NS + "/" + N,
    200,
    json={"namespace": N, "display_name": "New", "visibility": "public", "protected": True},
)
op(
    "UpdateMetadefNamespace",
    "no namespace in the body",
    "admin",
    "PUT",
    NS + "/" + N,
    400,
    json={"display_name": "New"},
)
op(
    "UpdateMetadefNamespace",
    "to a name in use",
    "admin",
    "PUT",
    NS + "/" + N,
    409,
    json={"namespace": N + "-min"},
    show=True,
)
op("UpdateMetadefNamespace", "unknown", "admin", "PUT", NS + "/nope", 404, json={"namespace": "nope"})
op("UpdateMetadefNamespace", "as a member", "demo", "PUT", NS + "/" + N, 403, json={"namespace": N})
op("DeleteMetadefNamespace", "protected", "admin", "DELETE", NS + "/" + N, 403)
r = op(
    "UpdateMetadefNamespace",
    "only the name: the rest falls back",
    "admin",
    "PUT",
    NS + "/" + N,
    200,
    json={"namespace": N},
    show=True,
)
note(
    "PUT with only `namespace`",
    json.dumps({k: r.json().get(k) for k in ("display_name", "visibility", "protected")}),
)
op(
    "UpdateMetadefNamespace",
    "public again",
    "admin",
    "PUT",
    NS + "/" + N,
    200,
    json={"namespace": N, "visibility": "public"},
)

P = NS + "/" + N + "/properties"
op(
    "CreateMetadefProperty",
    "array",
    "admin",
    "POST",
    P,
    201,
    json={
        "name": "list",
        "title": "L",
        "type": "array",
        "description": "d",
        "items": {"type": "string", "enum": ["a", "b"]},
        "uniqueItems": True,
        "minItems": 1,
        "maxItems": 3,
        "operators": ["<in>"],
        "readonly": False,
    },
)
op(
    "CreateMetadefProperty",
    "again",
    "admin",
    "POST",
    P,
    409,
    json={"name": "list", "title": "L", "type": "array"},
)
op("CreateMetadefProperty", "no title", "admin", "POST", P, 400, json={"name": "x", "type": "string"})
op(
    "CreateMetadefProperty",
    "as a member",
    "demo",
    "POST",
    P,
    403,
    json={"name": "x", "title": "x", "type": "string"},
)
op(
    "CreateMetadefProperty",
    "in an unknown namespace",
    "admin",
    "POST",
    NS + "/nope/properties",
    404,
    json={"name": "x", "title": "x", "type": "string"},
)
for label, body in (
    ("default 80 (integer)", {"type": "integer", "default": 80}),
    ('default "80"', {"type": "integer", "default": "80"}),
    ("default true", {"type": "boolean", "default": True}),
    ("enum of integers", {"type": "integer", "enum": [1, 2]}),
    ("minimum 1.5", {"type": "number", "minimum": 1.5}),
    ("type null", {"type": None}),
    ("type bogus", {"type": "bogus"}),
    ("confidential", {"type": "string", "confidential": True}),
    ("required list", {"type": "object", "required": ["a"]}),
    ("pattern", {"type": "string", "pattern": "^[a-z]+$", "minLength": 1, "maxLength": 5}),
):
    r = call("admin", "POST", P, json=dict(body, name=label, title="t"))
    note("property with " + label, "%d %s" % (r.status_code, r.text[:160].replace("\n", " ")))
r = op("ListMetadefProperties", "all", "demo", "GET", P, 200)
op("ListMetadefProperties", "unknown namespace", "demo", "GET", NS + "/nope/properties", 404)
op("ShowMetadefProperty", "one", "demo", "GET", P + "/size", 200)
op(
    "ShowMetadefProperty",
    "with resource_type and prefix",
    "demo",
    "GET",
    P + "/hw_size?resource_type=OS::Glance::Image",
    200,
    show=True,
)
op(
    "ShowMetadefProperty",
    "with resource_type, no prefix",
    "demo",
    "GET",
    P + "/size?resource_type=OS::Glance::Image",
    404,
    show=True,
)
op("ShowMetadefProperty", "unknown", "demo", "GET", P + "/nope", 404)
op(
    "UpdateMetadefProperty",
    "one",
    "admin",
    "PUT",
    P + "/size",
    200,
    json={"name": "size", "title": "Bigger", "type": "integer"},
)
op(
    "UpdateMetadefProperty",
    "rename",
    "admin",
    "PUT",
    P + "/size",
    200,
    json={"name": "size2", "title": "Bigger", "type": "integer"},
)
op(
    "UpdateMetadefProperty",
    "no name in the body",
    "admin",
    "PUT",
    P + "/size2",
    400,
    json={"title": "Bigger", "type": "integer"},
)
op(
    "UpdateMetadefProperty",
    "unknown",
    "admin",
    "PUT",
    P + "/nope",
    404,
    json={"name": "nope", "title": "x", "type": "integer"},
)
op("DeleteMetadefProperty", "one", "admin", "DELETE", P + "/size2", 204)
op("DeleteMetadefProperty", "again", "admin", "DELETE", P + "/size2", 404)
op("DeleteMetadefProperty", "as a member", "demo", "DELETE", P + "/list", 403)
op("DeleteMetadefProperties", "as a member", "demo", "DELETE", P, 403)
op("DeleteMetadefProperties", "all", "admin", "DELETE", P, 204)
note("properties after", call("demo", "GET", P).text)

O = NS + "/" + N + "/objects"
op(
    "CreateMetadefObject",
    "one",
    "admin",
    "POST",
    O,
    201,
    json={
        "name": "CPU Limits",
        "description": "d",
        "required": ["cpu"],
        "properties": {
            "cpu": {"title": "CPU", "type": "integer", "minimum": 0},
            "on": {"title": "On", "type": "boolean", "default": "true"},
        },
    },
)
op("CreateMetadefObject", "only the name", "admin", "POST", O, 201, json={"name": "bare"}, show=True)
op("CreateMetadefObject", "again", "admin", "POST", O, 409, json={"name": "bare"})
op("CreateMetadefObject", "no name", "admin", "POST", O, 400, json={"description": "x"})
op("CreateMetadefObject", "as a member", "demo", "POST", O, 403, json={"name": "x"})
r = op("ListMetadefObjects", "all", "demo", "GET", O, 200)
note("objects page: keys", ",".join(r.json()))
for tail in ("limit=1", "limit=1&sort_key=name&sort_dir=desc", "marker=bare"):
    r = call("demo", "GET", O + "?" + tail)
    note("objects ?" + tail, "%d %s" % (r.status_code, [x["name"] for x in r.json().get("objects", [])]))
op("ListMetadefObjects", "limit=0", "demo", "GET", O + "?limit=0", 400)
op("ListMetadefObjects", "unknown namespace", "demo", "GET", NS + "/nope/objects", 404)
op("ShowMetadefObject", "one, a space in the name", "demo", "GET", O + "/CPU%20Limits", 200)
op("ShowMetadefObject", "unknown", "demo", "GET", O + "/nope", 404)
op(
    "UpdateMetadefObject",
    "rename",
    "admin",
    "PUT",
    O + "/bare",
    200,
    json={"name": "bare2", "description": "x"},
)
op("UpdateMetadefObject", "unknown", "admin", "PUT", O + "/nope", 404, json={"name": "nope"})
op(
    "UpdateMetadefObject",
    "to a name in use",
    "admin",
    "PUT",
    O + "/bare2",
    (409, 500),
    json={"name": "CPU Limits"},
    show=True,
)
op("DeleteMetadefObject", "one", "admin", "DELETE", O + "/bare2", 204)
op("DeleteMetadefObject", "again", "admin", "DELETE", O + "/bare2", 404)
op("DeleteMetadefObjects", "as a member", "demo", "DELETE", O, 403)
op("DeleteMetadefObjects", "all", "admin", "DELETE", O, 204)
note("objects after", call("demo", "GET", O).text)

G = NS + "/" + N + "/tags"
op(
    "CreateMetadefTags",
    "three, the ones before are lost",
    "admin",
    "POST",
    G,
    201,
    json={"tags": [{"name": "a"}, {"name": "b"}, {"name": "c"}]},
)
note("tags now", call("demo", "GET", G).text)
op(
    "CreateMetadefTags",
    "append",
    "admin",
    "POST",
    G,
    201,
    json={"tags": [{"name": "d"}]},
    headers={"X-Openstack-Append": "True"},
    show=True,
)
note("tags now", call("demo", "GET", G).text)
op(
    "CreateMetadefTags",
    "twice the same",
    "admin",
    "POST",
    G,
    409,
    json={"tags": [{"name": "x"}, {"name": "x"}]},
)
note("tags after the 409", call("demo", "GET", G).text)
op("CreateMetadefTags", "a tag without a name", "admin", "POST", G, 400, json={"tags": [{}]})
op("CreateMetadefTags", "no `tags` at all", "admin", "POST", G, (400, 201, 500), json={}, show=True)
op("CreateMetadefTags", "as a member", "demo", "POST", G, 403, json={"tags": [{"name": "x"}]})
call("admin", "POST", G, json={"tags": [{"name": "a"}, {"name": "b"}, {"name": "c"}, {"name": "d"}]})
op("ListMetadefTags", "limit=2&sort by name", "demo", "GET", G + "?limit=2&sort_key=name&sort_dir=asc", 200)
r = op(
    "ListMetadefTags",
    "after marker=b",
    "demo",
    "GET",
    G + "?limit=2&sort_key=name&sort_dir=asc&marker=b",
    200,
    show=True,
)
op("ListMetadefTags", "unknown marker", "demo", "GET", G + "?marker=nope", 404)
op("ListMetadefTags", "limit=abc", "demo", "GET", G + "?limit=abc", 400)
op("CreateMetadefTag", "one, no body", "admin", "POST", G + "/e%20f", 201)
op("CreateMetadefTag", "again", "admin", "POST", G + "/e%20f", 409)
op("CreateMetadefTag", "with a body", "admin", "POST", G + "/g", (400, 201), json={"name": "g"})
op("CreateMetadefTag", "as a member", "demo", "POST", G + "/h", 403)
op("ShowMetadefTag", "one", "demo", "GET", G + "/a", 200)
op("ShowMetadefTag", "unknown", "demo", "GET", G + "/nope", 404)
op("UpdateMetadefTag", "rename", "admin", "PUT", G + "/a", 200, json={"name": "a2"})
op("UpdateMetadefTag", "to a name in use", "admin", "PUT", G + "/a2", 409, json={"name": "b"})
op("UpdateMetadefTag", "unknown", "admin", "PUT", G + "/nope", 404, json={"name": "b"})
op("DeleteMetadefTag", "one", "admin", "DELETE", G + "/b", 204)
op("DeleteMetadefTag", "again", "admin", "DELETE", G + "/b", 404)
op("DeleteMetadefTags", "as a member", "demo", "DELETE", G, 403)
op("DeleteMetadefTags", "all", "admin", "DELETE", G, 204)

R = NS + "/" + N + "/resource_types"
op("ListMetadefResourceTypes", "all", "demo", "GET", "/v2/metadefs/resource_types", 200)
op("ListMetadefResourceTypes", "POST", "admin", "POST", "/v2/metadefs/resource_types", 405)
op(
    "CreateMetadefResourceTypeAssociation",
    "one",
    "admin",
    "POST",
    R,
    201,
    json={"name": "OS::Nova::Flavor", "prefix": "hw:", "properties_target": "image"},
)
op(
    "CreateMetadefResourceTypeAssociation",
    "again",
    "admin",
    "POST",
    R,
    409,
    json={"name": "OS::Nova::Flavor"},
)
op("CreateMetadefResourceTypeAssociation", "no name", "admin", "POST", R, 400, json={"prefix": "hw:"})
op(
    "CreateMetadefResourceTypeAssociation",
    "a type of my own",
    "admin",
    "POST",
    R,
    201,
    json={"name": "My::Type::" + tag},
    show=True,
)
op("CreateMetadefResourceTypeAssociation", "as a member", "demo", "POST", R, 403, json={"name": "x"})
op("ListMetadefResourceTypeAssociations", "all", "demo", "GET", R, 200)
op(
    "ListMetadefResourceTypeAssociations",
    "unknown namespace",
    "demo",
    "GET",
    NS + "/nope/resource_types",
    404,
)
op("DeleteMetadefResourceTypeAssociation", "one", "admin", "DELETE", R + "/OS::Nova::Flavor", 204)
op("DeleteMetadefResourceTypeAssociation", "again", "admin", "DELETE", R + "/OS::Nova::Flavor", 404)
op("DeleteMetadefResourceTypeAssociation", "as a member", "demo", "DELETE", R + "/OS::Glance::Image", 403)
op("DeleteMetadefNamespace", "as a member", "demo", "DELETE", NS + "/" + N, 403)
op("DeleteMetadefNamespace", "own", "admin", "DELETE", NS + "/" + N, 204)
op("DeleteMetadefNamespace", "again", "admin", "DELETE", NS + "/" + N, 404)
call("admin", "DELETE", NS + "/" + N + "-min")

# ------------------------------------------------------------------ stage, import
r = call(
    "demo", "POST", "/v2/images", json={"name": "more", "disk_format": "raw", "container_format": "bare"}
)
i = r.json()["id"]
made.append(("demo", i))
note("POST /v2/images headers", {k: v for k, v in r.headers.items() if k.lower() in HEADERS})
op(
    "StageImageFile",
    "1 MiB",
    "demo",
    "PUT",
    "/v2/images/%s/stage" % i,
    204,
    data=data(1 << 20),
    headers=OCTET,
)
note(
    "image once staged",
    json.dumps(
        {
            k: v
            for k, v in call("demo", "GET", "/v2/images/" + i).json().items()
            if k in ("status", "size", "virtual_size", "checksum", "stores", "locations")
            or k.startswith("os_")
        }
    ),
)
op("StageImageFile", "twice", "demo", "PUT", "/v2/images/%s/stage" % i, 409, data=data(10), headers=OCTET)
op("StageImageFile", "wrong content type", "demo", "PUT", "/v2/images/%s/stage" % i, 415, json={})
op(
    "StageImageFile",
    "unknown image",
    "demo",
    "PUT",
    "/v2/images/%s/stage" % NOBODY,
    404,
    data=data(10),
    headers=OCTET,
)
r = call("demo", "PUT", "/v2/images/%s/file" % i, data=data(10), headers=OCTET)
note("PUT /file on a staged image", "%d %s" % (r.status_code, r.text[:150].replace("\n", " ")))
r = op(
    "ImportImage",
    "glance-direct to two stores",
    "demo",
    "POST",
    "/v2/images/%s/import" % i,
    202,
    json={"method": {"name": "glance-direct"}, "stores": ["cheap", "fast"], "all_stores_must_succeed": True},
)
states("glance-direct 1 MiB to two stores", watch(i, until=("active",)), "active")
d = call("demo", "GET", "/v2/images/" + i).json()
note(
    "imported",
    json.dumps(
        {
            k: v
            for k, v in d.items()
            if k in ("size", "virtual_size", "stores", "locations", "os_hash_algo")
            or k.startswith("os_glance")
        }
    ),
)
note(
    "same bytes",
    d["os_hash_value"] == hashlib.sha512(data(1 << 20)).hexdigest(),
    d["os_hash_value"] == hashlib.sha512(data(1 << 20)).hexdigest(),
)
r = op("ListImageTasks", "of the import", "demo", "GET", "/v2/images/%s/tasks" % i, 200)
op("ListImageTasks", "unknown image", "demo", "GET", "/v2/images/%s/tasks" % NOBODY, 404)
note("tasks of an image never imported", call("demo", "GET", "/v2/images/%s/tasks" % image()).text)

W = {"name": "web-download", "uri": a.web + "/blob/300000"}
i2 = image()
op(
    "ImportImage",
    "web-download, store by header",
    "demo",
    "POST",
    "/v2/images/%s/import" % i2,
    202,
    json={"method": W},
    headers={"x-image-meta-store": "cheap"},
    show=True,
)
states("web-download 300 kB", watch(i2, until=("active",)), "active")
i3 = image()
op(
    "ImportImage",
    "web-download 2 MB over 3 s, all stores",
    "demo",
    "POST",
    "/v2/images/%s/import" % i3,
    202,
    json={"method": {"name": "web-download", "uri": a.web + "/slow/2000000/3"}, "all_stores": True},
    show=True,
)
time.sleep(0.3)
op(
    "ImportImage",
    "while an import runs",
    "demo",
    "POST",
    "/v2/images/%s/import" % i3,
    409,
    json={"method": W},
)
r = call(
    "demo",
    "PATCH",
    "/v2/images/" + i3,
    data=json.dumps([{"op": "replace", "path": "/name", "value": "renamed"}]),
    headers={"Content-Type": "application/openstack-images-v2.1-json-patch"},
)
note("PATCH name while an import runs", "%d" % r.status_code)
states("web-download over 3 s to all stores", watch(i3, until=("active",)), "active")
for label, tail, want in (
    ("answers 404", "/status/404", "queued"),
    ("promises more than it sends", "/short/300000", "queued"),
    ("has no Content-Length", "/nolength/300000", "active"),
    ("redirects", "/redirect/blob/1000", "active"),
    ("is above image_size_cap", "/blob/67108865", "queued"),
):
    x = image()
    r = call(
        "demo",
        "POST",
        "/v2/images/%s/import" % x,
        json={"method": {"name": "web-download", "uri": a.web + tail}},
    )
    log = watch(x, until=("active", "queued"), limit=30)
    states("web-download: the source %s (%d)" % (label, r.status_code), log, want)
    t = call("demo", "GET", "/v2/images/%s/tasks" % x).json()["tasks"]
    note("   its task", t and "%s: %s" % (t[0]["status"], t[0]["message"]))
r = call("demo", "POST", "/v2/images/%s/import" % x, json={"method": W})
states("a second import after the failed one (%d)" % r.status_code, watch(x, until=("active",)), "active")
q = image()
for label, body, want in (
    ("no method", {}, 400),
    ("no name", {"method": {}}, 400),
    ("unknown method", {"method": {"name": "nope"}}, 400),
    ("no uri", {"method": {"name": "web-download"}}, 400),
    ("host not allowed", {"method": {"name": "web-download", "uri": "http://localhost:1/x"}}, 400),
    ("port not allowed", {"method": {"name": "web-download", "uri": "http://127.0.0.1:1/x"}}, 400),
    ("scheme not allowed", {"method": {"name": "web-download", "uri": "file:///etc/hosts"}}, 400),
    ("not staged", {"method": {"name": "glance-direct"}}, 409),
    ("unknown store", {"method": W, "stores": ["nope"]}, 409),
    ("all_stores and stores", {"method": W, "all_stores": True, "stores": ["fast"]}, 400),
    ("all_stores a string", {"method": W, "all_stores": "true"}, 400),
    ("copy-image of a queued one", {"method": {"name": "copy-image"}}, 409),
    ("glance-download without a region", {"method": {"name": "glance-download"}}, 400),
    (
        "glance-download, id no uuid",
        {"method": {"name": "glance-download", "glance_region": "RegionOne", "glance_image_id": "x"}},
        400,
    ),
):
    op("ImportImage", label, "demo", "POST", "/v2/images/%s/import" % q, want, json=body)
op("ImportImage", "of an active image", "demo", "POST", "/v2/images/%s/import" % i, 409, json={"method": W})
op("ImportImage", "unknown image", "demo", "POST", "/v2/images/%s/import" % NOBODY, 404, json={"method": W})
op("ImportImage", "another's image", "alt", "POST", "/v2/images/%s/import" % q, 404, json={"method": W})
nf = image(disk_format=None)
op("ImportImage", "no disk_format", "demo", "POST", "/v2/images/%s/import" % nf, 409, json={"method": W})
gd = image()
op(
    "ImportImage",
    "glance-download",
    "demo",
    "POST",
    "/v2/images/%s/import" % gd,
    202,
    show=True,
    json={
        "method": {
            "name": "glance-download",
            "glance_region": "RegionOne",
            "glance_image_id": i,
            "glance_service_interface": "public",
        }
    },
)
states("glance-download 1 MiB", watch(gd, until=("active", "queued")), "active")
for label, region, src in (("region nope", "nope", i), ("an unknown image", "RegionOne", NOBODY)):
    x = image()
    r = call(
        "demo",
        "POST",
        "/v2/images/%s/import" % x,
        json={"method": {"name": "glance-download", "glance_region": region, "glance_image_id": src}},
    )
    states(
        "glance-download of %s (%d)" % (label, r.status_code),
        watch(x, until=("active", "queued"), limit=20),
        "queued",
    )
    t = call("demo", "GET", "/v2/images/%s/tasks" % x).json()["tasks"]
    note("   its task", t and "%s: %s" % (t[0]["status"], t[0]["message"]))
# the http store takes no data: a store that fails
for must in (True, False):
    x = image()
    r = call(
        "demo",
        "POST",
        "/v2/images/%s/import" % x,
        json={"method": W, "stores": ["web", "fast"], "all_stores_must_succeed": must},
    )
    states(
        "import to web (read-only) and fast, all_stores_must_succeed=%s (%d)" % (must, r.status_code),
        watch(x, until=("active", "queued"), limit=20),
        "queued" if must else "active",
    )
    t = call("demo", "GET", "/v2/images/%s/tasks" % x).json()["tasks"]
    note("   its task", t and "%s: %s" % (t[0]["status"], t[0]["message"]))
x = image()
call("demo", "PUT", "/v2/images/%s/stage" % x, data=data(1000), headers=OCTET)
r = call("demo", "DELETE", "/v2/images/" + x)
note("DELETE of a staged image", r.status_code, r.status_code == 204)
x = image()
r = call(
    "demo",
    "PUT",
    "/v2/images/%s/file" % x,
    data=data(1000),
    headers=dict(OCTET, **{"x-image-meta-store": "cheap"}),
)
note(
    "PUT /file with x-image-meta-store: cheap",
    "%d stores=%s" % (r.status_code, call("demo", "GET", "/v2/images/" + x).json().get("stores")),
)
x = image()
r = call(
    "demo",
    "PUT",
    "/v2/images/%s/file" % x,
    data=data(1000),
    headers=dict(OCTET, **{"x-image-meta-store": "nope"}),
)
note("PUT /file with x-image-meta-store: nope", "%d %s" % (r.status_code, r.text[:120].replace("\n", " ")))
for size in ("1000", "2000", "abc"):
    x = image()
    r = call(
        "demo",
        "PUT",
        "/v2/images/%s/file" % x,
        data=data(1000),
        headers=dict(OCTET, **{"x-openstack-image-size": size}),
    )
    note(
        "PUT /file of 1000 bytes with x-openstack-image-size: " + size,
        "%d %s; image %s"
        % (
            r.status_code,
            r.text[:120].replace("\n", " "),
            call("demo", "GET", "/v2/images/" + x).json()["status"],
        ),
    )
call("admin", "DELETE", "/v2/cache")
for prefer in ("nope", "cheap,fast", "web", "nope"):
    r = call("demo", "GET", "/v2/images/%s/file?prefer=%s" % (i, prefer))
    note(
        "GET /file?prefer=" + prefer,
        "%d %d bytes %s" % (r.status_code, len(r.content), "" if r.ok else r.text[:120].replace("\n", " ")),
    )

# ------------------------------------------------------------------ copy-image, stores
op(
    "ImportImage",
    "copy-image as a member",
    "demo",
    "POST",
    "/v2/images/%s/import" % i2,
    403,
    json={"method": {"name": "copy-image"}, "stores": ["fast"]},
)
op(
    "ImportImage",
    "copy-image where it is",
    "admin",
    "POST",
    "/v2/images/%s/import" % i2,
    400,
    json={"method": {"name": "copy-image"}, "stores": ["cheap"]},
)
op(
    "ImportImage",
    "copy-image",
    "admin",
    "POST",
    "/v2/images/%s/import" % i2,
    202,
    json={"method": {"name": "copy-image"}, "all_stores": True},
    show=True,
)
states("copy-image", watch(i2, until=("active",)), "active")
op(
    "ImportImage",
    "copy-image where it is everywhere: 202, no task",
    "admin",
    "POST",
    "/v2/images/%s/import" % i2,
    202,
    json={"method": {"name": "copy-image"}, "all_stores": True},
)
D = "/v2/stores/%s/%s"
op("DeleteImageFromStore", "as a member", "demo", "DELETE", D % ("fast", i2), 403)
op("DeleteImageFromStore", "unknown store", "admin", "DELETE", D % ("nope", i2), 409)
op("DeleteImageFromStore", "unknown image", "admin", "DELETE", D % ("fast", NOBODY), 404)
op("DeleteImageFromStore", "one of two", "admin", "DELETE", D % ("fast", i2), 204)
op("DeleteImageFromStore", "the last one", "admin", "DELETE", D % ("cheap", i2), 403)
op("DeleteImageFromStore", "where it is not", "admin", "DELETE", D % ("web", i), 404)
op("DeleteImageFromStore", "of a queued image", "admin", "DELETE", D % ("fast", q), 409)
note("stores now", call("demo", "GET", "/v2/images/" + i2).json().get("stores"))

# ------------------------------------------------------------------ locations
L = "/v2/images/%s/locations"
x = image()
sha = hashlib.sha512(data(5000)).hexdigest()
op(
    "AddImageLocation",
    "http url, as a member",
    "demo",
    "POST",
    L % x,
    202,
    json={"url": a.web + "/blob/5000"},
)
states("location added", watch(x, until=("active",)), "active")
d = call("demo", "GET", "/v2/images/" + x).json()
note(
    "image of the location",
    json.dumps(
        {k: d.get(k) for k in ("size", "checksum", "os_hash_algo", "os_hash_value", "stores", "locations")}
    ),
)
time.sleep(1)
d = call("demo", "GET", "/v2/images/" + x).json()
note("its hash", d.get("os_hash_value") == sha, d.get("os_hash_value") == sha)
r = call("demo", "GET", "/v2/images/%s/file" % x)
note("GET /file of it", "%d %s" % (r.status_code, r.content == data(5000)), r.content == data(5000))
op("ListImageLocations", "as admin", "admin", "GET", L % x, 200)
op("ListImageLocations", "with the service role", "service", "GET", L % x, 200)
op("ListImageLocations", "as a member", "demo", "GET", L % x, 403)
op("ListImageLocations", "unknown image", "admin", "GET", L % NOBODY, 404)
note("locations of a queued image", call("admin", "GET", L % q).text)
op("AddImageLocation", "on an active image", "demo", "POST", L % x, 409, json={"url": a.web + "/blob/5000"})
op("AddImageLocation", "no url", "demo", "POST", L % q, 400, json={})
op(
    "AddImageLocation",
    "file url, as a member",
    "demo",
    "POST",
    L % q,
    403,
    json={"url": "file:///etc/hosts"},
    show=True,
)
op(
    "AddImageLocation",
    "hash of the wrong length",
    "demo",
    "POST",
    L % q,
    400,
    json={"url": a.web + "/blob/5000", "validation_data": {"os_hash_algo": "sha512", "os_hash_value": "ab"}},
)
op("AddImageLocation", "port not allowed", "demo", "POST", L % q, 400, json={"url": "http://127.0.0.1:1/x"})
for label, h, want in (("right", sha, "active"), ("wrong", "0" * 128, "queued")):
    x = image()
    op(
        "AddImageLocation",
        "with the %s hash" % label,
        "demo",
        "POST",
        L % x,
        202,
        json={"url": a.web + "/blob/5000", "validation_data": {"os_hash_algo": "sha512", "os_hash_value": h}},
        show=label == "right",
    )
    states("   then", watch(x, until=("active", "queued"), limit=15), want)
    d = call("demo", "GET", "/v2/images/" + x).json()
    note(
        "   hash",
        "%s.. task %s"
        % (
            (d.get("os_hash_value") or "None")[:16],
            [
                (t["status"], t["message"])
                for t in call("demo", "GET", "/v2/images/%s/tasks" % x).json()["tasks"]
            ],
        ),
    )
r = call("demo", "PUT", "/v2/images/%s/file" % x, data=data(10), headers=OCTET)
note(
    "   PUT /file after the wrong hash",
    "%d; %s"
    % (
        r.status_code,
        json.dumps(
            {
                k: v
                for k, v in call("demo", "GET", "/v2/images/" + x).json().items()
                if k in ("status", "stores", "locations", "size")
            }
        ),
    ),
)
x = image()
r = call("demo", "POST", L % x, json={"url": a.web + "/status/404"})
log = watch(x, until=("active", "queued"), limit=15)
note(
    "location that answers 404 (%d)" % r.status_code,
    "%s; %s"
    % (
        log[-1],
        [(t["status"], t["message"]) for t in call("demo", "GET", "/v2/images/%s/tasks" % x).json()["tasks"]],
    ),
)
x = image()
r = call(
    "demo",
    "PATCH",
    "/v2/images/" + x,
    data=json.dumps(
        [
            {
                "op": "add",
                "path": "/locations/-",
                "value": {"url": a.web + "/blob/5000", "metadata": {"store": "web"}},
            }
        ]
    ),
    headers={"Content-Type": "application/openstack-images-v2.1-json-patch"},
)
note(
    "PATCH add /locations/- (show_multiple_locations)",
    "%d %s"
    % (
        r.status_code,
        json.dumps(
            {k: r.json().get(k) for k in ("status", "locations", "stores", "size", "checksum", "message")}
        ),
    ),
)

# ------------------------------------------------------------------ tasks
r = op(
    "CreateTask",
    "import",
    "admin",
    "POST",
    "/v2/tasks",
    201,
    json={
        "type": "import",
        "input": {
            "import_from": a.web + "/blob/4000",
            "import_from_format": "raw",
            "image_properties": {"disk_format": "raw", "container_format": "bare", "name": "by task"},
        },
    },
)
t = r.json()["id"] if r.status_code == 201 else NOBODY
for _ in range(100):
    d = call("admin", "GET", "/v2/tasks/" + t).json()
    if d.get("status") in ("success", "failure"):
        break
    time.sleep(0.1)
op("ShowTask", "done", "admin", "GET", "/v2/tasks/" + t, 200, check=lambda r: r.json()["status"] == "success")
if d.get("result"):
    made.append(("admin", d["result"]["image_id"]))
op("ShowTask", "unknown", "admin", "GET", "/v2/tasks/" + NOBODY, 404)
op("ShowTask", "as a member", "demo", "GET", "/v2/tasks/" + t, 403)
for label, body, want in (
    ("no input", {"type": "import"}, 400),
    ("unknown type", {"type": "nope", "input": {}}, 400),
    ("type api_image_import", {"type": "api_image_import", "input": {}}, (400, 201, 500)),
    ("import without import_from", {"type": "import", "input": {}}, 400),
    (
        "import_from a file",
        {
            "type": "import",
            "input": {
                "import_from": "file:///etc/hosts",
                "import_from_format": "raw",
                "image_properties": {},
            },
        },
        400,
    ),
):
    op("CreateTask", label, "admin", "POST", "/v2/tasks", want, json=body)
op("CreateTask", "as a member", "demo", "POST", "/v2/tasks", 403, json={"type": "import", "input": {}})
r = op("ListTasks", "limit=2", "admin", "GET", "/v2/tasks?limit=2", 200)
note("tasks page: keys", ",".join(r.json()))
got, path, pages = [], "/v2/tasks?limit=4", 0
while path and pages < 200:
    d = call("admin", "GET", path).json()
    got += [x["id"] for x in d["tasks"]]
    pages, path = pages + 1, d.get("next")
note(
    "tasks walked by next, limit=4",
    "%d rows, %d unique, %d pages, last page %d" % (len(got), len(set(got)), pages, len(d["tasks"])),
    len(got) == len(set(got)),
)
for qq in ("status=failure", "bogus=1", "owner=nobody", "sort_key=status&sort_dir=asc&limit=3"):
    d = call("admin", "GET", "/v2/tasks?" + qq)
    note(
        "tasks ?" + qq,
        "%d, %s"
        % (
            d.status_code,
            [(x["type"], x["status"]) for x in d.json().get("tasks", [])][:4] if d.ok else d.text[:200],
        ),
    )
for qq, want in (
    ("status=bogus", 400),
    ("type=api_image_import", 400),
    ("marker=nope", 400),
    ("marker=" + NOBODY, 400),
    ("limit=-1", 400),
    ("limit=abc", 400),
    ("sort_dir=up", 400),
    ("sort_key=bogus", 400),
    ("status=success&type=import", 200),
    ("limit=0", 200),
):
    op("ListTasks", qq, "admin", "GET", "/v2/tasks?" + qq, want)
op("ListTasks", "as a member", "demo", "GET", "/v2/tasks", 403)
op("DeleteTask", "never allowed", "admin", "DELETE", "/v2/tasks/" + t, 405)
op("DeleteTask", "as a member", "demo", "DELETE", "/v2/tasks/" + t, 403)

# ------------------------------------------------------------------ cache
call("admin", "DELETE", "/v2/cache")
note("GET /file fills the cache", call("demo", "GET", "/v2/images/%s/file" % i).status_code)
op(
    "ShowCache",
    "one cached",
    "admin",
    "GET",
    "/v2/cache",
    200,
    check=lambda r: i in [x["image_id"] for x in r.json()["cached_images"]],
)
note(
    "GET /file from the cache: same bytes",
    call("demo", "GET", "/v2/images/%s/file" % i).content == data(1 << 20),
)
d = call("admin", "GET", "/v2/cache").json()["cached_images"]
note("cache entry after a hit", json.dumps(d))
op("ShowCache", "as a member", "demo", "GET", "/v2/cache", 403)
op("CacheImage", "queue", "admin", "PUT", "/v2/cache/" + i2, 202)
for k in range(100):
    d = call("admin", "GET", "/v2/cache").json()
    if i2 in [x["image_id"] for x in d["cached_images"]]:
        break
    time.sleep(0.1)
note(
    "queued image cached",
    "after %.1f s; still queued: %s" % (k / 10, d["queued_images"]),
    i2 in [x["image_id"] for x in d["cached_images"]],
)
op("CacheImage", "queued one", "admin", "PUT", "/v2/cache/" + q, 400)
op("CacheImage", "unknown image", "admin", "PUT", "/v2/cache/" + NOBODY, 404)
op("CacheImage", "as a member", "demo", "PUT", "/v2/cache/" + i2, 403)
op("ListCacheNodes", "cached", "admin", "GET", "/v2/cache/nodes/" + i2, 200)
op("ListCacheNodes", "not cached", "admin", "GET", "/v2/cache/nodes/" + q, 200, show=True)
op("ListCacheNodes", "unknown image", "admin", "GET", "/v2/cache/nodes/" + NOBODY, 404)
op("ListCacheNodes", "as a member", "demo", "GET", "/v2/cache/nodes/" + i2, 403)
op("DeleteCachedImage", "one", "admin", "DELETE", "/v2/cache/" + i2, 204)
op("DeleteCachedImage", "again (no 404)", "admin", "DELETE", "/v2/cache/" + i2, 204)
op("DeleteCachedImage", "unknown image", "admin", "DELETE", "/v2/cache/" + NOBODY, 404)
op("DeleteCachedImage", "as a member", "demo", "DELETE", "/v2/cache/" + i, 403)
op("CleanCache", "clean", "admin", "POST", "/v2/cache/clean", 200)
op("CleanCache", "as a member", "demo", "POST", "/v2/cache/clean", 403)
op("PruneCache", "prune", "admin", "POST", "/v2/cache/prune", 200)
op("PruneCache", "as a member", "demo", "POST", "/v2/cache/prune", 403)
op(
    "ClearCache",
    "bad target",
    "admin",
    "DELETE",
    "/v2/cache",
    400,
    headers={"x-image-cache-clear-target": "nope"},
)
op(
    "ClearCache",
    "queue only",
    "admin",
    "DELETE",
    "/v2/cache",
    204,
    headers={"x-image-cache-clear-target": "queue"},
)
op("ClearCache", "all", "admin", "DELETE", "/v2/cache", 204, show=True)
op("ClearCache", "as a member", "demo", "DELETE", "/v2/cache", 403)
# the older paths, by the middleware `cachemanage`
op("QueueImageForCache", "one", "admin", "PUT", "/v2/queued_images/" + i2, 200)
op("QueueImageForCache", "as a member", "demo", "PUT", "/v2/queued_images/" + i2, 403)
op("ListQueuedImages", "all", "admin", "GET", "/v2/queued_images", 200)
op("ListQueuedImages", "as a member", "demo", "GET", "/v2/queued_images", 403)
op("DeleteQueuedImage", "one", "admin", "DELETE", "/v2/queued_images/" + i2, 200)
op("DeleteQueuedImage", "as a member", "demo", "DELETE", "/v2/queued_images/" + i2, 403)
op("DeleteQueuedImages", "all", "admin", "DELETE", "/v2/queued_images", 200)
op("DeleteQueuedImages", "as a member", "demo", "DELETE", "/v2/queued_images", 403)
call("demo", "GET", "/v2/images/%s/file" % i)
op("ListCachedImages", "all", "admin", "GET", "/v2/cached_images", 200)
op("ListCachedImages", "as a member", "demo", "GET", "/v2/cached_images", 403)
op("RemoveCachedImage", "one", "admin", "DELETE", "/v2/cached_images/" + i, 200)
op("RemoveCachedImage", "as a member", "demo", "DELETE", "/v2/cached_images/" + i, 403)
op("RemoveCachedImages", "all", "admin", "DELETE", "/v2/cached_images", 200)
op("RemoveCachedImages", "as a member", "demo", "DELETE", "/v2/cached_images", 403)

# ------------------------------------------------------------------ quotas (project `quota`: 2 MiB stored, 2 MiB staged, 3 images, 1 uploading)
for x in call("quota", "GET", "/v2/images?visibility=shared").json()["images"]:
    if x["name"] == "more":
        call("quota", "DELETE", "/v2/images/" + x["id"])
ids = [image("quota") for _ in range(3)]
r = call("quota", "POST", "/v2/images", json={"name": "fourth"})
note(
    "quota: a fourth image", "%d %s" % (r.status_code, r.text[:200].replace("\n", " ")), r.status_code == 413
)
F = "/v2/images/%s/file"
r = call("quota", "PUT", F % ids[0], data=data(5 << 20), headers=OCTET)
note(
    "quota: PUT of 5 MiB where 2 are allowed",
    "%d %s; image %s"
    % (
        r.status_code,
        r.text[:200].replace("\n", " "),
        call("quota", "GET", "/v2/images/" + ids[0]).json()["status"],
    ),
    r.status_code == 413,
)
op(
    "StageImageFile",
    "over quota",
    "quota",
    "PUT",
    "/v2/images/%s/stage" % ids[1],
    413,
    data=data(5 << 20),
    headers=OCTET,
    show=True,
)
r = call("quota", "PUT", F % ids[0], data=iter([data(1 << 20)] * 3), headers=OCTET)
note(
    "quota: PUT of 3 MiB, chunked (size not known before)",
    "%d %s" % (r.status_code, r.text[:200].replace("\n", " ")),
)
r = call("quota", "PUT", F % ids[1], data=data(1000), headers=OCTET)
note("quota: then 1000 bytes", "%d %s" % (r.status_code, r.text[:200].replace("\n", " ")))
op(
    "ImportImage",
    "over quota",
    "quota",
    "POST",
    "/v2/images/%s/import" % ids[2],
    (413, 202),
    json={"method": W},
    show=True,
)
op("ShowUsage", "over", "quota", "GET", "/v2/info/usage", 200, show=True)

for user, x in made:
    call(user, "DELETE", "/v2/images/" + x)
call("admin", "DELETE", "/v2/cache")

# ------------------------------------------------------------------ report
print("%-40s %-14s %s" % ("operation", "succeeded", "failed as asked"))
for name in sorted(seen):
    print(
        "%-40s %-14s %s"
        % (
            name,
            ",".join(map(str, sorted(set(seen[name][True])))),
            ",".join(map(str, sorted(set(seen[name][False])))),
        )
    )
lack = [n for n in seen if not seen[n][True] or not seen[n][False]]
print("%d operations; without a success or a failure: %s\n" % (len(seen), lack))
for name, what, verdict, got in rows:
    print("%-4s %-38s %s -> %s" % (verdict, name, what, got))
bad = sum(x[2] == "FAIL" for x in rows)
print("\n%d rows, %d FAIL\n\n================ literal samples ================\n" % (len(rows), bad))
print("\n".join(samples))
sys.exit(1 if bad else 0)
