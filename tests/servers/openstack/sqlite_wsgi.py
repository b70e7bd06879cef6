"""WSGI entry that loads the real app named by HARNESS_APP and lets SQLite serve parallel writers.

oslo.db starts every SQLite transaction with BEGIN; two that read and then write at once end in
"database is locked" (HTTP 500) however long the timeout. For requests that write, and for threads
that serve no request (import tasks, the cache's worker), BEGIN becomes BEGIN IMMEDIATE, so they wait
for each other. Nothing of the HTTP behaviour is touched.
"""

import importlib
import os
import threading

from sqlalchemy import event
from sqlalchemy.engine import Engine

local = threading.local()


@event.listens_for(Engine, "before_cursor_execute", retval=True)
def begin_immediate(conn, cursor, statement, parameters, context, executemany):
    if statement == "BEGIN" and getattr(local, "writes", True):
        statement = "BEGIN IMMEDIATE"
    return statement, parameters


real = importlib.import_module(os.environ["HARNESS_APP"]).application


def application(environ, start_response):
    # GET .../file writes where the image cache is on
    local.writes = environ["REQUEST_METHOD"] not in ("GET", "HEAD", "OPTIONS") or environ.get(
        "PATH_INFO", ""
    ).endswith("/file")
    return real(environ, start_response)
