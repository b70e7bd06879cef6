#!/usr/bin/env python3
"""The real AWS ParallelCluster API server behind a small API-Gateway-like front, AWS faked by moto.

client --HTTP--> front (SigV4 check, route gate, faults, log) --> pcluster serverless_wsgi.handle_request
                 --> connexion/Flask app of aws-parallelcluster --> boto3 --HTTP--> moto (aws_fake.py)

See README.md for the settings. Admin endpoints (not signed, JSON): GET /__health, GET|DELETE /__requests,
GET|PUT|POST|DELETE /__faults, GET|PUT|DELETE /__aws_faults, GET|PUT /__config, POST /__reset, POST /__shutdown.
"""

import asyncio
import base64
import concurrent.futures
import hashlib
import json
import os
import re
import signal
import sys
import threading
import time
import uuid
from types import SimpleNamespace
from urllib.parse import parse_qsl, unquote

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from aws_fake import AwsFake  # noqa: E402

import front  # noqa: E402
from front import LOG, flag  # noqa: E402


class Config(front.Config):
    def __init__(self):
        super().__init__(18080)
        e = os.environ
        self.region = e.get("API_REGION") or e.get("AWS_REGION") or e.get("AWS_DEFAULT_REGION") or "us-east-1"
        self.gateway_routes = flag(
            "GATEWAY_ROUTES", "on"
        )  # unknown route: 403 as API Gateway, not Flask's 404
        self.transport = e.get("APP_TRANSPORT", "lambda")  # lambda | wsgi
        self.validate = e.get("VALIDATE_RESPONSES", "report")  # enforce | report | off
        self.stage = e.get("STAGE", "").strip("/")  # e.g. "prod": every path must start with /prod
        self.cfn_token_style = e.get(
            "CFN_TOKEN_STYLE", "arn"
        )  # what nextToken looks like: arn (moto) | base64
        self.workdir = e.get("WORKDIR") or os.path.join(e.get("TMPDIR", "/tmp"), "pcluster-harness")

    LIVE = (
        "auth",
        "gateway_routes",
        "transport",
        "validate",
        "stage",
        "clock_offset",
        "throttle",
        "session_token",
        "cfn_token_style",
    )

    def public(self):
        return super().public() | {"region": self.region}


class SpecChecker:
    """Checks each response of the app against pcluster/api/openapi/openapi.yaml; reports, changes nothing."""

    def __init__(self):
        import pcluster.api.openapi
        import yaml
        from openapi_schema_validator import OAS30Validator, oas30_format_checker

        with open(os.path.join(os.path.dirname(pcluster.api.openapi.__file__), "openapi.yaml")) as f:
            self.spec = yaml.safe_load(f)
        self.cls, self.fmt = OAS30Validator, oas30_format_checker
        self.ops = []
        for path, item in self.spec["paths"].items():
            rx = re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", path) + "$")
            for method, op in item.items():
                self.ops.append((path.count("{"), method.upper(), rx, path, op))
        self.ops.sort(key=lambda t: t[0])
        self._cache = {}

    def deref(self, node, names=False):
        if isinstance(node, dict):
            if "$ref" in node:
                return self.deref(self.spec["components"]["schemas"][node["$ref"].rsplit("/", 1)[1]])
            drop = () if names else ("example", "description", "title")
            return {
                k: self.deref(v, not names and k == "properties") for k, v in node.items() if k not in drop
            }
        if isinstance(node, list):
            return [self.deref(x) for x in node]
        return node

    def match(self, method, raw_path):
        paths = False
        for _, m, rx, path, op in self.ops:
            if rx.match(raw_path):
                paths = True
                if m == method:
                    return path, op
        return (None, "method") if paths else (None, None)

    def check(self, op, status, body):
        out = []
        if str(status) not in op["responses"]:
            out.append(
                "status %s is not in the spec (spec: %s)" % (status, ", ".join(sorted(op["responses"])))
            )
            documented = [s for s in op["responses"] if s.startswith("2")]
            if not (200 <= status < 300 and documented):
                return out
            key = documented[0]
        else:
            key = str(status)
        content = op["responses"][key].get("content")
        if not content:
            if body.strip() not in (b"", b"null"):
                out.append("body sent where the spec has none")
            elif body:
                out.append("body is %r where the spec has none" % body)
            return out
        ck = (id(op), key)
        if ck not in self._cache:
            self._cache[ck] = self.deref(content["application/json"]["schema"])
        schema = self._cache[ck]
        try:
            data = json.loads(body)
        except ValueError:
            return out + ["body is not JSON: %r" % body[:80]]
        for err in self.cls(schema, format_checker=self.fmt).iter_errors(data):
            out.append("%s: %s" % ("/".join(map(str, err.absolute_path)) or ".", err.message[:200]))
        self.extra(schema, data, "", out)
        return sorted(set(out))

    def extra(self, schema, data, where, out):
        if isinstance(data, dict) and "properties" in schema:
            for k, v in data.items():
                if k not in schema["properties"]:
                    out.append("%s: extra field %r" % (where or ".", k))
                else:
                    self.extra(schema["properties"][k], v, where + "/" + k, out)
        elif isinstance(data, list) and "items" in schema:
            for x in data:
                self.extra(schema["items"], x, where + "/*", out)


class App:
    """The pcluster app: one request at a time on one thread, as in one Lambda container.

    It is not thread safe (os.environ, singletons), and its validators call asyncio.get_event_loop(), which
    outside the main thread needs a loop set for that thread.
    """

    def __init__(self, cfg, fake):
        import pcluster.utils as utils

        # same file pcluster falls back to when its S3 copy cannot be fetched; avoids a network attempt
        with open(os.path.join(os.path.dirname(utils.__file__), "resources", "supported-regions")) as f:
            utils.retrieve_supported_regions.cache = f.read().split("\n")
        self.cfg, self.fake, self.apps = cfg, fake, {}
        self.worker = concurrent.futures.ThreadPoolExecutor(
            1, "pcluster", initializer=lambda: asyncio.set_event_loop(asyncio.new_event_loop())
        )
        self.get()

    def get(self):
        from pcluster.api.flask_app import ParallelClusterFlaskApp

        strict = self.cfg.validate == "enforce"
        if strict not in self.apps:
            self.apps[strict] = ParallelClusterFlaskApp(swagger_ui=False, validate_responses=strict)
        return self.apps[strict].app

    def dispatch(self, *args):
        return self.worker.submit(self._dispatch, *args).result()

    def _dispatch(self, method, raw_target, headers, body, resource):
        self.fake.advance()
        # API Gateway hands over a whole body; with this header werkzeug would see none
        headers = [(k, v) for k, v in headers if k.lower() not in ("transfer-encoding", "x-harness-fault")]
        os.environ["AWS_DEFAULT_REGION"] = os.environ["AWS_REGION"]  # as lambda_handler does
        if self.cfg.transport == "wsgi":
            return self._wsgi(method, raw_target, headers, body)
        return self._lambda(method, raw_target, headers, body, resource)

    def _lambda(self, method, raw_target, headers, body, resource):
        """A REST API (payload 1.0) proxy event through pcluster's own serverless_wsgi."""
        from pcluster.api.awslambda.serverless_wsgi import handle_request

        path, _, query = raw_target.partition("?")
        mvq, mvh = {}, {}
        for k, v in parse_qsl(query, keep_blank_values=True):
            mvq.setdefault(k, []).append(v)
        for k, v in headers:
            mvh.setdefault(k, []).append(v)
        try:
            text, b64 = (body or b"").decode("utf-8"), False
        except UnicodeDecodeError:
            text, b64 = base64.b64encode(body).decode(), True
        event = {
            "resource": resource or path,
            "path": path,
            "httpMethod": method,
            "headers": {k: v[-1] for k, v in mvh.items()},
            "multiValueHeaders": mvh,
            "queryStringParameters": {k: v[-1] for k, v in mvq.items()} or None,
            "multiValueQueryStringParameters": mvq or None,
            "pathParameters": None,
            "stageVariables": None,
            "requestContext": {
                "stage": self.cfg.stage or "prod",
                "httpMethod": method,
                "resourcePath": resource or path,
                "identity": {"sourceIp": "127.0.0.1"},
                "requestId": str(uuid.uuid4()),
            },
            "body": text or None,
            "isBase64Encoded": b64,
        }
        res = handle_request(self.get(), event, SimpleNamespace())
        out = res.get("body", "")
        data = base64.b64decode(out) if res.get("isBase64Encoded") else out.encode("utf-8")
        hdrs = [(k, v) for k, vs in (res.get("multiValueHeaders") or {}).items() for v in vs]
        hdrs += list((res.get("headers") or {}).items())
        return res["statusCode"], hdrs, data

    def _wsgi(self, method, raw_target, headers, body):
        import io

        from werkzeug.wrappers import Response

        path, _, query = raw_target.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": unquote(path, "latin-1"),
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": str(self.cfg.port),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body or b""),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "CONTENT_LENGTH": str(len(body or b"")),
        }
        for k, v in headers:
            key = k.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else "HTTP_" + key] = v
        res = Response.from_app(self.get(), environ)
        return res.status_code, list(res.headers.items()), res.get_data()


PRESETS = {
    "gateway_429": {
        "status": 429,
        "body": {"message": "Too Many Requests"},
        "error_type": "TooManyRequestsException",
    },
    "gateway_502": {
        "status": 502,
        "body": {"message": "Internal server error"},
        "error_type": "InternalServerErrorException",
    },
    "gateway_503": {"status": 503, "body": {"message": "Service Unavailable"}},
    "gateway_504": {
        "status": 504,
        "body": {"message": "Endpoint request timed out"},
        "error_type": "InternalServerErrorException",
    },
    "access_denied": {
        "status": 403,
        "error_type": "AccessDeniedException",
        "body": {
            "Message": "User: arn:aws:iam::123456789012:user/x is not authorized to perform: execute-api:Invoke on resource: "
            "arn:aws:execute-api:us-east-1:********9012:abc123/prod/GET/v3/clusters"
        },
    },
    "html_502": {
        "status": 502,
        "body": "<html><body><h1>502 Bad Gateway</h1></body></html>",
        "content_type": "text/html",
    },
    "bad_json": {"status": 200, "body": '{"images": [', "content_type": "application/json"},
    "empty_200": {"status": 200, "body": "", "content_type": "application/json"},
}


class Harness(front.Harness):
    def __init__(self):
        super().__init__(Config(), PRESETS)
        os.makedirs(self.cfg.workdir, exist_ok=True)
        self.fake = AwsFake(self.cfg)

    def start(self):
        t = time.time()
        self.fake.start()
        self.app = App(self.cfg, self.fake)
        self.spec = SpecChecker()
        self.fake.seed()
        LOG.info("seeded in %.1fs; moto at %s", time.time() - t, self.fake.endpoint)
        self.listen(Handler)

    def health(self):
        return super().health() | {"aws_endpoint": self.fake.endpoint}

    def reset(self):
        self.app.worker.submit(self.fake.reset).result()
        return {}


class Handler(front.Handler):
    def control(self, what, data):
        h = self.h
        if what == ("PUT", "aws_faults"):
            rules = data if isinstance(data, list) else [data]
            for r in rules:
                re.compile(r["operation"]), r["code"]
            h.fake.aws_faults[:] = rules
            return rules
        if what == ("GET", "aws_faults"):
            return h.fake.aws_faults
        if what == ("DELETE", "aws_faults"):
            h.fake.aws_faults.clear()
            return []
        return super().control(what, data)

    @staticmethod
    def gateway_headers(rid):
        return [("x-amzn-RequestId", rid), ("x-amz-apigw-id", base64.b64encode(os.urandom(11)).decode())]

    def api(self, body):
        h, cfg, t0 = self.h, self.h.cfg, time.time()
        headers = [(k, v) for k, v in self.headers.items()]
        rec = {
            "id": h.next_id(),
            "time": round(t0, 3),
            "method": self.command,
            "target": self.path,
            "headers": {k.lower(): v for k, v in headers},
            "body_sha256": hashlib.sha256(body).hexdigest(),
            "body": body[:2000].decode("utf-8", "replace"),
        }
        rid = str(uuid.uuid4())
        gw = self.gateway_headers(rid)
        fault = None

        def gateway_error(status, message, error_type, extra=()):
            return (
                status,
                [("Content-Type", "application/json"), ("x-amzn-ErrorType", error_type), *gw, *extra],
                json.dumps({"message": message}).encode(),
            )

        target = self.path
        gone = False
        if cfg.stage:
            if target.startswith("/" + cfg.stage + "/"):
                target = target[len(cfg.stage) + 1 :]
            else:
                gone = True
        path, op = h.spec.match(self.command, target.partition("?")[0])
        rec["operation"] = op["operationId"] if path else None
        v = self.verify(body, rec, cfg.region, "execute-api")
        res = None
        if gone:
            res = gateway_error(403, "Forbidden", "ForbiddenException")
        elif v is not None and not v.ok:
            res = gateway_error(v.status, v.message, v.error_type)
        elif cfg.gateway_routes and not path:
            res = gateway_error(403, "Missing Authentication Token", "MissingAuthenticationTokenException")
        elif not h.throttle.allow(cfg.throttle):
            res = gateway_error(429, "Too Many Requests", "TooManyRequestsException")
        else:
            request = {
                "method": self.command,
                "op": rec["operation"],
                "path": self.path,
                "body": body.decode("utf-8", "replace"),
            }
            fault, res = self.pick_fault(request)

        def work():
            try:
                status, hdrs, data = h.app.dispatch(self.command, target, headers, body, path)
            except Exception:  # what API Gateway makes of a Lambda that raises
                LOG.exception("app raised")
                return gateway_error(502, "Internal server error", "InternalServerErrorException")
            if path and cfg.validate != "off":
                errs = h.spec.check(op, status, data)
                if errs:
                    rec["spec"] = errs
            return status, hdrs + gw, data

        self.exchange(rec, t0, rid, res, fault, work)

    def fault_response(self, f, rid):
        body = f.get("body", {"message": "harness fault %s" % f["status"]})
        raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        hdrs = [("Content-Type", f.get("content_type", "application/json"))]
        hdrs += self.gateway_headers(rid)
        if f.get("error_type"):
            hdrs.append(("x-amzn-ErrorType", f["error_type"]))
        if "retry_after" in f:
            hdrs.append(("Retry-After", str(f["retry_after"])))
        hdrs += list((f.get("headers") or {}).items())
        return int(f["status"]), hdrs, raw


def main():
    front.start_logging()
    h = Harness()
    h.start()
    front.stop_on_signals(h)
    threading.Thread(target=_announce, args=(h,), daemon=True).start()
    try:
        h.httpd.serve_forever(poll_interval=0.1)
    finally:
        h.httpd.server_close()
        # at once: a request being worked on must not delay the stop, nor freeing moto's state (seconds)
        threading.Timer(0.3, _end_children, [signal.SIGTERM]).start()
        threading.Timer(1.5, _end_children, [signal.SIGKILL]).start()
        threading.Timer(4, front.leave).start()
        runtime = sys.modules.get("jsii._runtime")
        if runtime:
            try:
                runtime.kernel.provider._process.stop()  # what jsii does at exit: ends node, removes its files
            except Exception:  # noqa: BLE001
                LOG.warning("jsii did not stop cleanly", exc_info=True)
        front.leave()


def _end_children(signum):
    """Signal the processes descending from this one (jsii's node processes), by pid."""
    parents = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % pid) as f:
                parents[int(pid)] = int(f.read().rsplit(")", 1)[1].split()[1])
        except OSError:
            pass
    ours = {os.getpid()}
    while True:
        more = {p for p, pp in parents.items() if pp in ours} - ours
        if not more:
            break
        ours |= more
    for pid in ours - {os.getpid()}:
        try:
            os.kill(pid, signum)
        except OSError:
            pass


def _announce(h):
    import http.client

    for _ in range(100):
        try:
            c = http.client.HTTPConnection("127.0.0.1", h.cfg.port, timeout=5)
            c.request("GET", "/__health")
            if c.getresponse().status == 200:
                print("READY http://127.0.0.1:%d" % h.cfg.port, flush=True)
                return
        except OSError:
            time.sleep(0.05)


if __name__ == "__main__":
    main()
