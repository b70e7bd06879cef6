import re

import names
from core import DAY, T0, Cloud, Reply, route, whole


class Hetzner(Cloud):
    name, bases, vendor_host, budget = "hetzner", ("/v1",), "https://api.hetzner.cloud/v1", (3600, 3600)
    LOCATIONS = [
        (1, "fsn1", "DE", "Falkenstein", "eu-central", 50.47612, 12.370071),
        (2, "nbg1", "DE", "Nuremberg", "eu-central", 49.452102, 11.076665),
        (3, "hel1", "FI", "Helsinki", "eu-central", 60.169857, 24.938379),
        (4, "ash", "US", "Ashburn, VA", "us-east", 39.045821, -77.487073),
    ]
    STATUS = {
        400: ("invalid_input", "invalid input"),
        401: ("unauthorized", "unable to authenticate"),
        403: ("forbidden", "insufficient permissions for this request"),
        404: ("not_found", "entity not found"),
        405: ("method_not_allowed", "method not allowed"),
        409: ("conflict", "conflict, please retry"),
        422: ("invalid_input", "invalid input"),
        423: ("locked", "the item is locked"),
        429: ("rate_limit_exceeded", "rate limit exceeded"),
        503: ("unavailable", "service unavailable"),
        502: ("bad_gateway", "bad gateway"),
        504: ("timeout", "timeout"),
    }

    def error(self, status, message=None, code=None, details=None, **more):
        ident, text = self.STATUS.get(status, ("service_error", "service error"))
        return Reply(
            status, {"error": {"code": code or ident, "message": message or text, "details": details}}
        )

    def invalid(self, field, why):
        return self.error(
            422,
            f"invalid input in field '{field}': {why}",
            "invalid_input",
            {"fields": [{"name": field, "messages": [why]}]},
        )

    def bad_json(self):
        return self.error(400, "invalid JSON in request body", "json_error")

    def limit_headers(self, limit, remaining, reset, wait):
        return {
            "RateLimit-Limit": str(limit),
            "RateLimit-Remaining": str(remaining),
            "RateLimit-Reset": str(reset),
        }

    def seed(self):
        n, self.images, self.acts = self.config["images"], {}, {}
        self.next = 300_000_000
        system = [
            ("ubuntu", "24.04", "x86", None),
            ("ubuntu", "24.04", "arm", None),
            ("ubuntu", "20.04", "x86", T0 - 30 * DAY),
            ("ubuntu", "20.04", "arm", T0 - 30 * DAY),
        ]
        for i in range(n):
            ident = 4711 + i * 13
            flavor, version, arch, old = (
                system[i] if i < 4 else ("unknown", None, "x86" if i % 3 else "arm", None)
            )
            kind = "system" if i < 4 else "app" if i < 6 else "backup" if i % 4 == 0 else "snapshot"
            if i >= 4 and i % 2:
                flavor, version = ("debian", "12") if i % 4 == 1 else ("rocky", "9")
            image = {
                "id": ident,
                "type": kind,
                "status": "available",
                "name": None,
                "description": names.own(i),
                "image_size": 2.3 + i / 10,
                "disk_size": 40,
                "created": self.stamp(T0 - i * DAY, "%Y-%m-%dT%H:%M:%S+00:00"),
                "created_from": {"id": 1 + i, "name": f"server-{i}"},
                "bound_to": None,
                "os_flavor": flavor,
                "os_version": version,
                "architecture": arch,
                "rapid_deploy": False,
                "protection": {"delete": False},
                "deprecated": None,
                "deleted": None,
                "labels": {"env": "prod" if i % 2 else "test", "n": str(i)},
            }
            if kind == "system":
                image.update(
                    name=f"ubuntu-{version}",
                    description=f"Ubuntu {version} Standard 64 bit",
                    image_size=None,
                    disk_size=5,
                    created_from=None,
                    rapid_deploy=True,
                    labels={},
                    deprecated=old and self.stamp(old, "%Y-%m-%dT%H:%M:%S+00:00"),
                )
            elif kind == "app":
                image.update(
                    name=("docker-ce", "wordpress")[i - 4],
                    image_size=None,
                    created_from=None,
                    labels={},
                    os_flavor="ubuntu",
                    os_version="24.04",
                )
            elif kind == "backup":
                image.update(bound_to=1 + i, labels={})
            if i == 9:
                image["protection"] = {"delete": True}
            self.images[ident] = image
        ids = list(self.images)
        if self.config["quirks"] and n > 10:
            self.images[ids[-1]].update(
                os_flavor="archlinux", status="replicating"
            )  # values outside the enums
            self.images[ids[-2]].update(id=9007199254740991)
            self.images[9007199254740991] = self.images.pop(ids[-2])

    def one(self, req, name, text, least=1):
        value = whole(text)
        if value is None or value < least:
            raise self.invalid(name, "must be a positive integer")
        return value

    def page(self, req, path, key, rows, limit=50):
        page = self.one(req, "page", req.get("page", "1"))
        per = min(self.one(req, "per_page", req.get("per_page", "25")), limit)
        last = max(1, -(-len(rows) // per))
        before, after = (page - 1 if page > 1 else None), (page + 1 if page < last else None)
        rest = {k: v for k, v in req.query if k not in ("page", "per_page")}

        def to(n):
            return f"<{self.link(req, path, page=n, per_page=per, **rest)}>"

        link = [
            f'{to(n)}; rel="{rel}"' for n, rel in ((before, "prev"), (after, "next"), (last, "last")) if n
        ]
        out = {
            key: rows[(page - 1) * per : page * per],
            "meta": {
                "pagination": {
                    "page": page,
                    "per_page": per,
                    "previous_page": before,
                    "next_page": after,
                    "last_page": last,
                    "total_entries": len(rows),
                }
            },
        }
        return Reply(200, out, {"Link": ", ".join(link)})

    def settled(self, image):
        if image.get("_ready") and image["_ready"] <= self.now():
            image.pop("_ready")
            image.update(status="available", image_size=2.3)
        return {k: v for k, v in image.items() if k[0] != "_"}

    def sort(self, req, rows, fields):
        for text in reversed(req.all("sort")):
            field, _, way = text.partition(":")
            if field not in fields or way not in ("", "asc", "desc"):
                raise self.invalid("sort", "must be one of " + ", ".join(fields))
            rows.sort(
                key=lambda r: (r[field] is None, r[field] if r[field] is not None else ""),
                reverse=way == "desc",
            )
        return rows

    def selector(self, text, labels):
        for part in re.split(r",(?![^(]*\))", text):
            part = part.strip()
            if m := re.fullmatch(r"([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)", part):
                if (labels.get(m[1]) == m[3]) == (m[2] == "!="):
                    return False
            elif m := re.fullmatch(r"([\w./-]+)\s+(in|notin)\s+\(([^)]*)\)", part):
                if (labels.get(m[1]) in [v.strip() for v in m[3].split(",")]) == (m[2] == "notin"):
                    return False
            elif m := re.fullmatch(r"(!?)([\w./-]+)", part):
                if (m[2] in labels) == bool(m[1]):
                    return False
            else:
                raise self.invalid("label_selector", "invalid label selector")
        return True

    @route("GET", "/images")
    def list_images(self, req):
        rows = [self.settled(i) for i in self.images.values()]
        for name, allowed in (
            ("type", ("system", "app", "snapshot", "backup")),
            ("status", ("available", "creating", "unavailable")),
            ("architecture", ("x86", "arm")),
        ):
            want = req.all(name)
            if set(want) - set(allowed):
                raise self.invalid(name, "must be one of " + ", ".join(allowed))
            if want:
                rows = [r for r in rows if r[name] in want]
        if req.all("name"):
            rows = [r for r in rows if r["name"] in req.all("name")]
        if req.all("bound_to"):
            rows = [r for r in rows if str(r["bound_to"]) in req.all("bound_to")]
        if (req.get("include_deprecated") or "false").lower() != "true":
            rows = [r for r in rows if not r["deprecated"]]
        if req.get("label_selector"):
            rows = [r for r in rows if self.selector(req.get("label_selector"), r["labels"])]
        return self.page(req, "/images", "images", self.sort(req, rows, ("id", "name", "created")))

    def find(self, ident):
        image = self.images.get(whole(ident))
        if image is None:
            raise self.error(404, f"image with ID '{ident}' not found", details={})
        return image

    @route("GET", r"/images/(\d+)")
    def show_image(self, req, ident):
        return {"image": self.settled(self.find(ident))}

    @route("PUT", r"/images/(\d+)")
    def update_image(self, req, ident):
        image, body = self.find(ident), self.json(req)
        if not isinstance(body, dict):
            raise self.bad_json()
        if image["type"] in ("system", "app"):
            raise self.error(403, "system images cannot be changed", "forbidden")
        if "type" in body:
            if body["type"] != "snapshot" or image["type"] != "backup":
                raise self.invalid("type", "only backups can be changed to snapshot")
            image.update(type="snapshot", bound_to=None)
        if "labels" in body:
            if not isinstance(body["labels"], dict) or any(
                not isinstance(v, str) for v in body["labels"].values()
            ):
                raise self.invalid("labels", "must be a map of strings")
            image["labels"] = body["labels"]
        if "description" in body:
            image["description"] = body["description"]
        return {"image": self.settled(image)}

    @route("DELETE", r"/images/(\d+)")
    def delete_image(self, req, ident):
        image = self.find(ident)
        if image["type"] in ("system", "app"):
            raise self.error(403, "system images cannot be deleted", "forbidden")
        if image["protection"]["delete"]:
            raise self.error(423, "image deletion is protected", "protected")
        if self.settled(image)["status"] == "creating":
            raise self.error(423, "image is locked", "locked")
        del self.images[image["id"]]
        return Reply(204)

    def act(self, command, kind, ident):
        self.next += 1
        self.acts[self.next] = {
            "id": self.next,
            "command": command,
            "status": "running",
            "progress": 0,
            "error": None,
            "started": self.stamp(self.now(), "%Y-%m-%dT%H:%M:%S+00:00"),
            "finished": None,
            "resources": [{"id": ident, "type": kind}],
            "_ready": self.ready(),
        }
        return self.view(self.acts[self.next])

    def view(self, a):
        if a["status"] == "running":
            left = a["_ready"] - self.now()
            if left <= 0:
                a.update(
                    status="success",
                    progress=100,
                    finished=self.stamp(a["_ready"], "%Y-%m-%dT%H:%M:%S+00:00"),
                )
            else:
                a["progress"] = int(100 * (1 - left / max(self.config["build_seconds"], 0.001)))
        return {k: v for k, v in a.items() if k[0] != "_"}

    @route("POST", r"/images/(\d+)/actions/change_protection")
    def protect(self, req, ident):
        image, body = self.find(ident), self.json(req)
        if not isinstance(body, dict) or not isinstance(body.get("delete"), bool):
            raise self.invalid("delete", "must be a boolean")
        if image["type"] != "snapshot":
            raise self.error(422, "only snapshots can be protected", "unsupported_error")
        image["protection"] = {"delete": body["delete"]}
        return Reply(201, {"action": self.act("change_protection", "image", image["id"])})

    @route("POST", r"/servers/(\d+)/actions/create_image")
    def create_image(self, req, server):
        body = self.json(req) or {}
        if int(server) == 0 or int(server) > 100_000:
            raise self.error(404, f"server with ID '{server}' not found", details={})
        if body.get("type", "snapshot") not in ("snapshot", "backup"):
            raise self.invalid("type", "must be snapshot or backup")
        action = self.act("create_image", "server", int(server))
        self.next += 1
        image = {
            "id": self.next,
            "type": body.get("type", "snapshot"),
            "status": "creating",
            "name": None,
            "description": body.get("description") or self.stamp(self.now()),
            "image_size": None,
            "disk_size": 40,
            "created": self.stamp(self.now(), "%Y-%m-%dT%H:%M:%S+00:00"),
            "created_from": {"id": int(server), "name": f"server-{server}"},
            "bound_to": int(server) if body.get("type") == "backup" else None,
            "os_flavor": "ubuntu",
            "os_version": "24.04",
            "architecture": "x86",
            "rapid_deploy": False,
            "protection": {"delete": False},
            "deprecated": None,
            "deleted": None,
            "labels": body.get("labels") or {},
            "_ready": self.ready(),
        }
        self.images[self.next] = image
        return Reply(201, {"action": action, "image": self.settled(image)})

    def acts_of(self, ident=None):
        return [
            self.view(a)
            for a in self.acts.values()
            if any((r["type"] == "image" and (ident is None or r["id"] == ident)) for r in a["resources"])
        ]

    @route("GET", r"/images/(\d+)/actions")
    def image_actions(self, req, ident):
        self.find(ident)
        rows = self.sort(req, self.acts_of(int(ident)), ("id", "command", "status", "started", "finished"))
        return self.page(req, f"/images/{ident}/actions", "actions", rows)

    @route("GET", r"/images/(\d+)/actions/(\d+)")
    def image_action(self, req, ident, action):
        found = [a for a in self.acts_of(int(ident)) if a["id"] == int(action)]
        if not found:
            raise self.error(404, f"action with ID '{action}' not found", details={})
        return {"action": found[0]}

    @route("GET", "/images/actions")
    def images_actions(self, req):
        rows = [a for a in self.acts_of() if not req.all("id") or str(a["id"]) in req.all("id")]
        rows = self.sort(req, rows, ("id", "command", "status", "started", "finished"))
        return self.page(req, "/images/actions", "actions", rows)

    @route("GET", r"/(?:images/)?actions/(\d+)")
    def action(self, req, ident):
        a = self.acts.get(int(ident))
        if a is None:
            raise self.error(404, f"action with ID '{ident}' not found", details={})
        return {"action": self.view(a)}

    def place(self, row):
        i, name, country, city, zone, lat, lon = row
        return {
            "id": i,
            "name": name,
            "description": f"{city} DC Park 1",
            "country": country,
            "city": city,
            "latitude": lat,
            "longitude": lon,
            "network_zone": zone,
        }

    @route("GET", "/locations")
    def locations(self, req):
        rows = [self.place(r) for r in self.LOCATIONS]
        rows = [r for r in rows if not req.all("name") or r["name"] in req.all("name")]
        return self.page(req, "/locations", "locations", self.sort(req, rows, ("id", "name")))

    @route("GET", "/datacenters")
    def datacenters(self, req):
        rows = [
            {
                "id": r[0],
                "name": f"{r[1]}-dc14",
                "description": f"{r[3]} 1 DC 14",
                "location": self.place(r),
                "server_types": {"supported": [22, 45], "available": [22], "available_for_migration": [22]},
            }
            for r in self.LOCATIONS
        ]
        out = self.page(req, "/datacenters", "datacenters", rows)
        out.body["recommendation"] = 1
        return out

    @route("GET", "/server_types")
    def server_types(self, req):
        rows = []
        for k, (name, arch, cores, memory, disk, kind) in enumerate(
            (
                ("cpx11", "x86", 2, 2, 40, "shared"),
                ("cax11", "arm", 2, 4, 40, "shared"),
                ("ccx13", "x86", 2, 8, 80, "dedicated"),
            )
        ):
            price = {"net": "1.0000000000", "gross": "1.1900000000"}
            rows.append(
                {
                    "id": (22, 45, 96)[k],
                    "name": name,
                    "description": name.upper(),
                    "category": "Shared vCPU",
                    "cores": cores,
                    "memory": memory,
                    "disk": disk,
                    "storage_type": "local",
                    "cpu_type": kind,
                    "architecture": arch,
                    "deprecated": False,
                    "deprecation": None,
                    "locations": [{"id": r[0], "name": r[1], "deprecation": None} for r in self.LOCATIONS],
                    "prices": [
                        {
                            "location": r[1],
                            "price_hourly": price,
                            "price_monthly": price,
                            "included_traffic": 654321,
                            "price_per_tb_traffic": price,
                        }
                        for r in self.LOCATIONS
                    ],
                }
            )
        rows = [r for r in rows if not req.all("name") or r["name"] in req.all("name")]
        return self.page(req, "/server_types", "server_types", rows)

    def iso_rows(self):
        return [
            {
                "id": 4711 + k,
                "name": f"FreeBSD-11.0-RELEASE-amd64-dvd{k}",
                "description": "FreeBSD 11.0 x64",
                "type": "public",
                "architecture": ("x86", "arm", None)[k % 3],
                "deprecation": None,
            }
            for k in range(30)
        ]

    @route("GET", "/isos")
    def isos(self, req):
        rows = [r for r in self.iso_rows() if not req.all("name") or r["name"] in req.all("name")]
        return self.page(req, "/isos", "isos", rows)

    @route("GET", r"/isos/(\d+)")
    def iso(self, req, ident):
        found = [r for r in self.iso_rows() if r["id"] == int(ident)]
        if not found:
            raise self.error(404, f"iso with ID '{ident}' not found", details={})
        return {"iso": found[0]}
