#!/usr/bin/env python3
"""moto's EC2 and SSM behind a front that behaves like AWS's: SigV4, errors, throttling, faults, log.

client --HTTP--> front (this file) --HTTP--> moto server, in this process (gaps.py on top of it, seed.py in it)

See README.md. Admin endpoints (unsigned, JSON): GET /__health, GET|DELETE /__requests, GET|PUT|POST|DELETE /__faults,
GET|PUT /__config, POST /__reset, POST /__shutdown.
"""

import gzip
import hashlib
import http.client
import json
import os
import re
import sys
import time
import uuid
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]
ACCOUNT = "123456789012"
os.environ["MOTO_ACCOUNT_ID"] = ACCOUNT

import gaps  # noqa: E402
import seed  # noqa: E402

import front  # noqa: E402
from front import LOG, flag  # noqa: E402

NS = "http://ec2.amazonaws.com/doc/2016-11-15/"
NO_OUTPUT = ("ModifyImageAttribute", "ResetImageAttribute", "CreateTags", "DeleteTags")


class Config(front.Config):
    """And how the answers look."""

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
        super().__init__(18090)
        e = os.environ
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
        self.apply()

    def apply(self):
        for k in self.GAPS:
            setattr(gaps.S, k, getattr(self, k))

    def public(self):
        return super().public() | {"account": ACCOUNT, "regions": list(seed.REGIONS)}


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


class Harness(front.Harness):
    def __init__(self):
        super().__init__(Config(), PRESETS)

    def start(self):
        from moto.server import ThreadedMotoServer

        t = time.time()
        gaps.install()
        self.counts = seed.seed()
        self.moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self.moto.start()
        self.moto_port = self.moto.get_host_and_port()[1]
        LOG.info("seeded in %.1fs: %s; moto on %s", time.time() - t, self.counts, self.moto_port)
        self.listen(Handler)

    def health(self):
        moto = "http://127.0.0.1:%d" % self.moto_port
        return super().health() | {"aws_endpoint": moto, "seeded": self.counts}

    def reset(self):
        from moto.ec2.models import ec2_backends
        from moto.ssm.models import ssm_backends

        for backends in (ec2_backends, ssm_backends):
            for account in list(backends.values()):
                for backend in list(account.values()):
                    backend.reset()
        self.counts = seed.seed()
        return {"seeded": self.counts}

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


class Handler(front.Handler):
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
        fault, res = None, None
        v = self.verify(body, rec, region, service)
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
            request = {
                "method": self.command,
                "op": op,
                "region": region,
                "path": self.path,
                "body": body.decode("utf-8", "replace"),
            }
            fault, res = self.pick_fault(request)
        self.exchange(
            rec, t0, rid, res, fault, lambda: self.forward(service, region, op, headers, body, rid)
        )

    def encode(self, headers, data):
        cfg = self.h.cfg
        if "X-Amz-Target" in self.headers:  # SSM
            return headers, data, False
        if cfg.gzip and len(data) > 1000 and "gzip" in (self.headers.get("Accept-Encoding") or ""):
            data = gzip.compress(data, 5)
            headers = headers + [("Content-Encoding", "gzip")]
        return headers, data, cfg.chunked and len(data) > 2000

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
        code = re.search(r"<Code>([^<]*)</Code>", text) if status >= 400 else None
        if code:
            message = re.search(r"<Message>(.*?)</Message>", text, re.S)
            message = re.sub(
                r"&(lt|gt|amp|quot|apos);",
                lambda m: {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}[m.group(1)],
                message.group(1) if message else "",  # moto has none for some codes
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

    def fault_response(self, f, rid):
        service = "ssm" if "X-Amz-Target" in self.headers else "ec2"
        if "code" in f:
            status, hdrs, raw = self.error(service, int(f["status"]), f["code"], f.get("message", ""), rid)
        else:
            body = f.get("body", "harness fault %s" % f["status"])
            raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            status, hdrs = int(f["status"]), [("Content-Type", f.get("content_type", "text/plain"))]
        if "retry_after" in f:
            hdrs.append(("Retry-After", str(f["retry_after"])))
        return status, hdrs + list((f.get("headers") or {}).items()), raw


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
    front.start_logging()
    h = Harness()
    h.start()
    front.stop_on_signals(h)
    print("READY http://127.0.0.1:%d" % h.cfg.port, flush=True)  # the socket listens already
    try:
        h.httpd.serve_forever(poll_interval=0.1)
    finally:
        h.httpd.server_close()
        front.leave()


if __name__ == "__main__":
    main()
