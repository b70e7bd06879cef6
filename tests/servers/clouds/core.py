"""HTTP front of the emulator: routing, faults, request log, throttling. Standard library only."""

import base64
import gzip
import json
import re
import socket
import struct
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlencode

DAY = 86400
T0 = 1_760_000_000  # 2025-10-09, the youngest seeded image


def whole(text):
    """The integer that a text is, or nothing."""
    return int(text) if re.fullmatch(r"-?\d{1,18}", text or "") else None


class Reply(Exception):
    """An answer; raised or returned."""

    def __init__(self, status, body=None, headers=None):
        super().__init__(status)
        self.status, self.body, self.headers = status, body, dict(headers or {})


class Req:
    def __init__(self, method, path, query, headers, body):
        self.method, self.path, self.query_text, self.headers, self.raw = method, path, query, headers, body
        self.query = parse_qsl(query, keep_blank_values=True)
        self.token = self.scheme = None

    def get(self, name, default=None):
        values = [v for k, v in self.query if k == name]
        return values[-1] if values else default

    def all(self, name):
        return [v for k, v in self.query if k == name]


def route(method, pattern, auth=True):
    def mark(function):
        function.routes = getattr(function, "routes", []) + [(method, re.compile(pattern + r"\Z"), auth)]
        return function

    return mark


class Cloud:
    name = ""
    bases = ("",)  # path prefixes after /<name> that stand for the vendor's base URL
    vendor_host = ""
    budget = (0, 0)  # the vendor's own rate limit: requests, seconds

    def __init__(self, config):
        self.config, self.lock, self.hits = config, threading.RLock(), {}
        self.table = []
        for attr in dir(type(self)):
            function = getattr(type(self), attr)
            for method, pattern, auth in getattr(function, "routes", []):
                self.table.append((method, pattern, auth, getattr(self, attr)))
        self.seed()

    # to be filled in by each cloud
    def seed(self):
        raise NotImplementedError

    def error(self, status, message=None, **more):
        raise NotImplementedError

    def refused(self, req, why):
        return self.error(401)

    def limit_headers(self, limit, remaining, reset, wait):
        return {}

    def key(self, req):
        """-> the presented credential or None; sets req.scheme"""
        text = req.headers.get("Authorization", "")
        kind, _, value = text.partition(" ")
        if kind.lower() == "bearer" and value.strip():
            req.scheme = "bearer"
            return value.strip()
        if text:
            req.scheme = kind.lower()
        return None

    # shared
    def now(self):
        return time.time() + self.config["clock_offset"]

    def stamp(self, t, form="%Y-%m-%dT%H:%M:%SZ"):
        return time.strftime(form, time.gmtime(t))

    def ready(self):
        return self.now() + self.config["build_seconds"]

    def check_key(self, req, needed):
        key = self.key(req)
        tokens = self.config["tokens"]
        if key is None:
            return self.refused(req, "missing") if needed or req.scheme else None
        req.token = key
        if key == self.config["forbidden_token"]:
            return self.error(403)
        if not self.known(key, tokens):
            return self.refused(req, "wrong")
        req.owner = key
        return None

    def known(self, key, tokens):
        return key in tokens

    def throttle(self, req):
        rule = self.config["throttle"]
        if isinstance(rule, dict):
            rule = rule.get(self.name, "off")
        limit, window = self.budget_for(req)
        on = rule != "off"
        if on and rule != "vendor":
            a, _, b = str(rule).partition(":")
            limit, window = int(a), float(b or 1)
        if not limit:
            return {}, None
        now = time.time()
        with self.lock:
            hits = self.hits.setdefault((req.token, limit, window), [])
            hits[:] = [t for t in hits if t > now - window]
            over = on and len(hits) >= limit
            if not over:
                hits.append(now)
            wait = max(0.0, hits[0] + window - now) if hits else 0
            remaining = 0 if over else max(0, limit - len(hits))
            headers = self.limit_headers(limit, remaining, int(now + wait), -(-int(wait * 1000) // 1000) or 1)
        if over:
            reply = self.error(429)
            reply.headers.setdefault("Retry-After", str(max(1, int(wait + 0.999))))
            return headers, reply
        return headers, None

    def budget_for(self, req):
        return self.budget

    def json(self, req):
        if not req.raw:
            return None
        try:
            return json.loads(req.raw)
        except ValueError:
            raise self.bad_json()

    def bad_json(self):
        return self.error(400, "invalid JSON")

    def link(self, req, path, **query):
        """an absolute URL as the vendor would write it"""
        text = urlencode([(k, v) for k, v in query.items()])
        if self.config["links"] == "vendor":
            base = self.vendor_host
        else:
            base = f"{self.config['origin']}/{self.name}{req.base}"
        return f"{base}{path}" + (f"?{text}" if text else "")

    def answer(self, req):
        methods = set()
        for method, pattern, auth, function in self.table:
            found = pattern.match(req.path)
            if not found:
                continue
            methods.add(method)
            if method == req.method or (method == "GET" and req.method == "HEAD"):
                refused = self.check_key(req, auth)
                headers, over = self.throttle(req)
                if refused is not None:
                    refused.headers.update(headers)
                    return refused
                req.accepted = True
                if over is not None:
                    over.headers.update(headers)
                    return over
                fault = self.fault(req, "before")
                if fault is not None:
                    fault.headers = {**headers, **fault.headers}
                    return fault
                with self.lock:
                    try:
                        reply = function(
                            req, *[unquote(g) if g is not None else None for g in found.groups()]
                        )
                    except Reply as raised:
                        reply = raised
                if not isinstance(reply, Reply):
                    reply = Reply(200, reply)
                reply.headers = {**headers, **reply.headers}
                fault = self.fault(req, "after")
                return fault if fault is not None else reply
        return self.error(405 if methods else 404)

    def fault(self, req, phase):
        fault = self.config["faults"].take(self, req, phase)
        if fault is None:
            return None
        req.fault = fault
        if "status" not in fault:
            return None  # transport fault: done by the front
        reply = self.error(int(fault["status"]))
        if "body" in fault:
            reply.body = fault["body"]
        if fault.get("retry_after") is not None:
            reply.headers["Retry-After"] = str(fault["retry_after"])
        elif fault["status"] != 429:
            reply.headers.pop("Retry-After", None)
        reply.headers.update(fault.get("headers", {}))
        return reply


class Faults:
    KINDS = ("reset", "close", "hang", "truncate", "slow", "drip")

    def __init__(self):
        self.list, self.lock, self.seen = [], threading.Lock(), {}

    def put(self, faults, replace):
        faults = faults if isinstance(faults, list) else [faults]
        for f in faults:
            if not isinstance(f, dict) or ("status" not in f and f.get("kind") not in self.KINDS):
                raise ValueError("a fault has a status or a kind of " + " ".join(self.KINDS))
        with self.lock:
            new = [dict(f, left=f.get("times", 1), to_skip=f.get("skip", 0)) for f in faults]
            self.list = new if replace else self.list + new

    def take(self, cloud, req, phase):
        own = req.headers.get("X-Harness-Fault")
        with self.lock:
            if own:
                f = json.loads(own)
                if f.get("phase", "before") == phase:
                    ident = f.get("id", id(req))
                    left = self.seen.setdefault(ident, f.get("times", 1))
                    if left != 0:
                        self.seen[ident] = left - 1
                        return f
            for f in self.list:
                if f["left"] == 0 or f.get("phase", "before") != phase:
                    continue
                if f.get("cloud") and f["cloud"] != cloud.name:
                    continue
                if f.get("method") and f["method"].upper() != req.method:
                    continue
                if f.get("path") and not re.search(
                    f["path"], req.path + ("?" + req.query_text if req.query_text else "")
                ):
                    continue
                if f["to_skip"] > 0:
                    f["to_skip"] -= 1
                    continue
                f["left"] -= 1
                return f
        return None


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    allow_reuse_address = True

    def __init__(self, address, clouds, config):
        super().__init__(address, Handler)
        self.clouds, self.config, self.log, self.count, self.log_lock = (
            clouds,
            config,
            [],
            0,
            threading.Lock(),
        )

    def handle_error(self, request, client_address):
        pass  # clients that go away are no news


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "cloud-images-harness"
    sys_version = ""
    disable_nagle_algorithm = True

    def log_message(self, *args):
        pass

    def handle_any(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            body = b""
            while True:
                size = int(self.rfile.readline().split(b";")[0] or b"0", 16)
                piece = self.rfile.read(size)
                self.rfile.readline()
                if not size:
                    break
                body += piece
        path, _, query = self.path.partition("?")
        if path.startswith("/__"):
            return self.admin(path, query, body)
        name, _, rest = path[1:].partition("/")
        cloud = self.server.clouds.get(name)
        started = time.time()
        if cloud is None:
            return self.send(
                Reply(404, {"message": f"no cloud {name!r}; there are {sorted(self.server.clouds)}"})
            )
        rest, base = "/" + rest, ""
        for prefix in sorted(cloud.bases, key=len, reverse=True):
            if prefix and rest.startswith(prefix + "/"):
                rest, base = rest[len(prefix) :], prefix
                break
        req = Req(self.command, rest, query, self.headers, body)
        req.base, req.fault, req.accepted, req.owner = base, None, False, None
        try:
            reply = cloud.answer(req)
        except Exception as e:  # a mistake of the emulator must be seen, not guessed
            import traceback

            traceback.print_exc()
            reply = Reply(500, {"harness_error": repr(e)})
        with self.server.log_lock:
            self.server.count += 1
            entry = {
                "id": self.server.count,
                "time": round(started, 3),
                "cloud": name,
                "method": self.command,
                "path": rest,
                "query": query,
                "status": reply.status,
                "auth": req.scheme,
                "authenticated": req.accepted,
                "fault": req.fault and {k: v for k, v in req.fault.items() if k not in ("left", "to_skip")},
                "headers": {
                    k: v
                    for k, v in self.headers.items()
                    if k.lower() not in ("authorization", "api_key", "cookie")
                },
                "body": body[:4096].decode("utf-8", "replace"),
            }
            self.server.log.append(entry)
            del self.server.log[:-20000]
        self.send(reply, req.fault)

    do_GET = do_PUT = do_POST = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = handle_any

    def send(self, reply, fault=None):
        kind = (fault or {}).get("kind") if "status" not in (fault or {}) else None
        if kind == "hang":
            time.sleep(float(fault.get("delay_ms", 600000)) / 1000)
            self.close_connection = True
            return
        if kind in ("reset", "close"):
            if kind == "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            try:
                self.connection.close() if kind == "reset" else self.connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            return
        if kind == "slow":
            time.sleep(float(fault.get("delay_ms", 1000)) / 1000)
        body, headers = reply.body, dict(reply.headers)
        if isinstance(body, (dict, list)):
            body = json.dumps(body, ensure_ascii=False).encode()
            headers.setdefault("Content-Type", "application/json; charset=utf-8")
        elif isinstance(body, str):
            body = body.encode()
            headers.setdefault("Content-Type", "text/html; charset=utf-8")
        body = body or b""
        if (
            self.server.config["gzip"]
            and len(body) > 1400
            and kind is None
            and "gzip" in self.headers.get("Accept-Encoding", "")
        ):
            body = gzip.compress(body, 1)
            headers["Content-Encoding"], headers["Vary"] = "gzip", "Accept-Encoding"
        self.send_response_only(reply.status)
        self.send_header("Date", formatdate(usegmt=True))
        for key, value in headers.items():
            self.send_header(key, value)
        if reply.status not in (204, 304) and reply.status >= 200:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD" or reply.status in (204, 304):
            return
        if kind == "truncate":
            self.wfile.write(body[: int(fault.get("bytes", max(1, len(body) // 2)))])
            self.close_connection = True
        elif kind == "drip":
            step = int(fault.get("bytes", 64))
            for i in range(0, len(body), step):
                self.wfile.write(body[i : i + step])
                self.wfile.flush()
                time.sleep(float(fault.get("delay_ms", 50)) / 1000)
        else:
            self.wfile.write(body)

    def admin(self, path, query, body):
        server, config = self.server, self.server.config
        data = None
        if body:
            try:
                data = json.loads(body)
            except ValueError:
                return self.send(Reply(400, {"message": "invalid JSON"}))
        what = (self.command, path)
        if what == ("GET", "/__health"):
            return self.send(
                Reply(200, {"ok": True, "clouds": sorted(server.clouds), "origin": config["origin"]})
            )
        if what == ("GET", "/__requests"):
            args = dict(parse_qsl(query))
            with server.log_lock:
                rows = [
                    r
                    for r in server.log
                    if r["id"] > int(args.get("since", 0)) and args.get("cloud") in (None, r["cloud"])
                ]
            return self.send(Reply(200, rows))
        if what == ("DELETE", "/__requests"):
            with server.log_lock:
                server.log.clear()
            return self.send(Reply(204))
        if path == "/__faults":
            if self.command in ("PUT", "POST"):
                try:
                    config["faults"].put(data, self.command == "PUT")
                except (ValueError, TypeError) as e:
                    return self.send(Reply(400, {"message": str(e)}))
                return self.send(Reply(200, config["faults"].list))
            if self.command == "DELETE":
                config["faults"].list = []
                return self.send(Reply(204))
            if self.command == "GET":
                return self.send(Reply(200, config["faults"].list))
        if path == "/__config":
            if self.command in ("PUT", "POST"):
                unknown = set(data or {}) - set(config["live"])
                if unknown:
                    return self.send(
                        Reply(400, {"message": f"not live: {sorted(unknown)}; live: {config['live']}"})
                    )
                config.update(data or {})
            return self.send(Reply(200, {k: config[k] for k in config["live"]}))
        if what == ("POST", "/__reset"):
            for cloud in server.clouds.values():
                with cloud.lock:
                    cloud.hits.clear()
                    cloud.seed()
            config["faults"].list, config["faults"].seen = [], {}
            with server.log_lock:
                server.log.clear()
            return self.send(Reply(204))
        if what == ("POST", "/__shutdown"):
            self.send(Reply(204))
            threading.Thread(target=server.shutdown, daemon=True).start()
            return None
        return self.send(Reply(404, {"message": "no such admin call"}))


def basic(text):
    try:
        return base64.b64decode(text, validate=True).decode()
    except Exception:
        return None
