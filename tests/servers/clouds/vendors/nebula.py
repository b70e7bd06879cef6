import base64
import json
import time

import names
from core import Cloud, Reply, route, whole


class Nebula(Cloud):
    """Nebula Block, the `computing` API. No OpenAPI document exists; NEBULA_SHAPE: head | int | seed."""

    name, vendor_host = "nebula", "https://api.nebulablock.com"
    REGIONS = ["CANADA", "NORWAY", "UNITED STATES"]

    def error(self, status, message=None, **more):
        text = message or {
            401: "Could not validate credentials",
            403: "Forbidden",
            404: "Not found",
            405: "Method not allowed",
            429: "Too many requests",
        }.get(status, "Request failed")
        return Reply(status, {"message": text, "status": "failed"})

    def known(self, key, tokens):
        until = self.sessions.get(key)
        return key in tokens or (until is not None and until > self.now())

    def seed(self):
        r, n, self.sessions = names.rng(9), self.config["images"], {}
        self.images, self.next = {}, 100
        for i in range(n):
            name, region = names.NEBULA[i % len(names.NEBULA)], self.REGIONS[i // len(names.NEBULA) % 3]
            dc = 1 if i % 9 == 0 else 2
            row = {
                "id": f"fcp{r.getrandbits(68):017x}" if dc == 1 else "exos" + names.uuid(r),
                "dc_id": dc,
                "os_name": name,
                "os_type": name.split()[0],
                "region": region,
                "_n": 42643 + i,
                "_os": f"{r.getrandbits(96):024x}",
            }
            self.images.setdefault(region, []).append(row)
        self.instances, self.keys = (
            {},
            {
                75: {
                    "id": 75,
                    "key_name": "My Personal SSH Key 1",
                    "key_data": "ssh-rsa AAAA",
                    "create_time": "EST 2024-10-23 10:24:21",
                }
            },
        )
        for i in range(12):
            ident = f"{i}{names.uuid(r)}"
            self.instances[ident] = {
                "id": ident,
                "region": "CANADA",
                "product_type": "GPU",
                "host_name": f"demo-{i}",
                "cpu_cores": 28,
                "ram": 58,
                "gpu_type": "RTX-A6000",
                "gpu_count": 1,
                "disk_size": 100,
                "ephemeral": 1500,
                "public_ipv4": f"192.0.2.{i}",
                "price_per_hour": 0.679,
                "os": names.NEBULA[i],
                "status": "Running",
            }

    def ok(self, data, message, **more):
        return {**({} if data is None else {"data": data}), **more, "message": message, "status": "success"}

    A = "/api/v1"

    @route("GET", A + "/computing/images")
    def list_images(self, req):
        shape, out = self.config["nebula_shape"], {}
        for region, rows in self.images.items():
            for row in rows:
                image = {k: row[k] for k in ("id", "dc_id", "os_name", "os_type", "region")}
                if shape in ("int", "seed"):
                    image["id"] = row["_n"]
                if shape == "seed":
                    image.update(dc_region_id="66d566ba3a9501001256d6e4", os_id=row["_os"])
                out.setdefault(region, []).append(image)
        return self.ok(out, "All OS retrieved successfully")

    @route("GET", A + "/computing/products")
    def products(self, req):
        data, k = {}, 0
        for region in self.REGIONS:
            for model, gpu, price in (
                ("H100", "H100-80G-PCIe", 2.627),
                ("A100", "A100-80G-PCIe", 1.867),
                ("RTX", "RTX-A6000", 0.697),
            ):
                for dc in (1, 2):
                    k += 1
                    data.setdefault(region, {}).setdefault(model, []).append(
                        {
                            "id": ("fcp" if dc == 1 else "expd") + f"{k:020x}",
                            "dc_id": dc,
                            "product_type": "Container" if dc == 1 else "Virtual Machine",
                            "region": region,
                            "price_per_hour": price,
                            "cpu": 28,
                            "ram": 180,
                            "gpu": gpu,
                            "gpu_type": model,
                            "gpu_count": 1,
                            "disk_size": 100,
                            "ephemeral": 750,
                            "stock": 99 if k % 4 else 0,
                            "cycle": "hourly",
                            "is_available": bool(k % 4),
                        }
                    )
        return self.ok(data, "All products retrieved successfully")

    def window(self, req, rows):
        limit, offset = whole(req.get("limit", "100")), whole(req.get("offset", "0"))
        if limit is None or offset is None or limit < 0 or offset < 0:
            raise self.error(422, "limit and offset must be non-negative integers")
        return rows[offset : offset + limit]

    @route("GET", A + "/computing/instances")
    def list_instances(self, req):
        rows = [i for i in self.instances.values() if i["status"] != "Deleted"]
        return self.ok(
            self.window(req, rows), "All instances retrieved successfully", total_instance=len(rows)
        )

    @route("GET", A + "/computing/deleted-instances")
    def list_deleted(self, req):
        rows = [i for i in self.instances.values() if i["status"] == "Deleted"]
        return self.ok(
            self.window(req, rows), "All deleted instances retrieved successfully", total_instance=len(rows)
        )

    @route("POST", A + "/computing/instance")
    def create(self, req):
        body = self.json(req)
        if not isinstance(body, dict):
            raise self.error(422, "invalid body")
        for field, kind in (
            ("instance_name", str),
            ("product_id", str),
            ("image_id", str),
            ("ssh_key_id", int),
        ):
            if not isinstance(body.get(field), kind):
                raise self.error(422, f"{field} is required")
        image = next((i for rows in self.images.values() for i in rows if i["id"] == body["image_id"]), None)
        product = next(
            (
                p
                for models in self.products(req)["data"].values()
                for rows in models.values()
                for p in rows
                if p["id"] == body["product_id"]
            ),
            None,
        )
        if image is None or product is None:
            raise self.error(404, "image or product not found")
        if (image["dc_id"], image["region"]) != (product["dc_id"], product["region"]):
            raise self.error(400, "image_id and product_id must be from the same data center and region")
        ident = f"{self.next}{names.uuid(names.rng(self.next))}"
        self.next += 1
        self.instances[ident] = {
            "id": ident,
            "region": image["region"],
            "product_type": "GPU",
            "host_name": body["instance_name"],
            "cpu_cores": 28,
            "ram": 58,
            "gpu_type": product["gpu"],
            "gpu_count": 1,
            "disk_size": 100,
            "ephemeral": 1500,
            "public_ipv4": "",
            "price_per_hour": product["price_per_hour"],
            "os": image["os_name"],
            "status": "Running",
        }
        return self.ok(None, "Instances created successfully")

    def find(self, ident):
        if ident not in self.instances or self.instances[ident]["status"] == "Deleted":
            raise self.error(404, "Instance not found")
        return self.instances[ident]

    @route("GET", A + r"/computing/instance/([^/]+)")
    def show(self, req, ident):
        i = self.find(ident)  # a list of one, numbers as text: as documented
        return self.ok(
            [
                {
                    **{
                        k: i[k]
                        for k in (
                            "id",
                            "region",
                            "host_name",
                            "gpu_type",
                            "gpu_count",
                            "disk_size",
                            "public_ipv4",
                            "os",
                            "status",
                        )
                    },
                    "product_type": "Virtual Machine",
                    "cpu_cores": str(i["cpu_cores"]),
                    "ram": str(i["ram"]),
                    "login_method": "",
                    "exposed_ports": "",
                    "vm_name": i["host_name"],
                    "vm_password": "qZ3!example",
                    "start_time": "EST 2024-11-04 10:11:50",
                    "running_time": "0.0000 hours",
                    "total_cost": "$0.0000",
                }
            ],
            "Get instance detail successfully",
        )

    @route("DELETE", A + r"/computing/instance/([^/]+)")
    def delete(self, req, ident):
        self.find(ident)["status"] = "Deleted"
        return self.ok(None, "Instances deleted successfully")

    @route("GET", A + r"/computing/instance/([^/]+)/(start|stop|reboot)")
    def power(self, req, ident, what):
        i = self.find(ident)
        i["status"] = "Stopped" if what == "stop" else "Running"
        return self.ok(None, f"Instances {what}ed successfully")

    @route("GET", A + "/ssh-keys")
    def ssh_keys(self, req):
        rows = list(self.keys.values())
        return self.ok(
            {"total_ssh_keys": len(rows), "ssh_keys": self.window(req, rows)},
            "SSH keys retrieved successfully",
        )

    @route("POST", A + "/ssh-keys")
    def add_key(self, req):
        body = self.json(req)
        if not isinstance(body, dict) or not body.get("key_name") or not body.get("key_data"):
            raise self.error(422, "key_name and key_data are required")
        ident = max(self.keys, default=0) + 1
        self.keys[ident] = {
            "id": ident,
            "key_name": body["key_name"],
            "key_data": body["key_data"],
            "create_time": str(int(self.now())),
        }
        return self.ok(self.keys[ident], "SSH key created successfully")

    @route("PUT", A + r"/ssh-keys/(\d+)")
    def rename_key(self, req, ident):
        body = self.json(req)
        if int(ident) not in self.keys:
            raise self.error(404, "SSH key not found")
        self.keys[int(ident)]["key_name"] = body["key_name"]
        return self.ok(self.keys[int(ident)], "SSH key updated successfully")

    @route("DELETE", A + r"/ssh-keys/(\d+)")
    def delete_key(self, req, ident):
        if self.keys.pop(int(ident), None) is None:
            raise self.error(404, "SSH key not found")
        return self.ok({}, "SSH key deleted successfully")

    @route("POST", A + "/login", auth=False)
    def login(self, req):
        from urllib.parse import parse_qsl

        form = dict(parse_qsl(req.raw.decode("utf-8", "replace")))
        if not form:
            try:
                form = json.loads(req.raw or b"{}")
            except ValueError:
                form = {}
        if form.get("username") != self.config["user"] or form.get("password") != self.config["password"]:
            raise self.error(401, "Incorrect username or password")
        head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
        until = self.now() + self.config["jwt_seconds"]
        body = (
            base64.urlsafe_b64encode(
                json.dumps({"sub": form["username"], "exp": int(until), "n": time.time_ns()}).encode()
            )
            .decode()
            .rstrip("=")
        )
        token = f"{head}.{body}.signature"
        self.sessions[token] = until
        return self.ok(
            {
                "id": 18,
                "name": "Test User",
                "email": form["username"],
                "is_staff": False,
                "is_active": True,
                "jwtToken": token,
            },
            "Login successful",
        )
