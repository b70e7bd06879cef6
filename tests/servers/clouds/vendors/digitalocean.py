import names
from core import DAY, T0, Cloud, Reply, route, whole


class DigitalOcean(Cloud):
    name, vendor_host, budget = "digitalocean", "https://api.digitalocean.com", (250, 60)
    REGIONS = [
        ("nyc3", "New York 3"),
        ("ams3", "Amsterdam 3"),
        ("sfo3", "San Francisco 3"),
        ("fra1", "Frankfurt 1"),
        ("tor1", "Toronto 1"),
    ]

    def error(self, status, message=None, code=None, **more):
        table = {
            400: ("bad_request", "The request was malformed."),
            401: ("unauthorized", "Unable to authenticate you."),
            403: ("forbidden", "You do not have access for the attempted action."),
            404: ("not_found", "The resource you were accessing could not be found."),
            405: ("method_not_allowed", "Method not allowed."),
            409: ("conflict", "The request could not be completed."),
            422: ("unprocessable_entity", "The request was well-formed but could not be processed."),
            429: ("too_many_requests", "API rate limit exceeded."),
            503: ("service_unavailable", "Service unavailable"),
        }
        ident, text = table.get(status, ("server_error", "Unexpected server-side error"))
        body = {"id": ident, "message": message or text}
        if status in (404, 422, 500):
            body["request_id"] = "4d9d8375-3c56-4925-a3e7-eb137fed17e9"
        return Reply(status, body)

    def limit_headers(self, limit, remaining, reset, wait):
        # the hourly budget is what the headers speak of
        return {
            "ratelimit-limit": "5000",
            "ratelimit-remaining": str(remaining + 4750 if remaining else 0),
            "ratelimit-reset": str(reset),
            "x-request-id": "515850a0-a812-50bf-aa3c-d0d21d287e40",
        }

    def seed(self):
        n, self.images, self.actions, self.transfers, self.snaps = self.config["images"], {}, {}, {}, {}
        self.next = 90_000_000
        for i in range(n):
            ident = 7_555_620 + i * 37
            if i < len(names.DIGITALOCEAN):
                name, dist, slug = names.DIGITALOCEAN[i]
                kind, public, tags = "base" if i else "snapshot", True, []
            else:
                name, slug, public = names.own(i), None, False
                dist = ("Ubuntu", "Debian", "Fedora", "CentOS", "Rocky Linux", "Unknown")[i % 6]
                kind, tags = (
                    ("snapshot", "backup", "custom", "custom")[i % 4],
                    (["base-image"] if i % 5 == 0 else []),
                )
            self.images[ident] = {
                "id": ident,
                "name": name,
                "distribution": dist,
                "slug": slug,
                "public": public,
                "regions": [s for s, _ in self.REGIONS[: 5 if public else 1 + i % 3]],
                "created_at": self.stamp(T0 - i * DAY),
                "min_disk_size": 20,
                "type": kind,
                "size_gigabytes": 2.34 if i % 2 else 0.9,
                "description": "",
                "tags": tags,
                "status": "available",
                "error_message": "",
            }
        ids = list(self.images)
        if self.config["quirks"] and n > 10:
            self.images[ids[-1]].update(
                distribution="AlmaLinux", regions=["atl1", "ric1"]
            )  # real, not in the enums
            self.images[ids[-2]].update(tags=None, description=None, size_gigabytes=None, min_disk_size=None)
            self.images[ids[-3]].update(status="retired", regions=[])
        for i in range(45):
            droplet = i % 3 != 0
            ident = str(6_372_321 + i) if droplet else f"fbe805e8-866b-11e6-96bf-{i:012x}"
            self.snaps[ident] = {
                "id": ident,
                "name": names.own(i),
                "created_at": self.stamp(T0 - i * DAY),
                "regions": ["nyc3"],
                "min_disk_size": 25,
                "size_gigabytes": 2.34,
                "resource_id": str(200_776_916 + i) if droplet else f"89bcc42f-85cf-11e6-a004-{i:012x}",
                "resource_type": "droplet" if droplet else "volume",
                "tags": None if i % 4 else ["nightly"],
            }

    def page(self, req, path, key, rows, **keep):
        page, per = req.get("page", "1"), req.get("per_page", "20")
        page, per = whole(page), whole(per)
        if page is None or per is None or page < 1 or per < 1:
            raise self.error(422, "page and per_page must be positive integers")
        per = min(per, 200)
        last = max(1, -(-len(rows) // per))
        links = {}
        args = {k: v for k, v in req.query if k not in ("page",)}

        def to(n):
            return self.link(req, path, page=n, **args)

        if page > 1 and last > 1:
            links.update(first=to(1), prev=to(min(page - 1, last)))
        if page < last:
            links.update(last=to(last), next=to(page + 1))
        out = {key: rows[(page - 1) * per : page * per]}
        # the text says: no `links` when all fits; the examples say {"pages": {}}; real answers have {}
        if links:
            out["links"] = {"pages": links}
        elif self.config["quirks"]:
            out["links"] = {}
        else:
            out["links"] = {"pages": {}}
        out["meta"] = {"total": len(rows)}
        return out

    def settled(self, image):
        t = image.get("_new")
        if t:
            if self.now() >= t:
                image.pop("_new")
                if image.get("_bad"):
                    image.update(
                        status="deleted", error_message="The image could not be imported: not a disk image"
                    )
                else:
                    image.update(status="available", size_gigabytes=0.34, min_disk_size=1)
            elif self.now() >= t - self.config["build_seconds"] / 2:
                image["status"] = "pending"
        return {k: v for k, v in image.items() if k[0] != "_"}

    def find(self, ident, slug=False):
        image = self.images.get(whole(ident))
        if image is None and slug:
            image = next((i for i in self.images.values() if i["slug"] == ident), None)
        if image is None:
            raise self.error(404)
        return image

    @route("GET", "/v2/images")
    def list_images(self, req):
        rows = [self.settled(i) for i in self.images.values()]
        if req.get("type") == "distribution":
            rows = [i for i in rows if i["public"]]
        elif req.get("type") == "application":
            rows = []
        elif req.get("type"):
            raise self.error(422, "type must be distribution or application")
        if req.get("private", "").lower() == "true":
            rows = [i for i in rows if not i["public"]]
        if req.get("tag_name"):
            rows = [i for i in rows if req.get("tag_name") in (i["tags"] or [])]
        return self.page(req, "/v2/images", "images", rows)

    @route("POST", "/v2/images")
    def create_image(self, req):
        body = self.json(req)
        if not isinstance(body, dict):
            raise self.error(400)
        for field in ("name", "url", "region"):
            if not isinstance(body.get(field), str) or not body[field]:
                raise self.error(422, f"{field} is required" if field != "region" else "Region is required.")
        if body["region"] not in dict(self.REGIONS):
            raise self.error(422, "You specified an invalid region.")
        self.next += 1
        image = {
            "id": self.next,
            "name": body["name"],
            "distribution": body.get("distribution", "Unknown"),
            "slug": None,
            "public": False,
            "regions": [body["region"]],
            "created_at": self.stamp(self.now()),
            "type": "custom",
            "min_disk_size": None,
            "size_gigabytes": None,
            "description": body.get("description", ""),
            "tags": body.get("tags") or [],
            "status": "NEW",
            "error_message": "",
            "_new": self.ready(),
            "_bad": "bad" in body["url"],
        }
        self.images = {self.next: image, **self.images}
        return Reply(202, {"image": self.settled(image)})

    @route("GET", r"/v2/images/([^/]+)")
    def show_image(self, req, ident):
        return {"image": self.settled(self.find(ident, slug=True))}

    def mine(self, ident):
        image = self.find(ident)
        if image["public"]:
            raise self.error(403)
        return image

    @route("PUT", r"/v2/images/([^/]+)")
    def update_image(self, req, ident):
        image, body = self.mine(ident), self.json(req)
        if not isinstance(body, dict):
            raise self.error(400)
        if "name" in body and (not isinstance(body["name"], str) or not body["name"]):
            raise self.error(422, "name can't be blank")
        image.update({k: body[k] for k in ("name", "distribution", "description") if k in body})
        return {"image": self.settled(image)}

    @route("DELETE", r"/v2/images/([^/]+)")
    def delete_image(self, req, ident):
        del self.images[self.mine(ident)["id"]]
        return Reply(204)

    def action_view(self, a):
        if a["status"] == "in-progress" and a["_ready"] <= self.now():
            a.update(status="completed", completed_at=self.stamp(a["_ready"]))
            image = self.images.get(a["resource_id"])
            if image and a["type"] == "transfer" and a["region_slug"] not in image["regions"]:
                image["regions"].append(a["region_slug"])
            if image and a["type"] == "convert":
                image["type"] = "snapshot"
        return {k: v for k, v in a.items() if k[0] != "_"}

    def region(self, slug):
        return {
            "name": dict(self.REGIONS)[slug],
            "slug": slug,
            "features": ["backups", "image_transfer"],
            "available": True,
            "sizes": ["s-1vcpu-1gb", "gpu-h100x1-80gb"],
        }

    @route("POST", r"/v2/images/([^/]+)/actions")
    def create_action(self, req, ident):
        image, body = self.mine(ident), self.json(req)
        kind = body.get("type") if isinstance(body, dict) else None
        if kind not in ("convert", "transfer"):
            raise self.error(422, "You specified an invalid action type.")
        if kind == "transfer" and body.get("region") not in dict(self.REGIONS):
            raise self.error(422, "You specified an invalid region.")
        if kind == "convert" and image["type"] != "backup":
            raise self.error(422, "Only backups can be converted.")
        if any(
            self.action_view(a)["status"] == "in-progress"
            for a in self.actions.values()
            if a["resource_id"] == image["id"]
        ):
            raise self.error(422, "The image already has a pending event.")
        self.next += 1
        slug = body.get("region") or image["regions"][0]
        action = {
            "id": self.next,
            "status": "in-progress",
            "type": kind,
            "started_at": self.stamp(self.now()),
            "completed_at": None,
            "resource_id": image["id"],
            "resource_type": "image",
            "region": self.region(slug),
            "region_slug": slug,
            "_ready": self.ready(),
        }
        self.actions[self.next] = action
        view = self.action_view(action)
        return Reply(201, {"action": view} if self.config["quirks"] else view)

    @route("GET", r"/v2/images/([^/]+)/actions")
    def list_actions(self, req, ident):
        image = self.find(ident)
        rows = [self.action_view(a) for a in self.actions.values() if a["resource_id"] == image["id"]]
        return self.page(req, f"/v2/images/{image['id']}/actions", "actions", rows)

    @route("GET", r"/v2/images/([^/]+)/actions/([^/]+)")
    def show_action(self, req, ident, action):
        image, a = self.find(ident), self.actions.get(whole(action))
        if a is None or a["resource_id"] != image["id"]:
            raise self.error(404)
        view = self.action_view(a)
        return {"action": view} if self.config["quirks"] else view

    @route("POST", r"/v2/images/([^/]+)/account_transfer")
    def transfer(self, req, ident):
        image, body = self.mine(ident), self.json(req)
        if not isinstance(body, dict) or ("recipient_email" in body) == ("recipient_uuid" in body):
            raise self.error(400, "give recipient_email or recipient_uuid")
        self.next += 1
        self.transfers[self.next] = image["id"]
        return Reply(201, {"transfer_id": self.next})

    @route("POST", r"/v2/images/([^/]+)/account_transfer/(accept|cancel|decline)")
    def transfer_step(self, req, ident, step):
        body = self.json(req)
        number = body.get("transfer_id") if isinstance(body, dict) else None
        if not isinstance(number, int) or (step == "accept" and not body.get("recipient_uuid")):
            raise self.error(400, "transfer_id is required")
        if self.transfers.pop(number, None) != whole(ident):
            raise self.error(404)
        return Reply(201 if step == "accept" else 204)

    @route("GET", "/v2/snapshots")
    def snapshots(self, req):
        rows = list(self.snaps.values())
        if req.get("resource_type"):
            if req.get("resource_type") not in ("droplet", "volume"):
                raise self.error(422, "resource_type must be droplet or volume")
            rows = [s for s in rows if s["resource_type"] == req.get("resource_type")]
        return self.page(req, "/v2/snapshots", "snapshots", rows)

    @route("GET", r"/v2/snapshots/([^/]+)")
    def show_snapshot(self, req, ident):
        if ident not in self.snaps:
            raise self.error(404)
        return {"snapshot": self.snaps[ident]}

    @route("DELETE", r"/v2/snapshots/([^/]+)")
    def delete_snapshot(self, req, ident):
        if self.snaps.pop(ident, None) is None:
            raise self.error(404)
        return Reply(204)

    @route("GET", "/v2/regions")
    def regions(self, req):
        return self.page(req, "/v2/regions", "regions", [self.region(s) for s, _ in self.REGIONS])

    @route("GET", "/v2/sizes")
    def sizes(self, req):
        rows = [
            {
                "slug": f"s-{c}vcpu-{g}gb",
                "memory": g * 1024,
                "vcpus": c,
                "disk": 25 * g,
                "transfer": float(g),
                "price_monthly": 6.0 * g,
                "price_hourly": 0.00893 * g,
                "regions": [s for s, _ in self.REGIONS],
                "available": True,
                "description": "Basic",
            }
            for c, g in ((1, 1), (1, 2), (2, 2), (2, 4), (4, 8), (8, 16), (8, 32), (16, 64))
        ]
        rows += [
            {
                "slug": f"gpu-h100x{c}-80gb",
                "memory": 245760 * c,
                "vcpus": 20 * c,
                "disk": 720,
                "transfer": 15.0,
                "price_monthly": 2522.16 * c,
                "price_hourly": 3.39 * c,
                "regions": ["nyc3", "tor1"],
                "available": c == 1,
                "description": f"H100 GPU - {c}X",
                "gpu_info": {"count": c, "model": "nvidia_h100", "vram": {"amount": 80, "unit": "gib"}},
                "disk_info": [
                    {"type": "local", "size": {"amount": 720, "unit": "gib"}},
                    {"type": "scratch", "size": {"amount": 5120, "unit": "gib"}},
                ],
            }
            for c in (1, 8)
        ]
        return self.page(req, "/v2/sizes", "sizes", rows)
