#!/usr/bin/env python3
"""Writes a skeleton OpenAPI 3.0 document from a file of facts: structure only, to be described in our words.

usage: facts_to_openapi.py FACTS.json > skeleton.json

Both tools are tested by `compare_spec.py skeleton.json FACTS.json`, which finds no difference.
"""

import json
import re
import sys


def main():
    facts = json.load(open(sys.argv[1], encoding="utf-8"))
    plain = re.compile(r"[^A-Za-z0-9_]")

    def schema(node):
        if node is None:
            return {}
        if isinstance(node, str):
            return {"$ref": f"#/components/schemas/{node}"}
        out = {
            k: v
            for k, v in node.items()
            if k not in ("properties", "items", "additionalProperties", "anyOf", "oneOf")
        }
        if "properties" in node:
            out["properties"] = {k: schema(v) for k, v in node["properties"].items()}
        for key in ("items", "additionalProperties"):
            if key in node:
                out[key] = schema(node[key])
        for key in ("anyOf", "oneOf"):
            if key in node:
                out[key] = [schema(v) for v in node[key]]
        return out

    def content(c):
        return {media: ({"schema": schema(s)} if s is not None else {}) for media, s in c.items()}

    doc = {
        "openapi": "3.0.3",
        "info": {"title": facts["api"], "version": facts.get("version") or "1"},
        "servers": [{"url": facts["base"]}] if facts.get("base") else [],
        "paths": {},
        "components": {"schemas": {n: schema(s) for n, s in facts["schemas"].items()}},
    }
    for o in facts["operations"]:
        path = re.sub(r"\{([^}]*)\}", lambda m: "{" + plain.sub("_", m[1]) + "}", o["path"])
        op = {"operationId": o["operation"]}
        if o.get("tag"):
            op["tags"] = [o["tag"]]
        op["parameters"] = [
            {k: v for k, v in p.items() if k not in ("schema", "name", "media")}
            | {
                "name": plain.sub("_", p["name"]) if p["in"] == "path" else p["name"],
                "schema": schema(p["schema"]),
            }
            for p in o["parameters"]
        ]
        if "requestBody" in o:
            op["requestBody"] = {
                "required": o["requestBody"].get("required", False),
                "content": content(o["requestBody"]["content"]),
            }
        op["responses"] = {
            code: {"description": "", **({"content": content(c)} if c else {})}
            for code, c in o["responses"].items()
        }
        doc["paths"].setdefault(path, {})[o["method"].lower()] = op
    json.dump(doc, sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
