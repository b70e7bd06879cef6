#!/usr/bin/env python3
"""moto's EC2 and SSM behind a front that behaves like AWS's: SigV4, errors, throttling, faults, log.

client --HTTP--> front (this file) --HTTP--> moto server, in this process (gaps.py on top of it, seed.py in it)

See README.md. Admin endpoints (unsigned, JSON): GET /__health, GET|DELETE /__requests, GET|PUT|POST|DELETE /__faults,
GET|PUT /__config, POST /__reset, POST /__shutdown.
"""

import collections
import gzip
import hashlib
import http.client
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
import uuid
from email.utils import formatdate
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]
ACCOUNT = "123456789012"
os.environ["MOTO_ACCOUNT_ID"] = ACCOUNT

import gaps  # noqa: E402
import seed  # noqa: E402

import sigv4  # noqa: E402

LOG = logging.getLogger("harness")
NS = "http://ec2.amazonaws.com/doc/2016-11-15/"
NO_OUTPUT = ("ModifyImageAttribute", "ResetImageAttribute", "CreateTags", "DeleteTags")


def flag(name, default):
    return os.environ.get(name, default).lower() in ("1", "on", "true", "yes")


class Config:
    """What a client must sign with, and how the answers look. Names in LIVE can be changed with PUT /__config."""

    LIVE = (
        "auth",
        "clock_offset",
        "throttle",
        "session_token",
        "page_mode",
        "last_token",
        "pending_seconds",
        "recycle_bin",
        "block_public_access",
        "signature_error",
        "skew_error",
        "pretty",
        "chunked",
        "gzip",
    )
    GAPS = (
        "page_mode",
        "last_token",
        "pending_seconds",
        "recycle_bin",
        "block_public_access",
        "clock_offset",
    )

    def __init__(self):
        e = os.environ
        self.access_key = e.get("AWS_ACCESS_KEY_ID") or "AKIDHARNESS000000001"
        self.secret_key = e.get("AWS_SECRET_ACCESS_KEY") or "harness-secret-key"
        self.session_token = e.get("AWS_SESSION_TOKEN") or None
        self.auth = flag("SIGV4", "on")
        self.clock_offset = float(e.get("CLOCK_OFFSET", "0"))
        self.throttle = e.get("THROTTLE", "")  # "rate:burst" per region
        self.page_mode = e.get(
            "PAGE_MODE", "sparse"
        )  # sparse: pages first, filters after (short and empty pages) | dense
        self.last_token = e.get("LAST_TOKEN", "absent")  # absent | empty: <nextToken/> on the last page
        self.pending_seconds = float(e.get("PENDING_SECONDS", "3"))
        self.recycle_bin = flag("RECYCLE_BIN", "on")
        self.block_public_access = e.get("BLOCK_PUBLIC_ACCESS", "unblocked")
        self.signature_error = e.get("SIGNATURE_ERROR", "SignatureDoesNotMatch")  # or AuthFailure
        self.skew_error = e.get("SKEW_ERROR", "AuthFailure")  # or RequestExpired
        self.pretty, self.chunked, self.gzip = flag("PRETTY", "on"), flag("CHUNKED", "on"), flag("GZIP", "on")
        self.port = int(e.get("PORT") or 18090)
        self.apply()

    def apply(self):
        for k in self.GAPS:
            setattr(gaps.S, k, getattr(self, k))

    def public(self):
        return {k: getattr(self, k) for k in self.LIVE} | {
            "port": self.port,
            "access_key": self.access_key,
            "account": ACCOUNT,
            "regions": list(seed.REGIONS),
        }


class Faults:
    """Rules are tried in order; the first that matches fires. See README.md for the fields."""

    PRESETS = {
        "throttle": {"status": 503, "code": "RequestLimitExceeded", "message": "Request limit exceeded."},
        "unavailable": {
            "status": 503,
            "code": "Unavailable",
            "message": "The service is unavailable. Please try again shortly.",
        },
        "internal": {"status": 500, "code": "InternalError", "message": "An internal error has occurred"},
        "unauthorized": {
            "status": 403,
            "code": "UnauthorizedOperation",
            "message": "You are not authorized to perform this operation. User: "
            "arn:aws:iam::123456789012:user/x is not authorized to perform: ec2:DescribeImages because no identity-based policy allows "
            "the ec2:DescribeImages action. Encoded authorization failure message: zgBcn3Q",
        },
        "ssm_throttle": {"status": 400, "code": "ThrottlingException", "message": "Rate exceeded"},
        "html_503": {
            "status": 503,
            "body": "<html><body><b>Http/1.1 Service Unavailable</b></body> </html>",
            "content_type": "text/html",
        },
        "bad_xml": {
            "status": 200,
            "body": '<?xml version="1.0"?>\n<DescribeImagesResponse><imagesSet><item><imageId>ami-0',
            "content_type": "text/xml;charset=UTF-8",
        },
        "empty_200": {"status": 200, "body": "", "content_type": "text/xml;charset=UTF-8"},
        "entity_bomb": {
            "status": 200,
            "content_type": "text/xml;charset=UTF-8",
            "body": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + "x" * 100 + '">'
            '<!ENTITY b "'
            + "&a;" * 100
            + '"><!ENTITY c "'
            + "&b;" * 100
            + '">]><DescribeImagesResponse><requestId>&c;</requestId></DescribeImagesResponse>',
        },
    }

    def __init__(self):
        self.rules, self.by_id, self.lock = [], {}, threading.Lock()

    @staticmethod
    def norm(rule):
        r = {**Faults.PRESETS.get(rule.get("preset"), {}), **rule}
        r.setdefault("kind", "status" if "status" in r else None)
        if not r["kind"]:
            raise ValueError("a fault needs 'status', 'kind' or 'preset'")
        return {"times": 1, "skip": 0, "phase": "before", **r, "hits": 0}

    def put(self, rules, replace=True):
        rules = [self.norm(r) for r in (rules if isinstance(rules, list) else [rules])]
        with self.lock:
            self.rules = rules if replace else self.rules + rules
            return list(self.rules)

    def pick(self, operation, region, body, header):
        with self.lock:
            if header:
                r = self.norm(json.loads(header))
                if "id" in r:  # the same header sent again by a retry counts down one counter
                    n = self.by_id[r["id"]] = self.by_id.get(r["id"], -1) + 1
                    if not (r["skip"] <= n and (r["times"] < 0 or n < r["skip"] + r["times"])):
                        return None
                return r
            for r in self.rules:
                if (
                    r["times"] == 0
                    or r.get("op") not in (None, operation)
                    or r.get("region") not in (None, region)
                ):
                    continue
                if not re.search(r.get("body_has", ""), body):
                    continue
                if r["skip"] > 0:
                    r["skip"] -= 1
                    continue
                r["times"] -= 1
                r["hits"] += 1
                return dict(r)
        return None


class Throttle:
    def __init__(self):
        self.buckets, self.lock = {}, threading.Lock()

    def allow(self, spec, key):
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
    def __init__(self):
        self.cfg, self.faults, self.throttle = Config(), Faults(), Throttle()
        self.log = collections.deque(maxlen=int(os.environ.get("REQUEST_LOG") or 20000))
        self.seq, self.lock, self.local = 0, threading.Lock(), threading.local()

    def start(self):
        from moto.server import ThreadedMotoServer

        t = time.time()
        gaps.install()
        self.counts = seed.seed()
        self.moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self.moto.start()
        self.moto_port = self.moto.get_host_and_port()[1]
        LOG.info("seeded in %.1fs: %s; moto on %s", time.time() - t, self.counts, self.moto_port)
        harness = self

        class H(Handler):
            h = harness

        self.httpd = Server(("127.0.0.1", self.cfg.port), H)
        self.cfg.port = self.httpd.server_address[1]

    def reset(self):
        from moto.ec2.models import ec2_backends
        from moto.ssm.models import ssm_backends

        for backends in (ec2_backends, ssm_backends):
            for account in list(backends.values()):
                for backend in list(account.values()):
                    backend.reset()
        self.counts = seed.seed()

    def next_id(self):
        with self.lock:
            self.seq += 1
            return self.seq

    def to_moto(self, method, target, headers, body, service, region):
        """moto takes service and region from the Authorization header; this one is our own, not the client's."""
        keep = {k: v for k, v in headers if k.lower() in ("content-type", "x-amz-target")}
        keep["Host"] = "%s.%s.amazonaws.com" % (service, region)
        keep["Authorization"] = (
            "AWS4-HMAC-SHA256 Credential=testing/20260101/%s/%s/aws4_request, SignedHeaders=host, Signature=0"
            % (region, service)
        )
        c = http.client.HTTPConnection("127.0.0.1", self.moto_port, timeout=120)
        try:
            c.request(method, target, body or None, keep)
            r = c.getresponse()
            return r.status, dict(r.getheaders()), r.read()
        finally:
            c.close()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    h = None

    def log_message(self, *a):
        pass

    def setup(self):
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    # ---------------------------------------------------------------- plumbing
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
            body = (
                b"".join(
                    b"%x\r\n%s\r\n" % (len(body[i : i + 8192]), body[i : i + 8192])
                    for i in range(0, len(body), 8192)
                )
                + b"0\r\n\r\n"
            )
        else:
            lines.append("Content-Length: %d" % (len(body) if content_length is None else content_length))
        lines.append("Connection: %s" % ("close" if self.close_connection else "keep-alive"))
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body

    def reply_json(self, status, obj):
        self.wfile.write(self.raw(status, [("Content-Type", "application/json")], json.dumps(obj).encode()))

    def do_GET(self):
        self.any()

    do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = do_GET

    def any(self):
        body = self.read_body()
        if not self.path.startswith("/__"):
            return self.api(body)
        try:
            self.admin(body)
        except Exception as e:  # noqa: BLE001
            self.reply_json(400, {"error": "%s: %s" % (type(e).__name__, e)})

    # ---------------------------------------------------------------- admin
    def admin(self, body):
        h, what = self.h, (self.command, self.path.partition("?")[0])
        data = json.loads(body) if body else None
        if what == ("GET", "/__health"):
            self.reply_json(
                200,
                {
                    "ok": True,
                    "requests": h.seq,
                    "aws_endpoint": "http://127.0.0.1:%d" % h.moto_port,
                    "seeded": h.counts,
                },
            )
        elif what == ("GET", "/__requests"):
            since = int(dict(parse_qsl(self.path.partition("?")[2])).get("since", 0))
            self.reply_json(200, [r for r in list(h.log) if r["id"] > since])
        elif what == ("DELETE", "/__requests"):
            h.log.clear()
            self.reply_json(200, {"ok": True})
        elif what[1] == "/__faults" and self.command in ("PUT", "POST"):
            self.reply_json(200, h.faults.put(data, replace=self.command == "PUT"))
        elif what == ("GET", "/__faults"):
            self.reply_json(200, h.faults.rules)
        elif what == ("DELETE", "/__faults"):
            h.faults.by_id.clear()
            self.reply_json(200, h.faults.put([]))
        elif what == ("GET", "/__config"):
            self.reply_json(200, h.cfg.public())
        elif what == ("PUT", "/__config"):
            unknown = set(data) - set(Config.LIVE)
            if unknown:
                raise ValueError("not settable: %s" % sorted(unknown))
            for k, v in data.items():
                setattr(h.cfg, k, v)
            h.cfg.apply()
            self.reply_json(200, h.cfg.public())
        elif what == ("POST", "/__reset"):
            h.reset()
            h.faults.put([])
            h.faults.by_id.clear()
            h.log.clear()
            self.reply_json(200, {"ok": True, "seeded": h.counts})
        elif what == ("POST", "/__shutdown"):
            self.reply_json(200, {"ok": True})
            threading.Thread(target=h.httpd.shutdown).start()
        else:
            self.reply_json(404, {"error": "no such admin endpoint"})

    # ---------------------------------------------------------------- api
    def error(self, service, status, code, message, rid):
        """EC2: XML. SSM: JSON, and 400 where EC2 says 401, 403 or 503."""
        if service == "ssm":
            return (
                status,
                [("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-RequestId", rid)],
                json.dumps({"__type": code, "message": message}).encode(),
            )
        xml = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors>'
            "<RequestID>%s</RequestID></Response>" % (escape(code), escape(message), rid)
        )
        return (
            status,
            [("Content-Type", "text/xml;charset=UTF-8"), ("x-amzn-requestid", rid), ("Server", "AmazonEC2")],
            xml.encode(),
        )

    def refused(self, v, service, rid):
        cfg = self.h.cfg
        if service == "ssm":
            return self.error(service, 400, v.error_type, v.message, rid)
        denied = (401, "AuthFailure", "AWS was not able to validate the provided access credentials")
        mismatch = (
            403,
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
            "Access Key and signing method. Consult the service documentation for details.",
        )
        if v.name == "missing":
            r = (
                403,
                "MissingAuthenticationToken",
                "The request must contain a valid (registered) AWS access key ID or X.509 certificate.",
            )
        elif v.name in ("mismatch", "body-hash", "headers"):
            r = mismatch if cfg.signature_error == "SignatureDoesNotMatch" else denied
        elif v.name in ("expired", "future"):
            r = denied if cfg.skew_error == "AuthFailure" else (400, "RequestExpired", "Request has expired.")
        else:
            r = denied
        return self.error(service, *r, rid)

    def api(self, body):
        h, cfg, t0 = self.h, self.h.cfg, time.time()
        headers = [(k, v) for k, v in self.headers.items()]
        rid = str(uuid.uuid4())
        target = self.headers.get("X-Amz-Target")
        service = "ssm" if target else "ec2"
        path, _, query = self.path.partition("?")
        form = self.command == "POST" and "x-www-form-urlencoded" in (self.headers.get("Content-Type") or "")
        params = dict(
            parse_qsl(
                body.decode("utf-8", "replace") if form else query,
                keep_blank_values=True,
                max_num_fields=20000,
            )
        )
        op = target.split(".")[-1] if target else params.get("Action")
        scope = re.search(
            r"Credential=[^/,\s]+/\d+/([^/]+)/([^/]+)/", self.headers.get("Authorization") or ""
        )
        host = re.match(r"(ec2|ssm)(?:-fips)?\.([a-z0-9-]+)\.", self.headers.get("Host") or "")
        region = (
            host.group(2)
            if host
            else scope.group(1)
            if scope and scope.group(1) in seed.REGIONS
            else seed.REGIONS[0]
        )
        rec = {
            "id": h.next_id(),
            "time": round(t0, 3),
            "method": self.command,
            "target": self.path,
            "operation": op,
            "service": service,
            "region": region,
            "headers": {k.lower(): v for k, v in headers},
            "params": params if service == "ec2" else None,
            "body_sha256": hashlib.sha256(body).hexdigest(),
            "body": body[:4000].decode("utf-8", "replace"),
            "request_id": rid,
        }
        v, fault, res = None, None, None
        if cfg.auth:
            v = sigv4.verify(
                self.command,
                self.path,
                headers,
                body,
                access_key=cfg.access_key,
                secret_key=cfg.secret_key,
                session_token=cfg.session_token,
                region=region,
                service=service,
                now=self.now(),
            )
        rec["auth"] = v.as_dict() if v else {"ok": True, "verdict": "off"}
        if v is not None and not v.ok:
            res = self.refused(v, service, rid)
        elif path != "/":
            res = self.error(service, 404, "InvalidAction", "There is nothing at %s" % path, rid)
        elif service == "ec2" and not op:
            res = self.error(
                service,
                400,
                "MissingAction",
                "The request is missing an action or a required parameter.",
                rid,
            )
        elif service == "ec2" and params.get("Version") != "2016-11-15":
            res = self.error(
                service,
                400,
                "InvalidParameterValue" if "Version" in params else "MissingParameter",
                "The request must contain the parameter Version"
                if "Version" not in params
                else "Unsupported version %s" % params["Version"],
                rid,
            )
        elif not h.throttle.allow(cfg.throttle, (service, region)):
            res = self.error(
                service,
                *(
                    (503, "RequestLimitExceeded", "Request limit exceeded.")
                    if service == "ec2"
                    else (400, "ThrottlingException", "Rate exceeded")
                ),
                rid,
            )
        else:
            try:
                fault = h.faults.pick(
                    op, region, body.decode("utf-8", "replace"), self.headers.get("X-Harness-Fault")
                )
            except (ValueError, KeyError) as e:
                res = (
                    400,
                    [("Content-Type", "application/json")],
                    json.dumps({"error": "X-Harness-Fault: %s" % e}).encode(),
                )
        if fault:
            rec["fault"] = {k: fault[k] for k in fault if k not in ("headers", "body")}
            if fault["phase"] == "before" and fault["kind"] == "status":
                res = self.fault_response(fault, service, rid)
            elif fault["phase"] == "before" and fault["kind"] in ("reset", "close", "hang"):
                self.record(rec, 0, 0, t0)
                return self.break_connection(fault)
        if res is None:
            res = self.forward(service, region, op, headers, body, rid)
            if fault and fault["kind"] == "status":
                res = self.fault_response(fault, service, rid)
            elif fault and fault["kind"] in ("reset", "close", "hang"):
                self.record(rec, res[0], 0, t0)
                return self.break_connection(fault)
        status, hdrs, data = res
        rec["response"] = data[:2000].decode("utf-8", "replace")
        rec["plain_bytes"] = len(data)
        if (
            cfg.gzip
            and service == "ec2"
            and len(data) > 1000
            and "gzip" in (self.headers.get("Accept-Encoding") or "")
        ):
            data = gzip.compress(data, 5)
            hdrs = hdrs + [("Content-Encoding", "gzip")]
        self.record(rec, status, len(data), t0)
        kind = fault and fault["kind"]
        if kind == "truncate":
            self.close_connection = True
            self.wfile.write(
                self.raw(
                    status, hdrs, data[: int(fault.get("bytes", len(data) // 2))], content_length=len(data)
                )
            )
        elif kind == "drip":
            msg, step = self.raw(status, hdrs, data), max(1, int(fault.get("bytes", 64)))
            for i in range(0, len(msg), step):
                self.wfile.write(msg[i : i + step])
                time.sleep(fault.get("delay_ms", 50) / 1000.0)
        else:
            if kind == "slow":
                time.sleep(fault.get("delay_ms", 1000) / 1000.0)
            self.wfile.write(
                self.raw(
                    status,
                    hdrs,
                    b"" if self.command == "HEAD" else data,
                    chunked=cfg.chunked and service == "ec2" and len(data) > 2000,
                )
            )

    def forward(self, service, region, op, headers, body, rid):
        try:
            status, got, data = self.h.to_moto(self.command, self.path, headers, body, service, region)
        except Exception:  # noqa: BLE001
            LOG.exception("moto failed")
            return self.error(service, 500, "InternalError", "An internal error has occurred", rid)
        if service == "ssm":
            if status >= 500 or b"<html" in data[:100].lower():
                return self.error(service, 400, "UnknownOperationException", "", rid)
            text = data.decode("utf-8", "replace")
            # as AWS writes them: doubles in Java's notation; a missing parameter is an error without a message
            text = re.sub(
                r'"LastModifiedDate": (\d+(?:\.\d+)?)',
                lambda m: '"LastModifiedDate": %.12gE9' % (float(m.group(1)) / 1e9),
                text,
            )
            if status >= 400 and "ParameterNotFound" in text:
                text = '{"__type":"ParameterNotFound"}'
            return (
                status,
                [("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-RequestId", rid)],
                text.encode(),
            )
        text = data.decode("utf-8", "replace")
        if status >= 500 or "xml" not in got.get("Content-Type", ""):
            LOG.warning("moto said %s to %s: %s", status, op, text[-600:])
            from moto.ec2.responses import EC2Response

            if hasattr(EC2Response, re.sub(r"(?<!^)([A-Z])", r"_\1", op).lower()):
                return self.error(service, 500, "InternalError", "An internal error has occurred", rid)
            return self.error(
                service, 400, "InvalidAction", "The action %s is not valid for this web service." % op, rid
            )
        text = re.sub(
            r"<(requestId|RequestID|RequestId)>[^<]*<", lambda m: "<%s>%s<" % (m.group(1), rid), text, count=1
        )
        code = re.search(r"<Code>([^<]*)</Code>\s*<Message>", text) if status >= 400 else None
        if code:
            message = re.search(r"<Message>(.*?)</Message>", text, re.S)
            message = re.sub(
                r"&(lt|gt|amp|quot|apos);",
                lambda m: {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}[m.group(1)],
                message.group(1),
            )
            status = {"DryRunOperation": 412, "UnauthorizedOperation": 403, "AuthFailure": 403}.get(
                code.group(1), status
            )
            return self.error(service, status, code.group(1), message, rid)
        text = text.replace('xmlns="http://ec2.amazonaws.com/doc/2016-11-15"', 'xmlns="%s"' % NS)
        # as EC2 writes it: the request id first, and <return> where the model has no output
        head, sep, tail = text.partition("<%sResponse" % op)
        tail = re.sub(r"<requestId>[^<]*</requestId>", "", tail, count=1)
        ret = "<return>true</return>" if op in NO_OUTPUT else ""
        text = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            + sep
            + tail.replace(">", "><requestId>%s</requestId>%s" % (rid, ret), 1)
        )
        if self.h.cfg.pretty:
            text = indent(text)
        return (
            status,
            [
                ("Content-Type", "text/xml;charset=UTF-8"),
                ("x-amzn-requestid", rid),
                ("cache-control", "no-cache, no-store"),
                ("vary", "accept-encoding"),
                ("Server", "AmazonEC2"),
            ],
            text.encode(),
        )

    def fault_response(self, f, service, rid):
        if "code" in f:
            status, hdrs, raw = self.error(service, int(f["status"]), f["code"], f.get("message", ""), rid)
        else:
            body = f.get("body", "harness fault %s" % f["status"])
            raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            status, hdrs = int(f["status"]), [("Content-Type", f.get("content_type", "text/plain"))]
        if "retry_after" in f:
            hdrs.append(("Retry-After", str(f["retry_after"])))
        return status, hdrs + list((f.get("headers") or {}).items()), raw

    def break_connection(self, f):
        self.close_connection = True
        if f["kind"] == "hang":
            time.sleep(f.get("delay_ms", 60000) / 1000.0)
        elif f["kind"] == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        try:
            self.connection.close()
        except OSError:
            pass

    def record(self, rec, status, size, t0):
        rec.update(status=status, bytes=size, ms=round((time.time() - t0) * 1000, 1))
        self.h.log.append(rec)
        LOG.info(
            "%s %s %s %s -> %s auth=%s%s %sms",
            rec["id"],
            rec["region"],
            rec["method"],
            rec["operation"],
            status,
            rec["auth"]["verdict"],
            " fault=" + str(rec["fault"].get("status") or rec["fault"]["kind"]) if rec.get("fault") else "",
            rec["ms"],
        )


def indent(xml):
    """Newlines and spaces between tags only, as EC2 sends them; never inside an element that has text."""
    out, depth, last = [], 0, None
    for m in re.finditer(r"<\?[^>]*\?>|<[^>]+>[^<]*", xml):
        t = m.group(0)
        if t.startswith("<?"):
            out.append(t)
            continue
        if t.startswith("</"):
            depth -= 1
            out.append(t.rstrip() if last == "open" else "\n" + "    " * depth + t.rstrip())
            last = "close"
        else:
            out.append("\n" + "    " * depth + t)
            if not t.endswith("/>"):
                depth += 1
                last = "open"
            else:
                last = "close"
    return "".join(out)


def main():
    logging.basicConfig(
        level=os.environ.get("LOG_LEVEL", "WARNING"),
        stream=sys.stderr,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    LOG.setLevel(os.environ.get("HARNESS_LOG_LEVEL", "INFO"))
    for noisy in ("botocore", "boto3", "urllib3", "werkzeug"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    h = Harness()
    h.start()

    def stop(_signum, _frame):
        threading.Thread(target=h.httpd.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print("READY http://127.0.0.1:%d" % h.cfg.port, flush=True)  # the socket listens already
    try:
        h.httpd.serve_forever(poll_interval=0.1)
    finally:
        h.httpd.server_close()
        print("STOPPED", flush=True)
        sys.stderr.flush()
        os._exit(0)  # moto's thread and its state need no freeing


if __name__ == "__main__":
    main()
