#!/usr/bin/env python3
"""Compares an OpenAPI document with a file of facts, in structure only.

usage: compare_spec.py SPEC(.yaml|.json) FACTS.json

Prints a line for each difference, and their number. The exit status is 0 when the document covers every
operation, parameter, response, property and enum value of the facts, and 1 otherwise. Descriptions,
examples, titles and extensions are not compared.

A document may differ from the facts where real servers do, and "relaxed" says so without failing: a
property of a response is optional that the facts require, a bound on a response is not repeated, a schema
takes anything, a path parameter has another name. In the facts, responses `2XX`, `4XX` and `default` stand
for any of their class; each alternative of `anyOf` and `oneOf` has to be found, in any order.

Needs PyYAML for a YAML document.
"""

import json
import re
import sys

KEYS = (
    "type",
    "format",
    "pattern",
    "enum",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "nullable",
)
BOUNDS = ("pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems")


def load(path):
    text = open(path, encoding="utf-8").read()
    if path.endswith(".json"):
        return json.loads(text)
    import yaml

    return yaml.safe_load(text)


class Spec:
    def __init__(self, doc):
        self.doc = doc

    def resolve(self, node):
        seen = 0
        while isinstance(node, dict) and "$ref" in node and seen < 20:
            target = self.doc
            for part in node["$ref"].lstrip("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            node, seen = target, seen + 1
        return node

    def merged(self, node, depth=0):
        node = self.resolve(node) or {}
        if not isinstance(node, dict) or "allOf" not in node or depth > 10:
            return node
        out = {"properties": {}, "required": []}
        for part in [*node["allOf"], {k: v for k, v in node.items() if k != "allOf"}]:
            part = self.merged(part, depth + 1)
            out["properties"].update(part.get("properties", {}))
            out["required"] += part.get("required", [])
            out.update({k: v for k, v in part.items() if k not in ("properties", "required")})
        return {k: v for k, v in out.items() if v != {} and v != []}


def snake(name):
    out = ""
    for i, ch in enumerate(name):
        if ch.isupper() and i and (not name[i - 1].isupper()):
            out += "_"
        out += ch.lower()
    return out


def shape(path):
    return re.sub(r"\{[^}]*\}", "{}", path)


def main():
    if len(sys.argv) != 3:
        print(__doc__)
        return 2
    doc, facts = load(sys.argv[1]), load(sys.argv[2])
    spec, failures, relaxed = Spec(doc), [], []

    def fact_schema(node):
        while isinstance(node, str):
            node = facts["schemas"][node]
        return node or {}

    def alternatives(node):
        """the members of anyOf/oneOf, flat"""
        out = []
        for member in node.get("anyOf", []) + node.get("oneOf", []):
            member = spec.merged(member)
            out += alternatives(member) if ("anyOf" in member or "oneOf" in member) else [member]
        return out

    def attempt(where, ours, theirs, response, depth):
        """compare on trial -> its failures"""
        keep_f, keep_r, keep_d = failures[:], relaxed[:], set(done)
        compare(where, ours, theirs, response, depth)
        found = failures[len(keep_f) :]
        if found:
            failures[:], relaxed[:] = keep_f, keep_r
            done.clear()
            done.update(keep_d)
        return found

    def compare(where, ours, theirs, response, depth=0):
        name = theirs if isinstance(theirs, str) else None
        ours, theirs = spec.merged(ours), fact_schema(theirs)
        if depth > 12:
            return
        wanted = theirs.get("anyOf", []) + theirs.get("oneOf", [])
        if wanted:
            options = alternatives(ours) or [ours]
            if not any(k in ours for k in ("anyOf", "oneOf", "type", "properties", "enum")):
                relaxed.append(f"{where}: takes anything, facts name {len(wanted)} alternatives")
                return
            for i, want in enumerate(wanted):
                tries = [attempt(f"{where}|{i}", option, want, response, depth + 1) for option in options]
                if all(tries):
                    failures.append(
                        f"{where}: alternative {i} of the facts is not taken: {min(tries, key=len)[0]}"
                    )
            if theirs.get("nullable") and not ours.get("nullable"):
                failures.append(f"{where}: nullable is None, facts say True")
            return
        if ("anyOf" in ours or "oneOf" in ours) and "properties" not in ours:
            options = alternatives(ours)
            nullable = ours.get("nullable")
            tries = [
                attempt(where, {**o, **({"nullable": True} if nullable else {})}, theirs, response, depth + 1)
                for o in options
            ]
            if all(tries):
                failures.append(f"{where}: no alternative fits: {min(tries, key=len)[0]}")
            return
        for key in KEYS:
            if key not in theirs:
                continue
            a, b = ours.get(key), theirs[key]
            if key == "enum" and a is None and "const" in ours:  # OpenAPI 3.1
                a = [ours["const"]]
            if key == "enum":
                missing = [v for v in b if v not in (a or [])]
                if missing:
                    failures.append(f"{where}: enum lacks {missing}")
            elif a != b:
                if response and key in BOUNDS and a is None:
                    relaxed.append(f"{where}: {key} {b!r} is not repeated")
                elif key == "type" and a is None and not ours:
                    relaxed.append(f"{where}: takes anything, facts say {b!r}")
                else:
                    failures.append(f"{where}: {key} is {a!r}, facts say {b!r}")
        need, have = set(theirs.get("required", [])), set(ours.get("required", []))
        for prop in sorted(need - have):
            (relaxed if response else failures).append(f"{where}.{prop}: required in the facts")
        for prop in sorted(have - need):
            failures.append(f"{where}.{prop}: required here, optional in the facts")
        props = ours.get("properties", {})
        for prop, sub in theirs.get("properties", {}).items():
            if prop not in props:
                failures.append(f"{where}.{prop}: missing property")
            else:
                key = (name, prop, response)
                if name and key in done:
                    continue
                if name:
                    done.add(key)
                compare(f"{where}.{prop}", props[prop], sub, response, depth + 1)
        if "items" in theirs:
            compare(f"{where}[]", ours.get("items", {}), theirs["items"], response, depth + 1)
        if theirs.get("additionalProperties"):
            extra = ours.get("additionalProperties")
            if extra is None or extra is False:
                failures.append(f"{where}: is a map in the facts (additionalProperties)")
            elif extra is True or extra == {}:
                relaxed.append(f"{where}: map of anything")
            else:
                compare(f"{where}{{}}", extra, theirs["additionalProperties"], response, depth + 1)

    done = set()
    ours, loose = {}, {}
    for path, item in doc.get("paths", {}).items():
        for method, op in item.items():
            if method in ("get", "put", "post", "delete", "patch", "head"):
                op = dict(op)
                op["parameters"] = item.get("parameters", []) + op.get("parameters", [])
                ours[(method.upper(), path)] = op
                loose[(method.upper(), shape(path))] = (op, path)
    for fact in facts["operations"]:
        where = f"{fact['method']} {fact['path']}"
        renames = {}
        op = ours.get((fact["method"], fact["path"]))
        if op is None and (fact["method"], shape(fact["path"])) in loose:
            op, path = loose[(fact["method"], shape(fact["path"]))]
            renames = dict(zip(re.findall(r"\{([^}]*)\}", fact["path"]), re.findall(r"\{([^}]*)\}", path)))
            relaxed.append(f"{where}: is {path} here")
        if op is None:
            failures.append(f"{where}: missing operation {fact['operation']}")
            continue
        if op.get("operationId") not in (fact["operation"], snake(fact["operation"])):
            failures.append(
                f"{where}: operationId {op.get('operationId')!r}, facts say {fact['operation']!r}"
            )
        if fact.get("tag") and fact["tag"] not in op.get("tags", []):
            failures.append(f"{where}: tag {op.get('tags')}, facts say {fact['tag']!r}")
        params = {(p["name"], p["in"]): p for p in map(spec.resolve, op["parameters"])}
        for p in fact["parameters"]:
            named = renames.get(p["name"], p["name"]) if p["in"] == "path" else p["name"]
            mine = params.get((named, p["in"]))
            if mine is None:
                failures.append(f"{where}: missing {p['in']} parameter {p['name']}")
                continue
            if bool(mine.get("required")) != bool(p["required"]):
                failures.append(
                    f"{where} {p['name']}: required {mine.get('required')}, facts say {p['required']}"
                )
            compare(f"{where} ?{p['name']}", mine.get("schema", {}), p["schema"], False)
        if "requestBody" in fact:
            body = spec.resolve(op.get("requestBody", {})) or {}
            for media, schema in fact["requestBody"]["content"].items():
                mine = body.get("content", {}).get(media)
                if mine is None:
                    failures.append(f"{where}: request body lacks {media}")
                elif schema is not None:
                    compare(f"{where} body", mine.get("schema", {}), schema, False)
        codes = {str(c).upper(): r for c, r in op.get("responses", {}).items()}
        for code, content in fact["responses"].items():
            key = code.upper()
            wanted = [codes[key]] if key in codes else []
            if not wanted and (re.fullmatch("[1-5]XX", key) or key == "DEFAULT"):
                classes = key[0] if key != "DEFAULT" else "45"
                wanted = [r for c, r in codes.items() if c[0] in classes]
                if not wanted and classes != "2" and "DEFAULT" in codes:
                    wanted = [codes["DEFAULT"]]
            if not wanted:
                failures.append(f"{where}: missing response {code}")
                continue
            for mine in map(spec.resolve, wanted):
                for media, schema in content.items():
                    got = mine.get("content", {}).get(media)
                    if got is None:
                        failures.append(f"{where} {code}: lacks {media}")
                    elif schema is not None:
                        compare(f"{where} {code}", got.get("schema", {}), schema, True)
    for line in relaxed:
        print("relaxed:", line)
    for line in failures:
        print("differs:", line)
    print(
        f"{len(facts['operations'])} operations in the facts, {len(failures)} differences, {len(relaxed)} relaxed"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
