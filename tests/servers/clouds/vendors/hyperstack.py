import names
from core import DAY, T0, Cloud, Reply, route, whole


class Hyperstack(Cloud):
    name, bases, vendor_host = "hyperstack", ("/v1",), "https://infrahub-api.nexgencloud.com/v1"
    REGIONS = [
        (1, "NORWAY-1", "Norway", "GREEN"),
        (2, "CANADA-1", "Canada", "GREEN"),
        (3, "US-1", "United States", "NOT_GREEN"),
    ]

    def error(self, status, message=None, **more):
        reason = {
            400: "bad_request",
            401: "unauthorized",
            403: "forbidden",
            404: "not_found",
            405: "method_not_allowed",
            409: "conflict",
            429: "too_many_requests",
        }.get(status, "server_error")
        text = message or {
            401: "Unauthorized: invalid or missing API key",
            404: "Resource not found",
            429: "Too many requests",
        }.get(status, "Request failed")
        return Reply(status, {"status": False, "message": text, "error_reason": reason})

    def key(self, req):
        value = req.headers.get("api_key")
        if value:
            req.scheme = "api_key"
            return value
        return super().key(req)

    def seed(self):
        r, n = names.rng(1), self.config["images"]
        self.images, self.snapshots, self.vms = {}, {}, {}
        public = [(t, v, reg) for reg in self.REGIONS for t, v in names.HYPERSTACK]
        for i in range(n):
            if i < len(public) and i < n * 3 // 4 + 1:
                kind, version, region = public[i]
                name, own = f"{kind} {version}", False
            else:
                kind, version, region = "Ubuntu", "Server 22.04 LTS", self.REGIONS[i % 3]
                name, own = names.own(i), True
            size = 3_000_000_000 + r.randrange(9_000_000_000)
            self.images[i + 1] = {
                "id": i + 1,
                "name": name,
                "region_name": region[1],
                "type": kind,
                "version": version,
                "size": size,
                "display_size": f"{size / 2**30:.2f} GB",
                "description": "" if not own else f"made for {names.own(i)}",
                "is_public": not own,
                "labels": [] if not own else [{"id": i, "label": "team-a"}],
                "flavor_restrictions": {
                    "has_flavor_restrictions": False,
                    "restriction_type": "none",
                    "compatible_flavors": [],
                },
            }
        if self.config["quirks"] and n > 5:
            image = self.images[n]  # null where the document has no nullable
            image.update(description=None, labels=None, version=None, flavor_restrictions=None)
        for i in range(1, 31):
            self.snapshots[i] = self.snapshot(i, f"snap-{i:03d}", T0 - i * DAY, 0, 100 + i % 7)
        self.next = max(list(self.images) + [30]) + 1000

    def snapshot(self, ident, name, created, ready, vm):
        return {
            "id": ident,
            "name": name,
            "description": "nightly",
            "status": "CREATING" if ready else "SUCCESS",
            "size": 100,
            "is_image": False,
            "region_id": 1 + ident % 3,
            "vm_id": vm,
            "has_floating_ip": False,
            "labels": ["nightly"],
            "created_at": self.stamp(created, "%Y-%m-%dT%H:%M:%S"),
            "updated_at": self.stamp(created, "%Y-%m-%dT%H:%M:%S"),
            "_ready": ready,
        }

    def settled(self, snap):
        if snap["_ready"] and snap["_ready"] <= self.now():
            snap.update(_ready=0, status="SUCCESS")
        return {k: v for k, v in snap.items() if k[0] != "_"}

    def positive(self, req, name, default):
        text = req.get(name)
        if text is None:
            return default
        value = whole(text)
        if value is None or value < 1:
            raise self.error(400, f"{name} must be a positive integer")
        return value

    def visible(self):
        return [i for i in self.images.values() if i.get("_ready", 0) <= self.now()]

    @staticmethod
    def plain(image):
        return {k: v for k, v in image.items() if k[0] != "_"}

    @route("GET", "/core/images")
    def list_images(self, req):
        found = self.visible()
        flag = (req.get("include_public") or "true").lower()
        if flag not in ("true", "false", "1", "0"):
            raise self.error(400, "include_public must be a boolean")
        if flag in ("false", "0"):
            found = [i for i in found if not i["is_public"]]
        if req.get("region"):
            if req.get("region") not in [r[1] for r in self.REGIONS]:
                raise self.error(404, "Region does not exist")
            found = [i for i in found if i["region_name"] == req.get("region")]
        if req.get("search"):
            found = [i for i in found if req.get("search").lower() in i["name"].lower()]
        page, per = self.positive(req, "page", None), self.positive(req, "per_page", None)
        if page or per:
            page, per = page or 1, min(per or 10, 100)
            found = found[(page - 1) * per : page * per]
        groups = {}
        for i in found:
            groups.setdefault((i["region_name"], i["type"]), []).append(self.plain(i))
        return {
            "status": True,
            "message": "Getting Images successful",
            "images": [
                {
                    "region_name": r,
                    "type": t,
                    "logo": f"https://assets.example.invalid/{t.lower()}.png",
                    "images": g,
                }
                for (r, t), g in groups.items()
            ],
        }

    @route("GET", r"/core/images/([^/]+)")
    def show_image(self, req, ident):
        image = self.images.get(whole(ident))
        if image is None or image.get("_ready", 0) > self.now():
            raise self.error(404 if whole(ident) is not None else 400, "Image does not exist")
        return {"image": self.plain(image)}

    @route("DELETE", r"/core/images/([^/]+)")
    def delete_image(self, req, ident):
        image = self.images.get(whole(ident))
        if image is None:
            raise self.error(404, "Image does not exist")
        if image["is_public"]:
            raise self.error(400, "Public images cannot be deleted")
        del self.images[image["id"]]
        return {"status": True, "message": "Image deleted successfully"}

    @route("GET", r"/core/image/name-availability/([^/]+)")
    def name_free(self, req, name):
        free = all(i["name"] != name for i in self.images.values())
        return {
            "available": free,
            "name": name,
            "message": "Name is available" if free else "Name is already taken",
        }

    @route("POST", r"/core/snapshots/([^/]+)/image")
    def create_image(self, req, ident):
        snap, body = self.snapshots.get(whole(ident)), self.json(req)
        if snap is None:
            raise self.error(404, "Snapshot does not exist")
        if not isinstance(body, dict) or not isinstance(body.get("name"), str) or not body["name"]:
            raise self.error(400, "name is required")
        if any(i["name"] == body["name"] for i in self.images.values()):
            raise self.error(406, "An image with this name exists")
        if self.settled(snap)["status"] != "SUCCESS":
            raise self.error(400, "Snapshot is not ready")
        self.next += 1
        snap["is_image"] = True
        self.images[self.next] = {
            "id": self.next,
            "name": body["name"],
            "region_name": self.REGIONS[snap["region_id"] - 1][1],
            "type": "Ubuntu",
            "version": "Server 22.04 LTS",
            "size": 4_000_000_000,
            "display_size": "3.73 GB",
            "description": "",
            "is_public": False,
            "labels": [{"id": k, "label": v} for k, v in enumerate(body.get("labels") or [], 1)],
            "flavor_restrictions": {
                "has_flavor_restrictions": False,
                "restriction_type": "none",
                "compatible_flavors": [],
            },
            "_ready": self.ready(),
        }
        return {"status": True, "message": "Image creation started", "id": self.next}

    @route("GET", "/core/snapshots")
    def list_snapshots(self, req):
        found = [self.settled(s) for s in self.snapshots.values()]
        if req.get("search"):
            found = [
                s
                for s in found
                if req.get("search") in (str(s["id"]), s["name"]) or req.get("search") in s["name"]
            ]
        page, size = self.positive(req, "page", 1), min(self.positive(req, "pageSize", 10), 100)
        return {
            "status": True,
            "message": "Getting snapshots successful",
            "count": len(found),
            "page": page,
            "page_size": size,
            "snapshots": found[(page - 1) * size : page * size],
        }

    @route("GET", r"/core/snapshots/name-availability/([^/]+)")
    def snapshot_name_free(self, req, name):
        free = all(s["name"] != name for s in self.snapshots.values())
        return {"available": free, "name": name, "message": "ok"}

    @route("GET", r"/core/snapshots/([^/]+)")
    def show_snapshot(self, req, ident):
        snap = self.snapshots.get(whole(ident))
        if snap is None:
            raise self.error(404, "Snapshot does not exist")
        out = self.settled(snap)
        out["labels"] = ",".join(out["labels"])  # a text here, a list in the list: so says the document
        out.update(
            region=self.REGIONS[out["region_id"] - 1][1],
            vm_name="vm",
            vm_status="ACTIVE",
            vm_flavor="n3-H100x1",
            vm_image="Ubuntu Server 22.04 LTS",
            vm_keypair="key",
            vm_environment="default",
        )
        return {"status": True, "message": "ok", "snapshot": out}

    @route("DELETE", r"/core/snapshots/([^/]+)")
    def delete_snapshot(self, req, ident):
        snap = self.snapshots.get(whole(ident))
        if snap is None:
            raise self.error(404, "Snapshot does not exist")
        if snap["_ready"] > self.now():
            raise self.error(409, "Snapshot is being created")
        del self.snapshots[snap["id"]]
        return {"status": True, "message": "Snapshot deleted"}

    @route("POST", r"/core/snapshots/([^/]+)/restore")
    def restore(self, req, ident):
        snap, body = self.snapshots.get(whole(ident)), self.json(req)
        if snap is None or not isinstance(body, dict) or not body.get("new_vm_name"):
            raise self.error(400, "new_vm_name is required" if snap else "Snapshot does not exist")
        self.next += 1
        return {
            "status": True,
            "message": "ok",
            "instance": {
                "id": self.next,
                "name": body["new_vm_name"],
                "status": "CREATING",
                "power_state": "NOSTATE",
            },
        }

    @route("GET", r"/core/snapshots/([^/]+)/events")
    def snapshot_events(self, req, ident):
        return {"status": True, "message": "ok", "snapshot_events": []}

    @route("POST", r"/core/virtual-machines/([^/]+)/snapshots")
    def create_snapshot(self, req, vm):
        body = self.json(req)
        if whole(vm) is None or whole(vm) < 100:
            raise self.error(404, "Virtual machine does not exist")
        if not isinstance(body, dict) or not body.get("name") or not isinstance(body.get("description"), str):
            raise self.error(400, "name and description are required")
        self.next += 1
        snap = self.snapshot(self.next, body["name"], self.now(), self.ready(), int(vm))
        self.snapshots[self.next] = snap
        return Reply(201, {"status": True, "message": "ok", "snapshot": self.settled(snap)})

    @route("GET", "/core/regions")
    def regions(self, req):
        return {
            "status": True,
            "message": "ok",
            "regions": [
                {
                    "id": i,
                    "name": n,
                    "country": c,
                    "description": n.title(),
                    "green_status": g,
                    "features": {},
                }
                for i, n, c, g in self.REGIONS
            ],
        }

    @route("GET", "/core/flavors")
    def flavors(self, req):
        data, ident = [], 0
        for _, region, _, _ in self.REGIONS:
            for gpu, prefix in (
                ("H100-80G-PCIe", "n3-H100"),
                ("A100-80G-PCIe", "n3-A100"),
                ("RTX-A6000", "n3-RTX-A6000"),
                ("", "n1-cpu"),
            ):
                rows = []
                for count in (1, 2, 4, 8):
                    ident += 1
                    rows.append(
                        {
                            "id": ident,
                            "name": f"{prefix}x{count}",
                            "display_name": None if self.config["quirks"] else prefix,
                            "region_name": region,
                            "cpu": 28 * count,
                            "ram": 180.0 * count,
                            "disk": 100,
                            "ephemeral": 750,
                            "gpu": gpu,
                            "gpu_count": count if gpu else 0,
                            "stock_available": count < 8,
                            "features": {},
                            "labels": [],
                            "created_at": "2024-03-01T10:00:00",
                        }
                    )
                data.append({"gpu": gpu, "region_name": region, "flavors": rows})
        if req.get("region"):
            data = [d for d in data if d["region_name"] == req.get("region")]
        return {"status": True, "message": "ok", "data": data}

    @route("GET", "/core/gpus")
    def gpus(self, req):
        return {
            "status": True,
            "message": "ok",
            "gpu_list": [
                {
                    "id": k,
                    "name": g,
                    "example_metadata": "",
                    "created_at": "2024-03-01T10:00:00",
                    "updated_at": "2024-03-01T10:00:00",
                    "regions": [{"id": i, "name": n} for i, n, _, _ in self.REGIONS],
                }
                for k, g in enumerate(("H100-80G-PCIe", "A100-80G-PCIe", "RTX-A6000"), 1)
            ],
        }

    @route("GET", "/core/stocks")
    def stocks(self, req):
        return {
            "stocks": [
                {
                    "region": n,
                    "stock-type": "GPU",
                    "models": [
                        {
                            "model": "H100-80G-PCIe",
                            "available": "8",
                            "planned_7_days": "0",
                            "planned_30_days": "16",
                            "planned_100_days": "32",
                            "configurations": {"1x": 8, "2x": 4, "4x": 2, "8x": 1, "10x": 0},
                        }
                    ],
                }
                for _, n, _, _ in self.REGIONS
            ]
        }
