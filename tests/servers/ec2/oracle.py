#!/usr/bin/env python3
"""What boto3 lists: the ids of images, in order, to compare another client with.

usage: oracle.py http://127.0.0.1:18090 < cases.json

The cases are a JSON list of {"region": .., "arguments": {..}, "page_size": 100 or null}: arguments of boto3's
describe_images, listed in pages of that size by boto3's own paginator, or at once. The output is a JSON list of lists
of ids; where the service refuses, the code of the error stands in place of a list.
"""

import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


def client(url, region):
    return boto3.client(
        "ec2",
        region_name=region,
        endpoint_url=url,
        aws_access_key_id="AKIDHARNESS000000001",
        aws_secret_access_key="harness-secret-key",
        config=Config(read_timeout=120, retries={"total_max_attempts": 1}),
    )


def ids(ec2, arguments, page_size):
    if page_size is None:
        pages = [ec2.describe_images(**arguments)]
    else:
        paginator = ec2.get_paginator("describe_images")
        pages = paginator.paginate(**arguments, PaginationConfig={"PageSize": page_size})
    return [image["ImageId"] for page in pages for image in page["Images"]]


def main():
    clients, found = {}, []
    for case in json.load(sys.stdin):
        region = case["region"]
        clients[region] = clients.get(region) or client(sys.argv[1], region)
        try:
            found.append(ids(clients[region], case["arguments"], case["page_size"]))
        except ClientError as error:
            found.append(error.response["Error"]["Code"])
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
