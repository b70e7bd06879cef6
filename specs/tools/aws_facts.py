#!/usr/bin/env python3
"""Writes the facts of one AWS service in the form of the others, out of the facts with the names on the wire.

usage: aws_facts.py MODELS.json SERVICE > FACTS.json

An operation has a path of its own, its action. What is sent and what comes back have other names for the same
thing, so that a schema may be there twice; what is sent then begins with `New`. Enums of more than 100 values are
plain texts. A response requires what it would be nothing without: the list that it is for, and the ids of things.
"""

import json
import sys

FORMS = {
    "ec2": ("application/x-www-form-urlencoded", "text/xml"),
    "ssm": ("application/x-amz-json-1.1", "application/x-amz-json-1.1"),
}
IDENTITIES = {
    "Image": ["imageId"],
    "ImageRecycleBinInfo": ["imageId"],
    "CopyImageResult": ["imageId"],
    "CreateImageResult": ["imageId"],
    "RegisterImageResult": ["imageId"],
    "Snapshot": ["snapshotId"],
    "Region": ["regionName"],
    "InstanceTypeInfo": ["instanceType"],
    "Tag": ["key"],
    "TagDescription": ["key", "resourceId"],
    "GetParameterResult": ["Parameter"],
    "GetParametersResult": ["Parameters"],
    "GetParametersByPathResult": ["Parameters"],
    "Parameter": ["Name", "Value"],
    "DescribeImagesResult": ["imagesSet"],
    "DescribeInstanceTypesResult": ["instanceTypeSet"],
    "DescribeRegionsResult": ["regionInfo"],
    "DescribeSnapshotsResult": ["snapshotSet"],
    "DescribeTagsResult": ["tagSet"],
    "ListImagesInRecycleBinResult": ["imageSet"],
}


def main():
    if len(sys.argv) != 3:
        print(__doc__)
        return 2
    models = json.load(open(sys.argv[1], encoding="utf-8"))
    name = sys.argv[2]
    service = models["services"][name]
    sent, read = service["schemas"]["request"], service["schemas"]["response"]
    request_type, response_type = FORMS[name]

    def named(schema, is_sent):
        return f"New{schema}" if is_sent and schema in read and "enum" not in sent[schema] else schema

    def converted(node, is_sent):
        if isinstance(node, str):
            return named(node, is_sent)
        out = {k: v for k, v in node.items() if k not in ("sensitive", "properties", "items", "enum", "required")}
        if out.get("format") == "epoch-seconds":
            del out["format"]
        if len(node.get("enum", [])) in range(1, 101):
            out["enum"] = node["enum"]
        if "items" in node:
            out["items"] = converted(node["items"], is_sent)
        if "properties" in node:
            out["properties"] = {k: converted(v["schema"], is_sent) for k, v in node["properties"].items()}
        if node.get("required"):
            out["required"] = node["required"]
        return out

    schemas = {}
    for is_sent, group in ((True, sent), (False, read)):
        for schema, node in group.items():
            node = converted(node, is_sent)
            if not is_sent and schema in IDENTITIES:
                node["required"] = IDENTITIES[schema]
            schemas[named(schema, is_sent)] = node
    operations = []
    for operation in service["operations"]:
        body = {
            "type": "object",
            "properties": {p["name"]: converted(p["schema"], True) for p in operation["parameters"]},
        }
        required = [p["name"] for p in operation["parameters"] if p["required"]]
        if required:
            body["required"] = required
        response = operation["response"]
        operations.append(
            {
                "method": "POST",
                "path": "/" + operation.get("target", operation["operation"]),
                "operation": operation["operation"],
                "parameters": [],
                "requestBody": {"required": True, "content": {request_type: body}},
                "responses": {"200": {response_type: response} if response else {}},
            }
        )
    facts = {
        "api": name,
        "version": service["apiVersion"],
        "source": models["source"],
        "operations": operations,
        "schemas": schemas,
    }
    json.dump(facts, sys.stdout, indent=1, ensure_ascii=False)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
