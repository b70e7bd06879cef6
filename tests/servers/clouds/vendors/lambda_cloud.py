import names
from core import DAY, T0, Cloud, Reply, basic, route


class Lambda(Cloud):
    name, vendor_host, budget = "lambda", "https://cloud.lambda.ai", (1, 1)
    REGIONS = [("us-south-1", "Texas, USA"), ("us-west-1", "California, USA"), ("us-east-1", "Virginia, USA")]

    def error(self, status, message=None, code=None, **more):
        table = {
            400: ("global/invalid-parameters", "Invalid request data."),
            401: ("global/invalid-api-key", "API key was invalid, expired, or deleted."),
            403: ("global/account-inactive", "Your account is inactive."),
            404: ("global/not-found", "The requested resource was not found."),
            405: ("global/method-not-allowed", "Method not allowed."),
            429: ("global/rate-limit-exceeded", "Too many requests."),
            503: ("provider/internal-unavailable", "Provider unavailable"),
        }
        code, text = table.get(status, ("global/internal-error", "An internal error occurred."))
        error = {"code": code, "message": message or text}
        if status in (401, 403, 503):
            error["suggestion"] = {
                401: "Check your API key or create a new one, then try again.",
                403: "Contact Support if problems continue.",
                503: "Try again shortly",
            }[status]
        return Reply(status, {"error": error})

    def key(self, req):
        kind, _, value = req.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "basic":
            req.scheme = "basic"
            value = value.strip()
            if value in self.config["tokens"] or value == self.config["forbidden_token"]:
                return value  # the document allows the bare key too
            text = basic(value.rstrip(":")) or ""
            return text.partition(":")[0] or value
        return super().key(req)

    def region(self, name):
        return {"name": name, "description": dict(self.REGIONS)[name]}

    def seed(self):
        r, n = names.rng(2), self.config["images"]
        self.images = []
        for i in range(n):
            region = self.REGIONS[i % len(self.REGIONS)][0]
            arch = "arm64" if (i // 3) % 5 == 4 else "x86_64"
            version = f"24.04.{1 + i // (3 * 5):02d}"
            created = T0 - (n - i) * 7 * DAY // 3
            self.images.append(
                {
                    "id": names.uuid(r),
                    "created_time": self.stamp(created, "%Y-%m-%dT%H:%M:%S+00:00"),
                    "updated_time": self.stamp(created + 60, "%Y-%m-%dT%H:%M:%S.123456+00:00"),
                    "name": f"ubuntu-{version}",
                    "description": "Ubuntu LTS",
                    "family": "ubuntu-lts",
                    "version": version,
                    "architecture": arch,
                    "region": self.region(region),
                }
            )
        if self.config["quirks"] and n > 5:
            self.images[-1].update(architecture="riscv64", description="")

    @route("GET", "/api/v1/images")
    def list_images(self, req):
        return {"data": self.images}

    @route("GET", "/api/v1/regions")
    def regions(self, req):
        return {"data": [self.region(n) for n, _ in self.REGIONS]}

    @route("GET", "/api/v1/instance-types")
    def types(self, req):
        data = {}
        for name, gpu, count, cpu, ram, price in (
            ("gpu_1x_a10", "A10 (24 GB PCIe)", 1, 30, 200, 75),
            ("gpu_8x_a100", "A100 (40 GB SXM4)", 8, 124, 1800, 1032),
            ("gpu_8x_h100_sxm5gdr", "H100 (80 GB SXM5)", 8, 208, 1800, 2392),
            ("cpu_4x_general", "N/A", 0, 4, 16, 10),
        ):
            data[name] = {
                "instance_type": {
                    "name": name,
                    "description": f"{count}x {gpu}",
                    "gpu_description": gpu,
                    "price_cents_per_hour": price,
                    "specs": {"vcpus": cpu, "memory_gib": ram, "storage_gib": 512, "gpus": count},
                },
                "regions_with_capacity_available": [self.region(n) for n, _ in self.REGIONS[: count % 3]],
            }
        return {"data": data}
