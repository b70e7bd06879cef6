#!/usr/bin/env python3
"""Emulator of seven image APIs on one port. Settings: environment, see README.md."""

import json
import os
import signal
import sys
import threading

from core import Faults, Server
from vendors import ALL


def main():
    env = os.environ.get
    throttle = env("THROTTLE", "off")
    config = {
        "images": int(env("IMAGES", "137")),
        "quirks": env("QUIRKS", "1") not in ("0", "", "off"),
        "build_seconds": float(env("BUILD_SECONDS", "2")),
        "clock_offset": float(env("CLOCK_OFFSET", "0")),
        "throttle": json.loads(throttle) if throttle.startswith("{") else throttle,
        "links": env("LINKS", "own"),
        "gzip": env("GZIP", "1") not in ("0", "", "off"),
        "nebula_shape": env("NEBULA_SHAPE", "head"),
        "tokens": env("TOKENS", "test-token,ak_test-token,second-token").split(","),
        "forbidden_token": env("FORBIDDEN_TOKEN", "inactive-token"),
        "user": env("LOGIN_USER", "user@example.com"),
        "password": env("LOGIN_PASSWORD", "secret"),
        "jwt_seconds": float(env("JWT_SECONDS", "7200")),
        "faults": Faults(),
        "live": [
            "build_seconds",
            "clock_offset",
            "throttle",
            "links",
            "gzip",
            "nebula_shape",
            "quirks",
            "images",
            "jwt_seconds",
        ],
        "origin": "",
    }
    clouds = {c.name: c(config) for c in ALL}
    server = Server((env("HOST", "127.0.0.1"), int(env("PORT", "18090"))), clouds, config)
    host, port = server.server_address[:2]
    config["origin"] = f"http://{host}:{port}"

    def stop(*_):
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print("READY", config["origin"], flush=True)
    server.serve_forever(poll_interval=0.2)
    print("STOPPED", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
