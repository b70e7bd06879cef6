#!/usr/bin/env python3
"""A small fault-injecting HTTP/1.1 proxy (standard library only).

  proxy.py --listen 127.0.0.1:19293 --upstream 127.0.0.1:19292

Admin (answered here, never forwarded or counted):
  PUT    /__faults     a fault, or a list of them, replaces the present ones
  POST   /__faults     adds to the present ones
  GET    /__faults     what is left        DELETE /__faults  none
  GET    /__requests   {"total", "counts": {"GET /v2/images": n}, "connections", "log": [...]}
  DELETE /__requests   starts the counts again

A fault (the first in the list that matches a request and has times left is used):
  times: 1 (default), -1 = for ever      skip: let this many matching requests pass first
  method: "GET"                          path: regular expression searched in path?query
and one of
  status: 503 [retry_after: 1 | "Wed, ..."] [body: "..."] [content_type: "..."] [headers: {...}]
          (answered here; the request does not reach Glance)
  reset: true          TCP reset before any answer; the request does not reach Glance
  reset_after: N       the request reaches Glance; N body bytes of the answer, then TCP reset
                       (0: not even the status line)
  truncate: N          full headers (Content-Length kept), N body bytes, then a clean close
  delay: S             sleeps S seconds, then forwards (may be joined to any of the others)
  stall: S [at: N]     headers and N body bytes, S seconds of silence, then the rest
"""

import argparse
import http.client
import json
import re
import signal
import socket
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOP = {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
lock = threading.Lock()
faults = []
state = {"total": 0, "connections": 0, "counts": {}, "log": []}
KINDS = {"status", "reset", "reset_after", "truncate", "delay", "stall"}


def check(fault):
    if not isinstance(fault, dict) or not KINDS & set(fault):
        raise ValueError("a fault needs one of " + ", ".join(sorted(KINDS)))
    fault = dict(fault)
    fault.setdefault("times", 1)
    fault.setdefault("skip", 0)
    re.compile(fault.get("path", ""))
    return fault


def pick(method, target):
    with lock:
        for fault in faults:
            if fault["times"] == 0:
                continue
            if fault.get("method", method).upper() != method or not re.search(fault.get("path", ""), target):
                continue
            if fault["skip"] > 0:
                fault["skip"] -= 1
                continue
            if fault["times"] > 0:
                fault["times"] -= 1
            return dict(fault)
    return {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    upstream = None
    disable_nagle_algorithm = True
    wbufsize = 65536

    def setup(self):
        super().setup()
        self.up = None
        with lock:
            state["connections"] += 1

    def finish(self):
        try:
            super().finish()
        except OSError:
            pass
        if self.up:
            self.up.close()

    def log_message(self, *args):
        pass

    # -- request body -------------------------------------------------------
    def body(self):
        """Yields the request body's pieces (Content-Length or chunked)."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            while True:
                size = int(self.rfile.readline().split(b";")[0].strip() or b"0", 16)
                if size == 0:
                    while self.rfile.readline().strip():
                        pass
                    return
                yield self.rfile.read(size)
                self.rfile.readline()
        left = int(self.headers.get("Content-Length") or 0)
        while left > 0:
            piece = self.rfile.read(min(left, 65536))
            if not piece:
                return
            left -= len(piece)
            yield piece

    def drain(self):
        for _ in self.body():
            pass

    # -- answers --------------------------------------------------------------
    def own(self, status, data, content_type="application/json", headers=()):
        if isinstance(data, (dict, list)):
            data = json.dumps(data).encode() + b"\n"
        elif isinstance(data, str):
            data = data.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        for key, value in dict(headers).items():
            self.send_header(key, str(value))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
        self.wfile.flush()

    def rst(self):
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        # http.server shuts the socket down before closing it, which would send a FIN first
        sock, self.connection = self.connection, None
        self.server.take_over(self.request)
        self.rfile.close()
        self.wfile.close()
        sock.close()

    def admin(self):
        raw = b"".join(self.body())
        if self.path == "/__requests":
            with lock:
                if self.command == "DELETE":
                    state.update(total=0, connections=0, counts={}, log=[])
                return self.own(200, json.loads(json.dumps(state)))
        if self.path == "/__faults":
            try:
                new = []
                if self.command in ("PUT", "POST"):
                    value = json.loads(raw)
                    new = [check(f) for f in (value if isinstance(value, list) else [value])]
            except (ValueError, re.error) as e:
                return self.own(400, {"error": str(e)})
            with lock:
                if self.command in ("PUT", "DELETE"):
                    faults[:] = new
                elif self.command == "POST":
                    faults.extend(new)
                return self.own(200, list(faults))
        return self.own(404, {"error": "unknown admin path"})

    def handle_one(self):
        if self.path.startswith("/__"):
            return self.admin()
        fault = pick(self.command, self.path)
        with lock:
            state["total"] += 1
            key = self.command + " " + self.path.split("?")[0]
            state["counts"][key] = state["counts"].get(key, 0) + 1
            entry = {
                "t": round(time.time(), 3),
                "method": self.command,
                "target": self.path,
                "user_agent": self.headers.get("User-Agent"),
                "fault": {k: v for k, v in fault.items() if k in KINDS} or None,
                "status": None,
            }
            state["log"].append(entry)
            del state["log"][:-1000]
        if fault.get("delay"):
            time.sleep(float(fault["delay"]))
        if fault.get("reset"):
            return self.rst()
        if fault.get("status"):
            self.drain()
            status = entry["status"] = int(fault["status"])
            extra = dict(fault.get("headers") or {})
            if fault.get("retry_after") is not None:
                extra["Retry-After"] = fault["retry_after"]
            return self.own(
                status,
                fault.get("body", "<html><h1>%d injected</h1></html>\n" % status),
                fault.get("content_type", "text/html"),
                extra,
            )
        self.forward(fault, entry)

    def forward(self, fault, entry):
        headers = [(k, v) for k, v in self.headers.items() if k.lower() not in HOP]
        chunked = "chunked" in self.headers.get("Transfer-Encoding", "").lower()
        has_body = chunked or int(self.headers.get("Content-Length") or 0) > 0
        for attempt in (1, 2):
            fresh = self.up is None
            if fresh:
                self.up = http.client.HTTPConnection(*self.upstream, timeout=120)
            try:
                self.up.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                for key, value in headers:
                    self.up.putheader(key, value)
                if chunked:
                    self.up.putheader("Transfer-Encoding", "chunked")
                self.up.endheaders()
                for piece in self.body() if has_body else ():
                    self.up.send(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
                if chunked:
                    self.up.send(b"0\r\n\r\n")
                answer = self.up.getresponse()
                break
            except (OSError, http.client.HTTPException) as e:
                self.up.close()
                self.up = None
                if not fresh and not has_body:  # a kept connection that Glance had closed
                    continue
                entry["status"] = 502
                self.close_connection = True
                return self.own(502, {"error": "upstream: %r" % e})
        entry["status"] = answer.status
        if fault.get("reset_after") == 0:
            answer.read()
            return self.rst()
        no_body = self.command == "HEAD" or answer.status in (204, 304) or answer.status < 200
        length = answer.getheader("Content-Length")
        self.send_response_only(answer.status, answer.reason)
        for key, value in answer.getheaders():
            if key.lower() not in HOP:
                self.send_header(key, value)
        out_chunked = length is None and not no_body
        if out_chunked:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        left = fault.get("truncate", fault.get("reset_after"))
        stall_at = int(fault.get("at", 0)) if fault.get("stall") else None
        sent = 0
        while True:
            if stall_at is not None and sent >= stall_at:
                self.wfile.flush()
                time.sleep(float(fault["stall"]))
                stall_at = None
            want = 65536
            if left is not None:
                want = min(want, left - sent)
            if stall_at is not None:
                want = min(want, stall_at - sent)
            if want <= 0 and left is not None and sent >= left:
                self.wfile.flush()
                if "reset_after" in fault:
                    time.sleep(0.05)  # let the bytes leave before the reset drops them
                    self.up.close()
                    self.up = None
                    return self.rst()
                self.close_connection = True
                return
            piece = answer.read(max(want, 1)) if not no_body else b""
            if not piece:
                break
            sent += len(piece)
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if out_chunked else piece)
            if out_chunked:
                self.wfile.flush()
        answer.read()
        if answer.will_close:
            self.up.close()
            self.up = None
        if left is not None:  # the body was shorter than asked for
            self.close_connection = True
        elif out_chunked:
            self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def do(self):
        try:
            self.handle_one()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    taken = None

    def take_over(self, request):
        self.taken = self.taken or set()
        self.taken.add(id(request))

    def shutdown_request(self, request):
        if self.taken and id(request) in self.taken:
            self.taken.discard(id(request))
            return
        super().shutdown_request(request)

    def handle_error(self, request, client_address):
        kind = sys.exc_info()[0]
        if kind and issubclass(kind, (OSError, ValueError)):
            return  # the peer went away, or the stream was closed by a reset
        super().handle_error(request, client_address)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--listen", default="127.0.0.1:19293")
    parser.add_argument("--upstream", default="127.0.0.1:19292")
    args = parser.parse_args()
    split = lambda s: (s.rsplit(":", 1)[0], int(s.rsplit(":", 1)[1]))
    Handler.upstream = split(args.upstream)
    server = Server(split(args.listen), Handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
    print("proxy %s -> %s" % (args.listen, args.upstream), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
