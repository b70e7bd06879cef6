import base64
import re

import names
from core import DAY, T0, Cloud, Reply, basic, route, whole


class Vultr(Cloud):
    name, bases, vendor_host, budget = "vultr", ("/v2",), "https://api.vultr.com/v2", (30, 1)
    REGIONS = [
        ("ams", "Amsterdam", "NL", "Europe"),
        ("ewr", "New Jersey", "US", "North America"),
        ("sea", "Seattle", "US", "North America"),
    ]

    def error(self, status, message=None, **more):
        text = message or {
            400: "Invalid request.",
            401: "Invalid API token.",
            403: "Unauthorized.",
            404: "Invalid resource ID.",
            405: "Method not allowed.",
            429: "Rate limit exceeded.",
        }.get(status, "Internal server error.")
        return Reply(status, {"error": text, "status": status})

    def seed(self):
        r, n = names.rng(6), self.config["images"]
        self.os = [
            {"id": i, "name": name, "arch": arch, "family": family}
            for i, name, arch, family in names.VULTR[:n]
        ]
        while len(self.os) < n:  # the real list has some 60 entries; more to page through
            k = len(self.os)
            self.os.append(
                {"id": 1000 + k, "name": f"Ubuntu 20.04 x64 variant {k}", "arch": "x64", "family": "ubuntu"}
            )
        self.apps = [
            {
                "id": k + 1,
                "name": f"App {k}",
                "short_name": f"app{k}",
                "deploy_name": f"App {k} on Ubuntu 20.04 x64",
                "type": "one-click" if k % 2 else "marketplace",
                "vendor": "vultr",
                "image_id": "" if k % 2 else f"app-{k}",
            }
            for k in range(n)
        ]
        self.snaps = {}
        for k in range(n):
            u = names.uuid(r)
            self.snaps[u] = {
                "id": u,
                "date_created": self.stamp(T0 - k * DAY, "%Y-%m-%dT%H:%M:%S+00:00"),
                "description": names.own(k),
                "size": 42949672960,
                "compressed_size": 949678560,
                "status": "complete",
                "os_id": (215, 387, 477)[k % 3],
                "app_id": 0,
            }
        self.isos = {}
        for k in range(3):
            u = names.uuid(r)
            self.isos[u] = {
                "id": u,
                "date_created": self.stamp(T0, "%Y-%m-%dT%H:%M:%S+00:00"),
                "filename": f"my-iso-{k}.iso",
                "size": 120586240,
                "status": "complete",
                "md5sum": "77ba289bdc966ec996278a5a740d96d8",
                "sha512sum": "2b31b6fcab34d6ea",
            }
        self.r = r
        if self.config["quirks"] and n > 5:
            self.os[-1].update(arch="arm64", family="rockylinux")
            list(self.snaps.values())[-1].update(description=None, size=0, status="deleted")

    def page(self, req, key, rows):
        per = whole(req.get("per_page", "100"))
        if per is None or per < 1:
            raise self.error(400, "Invalid per_page.")
        per, start, cursor = min(per, 500), 0, req.get("cursor")
        if cursor:
            text = basic(cursor) or ""
            m = re.fullmatch(r"(next|prev)__(.+)", text)
            at = next((k for k, row in enumerate(rows) if m and str(row["id"]) == m[2]), None)
            if at is None:
                raise self.error(400, "Invalid cursor.")
            start = at if m[1] == "next" else max(0, at - per)
        part = rows[start : start + per]

        def pointer(way, row):
            return base64.b64encode(f"{way}__{row['id']}".encode()).decode()

        after = pointer("next", rows[start + per]) if start + per < len(rows) else ""
        before = pointer("prev", rows[start]) if start > 0 else ""
        return {key: part, "meta": {"total": len(rows), "links": {"next": after, "prev": before}}}

    @route("GET", "/os", auth=False)
    def list_os(self, req):
        return self.page(req, "os", self.os)

    @route("GET", "/applications", auth=False)
    def applications(self, req):
        kind = req.get("type", "all")
        if kind not in ("all", "marketplace", "one-click"):
            raise self.error(400, "Invalid type.")
        return self.page(req, "applications", [a for a in self.apps if kind in ("all", a["type"])])

    def settled(self, row):
        if row.get("_ready") and row["_ready"] <= self.now():
            row.pop("_ready")
            row["status"] = "complete"
            row.update(row.pop("_then"))
        return {k: v for k, v in row.items() if k[0] != "_"}

    @route("GET", "/snapshots")
    def snapshots(self, req):
        rows = [self.settled(s) for s in self.snaps.values()]
        if req.get("description"):
            rows = [s for s in rows if s["description"] == req.get("description")]
        return self.page(req, "snapshots", rows)

    def make(self, description, status="pending"):
        ident = names.uuid(self.r)
        row = {
            "id": ident,
            "date_created": self.stamp(self.now(), "%Y-%m-%dT%H:%M:%S+00:00"),
            "description": description,
            "size": 0,
            "compressed_size": 0,
            "status": status,
            "os_id": 387,
            "app_id": 0,
            "_ready": self.ready(),
            "_then": {"size": 42949672960, "compressed_size": 949678560},
        }
        self.snaps[ident] = row
        return row

    @route("POST", "/snapshots")
    def create(self, req):
        body = self.json(req)
        if not isinstance(body, dict) or not body.get("instance_id"):
            raise self.error(400, "Invalid instance ID.")
        return Reply(201, {"snapshot": self.settled(self.make(body.get("description", "")))})

    @route("POST", "/snapshots/create-from-url")
    def create_from_url(self, req):
        body = self.json(req)
        if not isinstance(body, dict) or not re.match("https?://", str(body.get("url"))):
            raise self.error(400, "Invalid URL.")
        return Reply(202, {"snapshot": self.settled(self.make(body.get("description", "")))})

    def find(self, table, ident, what):
        if ident not in table:
            raise self.error(404, f"Invalid {what} ID.")
        return table[ident]

    @route("GET", r"/snapshots/([^/]+)")
    def show(self, req, ident):
        return {"snapshot": self.settled(self.find(self.snaps, ident, "snapshot"))}

    @route("PUT", r"/snapshots/([^/]+)")
    def update(self, req, ident):
        row, body = self.find(self.snaps, ident, "snapshot"), self.json(req)
        if not isinstance(body, dict) or not isinstance(body.get("description"), str):
            raise self.error(400, "Invalid description.")
        row["description"] = body["description"]
        return Reply(204)

    @route("DELETE", r"/snapshots/([^/]+)")
    def delete(self, req, ident):
        self.find(self.snaps, ident, "snapshot")
        del self.snaps[ident]
        return Reply(204)

    @route("GET", "/backups")
    def backups(self, req):
        rows = [
            {
                "id": s["id"],
                "date_created": s["date_created"],
                "description": "auto",
                "size": 10000,
                "status": "complete",
            }
            for s in list(self.snaps.values())[:7]
        ]
        return self.page(req, "backups", rows)

    @route("GET", r"/backups/([^/]+)")
    def backup(self, req, ident):
        found = [b for b in self.backups(req)["backups"] if b["id"] == ident]
        if not found:
            raise self.error(404, "Invalid backup ID.")
        return {"backup": found[0]}

    @route("GET", "/iso")
    def list_isos(self, req):
        return self.page(req, "isos", [self.settled(i) for i in self.isos.values()])

    @route("POST", "/iso")
    def create_iso(self, req):
        body = self.json(req)
        if not isinstance(body, dict) or not re.match("https?://", str(body.get("url"))):
            raise self.error(400, "Invalid URL.")
        ident = names.uuid(self.r)
        self.isos[ident] = {
            "id": ident,
            "date_created": self.stamp(self.now(), "%Y-%m-%dT%H:%M:%S+00:00"),
            "status": "pending",
            "filename": body["url"].rsplit("/", 1)[-1],
            "_ready": self.ready(),
            "_then": {
                "size": 120586240,
                "md5sum": "77ba289bdc966ec996278a5a740d96d8",
                "sha512sum": "2b31b6fc",
            },
        }
        return Reply(201, {"iso": self.settled(self.isos[ident])})

    @route("GET", r"/iso/([^/]+)")
    def show_iso(self, req, ident):
        return {"iso": self.settled(self.find(self.isos, ident, "ISO"))}

    @route("DELETE", r"/iso/([^/]+)")
    def delete_iso(self, req, ident):
        self.find(self.isos, ident, "ISO")
        del self.isos[ident]
        return Reply(204)

    @route("GET", "/iso-public", auth=False)
    def public_isos(self, req):
        rows = [
            {
                "id": "cb676a46-66fd-4dfb-b839-443f2e6c0b604",
                "name": "CentOS 7",
                "description": "7 x86_64 Minimal",
                "md5sum": "7f4df50f42ee1b52b193e79855a3aa19",
            }
        ]
        return self.page(req, "public_isos", rows)

    @route("GET", "/regions", auth=False)
    def regions(self, req):
        return self.page(
            req,
            "regions",
            [
                {
                    "id": i,
                    "city": c,
                    "country": n,
                    "continent": t,
                    "options": ["ddos_protection", "kubernetes"],
                }
                for i, c, n, t in self.REGIONS
            ],
        )

    PLANS = ["vc2-1c-1gb", "vc2-2c-4gb", "vhf-8c-32gb", "vcg-a16-2c-8g-2vram"]

    @route("GET", r"/regions/([^/]+)/availability", auth=False)
    def available(self, req, ident):
        if ident not in [r[0] for r in self.REGIONS]:
            raise self.error(404, "Invalid region ID.")
        return {"available_plans": self.PLANS[:3]}

    @route("GET", "/plans", auth=False)
    def plans(self, req):
        rows = []
        for k, ident in enumerate(self.PLANS):
            row = {
                "id": ident,
                "vcpu_count": 1 + k,
                "ram": 1024 * (k + 1),
                "disk": 25 * (k + 1),
                "disk_count": 1,
                "bandwidth": 1024,
                "monthly_cost": 5 * (k + 1),
                "type": ident.split("-")[0],
                "locations": [r[0] for r in self.REGIONS],
            }
            if ident.startswith("vcg") and self.config["quirks"]:
                row.update(gpu_type="NVIDIA_A16", gpu_vram_gb=2, monthly_cost=21.5, locations=[])
            rows.append(row)
        kind = req.get("type", "all")
        return self.page(req, "plans", [r for r in rows if kind in ("all", r["type"])])

    @route("GET", "/plans-metal", auth=False)
    def metal(self, req):
        return self.page(
            req,
            "plans_metal",
            [
                {
                    "id": "vbm-4c-32gb",
                    "cpu_count": 4,
                    "cpu_threads": 8,
                    "cpu_model": "E3-1270v6",
                    "ram": 32768,
                    "disk": 240 if self.config["quirks"] else "240",
                    "disk_count": 2,
                    "bandwidth": 5120,
                    "monthly_cost": 300,
                    "type": "SSD",
                    "locations": ["ewr"],
                }
            ],
        )
