#!/usr/bin/env python3
"""Seeds identity (projects, users, catalog) through Keystone's API and images through Glance's.

Users (all with password "password", domain Default):
  admin   admin on project admin         demo    member on demo
  alt     member on alt                  reader  reader on demo
  glance  service user                   noproject  no role anywhere
  quota   member on quota, whose limits are small (they count with QUOTA=1 only)
Regions: RegionOne -> Glance, RegionFault -> the fault proxy, RegionVersioned -> Glance with /v2 in the URL.
"""

import argparse
import hashlib
import json
import sqlite3
import time
import uuid
import warnings

import requests

PASSWORD = "password"
S = requests.Session()


def token(keystone, user, project):
    r = S.post(
        keystone + "/auth/tokens",
        json={
            "auth": {
                "identity": {
                    "methods": ["password"],
                    "password": {"user": {"name": user, "domain": {"name": "Default"}, "password": PASSWORD}},
                },
                "scope": {"project": {"name": project, "domain": {"name": "Default"}}},
            }
        },
    )
    r.raise_for_status()
    return r.headers["X-Subject-Token"], r.json()["token"]


class Api:
    def __init__(self, base, tok):
        self.base, self.h = base, {"X-Auth-Token": tok}

    def __call__(self, method, path, ok=(200, 201, 204), **kw):
        kw.setdefault("headers", {}).update(self.h)
        r = S.request(method, self.base + path, **kw)
        if r.status_code not in ok:
            raise SystemExit("%s %s -> %d %s" % (method, path, r.status_code, r.text[:300]))
        return r


def identity(a):
    tok, body = token(a.keystone, "admin", "admin")
    ks = Api(a.keystone, tok)

    def ensure(kind, name, **fields):
        found = ks("GET", "/%ss" % kind, params={"name": name}).json()[kind + "s"]
        if found:
            return found[0]["id"]
        return ks("POST", "/%ss" % kind, json={kind: dict(fields, name=name)}).json()[kind]["id"]

    roles = {r["name"]: r["id"] for r in ks("GET", "/roles").json()["roles"]}
    roles.setdefault("service", ensure("role", "service"))
    projects = {
        n: ensure("project", n, domain_id="default") for n in ("service", "demo", "alt", "admin", "quota")
    }
    users = {
        n: ensure("user", n, domain_id="default", password=PASSWORD)
        for n in ("glance", "demo", "alt", "reader", "noproject", "admin", "quota")
    }
    for user, project, role in (
        ("glance", "service", "admin"),
        ("glance", "service", "service"),
        ("demo", "demo", "member"),
        ("alt", "alt", "member"),
        ("reader", "demo", "reader"),
        ("quota", "quota", "member"),
    ):
        ks("PUT", "/projects/%s/users/%s/roles/%s" % (projects[project], users[user], roles[role]))
    # oslo.limit, in Glance, reads endpoints and limits as a system reader
    ks("PUT", "/system/users/%s/roles/%s" % (users["glance"], roles["reader"]))
    services = ks("GET", "/services", params={"type": "image"}).json()["services"]
    sid = (
        services[0]["id"]
        if services
        else ks("POST", "/services", json={"service": {"type": "image", "name": "glance"}}).json()["service"][
            "id"
        ]
    )
    regions = {r["id"] for r in ks("GET", "/regions").json()["regions"]}
    have = {
        (e["region_id"], e["interface"])
        for e in ks("GET", "/endpoints", params={"service_id": sid}).json()["endpoints"]
    }
    for region, url in (
        ("RegionOne", a.glance),
        ("RegionFault", a.proxy),
        ("RegionVersioned", a.glance + "/v2"),
    ):
        if not url:
            continue
        if region not in regions:
            ks("POST", "/regions", json={"region": {"id": region}})
        for interface in ("public", "internal", "admin"):
            if (region, interface) not in have:
                ks(
                    "POST",
                    "/endpoints",
                    json={
                        "endpoint": {
                            "service_id": sid,
                            "interface": interface,
                            "region_id": region,
                            "url": url,
                        }
                    },
                )
    limits(ks, sid, projects["quota"])
    print("seed: identity done; projects " + json.dumps(projects))


def limits(ks, sid, project):
    """Limits of Glance in Keystone: MiB for the sizes, counts for the rest; the project `quota` gets small ones."""
    wide = {
        "image_size_total": 1000000,
        "image_stage_total": 1000000,
        "image_count_total": 1000000,
        "image_count_uploading": 1000,
    }
    small = {
        "image_size_total": 2,
        "image_stage_total": 2,
        "image_count_total": 3,
        "image_count_uploading": 1,
    }
    have = {
        x["resource_name"]
        for x in ks("GET", "/registered_limits", params={"service_id": sid}).json()["registered_limits"]
    }
    new = [
        {"service_id": sid, "region_id": "RegionOne", "resource_name": n, "default_limit": v}
        for n, v in wide.items()
        if n not in have
    ]
    if new:
        ks("POST", "/registered_limits", json={"registered_limits": new})
    have = {x["resource_name"] for x in ks("GET", "/limits", params={"project_id": project}).json()["limits"]}
    new = [
        {
            "service_id": sid,
            "region_id": "RegionOne",
            "project_id": project,
            "resource_name": n,
            "resource_limit": v,
        }
        for n, v in small.items()
        if n not in have
    ]
    if new:
        ks("POST", "/limits", json={"limits": new})


# --- images ---------------------------------------------------------------------
OSES = [
    ("Linux", "Ubuntu", "Ubuntu 22.04 server 64bit"),
    ("Linux", "Ubuntu", "Ubuntu 24.04 server 64bit"),
    ("Linux", "CentOS", "CentOS 7.9 64bit"),
    ("Linux", "Debian", "Debian GNU/Linux 12 64bit"),
    ("Linux", "EulerOS", "EulerOS 2.10 64bit"),
    ("Linux", "openSUSE", "openSUSE 15.5 64bit"),
    ("Windows", "Windows", "Windows Server 2019 Standard 64bit"),
    ("Windows", "Windows", "Windows Server 2022 Datacenter 64bit"),
    ("Other", "Other", "Other(64 bit) 64bit"),
]
DISK = ["qcow2", "raw", "vhd", "vmdk", "iso", "vhdx", "vdi", "ami"]
CONTAINER = ["bare", "bare", "bare", "ovf", "docker", "ami"]
NAMES = [
    "Standard_{p}_{i:04d}",
    "gold-{p}-{i:04d}",
    "snapshot {p} {i:04d}",
    "{p}-{i:04d}",
    "Büro-Image-{i:04d}",
    "镜像-{i:04d}",
    "a,b;c={i:04d}",
    "slash/{p}/{i:04d}",
    "per%cent+plus&amp-{i:04d}",
    "dup-name",
]


def plan(i):
    """The i-th image, the same on every run: (owner, fields, tags, bytes or None, members, deactivate)."""
    os_type, platform, version = OSES[i % len(OSES)]
    owner = "admin" if i % 5 in (0, 1) else ("alt" if i % 5 == 4 else "demo")
    visibility = {0: "public", 1: "public", 2: "private", 3: "shared", 4: "community"}[i % 5]
    if i % 25 == 24:
        visibility = "shared"  # alt's, shared with demo
    imagetype = {"public": "gold", "shared": "shared"}.get(visibility, "private")
    disk, container = DISK[i % len(DISK)], CONTAINER[i % len(CONTAINER)]
    if "ami" in (disk, container):
        disk = container = "ami"
    f = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, "harness-image-%d" % i)),
        "name": NAMES[i % len(NAMES)].format(p=platform, i=i),
        "visibility": visibility,
        "disk_format": disk,
        "container_format": container,
        "min_ram": [0, 512, 1024, 2048, 4096][i % 5],
        "min_disk": [0, 1, 8, 40, 100][(i // 2) % 5],
        "protected": i % 50 == 7,
        "os_hidden": i % 40 == 11,
        "__isregistered": "true" if i % 6 else "false",
        "__imagetype": imagetype,
        "__os_type": os_type,
        "__platform": platform,
        "__os_bit": "64" if i % 7 else "32",
        "__os_version": version,
        "__image_source_type": ["uds", "swift"][i % 2],
        "virtual_env_type": ["FusionCompute", "Ironic", "DataImage", "IsoImage"][i % 4],
        "hw_firmware_type": ["bios", "uefi"][i % 2],
        "__image_size": str(1024 * (i + 1)),
        "__originalimagename": "orig-%d" % i,
    }
    if i % 3 == 0:
        f["__support_kvm"] = "true"
    if i % 4 == 0:
        f["__description"] = 'Line one\nline two "quoted" \u00e4\u00f6\u00fc'
    if i % 13 == 12:
        del f["name"]  # name: null
    if i % 17 == 16:
        f.pop("disk_format"), f.pop("container_format")
    tags = (
        ["seed", "os:" + os_type.lower()]
        + (["nightly"] if i % 3 == 0 else [])
        + (["tag with space", "ünï"] if i % 10 == 0 else [])
    )
    ready = i % 2 == 0 and "disk_format" in f
    data = (b"image-%06d|" % i) * (1 + i % 64) if ready else None
    members = []
    if visibility == "shared":
        members = [("alt" if owner == "demo" else "demo", ["pending", "accepted", "rejected"][(i // 5) % 3])]
    return owner, f, tags, data, members, ready and i % 20 == 8


def by_api(a, images):
    tok = {u: token(a.keystone, u, u) for u in ("admin", "demo", "alt")}
    api = {u: Api(a.glance, t[0]) for u, t in tok.items()}
    pid = {u: t[1]["project"]["id"] for u, t in tok.items()}
    for i in images:
        owner, f, tags, data, members, off = plan(i)
        g = api[owner]
        r = g("POST", "/v2/images", ok=(201, 409), json=dict(f, tags=tags))
        if r.status_code == 409:
            continue
        if data is not None:
            g(
                "PUT",
                "/v2/images/%s/file" % f["id"],
                data=data,
                headers={"Content-Type": "application/octet-stream"},
            )
        for who, status in members:
            g("POST", "/v2/images/%s/members" % f["id"], json={"member": pid[who]})
            if status != "pending":
                api[who]("PUT", "/v2/images/%s/members/%s" % (f["id"], pid[who]), json={"status": status})
        if off:
            api["admin"]("POST", "/v2/images/%s/actions/deactivate" % f["id"])


def by_db(a, images):
    """Same rows through Glance's own database API (no data is stored; for large N)."""
    warnings.simplefilter("ignore")
    from glance import context
    from glance.common import config as gconfig  # noqa: F401  (registers options)
    from glance.db.sqlalchemy import api as db
    from oslo_config import cfg

    cfg.CONF([], project="glance", default_config_files=[a.glance_conf])
    tok = {u: token(a.keystone, u, u)[1]["project"]["id"] for u in ("admin", "demo", "alt")}
    ctx = context.get_admin_context()
    for i in images:
        owner, f, tags, data, members, off = plan(i)
        f = dict(f)
        core = {
            k: f.pop(k)
            for k in list(f)
            if k
            in (
                "id",
                "name",
                "visibility",
                "disk_format",
                "container_format",
                "min_ram",
                "min_disk",
                "protected",
                "os_hidden",
            )
        }
        status = "queued" if data is None else ("deactivated" if off else "active")
        if data is not None:
            core.update(
                size=len(data),
                checksum=hashlib.md5(data).hexdigest(),
                os_hash_algo="sha512",
                os_hash_value=hashlib.sha512(data).hexdigest(),
            )
        try:
            db.image_create(ctx, dict(core, status=status, owner=tok[owner], properties=f))
        except Exception as e:
            if type(e).__name__ == "Duplicate":
                continue
            raise
        db.image_tag_set_all(ctx, core["id"], tags)
        for who, mstatus in members:
            db.image_member_create(
                ctx, {"image_id": core["id"], "member": tok[who], "can_share": False, "status": mstatus}
            )


def spread(a):
    """created_at is read-only in the API: put the seeded images one hour apart, in threes (so ties exist)."""
    if not a.glance_db:
        return
    db = sqlite3.connect(a.glance_db, timeout=30)
    base = 1704067200  # 2024-01-01T00:00:00Z
    for i in range(a.images):
        when = time.strftime("%Y-%m-%d %H:%M:%S.000000", time.gmtime(base + 3600 * (i // 3)))
        db.execute(
            "UPDATE images SET created_at=?, updated_at=? WHERE id=?",
            (when, when, str(uuid.uuid5(uuid.NAMESPACE_URL, "harness-image-%d" % i))),
        )
    db.commit()
    db.close()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--keystone", default="http://127.0.0.1:15000/v3")
    p.add_argument("--glance", default="http://127.0.0.1:19292")
    p.add_argument("--proxy", default="")
    p.add_argument("--images", type=int, default=250)
    p.add_argument("--identity-only", action="store_true")
    p.add_argument(
        "--bulk",
        choices=["auto", "api", "db"],
        default="auto",
        help="auto: the first 250 through the API, the rest in the database",
    )
    p.add_argument("--glance-db", default="")
    p.add_argument("--glance-conf", default="")
    a = p.parse_args()
    if a.identity_only:
        return identity(a)
    t = time.time()
    first = {"auto": min(a.images, 250), "api": a.images, "db": 0}[a.bulk]
    by_api(a, range(first))
    t1 = time.time()
    if first < a.images:
        by_db(a, range(first, a.images))
    spread(a)
    print(
        "seed: %d images by API in %.1fs, %d by database in %.1fs"
        % (first, t1 - t, a.images - first, time.time() - t1)
    )


if __name__ == "__main__":
    main()
