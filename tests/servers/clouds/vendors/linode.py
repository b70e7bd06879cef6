import json

import names
from core import DAY, T0, Cloud, Reply, route, whole


class Linode(Cloud):
    name, vendor_host, budget = "linode", "https://api.linode.com", (400, 60)
    REGIONS = ["us-iad", "us-ord", "fr-par", "jp-osa"]
    FILTERABLE = (
        "deprecated",
        "is_public",
        "label",
        "size",
        "status",
        "tags",
        "type",
        "vendor",
        "id",
        "created_by",
        "regions",
    )

    def error(self, status, message=None, field=None, **more):
        text = message or {
            401: "Invalid Token",
            403: "Unauthorized",
            404: "Not found",
            405: "Method Not Allowed",
            429: "Too many requests",
        }.get(status, "An unexpected error occurred")
        error = {"reason": text}
        if field:
            error["field"] = field
        return Reply(status, {"errors": [error]})

    def bad_json(self):
        return self.error(400, "Invalid JSON")

    def budget_for(self, req):
        if req.path in ("/v4/images", "/v4beta/images") and req.method == "GET":
            return (20, 60)
        return self.budget

    def limit_headers(self, limit, remaining, reset, wait):
        return {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Reset": str(reset),
            "Retry-After": str(int(wait)),
            "X-Spec-Version": "4.189.0",
        }

    def seed(self):
        n, self.images, self.uploads = self.config["images"], {}, {}
        self.next = 20_000_000
        for i in range(n):
            public = i == 0
            ident = "linode/debian11" if public else f"private/{12345 + i * 7}"
            self.images[ident] = {
                "id": ident,
                "label": "Debian 11" if public else names.own(i),
                "description": None if i % 3 else "Example image description.",
                "created": self.stamp(T0 - i * DAY, "%Y-%m-%dT%H:%M:%S"),
                "updated": self.stamp(T0 - i * DAY, "%Y-%m-%dT%H:%M:%S"),
                "size": 2500,
                "total_size": 1234567 if not public else 0,
                "created_by": "linode" if public else "someone",
                "type": "automatic" if i % 11 == 5 else "manual",
                "is_public": public,
                "deprecated": False,
                "vendor": "Debian" if public else None,
                "expiry": "2026-12-01T04:00:00" if i % 11 == 5 else None,
                "eol": "2026-07-01T04:00:00" if public else None,
                "status": "available",
                "capabilities": ["cloud-init", "distributed-sites"] if public else [],
                "tags": ["repair-image"] if i % 6 == 1 else [],
                "regions": []
                if public
                else [{"region": self.REGIONS[k % 4], "status": "available"} for k in range(i % 3 + 1)],
            }
            if self.config["quirks"]:  # newer than the document: seen in the vendor's Go client
                self.images[ident].update(
                    is_shared=False,
                    image_sharing=None
                    if public
                    else {
                        "shared_with": {
                            "sharegroup_count": 0,
                            "sharegroup_list_url": f"/images/{ident}/sharegroups",
                        },
                        "shared_by": None,
                    },
                )
        ids = list(self.images)
        if self.config["quirks"] and n > 5:
            self.images[ids[-1]]["type"] = "shared"
            self.images[ids[-1]]["status"] = "deleted"
            self.images[ids[-2]]["capabilities"] = None

    def settled(self, image):
        if image.get("_ready") and image["_ready"] <= self.now():
            image.pop("_ready")
            image.update(status="available", total_size=image["size"])
        for region in image["regions"]:
            if region.get("_ready") and region["_ready"] <= self.now():
                region.pop("_ready")
                region["status"] = "available"
        out = {k: v for k, v in image.items() if k[0] != "_"}
        out["regions"] = [{k: v for k, v in r.items() if k[0] != "_"} for r in image["regions"]]
        return out

    def test(self, rule, row, allowed):
        for key, want in rule.items():
            if key in ("+order_by", "+order"):
                continue
            if key in ("+and", "+or"):
                results = [self.test(r, row, allowed) for r in want]
                if not (all(results) if key == "+and" else any(results)):
                    return False
                continue
            if key.startswith("+") or key not in allowed:
                raise self.error(400, f"Cannot filter on {key}", "X-Filter")
            have = row.get(key)
            if isinstance(want, dict):
                for op, value in want.items():
                    ok = {
                        "+gt": lambda: have > value,
                        "+gte": lambda: have >= value,
                        "+lt": lambda: have < value,
                        "+lte": lambda: have <= value,
                        "+contains": lambda: value in (have or ""),
                        "+neq": lambda: have != value,
                    }.get(op)
                    if ok is None:
                        raise self.error(400, f"Invalid operator {op}", "X-Filter")
                    try:
                        if not ok():
                            return False
                    except TypeError:
                        return False
            elif isinstance(have, list):
                if want not in have:
                    return False
            elif have != want:
                return False
        return True

    def page(self, req, rows, allowed):
        text = req.headers.get("X-Filter")
        if text:
            try:
                rule = json.loads(text)
            except ValueError:
                rule = None
            if not isinstance(rule, dict):
                raise self.error(400, "Invalid JSON", "X-Filter")
            for row in rows[:1]:
                self.test(rule, row, allowed)
            rows = [r for r in rows if self.test(rule, r, allowed)]
            by = rule.get("+order_by")
            if by:
                if by not in allowed or by == "status":
                    raise self.error(400, f"Cannot order by {by}", "X-Filter")
                rows.sort(
                    key=lambda r: (
                        r.get(by) is None,
                        str(r.get(by)) if not isinstance(r.get(by), (int, float)) else r.get(by),
                    ),
                    reverse=rule.get("+order") == "desc",
                )
        page, size = whole(req.get("page", "1")), whole(req.get("page_size", "100"))
        if size is None or not 25 <= size <= 500:
            raise self.error(400, "Must be 25-500", "page_size")
        if page is None or page < 1:
            raise self.error(400, "Must be a positive integer", "page")
        if not rows:
            return {
                "data": [],
                "page": 0,
                "pages": 0,
                "results": 0,
            }  # as recorded by the vendor's client tests
        pages = -(-len(rows) // size)
        if page > pages:
            raise self.error(404)
        return {
            "data": rows[(page - 1) * size : page * size],
            "page": page,
            "pages": pages,
            "results": len(rows),
        }

    V = r"/v4(?:beta)?"

    @route("GET", V + "/images", auth=False)
    def list_images(self, req):
        rows = [self.settled(i) for i in self.images.values() if req.owner or i["is_public"]]
        return self.page(req, rows, self.FILTERABLE)

    def find(self, ident):
        image = self.images.get(ident)
        if image is None:
            raise self.error(404)
        return image

    def mine(self, ident):
        image = self.find(ident)
        if image["is_public"]:
            raise self.error(403)
        return image

    def new(self, body, **more):
        self.next += 1
        ident = f"private/{self.next}"
        now = self.stamp(self.now(), "%Y-%m-%dT%H:%M:%S")
        self.images[ident] = {
            "id": ident,
            "label": body.get("label") or f"image-{self.next}",
            "description": body.get("description"),
            "created": now,
            "updated": now,
            "size": 2500,
            "total_size": 0,
            "created_by": "someone",
            "type": "manual",
            "is_public": False,
            "deprecated": False,
            "vendor": None,
            "expiry": None,
            "eol": None,
            "status": "creating",
            "capabilities": ["cloud-init"] if body.get("cloud_init") else [],
            "tags": body.get("tags") or [],
            "regions": [],
            **more,
        }
        return self.images[ident]

    def check_tags(self, body):
        for tag in body.get("tags") or []:
            if not isinstance(tag, str) or not 3 <= len(tag) <= 100:
                raise self.error(400, "Length must be 3-100 characters", "tags")

    @route("POST", V + "/images")
    def create_image(self, req):
        body = self.json(req)
        if not isinstance(body, dict) or not isinstance(body.get("disk_id"), int):
            raise self.error(400, "disk_id is required", "disk_id")
        self.check_tags(body)
        return self.settled(
            self.new(body, _ready=self.ready(), regions=[{"region": "us-iad", "status": "available"}])
        )

    @route("POST", V + "/images/upload")
    def upload(self, req):
        body = self.json(req) or {}
        for field in ("label", "region"):
            if not isinstance(body.get(field), str) or not body[field]:
                raise self.error(400, f"{field} is required", field)
        if body["region"] not in self.REGIONS:
            raise self.error(400, "Region is not valid", "region")
        self.check_tags(body)
        image = self.new(
            body, status="pending_upload", regions=[{"region": body["region"], "status": "pending"}]
        )
        where = (
            f"{self.config['origin']}/linode/__upload/{image['id'].split('/')[1]}?X-Amz-Signature=abc%2Fdef"
        )
        return {"image": self.settled(image), "upload_to": where}

    @route("PUT", r"/__upload/(\d+)", auth=False)
    def receive(self, req, ident):
        image = self.find(f"private/{ident}")
        if req.headers.get("Authorization"):
            raise Reply(
                400,
                "<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message></Error>",
                {"Content-Type": "application/xml"},
            )
        if req.headers.get("Content-Type") != "application/octet-stream":
            raise Reply(
                403, "<Error><Code>SignatureDoesNotMatch</Code></Error>", {"Content-Type": "application/xml"}
            )
        image.update(status="creating", size=max(1, len(req.raw) >> 20), _ready=self.ready())
        for region in image["regions"]:
            region.update(status="creating", _ready=image["_ready"])
        return Reply(200)

    IMG = V + r"/images/((?:linode|private|shared)(?:/|%2[Ff])[^/]+)"

    @route("GET", IMG, auth=False)
    def show_image(self, req, ident):
        image = self.find(ident)
        if not image["is_public"] and not req.owner:
            raise self.error(401)
        return self.settled(image)

    @route("PUT", IMG)
    def update_image(self, req, ident):
        image, body = self.mine(ident), self.json(req)
        if not isinstance(body, dict):
            raise self.bad_json()
        self.check_tags(body)
        if "label" in body and not body["label"]:
            raise self.error(400, "Label must not be empty", "label")
        image.update({k: body[k] for k in ("label", "description", "tags") if k in body})
        image["updated"] = self.stamp(self.now(), "%Y-%m-%dT%H:%M:%S")
        return self.settled(image)

    @route("DELETE", IMG)
    def delete_image(self, req, ident):
        del self.images[self.mine(ident)["id"]]
        return {}

    @route("POST", IMG + "/regions")
    def replicate(self, req, ident):
        image, body = self.mine(ident), self.json(req)
        regions = body.get("regions") if isinstance(body, dict) else None
        if not isinstance(regions, list) or not regions:
            raise self.error(400, "regions is required", "regions")
        if set(regions) - set(self.REGIONS):
            raise self.error(400, "Region is not valid", "regions")
        if self.settled(image)["status"] != "available":
            raise self.error(400, "Image must be available")
        have = {r["region"]: r for r in image["regions"]}
        image["regions"] = [
            have.get(r) or {"region": r, "status": "pending replication", "_ready": self.ready()}
            for r in regions
        ]
        return self.settled(image)

    @route("GET", V + "/images/([^/%]+)")
    def no_image(self, req, ident):
        raise self.error(404)

    @route("GET", V + "/regions", auth=False)
    def regions(self, req):
        rows = [
            {
                "id": r,
                "label": r,
                "country": r[:2],
                "capabilities": ["Linodes", "GPU Linodes", "Object Storage"],
                "status": "ok",
                "resolvers": {"ipv4": "192.0.2.0,192.0.2.1", "ipv6": "2001:0db8::,2001:0db8::1"},
                ("site_type" if self.config["quirks"] else "site-type"): "core",
                "placement_group_limits": {"maximum_pgs_per_customer": None, "maximum_linodes_per_pg": 5},
            }
            for r in self.REGIONS
        ]
        return self.page(req, rows, ("id", "country", "status"))

    @route("GET", V + "/regions/availability", auth=False)
    def availability(self, req):
        rows = [
            {"region": r, "plan": p, "available": r != "jp-osa"}
            for r in self.REGIONS
            for p in ("g6-standard-2", "g1-gpu-rtx6000-1", "premium131072.7", "gpu-rtx6000-1.1")
        ]
        return self.page(req, rows, ("region", "plan", "available"))

    @route("GET", V + "/linode/types", auth=False)
    def types(self, req):
        def one(ident, kind, cpu, mem, gpus):
            price = {"hourly": 0.03, "monthly": 20}
            return {
                "id": ident,
                "label": ident,
                "class": kind,
                "disk": 81920,
                "memory": mem,
                "vcpus": cpu,
                "gpus": gpus,
                "network_out": 1000,
                "transfer": 4000,
                "successor": None,
                "price": price,
                "region_prices": [{"id": "id-cgk", **price}],
                "addons": {"backups": {"price": price, "region_prices": [{"id": "id-cgk", **price}]}},
            }

        rows = [
            one("g6-nanode-1", "nanode", 1, 1024, 0),
            one("g6-standard-2", "standard", 2, 4096, 0),
            one("g1-gpu-rtx6000-1", "gpu", 8, 32768, 1),
        ]
        if self.config["quirks"]:
            rows.append(
                {
                    **one("g1-accelerated-netint-vpu-t1u1-s", "accelerated", 8, 16384, 0),
                    "accelerated_devices": 1,
                }
            )
        return self.page(req, rows, ("class", "disk", "gpus", "label", "memory", "vcpus"))
