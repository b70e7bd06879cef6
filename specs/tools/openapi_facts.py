#!/usr/bin/env python3
"""Reads facts, structure only, from an OpenAPI 3.0 or 3.1 document.

usage: openapi_facts.py DOC --config CONFIG.json [-o FACTS.json]
       openapi_facts.py DOC --paths REGEX --api NAME [-o FACTS.json]
       openapi_facts.py DOC --paths REGEX --list        # only show what would match

The output is what compare_spec.py reads. In it: methods, paths, parameters, bodies, responses, types,
formats, enums, bounds, required, nullable, oneOf/anyOf. Left out: descriptions, titles, summaries, examples, x- keys,
`additionalProperties: false`. allOf is merged. References to other files are followed.
OpenAPI 3.1: type lists with null become nullable, const becomes a one-value enum.

CONFIG: {"api": str, "base": str, "paths": regex,
         "operations": {"GET /x": "ListX", "GET /y": null (leave out)},
         "rewrite": {"/{apiVersion}": "/v4"}, "drop_parameters": ["apiVersion"],
         "extra": [[file, regex], ...]     more documents of the same API
         "rename": {"schema": "Name"},
         "pagination": {"ListX": {...}}      copied to the operation: what no document says formally
         "names": {"ListX 200|data.[]": "X"} names for inline objects; equal ones follow}
Without "operations" ids are derived: List/Show/Create/Update/Delete + the path's noun.
Needs PyYAML for YAML documents.
"""

import argparse
import json
import os
import re
import sys
from urllib.parse import unquote

KEEP = (
    "type",
    "format",
    "enum",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "nullable",
    "deprecated",
    "readOnly",
    "writeOnly",
)
METHODS = ("get", "put", "post", "delete", "patch", "head", "options")


def read(path):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    if path.endswith(".json"):
        return json.loads(text)
    import yaml

    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # timestamps stay text
        pass

    Loader.yaml_implicit_resolvers = {
        k: [(t, r) for t, r in v if not t.endswith(":timestamp")]
        for k, v in base.yaml_implicit_resolvers.items()
    }
    return yaml.load(text, Loader=Loader)


def camel(text):
    text = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text)
    return "".join(w[:1].upper() + w[1:] for w in re.split(r"[^A-Za-z0-9]+", text) if w)


def singular(word):
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("sses"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


class Doc:
    """A node is always handled together with the file it stands in."""

    files = {}

    def __init__(self, path):
        self.path = os.path.abspath(path)
        self.root = self.file(self.path)

    def file(self, path):
        if path not in Doc.files:
            Doc.files[path] = read(path)
        return Doc.files[path]

    def deref(self, node, at):
        """-> node, file, name of the last named reference (or None)"""
        name = None
        for _ in range(40):
            if not (isinstance(node, dict) and isinstance(node.get("$ref"), str)):
                return node, at, name
            target, _, pointer = node["$ref"].partition("#")
            file = os.path.normpath(os.path.join(os.path.dirname(at), target)) if target else at
            found = self.file(file)
            parts = [unquote(p).replace("~1", "/").replace("~0", "~") for p in pointer.split("/") if p]
            for part in parts:
                found = found[int(part)] if isinstance(found, list) else found[part]
            name = parts[-1] if parts else os.path.splitext(os.path.basename(file))[0]
            node, at = found, file
        raise ValueError("reference loop")


class Facts:
    def __init__(self, doc, config):
        self.doc, self.config = doc, config
        self.schemas, self.taken, self.open = {}, {}, []

    # ---- schemas
    def schema(self, node, at):
        if node is True or node is None or node == {}:
            return {}
        target, file, name = self.doc.deref(node, at)
        if name and self.worth_a_name(target):
            return self.named(name, target, file)
        return self.inline(target, file)

    @staticmethod
    def worth_a_name(node):
        return isinstance(node, dict) and (
            "properties" in node
            or "allOf" in node
            or "oneOf" in node
            or "anyOf" in node
            or len(node.get("enum") or ()) > 1
        )

    def named(self, name, node, file):
        key = (file, id(node))
        if key not in self.taken:
            wish = self.config.get("rename", {}).get(name) or camel(name)
            unique, n = wish, 2
            while unique in self.taken.values():
                unique, n = f"{wish}{n}", n + 1
            self.taken[key] = unique
            self.schemas[unique] = None
            self.schemas[unique] = self.inline(node, file)
        return self.taken[key]

    def inline(self, node, at):
        if not isinstance(node, dict):
            return {}
        out = {}
        for key in KEEP:
            if key in node and node[key] not in (False, None):
                out[key] = node[key]
        kind = node.get("type")
        if isinstance(kind, list):
            rest = [k for k in kind if k != "null"]
            if "null" in kind:
                out["nullable"] = True
            out["type"] = rest[0] if len(rest) == 1 else rest
            if isinstance(out["type"], list):
                del out["type"]
                out["anyOf"] = [{"type": k} for k in rest]
        if "const" in node:
            out["enum"] = [node["const"]]
        if "enum" in out and None in out["enum"]:
            out["enum"], out["nullable"] = [v for v in out["enum"] if v is not None], True
        for part in node.get("allOf", []):
            self.merge(out, self.expand(self.schema(part, at)))
        if "properties" in node:
            out.setdefault("type", "object")
            properties = out.setdefault("properties", {})
            for name, sub in node["properties"].items():
                new = self.schema(sub, at)
                properties[name] = self.both(properties[name], new) if name in properties else new
        if node.get("required") and isinstance(node["required"], list):
            out["required"] = sorted(set(out.get("required", [])) | set(node["required"]))
        if "items" in node:
            out.setdefault("type", "array")
            out["items"] = self.schema(node["items"], at)
        extra = node.get("additionalProperties")
        if isinstance(extra, dict) or extra is True:
            out["additionalProperties"] = self.schema(extra, at) if isinstance(extra, dict) else {}
        for key in ("oneOf", "anyOf"):
            if key in node:
                subs = [self.schema(s, at) for s in node[key]]
                null = [s for s in subs if isinstance(s, dict) and s.get("type") == "null"]
                subs = [s for s in subs if s not in null and s != {}]
                if null:
                    out["nullable"] = True
                if len(subs) == 1 and not out.get("properties"):
                    self.merge(
                        out,
                        self.expand(subs[0]) if isinstance(subs[0], str) and out else (self.expand(subs[0])),
                    )
                elif subs and all(isinstance(s, dict) and not s for s in subs):
                    pass
                elif subs:
                    out[key] = subs
        default = node.get("default")  # a text default may be prose: only one of an enum counts
        if isinstance(default, (int, float)) or (isinstance(default, str) and default in out.get("enum", ())):
            out["default"] = default
        return out

    def expand(self, fact):
        while isinstance(fact, str):
            fact = self.schemas[fact] or {}
        return fact

    def both(self, a, b):
        """the same property in two parts of an allOf"""
        if a == b or b == {}:
            return a
        merged = json.loads(json.dumps(self.expand(a)))
        self.merge(merged, self.expand(b))
        return merged

    def merge(self, into, part):
        for key, value in part.items():
            if key == "properties":
                for name, sub in value.items():
                    mine = into.setdefault("properties", {})
                    mine[name] = self.both(mine[name], sub) if name in mine else sub
            elif key == "required":
                into["required"] = sorted(set(into.get("required", [])) | set(value))
            else:
                into.setdefault(key, value)

    # ---- operations
    def content(self, node, at):
        return {
            media: (
                self.schema(body["schema"], at)
                if isinstance(body, dict) and body.get("schema") is not None
                else None
            )
            for media, body in (node.get("content") or {}).items()
        }

    def operation(self, method, path, item, item_at, op, op_at):
        out = {
            "method": method.upper(),
            "path": path,
            "operation": None,
            "vendor_operation": op.get("operationId"),
        }
        if op.get("tags"):
            out["vendor_tag"] = op["tags"][0]  # `tag` is the project's own choice
        if op.get("deprecated"):
            out["deprecated"] = True
        params = {}
        for source, at in ((item.get("parameters") or [], item_at), (op.get("parameters") or [], op_at)):
            for p in source:
                node, file, _ = self.doc.deref(p, at)
                fact = {"name": node["name"], "in": node["in"], "required": bool(node.get("required"))}
                for key in ("style", "explode", "allowReserved", "deprecated"):
                    if key in node:
                        fact[key] = node[key]
                schema = node.get("schema")
                if schema is None and node.get("content"):
                    fact["media"], body = next(iter(node["content"].items()))
                    schema = body.get("schema")
                fact["schema"] = self.schema(schema, file)
                params[(node["in"], node["name"])] = fact
        out["parameters"] = [
            p for p in params.values() if p["name"] not in self.config.get("drop_parameters", [])
        ]
        if op.get("requestBody"):
            node, file, _ = self.doc.deref(op["requestBody"], op_at)
            out["requestBody"] = {"required": bool(node.get("required")), "content": self.content(node, file)}
        out["responses"], headers = {}, {}
        for code, response in op["responses"].items():
            node, file, _ = self.doc.deref(response, op_at)
            code = str(code).upper() if re.fullmatch(r"[1-5]xx", str(code), re.I) else str(code)
            out["responses"][code] = self.content(node, file)
            for name, header in (node.get("headers") or {}).items():
                h, hfile, _ = self.doc.deref(header, file)
                headers.setdefault(name, self.schema(h.get("schema"), hfile))
        if headers:
            out["response_headers"] = headers
        return out

    def derive(self, method, path):
        parts = [p for p in path.strip("/").split("/") if not re.fullmatch(r"v\d+(beta)?|api", p)]
        nouns = [p for p in parts if not p.startswith("{")]
        item = parts[-1].startswith("{")
        noun = camel(nouns[-1])
        if len(nouns) > 1:
            noun = singular(camel(nouns[-2])) + noun
        verb = {
            "get": "Show" if item else "List",
            "post": "Create",
            "put": "Update",
            "patch": "Update",
            "delete": "Delete",
        }.get(method, camel(method))
        return verb + (noun if verb == "List" else singular(noun))

    def collect(self, regex):
        found, wanted = [], self.config.get("operations")
        for path, node in self.doc.root["paths"].items():
            if not re.search(regex, path):
                continue
            item, item_at, _ = self.doc.deref(node, self.doc.path)
            for method in METHODS:
                if method not in item:
                    continue
                op, op_at, _ = self.doc.deref(item[method], item_at)
                shown = path
                for old, new in self.config.get("rewrite", {}).items():
                    shown = shown.replace(old, new)
                key = f"{method.upper()} {shown}"
                if wanted is not None and wanted.get(key) is None:
                    if key not in wanted:
                        print(
                            f"left out (not in the configuration): {key}  [{op.get('operationId')}]",
                            file=sys.stderr,
                        )
                    continue
                fact = self.operation(method, shown, item, item_at, op, op_at)
                fact["operation"] = wanted[key] if wanted is not None else self.derive(method, path)
                found.append(fact)
        return found

    # ---- names for inline objects
    def name_inline(self, operations):
        for place, name in self.config.get("names", {}).items():
            where, _, steps = place.partition("|")
            operation, code = where.strip().split(" ")[:2]
            op = next(o for o in operations if o["operation"] == operation)
            content = op["requestBody"]["content"] if code == "body" else op["responses"][code]
            holder, key = content, next(iter(content))
            for step in [s for s in steps.strip().split(".") if s]:
                fact = self.expand(holder[key])
                if step == "[]":
                    holder, key = fact, "items"
                else:
                    holder, key = fact["properties"], step
            if isinstance(holder[key], str):
                print(f"already named: {place} is {holder[key]}", file=sys.stderr)
                continue
            self.schemas[name] = holder[key]
            holder[key] = name
        texts = {
            json.dumps(s, sort_keys=True): n
            for n, s in self.schemas.items()
            if n in self.config.get("names", {}).values()
        }

        def fold(node, owner=None):
            if isinstance(node, dict):
                for key, value in list(node.items()):
                    fold(value)
                    text = json.dumps(value, sort_keys=True) if isinstance(value, dict) else None
                    if text in texts and not (node is self.schemas and texts[text] == key):
                        node[key] = texts[text]
            elif isinstance(node, list):
                for i, value in enumerate(node):
                    fold(value)
                    text = json.dumps(value, sort_keys=True) if isinstance(value, dict) else None
                    if text in texts:
                        node[i] = texts[text]

        for _ in range(4):
            for op in operations:
                fold(op.get("requestBody", {}).get("content", {}))
                for content in op["responses"].values():
                    fold(content)
            for n, s in self.schemas.items():
                if isinstance(s, dict):
                    fold(s)
            texts = {
                json.dumps(s, sort_keys=True): n
                for n, s in self.schemas.items()
                if n in self.config.get("names", {}).values()
            }

    def used(self, operations):
        keep = set()

        def visit(node):
            if isinstance(node, str):
                if node in self.schemas and node not in keep:
                    keep.add(node)
                    visit(self.schemas[node])
            elif isinstance(node, dict):
                for key, value in node.items():
                    if key in ("properties",):
                        for v in value.values():
                            visit(v)
                    elif key in ("items", "additionalProperties", "schema"):
                        visit(value)
                    elif key in ("oneOf", "anyOf"):
                        for v in value:
                            visit(v)

        for op in operations:
            for p in op["parameters"]:
                visit(p["schema"])
            for v in op.get("requestBody", {}).get("content", {}).values():
                visit(v)
            for content in op["responses"].values():
                for v in content.values():
                    visit(v)
        return {n: s for n, s in self.schemas.items() if n in keep}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("doc")
    p.add_argument("--config")
    p.add_argument("--paths")
    p.add_argument("--api")
    p.add_argument("--list", action="store_true")
    p.add_argument("-o", "--output")
    a = p.parse_args()
    config = read(a.config) if a.config else {}
    doc = Doc(a.doc)
    facts = Facts(doc, config)
    regex = a.paths or config.get("paths", ".")
    operations = facts.collect(regex)
    for file, more in config.get("extra", []):
        facts.doc = Doc(os.path.join(os.path.dirname(os.path.abspath(a.doc)), file))
        operations += facts.collect(more)
    if config.get("operations"):
        missing = {k for k, v in config["operations"].items() if v} - {
            f"{o['method']} {o['path']}" for o in operations
        }
        for key in sorted(missing):
            print("not in the document:", key, file=sys.stderr)
        if missing:
            return 1
    if a.list:
        for o in operations:
            print(o["method"], o["path"], o["operation"], o["vendor_operation"], ",".join(o["responses"]))
        return 0
    facts.name_inline(operations)
    for o in operations:
        if o["operation"] in config.get("pagination", {}):
            o["pagination"] = config["pagination"][o["operation"]]
    out = {
        "api": a.api or config.get("api") or doc.root["info"]["title"],
        "version": str(doc.root["info"].get("version")),
        "openapi": doc.root.get("openapi"),
    }
    for key in ("base", "source", "note"):
        if config.get(key):
            out[key] = config[key]
    out["operations"], out["schemas"] = operations, facts.used(operations)
    text = json.dumps(out, indent=1, ensure_ascii=False) + "\n"
    if a.output:
        with open(a.output, "w", encoding="utf-8") as f:
            f.write(text)
        print(f"{a.output}: {len(operations)} operations, {len(out['schemas'])} schemas")
    else:
        print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
