#!/usr/bin/env python3
"""Files for web-download and for http locations. HEAD and GET; every body is (b"0123456789abcdef" * n)[:SIZE].

/blob/SIZE[/any/name]     SIZE bytes              /nolength/SIZE   the same without Content-Length
/slow/SIZE/SECONDS        spread over SECONDS     /short/SIZE      promises SIZE, sends half, closes
/status/CODE              an empty answer         /redirect/REST   302 to /REST
"""

import argparse
import http.server
import sys
import time


def body(size):
    return (b"0123456789abcdef" * (size // 16 + 1))[:size]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        part = self.path.split("?")[0].strip("/").split("/")
        try:
            kind, number = part[0], None if part[0] == "redirect" else int(part[1])
            seconds = float(part[2]) if kind == "slow" else 0
        except (IndexError, ValueError):
            kind, number = "status", 404
        if kind in ("redirect", "status"):
            self.send_response(302 if kind == "redirect" else number)
            if kind == "redirect":
                self.send_header("Location", "http://%s/%s" % (self.headers["Host"], "/".join(part[1:])))
            self.send_header("Content-Length", "0")
            return self.end_headers()
        data = body(number)
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        if kind == "nolength":
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(number))
        self.end_headers()
        if self.command == "HEAD":
            return
        if kind == "short":
            data, self.close_connection = data[: number // 2], True
        step = max(1, len(data) // 20) if seconds else max(1, len(data))
        for at in range(0, len(data), step):
            self.wfile.write(data[at : at + step])
            self.wfile.flush()
            time.sleep(seconds / 20)

    do_HEAD = do_GET

    def log_message(self, fmt, *args):
        sys.stderr.write("%s %s\n" % (self.log_date_time_string(), fmt % args))


p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
p.add_argument("--listen", default="127.0.0.1:19294")
host, port = p.parse_args().listen.rsplit(":", 1)
http.server.ThreadingHTTPServer.daemon_threads = True
http.server.ThreadingHTTPServer((host, int(port)), Handler).serve_forever()
