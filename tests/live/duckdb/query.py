"""Loads a file of NDJSON into the table `images`, and prints the rows of each query as a line of JSON.

query.py FILE SQL...
"""

import json
import sys

import duckdb

duckdb.execute("CREATE TABLE images AS SELECT * FROM read_json($1)", [sys.argv[1]])
for query in sys.argv[2:]:
    print(json.dumps(duckdb.sql(query).fetchall(), default=str))
