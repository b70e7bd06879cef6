"""What the fronts of the AWS servers share: settings, faults, throttling, control routes, the log, and HTTP itself.

A server has a `Config`, a `Harness` and a `Handler` of its own, which say what the service says. The control routes and
the fields of a fault are in README.md.
"""

import collections
import http.server
import json
import logging
import os
import re
import signal
import socket
import struct
import sys
import threading
import time
from email.utils import formatdate
from urllib.parse import parse_qsl

import sigv4

LOG = logging.getLogger("harness")
BREAKS = ("reset", "close", "hang")


def flag(name, default):
    return os.environ.get(name, default).lower() in ("1", "on", "true", "yes")


class Config:
    """What a client must sign with. The names in LIVE can be changed with PUT /__config."""

    LIVE = ()

    def __init__(self, port):
        e = os.environ
        self.access_key = e.get("AWS_ACCESS_KEY_ID") or "AKIDHARNESS000000001"
        self.secret_key = e.get("AWS_SECRET_ACCESS_KEY") or "harness-secret-key"
        self.session_token = e.get("AWS_SESSION_TOKEN") or None
        self.auth = flag("SIGV4", "on")
        self.clock_offset = float(e.get("CLOCK_OFFSET", "0"))  # the server's clock, relative to the real one
        self.throttle = e.get("THROTTLE", "")  # "rate:burst", e.g. 100:10; "" = off
        self.port = int(e.get("PORT") or port)

    def apply(self):
        """Called after a change."""

    def public(self):
        return {k: getattr(self, k) for k in (*self.LIVE, "port", "access_key")}

    def change(self, settings):
        unknown = set(settings) - set(self.LIVE)
        if unknown:
            raise ValueError("not settable: %s" % sorted(unknown))
        for k, v in settings.items():
            setattr(self, k, v)
        self.apply()


class Faults:
    """Rules are tried in order; the first that matches fires."""

    def __init__(self, presets):
        self.presets, self.rules, self.by_id, self.lock = presets, [], {}, threading.Lock()

    def norm(self, rule):
        r = {**self.presets.get(rule.get("preset"), {}), **rule}
        r.setdefault("kind", "status" if "status" in r else None)
        if not r["kind"]:
            raise ValueError("a fault needs 'status', 'kind' or 'preset'")
        return {"times": 1, "skip": 0, "phase": "before", **r, "hits": 0}

    def put(self, rules, replace=True):
        rules = [self.norm(r) for r in (rules if isinstance(rules, list) else [rules])]
        with self.lock:
            self.rules = rules if replace else self.rules + rules
            return list(self.rules)

    def clear(self):
        self.by_id.clear()
        return self.put([])

    @staticmethod
    def concerns(rule, request):
        return (
            rule["times"] != 0
            and all(rule.get(k) in (None, request.get(k)) for k in ("method", "op", "region"))
            and re.search(rule.get("path", ""), request["path"])
            and re.search(rule.get("body_has", ""), request["body"])
        )

    def pick(self, request, header):
        with self.lock:
            if header:
                r = self.norm(json.loads(header))
                if "id" in r:  # the same header sent again by a retry counts down one counter
                    n = self.by_id[r["id"]] = self.by_id.get(r["id"], -1) + 1
                    if not (r["skip"] <= n and (r["times"] < 0 or n < r["skip"] + r["times"])):
                        return None
                return r
            for r in self.rules:
                if not self.concerns(r, request):
                    continue
                if r["skip"] > 0:
                    r["skip"] -= 1
                    continue
                r["times"] -= 1
                r["hits"] += 1
                return dict(r)
        return None


class Throttle:
    """A bucket of tokens a key."""

    def __init__(self):
        self.buckets, self.lock = {}, threading.Lock()

    def allow(self, spec, key=None):
        if not spec:
            return True
        rate, burst = (float(x) for x in spec.split(":"))
        with self.lock:
            t = time.monotonic()
            was_spec, tokens, last = self.buckets.get(key, (spec, burst, t))
            tokens = burst if was_spec != spec else min(burst, tokens + (t - last) * rate)
            ok = tokens >= 1
            self.buckets[key] = (spec, tokens - 1 if ok else tokens, t)
            return ok


class Harness:
    """The state of a server."""

    def __init__(self, cfg, presets):
        self.cfg, self.faults, self.throttle = cfg, Faults(presets), Throttle()
        self.log = collections.deque(maxlen=int(os.environ.get("REQUEST_LOG") or 20000))
        self.seq, self.lock = 0, threading.Lock()

    def listen(self, handler):
        harness = self

        class H(handler):
            h = harness

        self.httpd = Server(("127.0.0.1", self.cfg.port), H)
        self.cfg.port = self.httpd.server_address[1]

    def next_id(self):
        with self.lock:
            self.seq += 1
            return self.seq

    def health(self):
        return {"ok": True, "requests": self.seq}

    def reset(self):
        """The first state of the service; more to say about it, if there is."""
        return {}


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers the control routes, and hands everything else to `api`."""

    protocol_version = "HTTP/1.1"
    h = None

    def log_message(self, *a):
        pass

    def setup(self):
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.handle_any
        raise AttributeError(name)

    def handle_any(self):
        body = self.read_body()
        if not self.path.startswith("/__"):
            return self.api(body)
        try:
            what = (self.command, self.path.partition("?")[0][3:])
            answer = self.control(what, json.loads(body) if body else None)
        except Exception as e:  # noqa: BLE001
            return self.reply_json(400, {"error": "%s: %s" % (type(e).__name__, e)})
        if answer is None:
            return self.reply_json(404, {"error": "no such admin endpoint"})
        self.reply_json(200, answer)

    # ---------------------------------------------------------------- control routes
    def control(self, what, data):
        """The answer as JSON; None where there is no such route."""
        h = self.h
        if what == ("GET", "health"):
            return h.health()
        if what == ("GET", "requests"):
            since = int(dict(parse_qsl(self.path.partition("?")[2])).get("since", 0))
            return [r for r in list(h.log) if r["id"] > since]
        if what == ("DELETE", "requests"):
            h.log.clear()
            return {"ok": True}
        if what[1] == "faults" and self.command in ("PUT", "POST"):
            return h.faults.put(data, replace=self.command == "PUT")
        if what == ("GET", "faults"):
            return h.faults.rules
        if what == ("DELETE", "faults"):
            return h.faults.clear()
        if what == ("GET", "config"):
            return h.cfg.public()
        if what == ("PUT", "config"):
            h.cfg.change(data)
            return h.cfg.public()
        if what == ("POST", "reset"):
            more = h.reset()
            h.faults.clear()
            h.log.clear()
            return {"ok": True, **more}
        if what == ("POST", "shutdown"):
            threading.Thread(target=h.httpd.shutdown).start()
            return {"ok": True}
        return None

    # ---------------------------------------------------------------- the service
    def api(self, body):
        raise NotImplementedError

    def fault_response(self, fault, rid):
        """The answer of the service, or of its gateway, to a fault with a status."""
        raise NotImplementedError

    def verify(self, body, rec, region, service):
        """The verdict on the signature, which goes into the log; None if nobody asks for one."""
        cfg = self.h.cfg
        if not cfg.auth:
            rec["auth"] = {"ok": True, "verdict": "off"}
            return None
        verdict = sigv4.verify(
            self.command,
            self.path,
            list(self.headers.items()),
            body,
            access_key=cfg.access_key,
            secret_key=cfg.secret_key,
            session_token=cfg.session_token,
            region=region,
            service=service,
            now=self.now(),
        )
        rec["auth"] = verdict.as_dict()
        return verdict

    def pick_fault(self, request):
        """The fault that fires, or the answer to one that nobody understands."""
        try:
            return self.h.faults.pick(request, self.headers.get("X-Harness-Fault")), None
        except (ValueError, KeyError) as e:
            text = json.dumps({"error": "X-Harness-Fault: %s" % e}).encode()
            return None, (400, [("Content-Type", "application/json")], text)

    def exchange(self, rec, started, rid, refusal, fault, work):
        """Sends the refusal, the fault, or what the work gives, and puts it into the log."""
        kind, res = fault and fault["kind"], refusal
        if fault:
            rec["fault"] = {k: fault[k] for k in fault if k not in ("headers", "body")}
        if fault and fault["phase"] == "before":
            if kind == "status":
                res = self.fault_response(fault, rid)
            elif kind in BREAKS:
                self.record(rec, 0, 0, started)
                return self.break_connection(fault)
        if res is None:
            res = work()
            if kind == "status":
                res = self.fault_response(fault, rid)
            elif kind in BREAKS:
                self.record(rec, res[0], 0, started)
                return self.break_connection(fault)
        status, headers, data = res
        rec["response"] = data[:2000].decode("utf-8", "replace")
        rec["plain_bytes"] = len(data)
        headers, data, chunked = self.encode(headers, data)
        self.record(rec, status, len(data), started)
        self.send(fault, status, headers, data, chunked)

    def encode(self, headers, data):
        """The headers and the body with a content coding, and whether it is sent in chunks."""
        return headers, data, False

    def send(self, fault, status, headers, data, chunked):
        kind = fault and fault["kind"]
        if kind == "truncate":
            self.close_connection = True
            part = data[: int(fault.get("bytes", len(data) // 2))]
            self.wfile.write(self.raw(status, headers, part, content_length=len(data)))
        elif kind == "drip":
            message, step = self.raw(status, headers, data), max(1, int(fault.get("bytes", 64)))
            for i in range(0, len(message), step):
                self.wfile.write(message[i : i + step])
                time.sleep(fault.get("delay_ms", 50) / 1000.0)
        else:
            if kind == "slow":
                time.sleep(fault.get("delay_ms", 1000) / 1000.0)
            self.wfile.write(self.raw(status, headers, data, chunked=chunked))

    def break_connection(self, fault):
        self.close_connection = True
        if fault["kind"] == "hang":
            time.sleep(fault.get("delay_ms", 60000) / 1000.0)
        elif fault["kind"] == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        try:
            self.connection.close()
        except OSError:
            pass

    def record(self, rec, status, size, started):
        rec.update(status=status, bytes=size, ms=round((time.time() - started) * 1000, 1))
        self.h.log.append(rec)
        LOG.info(
            "%s %s %s %s -> %s auth=%s%s%s %sms",
            rec["id"],
            rec["method"],
            rec["target"],
            rec.get("operation"),
            status,
            rec["auth"]["verdict"],
            " fault=" + str(rec["fault"].get("status") or rec["fault"]["kind"]) if rec.get("fault") else "",
            " SPEC! " + "; ".join(rec["spec"])[:300] if rec.get("spec") else "",
            rec["ms"],
        )

    # ---------------------------------------------------------------- HTTP
    def read_body(self):
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            out = b""
            while True:
                size = int(self.rfile.readline().split(b";")[0], 16)
                if size == 0:
                    while self.rfile.readline().strip():
                        pass
                    return out
                out += self.rfile.read(size)
                self.rfile.readline()
        n = int(self.headers.get("Content-Length") or 0)
        return self.rfile.read(n) if n else b""

    def now(self):
        return time.time() + self.h.cfg.clock_offset

    def raw(self, status, headers, body, content_length=None, chunked=False):
        reason = http.server.BaseHTTPRequestHandler.responses.get(status, ("",))[0]
        lines = ["HTTP/1.1 %d %s" % (status, reason), "Date: " + formatdate(self.now(), usegmt=True)]
        lines += [
            "%s: %s" % (k, v)
            for k, v in headers
            if k.lower() not in ("content-length", "date", "connection", "transfer-encoding")
        ]
        if chunked:
            lines.append("Transfer-Encoding: chunked")
            parts = (body[i : i + 8192] for i in range(0, len(body), 8192))
            body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
        elif status not in (204, 304):
            lines.append("Content-Length: %d" % (len(body) if content_length is None else content_length))
        if self.command == "HEAD" or status in (204, 304):
            body = b""
        lines.append("Connection: %s" % ("close" if self.close_connection else "keep-alive"))
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body

    def reply_json(self, status, obj):
        self.wfile.write(self.raw(status, [("Content-Type", "application/json")], json.dumps(obj).encode()))


def start_logging():
    logging.basicConfig(
        level=os.environ.get("LOG_LEVEL", "WARNING"),
        stream=sys.stderr,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    LOG.setLevel(os.environ.get("HARNESS_LOG_LEVEL", "INFO"))
    for noisy in ("botocore", "boto3", "urllib3", "werkzeug", "connexion"):
        logging.getLogger(noisy).setLevel(logging.ERROR)


def stop_on_signals(harness):
    def stop(_signum, _frame):
        threading.Thread(target=harness.httpd.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def leave():
    """At once: threads of moto and its state need no freeing."""
    print("STOPPED", flush=True)
    sys.stderr.flush()
    os._exit(0)
