#!/usr/bin/env python3
"""Drives the server with boto3 (an independent client). usage: smoke.py http://127.0.0.1:18090

Run it with the interpreter of its virtual environment ($WORKDIR/venv/bin/python). It resets the server first and last.
"""

import collections
import datetime
import hashlib
import http.client
import json
import sys
import time
import urllib.request
from urllib.parse import urlencode, urlsplit

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import (  # noqa: F401
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    ResponseStreamingError,
)

URL = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:18090"
KEY, SECRET = "AKIDHARNESS000000001", "harness-secret-key"
bad = []


def admin(method, path, data=None):
    r = urllib.request.Request(
        URL + path, method=method, data=None if data is None else json.dumps(data).encode()
    )
    return json.load(urllib.request.urlopen(r))


def client(service="ec2", region="us-east-1", secret=SECRET, key=KEY, retries=0, **cfg):
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=URL,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(
            retries={"total_max_attempts": retries + 1, "mode": "standard"}, read_timeout=20, **cfg
        ),
    )


def check(what, ok, detail=""):
    print("%s  %s%s" % ("ok  " if ok else "FAIL", what, "  [%s]" % (detail,) if detail != "" else ""))
    if not ok:
        bad.append(what)


def section(t):
    print("\n== " + t)


def error(what, want, f, *a, status=None, **kw):
    try:
        r = f(*a, **kw)
    except ClientError as e:
        got, st = e.response["Error"]["Code"], e.response["ResponseMetadata"]["HTTPStatusCode"]
        check(
            what,
            got == want and (status in (None, st)),
            "%s %s: %s" % (st, got, e.response["Error"]["Message"][:110]),
        )
        return e
    check(what, False, "no error: %s" % str(r)[:100])


def wire(
    method,
    params,
    service="ec2",
    headers=None,
    secret=SECRET,
    region="us-east-1",
    body=None,
    host=None,
    signed_service=None,
):
    """One exchange by hand: signed by botocore, sent by http.client, so that the bytes can be shown."""
    data = urlencode(params) if params is not None else body
    target = "/?" + data if method == "GET" else "/"
    h = {"Host": host or urlsplit(URL).netloc, **(headers or {})}
    if method == "POST" and params is not None:
        h["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
    req = AWSRequest(
        method, "http://" + h["Host"] + target, headers=h, data=data if method == "POST" else b""
    )
    SigV4Auth(Credentials(KEY, secret), signed_service or service, region).add_auth(req)
    c = http.client.HTTPConnection(urlsplit(URL).netloc, timeout=20)
    c.request(method, target, data if method == "POST" else None, dict(req.headers))
    r = c.getresponse()
    return r.status, r.getheaders(), r.read(), dict(req.headers), target, data


def pages(c, op, key, **kw):
    return [p[key] for p in c.get_paginator(op).paginate(**kw)]


def main():
    admin("POST", "/__reset")
    admin(
        "PUT",
        "/__config",
        {
            "page_mode": "sparse",
            "last_token": "absent",
            "clock_offset": 0,
            "pending_seconds": 2,
            "recycle_bin": True,
        },
    )
    ec2, ssm = client(), client("ssm")

    section("the wire")
    st, hd, body, rh, target, data = wire(
        "POST",
        [
            ("Action", "DescribeImages"),
            ("Version", "2016-11-15"),
            ("Owner.1", "self"),
            ("Filter.1.Name", "name"),
            ("Filter.1.Value.1", "app-0009*"),
            ("Filter.1.Value.2", "app-0010*"),
            ("MaxResults", "1000"),
        ],
    )
    print("POST / HTTP/1.1\n%s\n\n%s\n" % ("\n".join("%s: %s" % x for x in rh.items()), data))
    print("HTTP/1.1 %d\n%s\n\n%s" % (st, "\n".join("%s: %s" % x for x in hd), body.decode()))
    check("signed POST form", st == 200)
    st, hd, body, *_ = wire("GET", [("Action", "DescribeRegions"), ("Version", "2016-11-15")])
    print(body.decode()[:420])
    check("signed GET query", st == 200)
    st, hd, body, *_ = wire(
        "POST",
        [("Action", "DescribeImages"), ("Version", "2016-11-15"), ("ImageId.1", "ami-00000000000000000")],
    )
    print("HTTP/1.1 %d\n%s\n\n%s" % (st, "\n".join("%s: %s" % x for x in hd), body.decode()))
    st, hd, body, rh, *_ = wire(
        "POST",
        None,
        "ssm",
        {"X-Amz-Target": "AmazonSSM.GetParameter", "Content-Type": "application/x-amz-json-1.1"},
        body='{"Name":"/aws/service/debian/release/12/latest/amd64"}',
    )
    print(
        "\nPOST / HTTP/1.1\n%s\n\nHTTP/1.1 %d\n%s\n\n%s"
        % (
            "\n".join("%s: %s" % x for x in rh.items()),
            st,
            "\n".join("%s: %s" % x for x in hd),
            body.decode(),
        )
    )
    check("ssm JSON 1.1", st == 200)

    st, hd, body, *_ = wire(
        "POST",
        [
            ("Action", "CreateTags"),
            ("Version", "2016-11-15"),
            ("ResourceId.1", ec2.describe_images(Owners=["self"], MaxResults=5)["Images"][0]["ImageId"]),
            ("Tag.1.Key", "seen"),
            ("Tag.1.Value", ""),
        ],
    )
    print("\n" + body.decode())
    check("<return> of an operation without output", b"<return>true</return>" in body)

    section("listing and paging")
    whole = ec2.describe_images(IncludeDeprecated=True, IncludeDisabled=True)["Images"]
    log = admin("GET", "/__requests")[-1]
    print(
        "unpaged: %d images, %d bytes plain, %.0f bytes an image"
        % (len(whole), log["plain_bytes"], log["plain_bytes"] / len(whole))
    )
    ids = {i["ImageId"] for i in whole}
    check("ids are unique", len(ids) == len(whole), len(ids))
    for size in (1000, 100, 37):
        p = pages(
            ec2,
            "describe_images",
            "Images",
            IncludeDeprecated=True,
            IncludeDisabled=True,
            PaginationConfig={"PageSize": size},
        )
        got = [i["ImageId"] for x in p for i in x]
        check(
            "pages of %d give the same images once" % size,
            len(got) == len(set(got)) and set(got) == ids,
            "%d pages" % len(p),
        )
    mine = ec2.describe_images(Owners=["self"])["Images"]
    p = pages(
        ec2,
        "describe_images",
        "Images",
        Filters=[{"Name": "name", "Values": ["app-00*"]}],
        PaginationConfig={"PageSize": 50},
    )
    check(
        "sparse pages: empty pages with a token in between",
        any(not x for x in p[:-1]) and sum(map(len, p)) > 0,
        [len(x) for x in p],
    )
    admin("PUT", "/__config", {"page_mode": "dense"})
    d = pages(
        ec2,
        "describe_images",
        "Images",
        Filters=[{"Name": "name", "Values": ["app-00*"]}],
        PaginationConfig={"PageSize": 50},
    )
    check(
        "dense pages: the same rows",
        sorted(i["ImageId"] for x in d for i in x) == sorted(i["ImageId"] for x in p for i in x),
        [len(x) for x in d],
    )
    admin("PUT", "/__config", {"page_mode": "sparse", "last_token": "empty"})
    r = ec2.describe_images(Owners=["self"], MaxResults=1000)
    check("last page with an empty <nextToken/>", r.get("NextToken") == "", repr(r.get("NextToken")))
    check(
        "boto3 ends there",
        sum(
            map(
                len,
                pages(ec2, "describe_images", "Images", Owners=["self"], PaginationConfig={"PageSize": 100}),
            )
        )
        == len(mine),
    )
    admin("PUT", "/__config", {"last_token": "absent"})
    r = ec2.describe_images(MaxResults=5)
    check("a token needs percent-encoding", set(r["NextToken"]) & set("+/="), r["NextToken"][:60])
    one = mine[0]["ImageId"]
    error(
        "MaxResults with ImageId",
        "InvalidParameterCombination",
        ec2.describe_images,
        ImageIds=[one],
        MaxResults=10,
        status=400,
    )
    error("MaxResults 0", "InvalidParameterValue", ec2.describe_images, MaxResults=0)
    error("MaxResults 1001", "InvalidParameterValue", ec2.describe_images, MaxResults=1001)
    error("a token of garbage", "InvalidNextToken", ec2.describe_images, NextToken="garbage")
    error(
        "a token of another query",
        "InvalidNextToken",
        ec2.describe_images,
        NextToken=r["NextToken"],
        Owners=["self"],
    )
    error(
        "a token of another region",
        "InvalidNextToken",
        client(region="eu-west-1").describe_images,
        NextToken=r["NextToken"],
    )
    per = {
        g: len(client(region=g).describe_images(Owners=["self"])["Images"])
        for g in admin("GET", "/__config")["regions"]
    }
    check("regions hold different images", len(set(per.values())) == len(per), per)

    section("filters, owners, who may run")
    vis = {i["ImageId"]: i for i in ec2.describe_images()["Images"]}

    def f(*fs, **kw):
        return {
            i["ImageId"]
            for i in ec2.describe_images(Filters=[{"Name": n, "Values": v} for n, v in fs], **kw)["Images"]
        }

    by = lambda t: {k for k, i in vis.items() if t(i)}  # noqa: E731
    for what, got, want in (
        ("architecture", f(("architecture", ["arm64"])), by(lambda i: i["Architecture"] == "arm64")),
        (
            "two values: or",
            f(("architecture", ["arm64", "i386"])),
            by(lambda i: i["Architecture"] in ("arm64", "i386")),
        ),
        (
            "two filters: and",
            f(("architecture", ["arm64"]), ("owner-alias", ["amazon"])),
            by(lambda i: i["Architecture"] == "arm64" and i.get("ImageOwnerAlias") == "amazon"),
        ),
        (
            "name with * and ?",
            f(("name", ["app-00?1*"])),
            by(lambda i: i["Name"][:6] == "app-00" and i["Name"][7] == "1"),
        ),
        ("name, an escaped *", f(("name", ["app-00\\*"])), set()),
        ("case counts", f(("name", ["APP-*"])), set()),
        (
            "creation-date by prefix",
            f(("creation-date", ["2026-11-*"])),
            by(lambda i: i["CreationDate"].startswith("2026-11")),
        ),
        ("is-public false", f(("is-public", ["false"])), by(lambda i: not i["Public"])),
        (
            "tag:env",
            f(("tag:env", ["prod"])),
            by(lambda i: {"Key": "env", "Value": "prod"} in i.get("Tags", [])),
        ),
        (
            "tag-key",
            f(("tag-key", ["parallelcluster:image_id"])),
            by(lambda i: any(t["Key"] == "parallelcluster:image_id" for t in i.get("Tags", []))),
        ),
        (
            "root-device-type",
            f(("root-device-type", ["instance-store"])),
            by(lambda i: i["RootDeviceType"] == "instance-store"),
        ),
        ("state", f(("state", ["failed"])), by(lambda i: i["State"] == "failed")),
        ("product-code.type", f(("product-code.type", ["marketplace"])), by(lambda i: "ProductCodes" in i)),
        (
            "source-image-region",
            f(("source-image-region", ["eu-west-1"])),
            by(lambda i: i.get("SourceImageRegion") == "eu-west-1"),
        ),
        ("platform", f(("platform", ["windows"])), by(lambda i: i.get("Platform") == "windows")),
        (
            "bdm volume-size",
            f(("block-device-mapping.volume-size", ["20"])),
            by(lambda i: any(b.get("Ebs", {}).get("VolumeSize") == 20 for b in i["BlockDeviceMappings"])),
        ),
    ):
        check("filter " + what, got == want and (got or "escaped" in what or "case" in what), len(got))
    error("unknown filter", "InvalidParameterValue", f, ("nonsense", ["x"]))
    for o in ("self", "amazon", "aws-marketplace", "099720109477", "222222222222"):
        rows = ec2.describe_images(Owners=[o])["Images"]
        print(
            "      owner %-16s %4d images, owner ids %s"
            % (o, len(rows), dict(collections.Counter(i["OwnerId"] for i in rows).most_common(4)))
        )
    check(
        "a shared private image of another account is seen, its tags are not",
        all("Tags" not in i or not i["Tags"] for i in ec2.describe_images(Owners=["222222222222"])["Images"])
        and len(ec2.describe_images(Owners=["222222222222"])["Images"]) == 5,
    )
    check("private images of others are not", not any("partner-private" in i["Name"] for i in vis.values()))
    print(
        "      executable by self %d, all %d"
        % (
            len(ec2.describe_images(ExecutableUsers=["self"])["Images"]),
            len(ec2.describe_images(ExecutableUsers=["all"])["Images"]),
        )
    )
    error("an owner that is none", "InvalidUserID.Malformed", ec2.describe_images, Owners=["canonical"])

    section("whoAMI: the newest image by name")
    newest = lambda **kw: max(ec2.describe_images(**kw)["Images"], key=lambda i: i["CreationDate"])  # noqa: E731
    for name, owner in (
        ("ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*", "099720109477"),
        ("debian-12-amd64-*", "136693071363"),
        ("al2023-ami-2023.*-kernel-6.1-x86_64", "137112412989"),
        ("aws-parallelcluster-3.16.1-ubuntu-2404-lts-hvm-x86_64-*", "amazon"),
    ):
        q = {"Filters": [{"Name": "name", "Values": [name]}]}
        a, b = newest(**q), newest(Owners=[owner], **q)
        check(
            "without an owner the attacker wins, with one not: " + name,
            a["OwnerId"] in ("666666666666", "777777777777")
            and b["OwnerId"] not in ("666666666666", "777777777777"),
            "%s by %s, rightly %s by %s" % (a["ImageId"], a["OwnerId"], b["ImageId"], b["OwnerId"]),
        )
    q = {"Filters": [{"Name": "name", "Values": ["amazon/al2023*"]}]}
    check(
        "a location that says amazon/ is no proof",
        ec2.describe_images(**q)["Images"][0].get("ImageOwnerAlias") is None
        and not ec2.describe_images(Owners=["amazon"], **q)["Images"],
    )
    v = ssm.get_parameter(
        Name="/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"
    )["Parameter"]["Value"]
    check(
        "the SSM parameter names the right one",
        v
        == newest(
            Owners=["099720109477"],
            Filters=[
                {"Name": "name", "Values": ["ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*"]}
            ],
        )["ImageId"],
        v,
    )

    section("deprecated, disabled")
    a, b = len(ec2.describe_images()["Images"]), len(ec2.describe_images(IncludeDeprecated=True)["Images"])
    check("IncludeDeprecated shows more", b > a, "%d -> %d" % (a, b))
    past = [
        i
        for i in mine
        if i.get("DeprecationTime", "9") < datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    ]
    check(
        "an owner sees his deprecated images anyway",
        past,
        "%d, e.g. %s" % (len(past), past[0]["DeprecationTime"]),
    )
    c = len(ec2.describe_images(Owners=["self"], IncludeDisabled=True)["Images"])
    check("IncludeDisabled shows more", c > len(mine), "%d -> %d" % (len(mine), c))

    section("strings and shapes")
    texts = {i.get("Description") for i in mine}
    check(
        "awkward text survives",
        {
            "a & b < c > d \"q\" 'a'",
            "two\nlines\tand a tab",
            "Zürich 東京 \U0001f600",
            "  spaces around  ",
            "]]> <!-- x --> <![CDATA[",
        }
        <= texts,
        len(texts),
    )
    check("absent and empty descriptions", None in texts and "" in texts)
    check(
        "tagSet absent in some, empty in some",
        any("Tags" not in i for i in vis.values()) and any(i.get("Tags") == [] for i in vis.values()),
    )
    check("no block devices", any(i["BlockDeviceMappings"] == [] for i in mine))
    print("      states %s" % dict(collections.Counter(i["State"] for i in whole)))
    print("      keys   %s" % dict(collections.Counter(k for i in whole for k in i)))

    section("copy, create, register, deregister, bin")
    west = client(region="eu-west-1")
    src = west.describe_images(Owners=["self"], Filters=[{"Name": "tag:env", "Values": ["prod"]}])["Images"][
        0
    ]
    kw = dict(
        Name="copied one",
        SourceImageId=src["ImageId"],
        SourceRegion="eu-west-1",
        ClientToken="tok-1",
        CopyImageTags=True,
    )
    error("CopyImage DryRun", "DryRunOperation", ec2.copy_image, DryRun=True, status=412, **kw)
    x = ec2.copy_image(**kw)["ImageId"]
    check("the same ClientToken gives the same image", ec2.copy_image(**kw)["ImageId"] == x, x)
    error(
        "the same token, another request",
        "IdempotentParameterMismatch",
        ec2.copy_image,
        **{**kw, "Name": "other name"},
    )
    error("a name in use", "InvalidAMIName.Duplicate", ec2.copy_image, **{**kw, "ClientToken": "tok-2"})
    d = ec2.describe_images(ImageIds=[x])["Images"][0]
    check(
        "pending at first, with source",
        d["State"] == "pending"
        and d["SourceImageId"] == src["ImageId"]
        and d["SourceImageRegion"] == "eu-west-1",
        d["State"],
    )
    t = time.time()
    ec2.get_waiter("image_available").wait(ImageIds=[x], WaiterConfig={"Delay": 1, "MaxAttempts": 10})
    check("boto3's waiter sees it become available", True, "%.1f s" % (time.time() - t))
    check(
        "CopyImageTags",
        {"Key": "env", "Value": "prod"} in ec2.describe_images(ImageIds=[x])["Images"][0]["Tags"],
    )
    snaps = [b["Ebs"]["SnapshotId"] for b in d["BlockDeviceMappings"]]
    s = ec2.describe_snapshots(SnapshotIds=snaps)["Snapshots"]
    check("its snapshot", s and s[0]["State"] == "completed", s[0]["SnapshotId"])
    y = ec2.register_image(
        Name="registered one",
        Architecture="arm64",
        RootDeviceName="/dev/xvda",
        VirtualizationType="hvm",
        EnaSupport=True,
        BootMode="uefi",
        ImdsSupport="v2.0",
        BlockDeviceMappings=[
            {
                "DeviceName": "/dev/xvda",
                "Ebs": {"SnapshotId": snaps[0], "VolumeSize": 40, "VolumeType": "gp3"},
            }
        ],
        TagSpecifications=[{"ResourceType": "image", "Tags": [{"Key": "k", "Value": "v"}]}],
    )["ImageId"]
    d = ec2.describe_images(ImageIds=[y])["Images"][0]
    check(
        "RegisterImage keeps what it was given",
        d["Architecture"] == "arm64"
        and d["ImdsSupport"] == "v2.0"
        and d["BlockDeviceMappings"][0]["Ebs"]["VolumeSize"] == 40
        and d["Tags"] == [{"Key": "k", "Value": "v"}],
        d["BlockDeviceMappings"],
    )
    base = next(i["ImageId"] for i in mine if i["State"] == "available")
    inst = ec2.run_instances(ImageId=base, MinCount=1, MaxCount=1, InstanceType="t3.micro")["Instances"][0][
        "InstanceId"
    ]
    z = ec2.create_image(InstanceId=inst, Name="created one", Description="from an instance")["ImageId"]
    d = ec2.describe_images(ImageIds=[z])["Images"][0]
    check("CreateImage", d["SourceInstanceId"] == inst and d["SourceImageId"] == base, z)
    r = ec2.deregister_image(ImageId=y, DeleteAssociatedSnapshots=True)
    check(
        "DeregisterImage, a snapshot in use is skipped",
        r["Return"] is True and r["DeleteSnapshotResults"][0]["ReturnCode"] == "skipped",
        r["DeleteSnapshotResults"],
    )
    check("it is in the bin", [i["ImageId"] for i in ec2.list_images_in_recycle_bin()["Images"]] == [y])
    error("and not found", "InvalidAMIID.NotFound", ec2.describe_images, ImageIds=[y])
    check(
        "restored",
        ec2.restore_image_from_recycle_bin(ImageId=y)["Return"]
        and ec2.describe_images(ImageIds=[y])["Images"][0]["Name"] == "registered one",
    )
    r = ec2.enable_image_deregistration_protection(ImageId=y, WithCooldown=True)["Return"]
    error("protected", "OperationNotPermitted", ec2.deregister_image, ImageId=y)
    r2 = ec2.disable_image_deregistration_protection(ImageId=y)["Return"]
    check(
        "protection's answers are text, not booleans",
        r == "enabled-with-cooldown" and r2.startswith("disabled after "),
        (r, r2),
    )
    admin("PUT", "/__config", {"recycle_bin": False})
    ec2.deregister_image(ImageId=z)
    check("deregistered without bin: empty list, no error", ec2.describe_images(ImageIds=[z])["Images"] == [])
    error("a second time", "InvalidAMIID.Unavailable", ec2.deregister_image, ImageId=z)

    section("attributes, deprecation, enabling")
    ec2.modify_image_attribute(ImageId=x, Description={"Value": "new & <text>"})
    check(
        "description",
        ec2.describe_image_attribute(ImageId=x, Attribute="description")["Description"]["Value"]
        == "new & <text>",
    )
    ec2.modify_image_attribute(
        ImageId=x, LaunchPermission={"Add": [{"UserId": "222222222222"}, {"Group": "all"}]}
    )
    lp = ec2.describe_image_attribute(ImageId=x, Attribute="launchPermission")["LaunchPermissions"]
    check(
        "launch permissions",
        {"Group": "all"} in lp and ec2.describe_images(ImageIds=[x])["Images"][0]["Public"],
        lp,
    )
    ec2.modify_image_attribute(
        ImageId=x, Attribute="launchPermission", OperationType="remove", UserGroups=["all"]
    )
    check(
        "the older form removes",
        ec2.describe_image_attribute(ImageId=x, Attribute="launchPermission")["LaunchPermissions"]
        == [{"UserId": "222222222222"}],
    )
    ec2.reset_image_attribute(ImageId=x, Attribute="launchPermission")
    check(
        "ResetImageAttribute",
        ec2.describe_image_attribute(ImageId=x, Attribute="launchPermission")["LaunchPermissions"] == [],
    )
    error(
        "blockDeviceMapping",
        "AuthFailure",
        ec2.describe_image_attribute,
        ImageId=x,
        Attribute="blockDeviceMapping",
    )
    error(
        "a foreign image",
        "AuthFailure",
        ec2.modify_image_attribute,
        ImageId=v,
        Description={"Value": "x"},
        status=403,
    )
    error(
        "a bad account",
        "InvalidAMIAttributeItemValue",
        ec2.modify_image_attribute,
        ImageId=x,
        LaunchPermission={"Add": [{"UserId": "12"}]},
    )
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=3)
    check("EnableImageDeprecation", ec2.enable_image_deprecation(ImageId=x, DeprecateAt=at)["Return"])
    check(
        "rounded to the minute, as text",
        ec2.describe_images(ImageIds=[x])["Images"][0]["DeprecationTime"].endswith(":00.000Z"),
        ec2.describe_images(ImageIds=[x])["Images"][0]["DeprecationTime"],
    )
    ec2.disable_image_deprecation(ImageId=x)
    check("DisableImageDeprecation", "DeprecationTime" not in ec2.describe_images(ImageIds=[x])["Images"][0])
    error(
        "a deprecation in the past",
        "InvalidParameterValue",
        ec2.enable_image_deprecation,
        ImageId=x,
        DeprecateAt=at - datetime.timedelta(days=9),
    )
    ec2.disable_image(ImageId=x)
    check("DisableImage", x not in {i["ImageId"] for i in ec2.describe_images(Owners=["self"])["Images"]})
    ec2.enable_image(ImageId=x)
    check("EnableImage", ec2.describe_images(ImageIds=[x])["Images"][0]["State"] == "available")
    print(
        "      block public access:",
        {k: w for k, w in ec2.get_image_block_public_access_state().items() if k != "ResponseMetadata"},
    )
    admin("PUT", "/__config", {"block_public_access": "block-new-sharing"})
    error(
        "public sharing blocked",
        "OperationNotPermitted",
        ec2.modify_image_attribute,
        ImageId=x,
        LaunchPermission={"Add": [{"Group": "all"}]},
    )
    admin("PUT", "/__config", {"block_public_access": "unblocked", "recycle_bin": True})

    section("tags, regions, instance types, snapshots")
    ec2.create_tags(Resources=[x], Tags=[{"Key": "a", "Value": ""}, {"Key": "b", "Value": "1"}])
    check("CreateTags", {"Key": "a", "Value": ""} in ec2.describe_images(ImageIds=[x])["Images"][0]["Tags"])
    ec2.delete_tags(Resources=[x], Tags=[{"Key": "a"}, {"Key": "b", "Value": "other"}])
    ks = {t["Key"] for t in ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [x]}])["Tags"]}
    check("DeleteTags: key alone goes, another value stays", "a" not in ks and "b" in ks, sorted(ks))
    p = pages(
        ec2,
        "describe_tags",
        "Tags",
        Filters=[{"Name": "resource-type", "Values": ["image"]}],
        PaginationConfig={"PageSize": 200},
    )
    check("DescribeTags in pages", len(p) > 2 and sum(map(len, p)) > 500, [len(i) for i in p])
    rg, al = ec2.describe_regions()["Regions"], ec2.describe_regions(AllRegions=True)["Regions"]
    check("DescribeRegions", len(al) > len(rg), "%d opted in, %d in all; %s" % (len(rg), len(al), rg[0]))
    p = pages(ec2, "describe_instance_types", "InstanceTypes", PaginationConfig={"PageSize": 100})
    ts = [t for i in p for t in i]
    g = next(t for t in ts if t.get("GpuInfo", {}).get("Gpus"))
    check(
        "DescribeInstanceTypes in pages",
        len(p) > 5,
        "%d types in %d pages; %s: %s, %s"
        % (
            len(ts),
            len(p),
            g["InstanceType"],
            g["GpuInfo"],
            g["ProcessorInfo"].get("SupportedArchitectures"),
        ),
    )
    inf = next((t for t in ts if t.get("InferenceAcceleratorInfo", {}).get("Accelerators")), None)
    print(
        "      inference accelerators as botocore reads them:",
        inf and (inf["InstanceType"], inf["InferenceAcceleratorInfo"]),
    )
    error(
        "MaxResults 101 for instance types",
        "InvalidParameterValue",
        ec2.describe_instance_types,
        MaxResults=101,
    )
    p = pages(ec2, "describe_snapshots", "Snapshots", OwnerIds=["self"], PaginationConfig={"PageSize": 100})
    check("DescribeSnapshots in pages", len(p) > 3, [len(i) for i in p])

    section("ssm")
    names = ["/aws/service/debian/release/12/latest/amd64", "/nowhere", "/golden/app/01/ami-id"]
    r = ssm.get_parameters(Names=names)
    check(
        "GetParameters",
        len(r["Parameters"]) == 2 and r["InvalidParameters"] == ["/nowhere"],
        r["InvalidParameters"],
    )
    error("GetParameter of nothing", "ParameterNotFound", ssm.get_parameter, Name="/nowhere", status=400)
    for path, rec in (
        ("/aws/service/canonical/ubuntu/server", True),
        ("/golden/app", True),
        ("/golden/app", False),
        ("/aws/service/ami-amazon-linux-latest", False),
        ("/aws/service/eks/optimized-ami", True),
    ):
        try:
            p = pages(ssm, "get_parameters_by_path", "Parameters", Path=path, Recursive=rec)
        except ClientError as e:
            p = [[str(e)]]
        print("      %-45s recursive=%-5s pages %s" % (path, rec, [len(i) for i in p]))
    p = pages(ssm, "get_parameters_by_path", "Parameters", Path="/golden/app", Recursive=True)
    check(
        "GetParametersByPath in pages of at most 10",
        max(map(len, p)) <= 10 and sum(map(len, p)) == 45,
        [len(i) for i in p],
    )
    error(
        "MaxResults 11",
        "ValidationException",
        ssm.get_parameters_by_path,
        Path="/golden/app",
        Recursive=True,
        MaxResults=11,
    )
    r = ssm.get_parameter(
        Name="/aws/service/eks/optimized-ami/1.31/amazon-linux-2023/x86_64/standard/recommended"
    )["Parameter"]
    check("a JSON value", json.loads(r["Value"])["image_id"].startswith("ami-"), r["Value"][:80])
    check(
        "a version selector",
        ssm.get_parameter(
            Name="/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id:1"
        )["Parameter"]["Value"]
        != v,
    )
    ids_of = {
        i["ImageId"] for i in ec2.describe_images(IncludeDeprecated=True, IncludeDisabled=True)["Images"]
    }
    vals = [
        i["Value"]
        for path in ("/aws/service/canonical", "/aws/service/debian", "/golden")
        for x2 in pages(ssm, "get_parameters_by_path", "Parameters", Path=path, Recursive=True)
        for i in x2
    ]
    check("every image parameter points at an image that exists", all(i in ids_of for i in vals), len(vals))

    section("signatures")
    error(
        "wrong secret (ec2)", "SignatureDoesNotMatch", client(secret="nonsense").describe_regions, status=403
    )
    error("unknown key (ec2)", "AuthFailure", client(key="AKIDUNKNOWN").describe_regions, status=401)
    error(
        "wrong secret (ssm)",
        "InvalidSignatureException",
        client("ssm", secret="nonsense").get_parameter,
        Name="/x",
        status=400,
    )
    error(
        "unknown key (ssm)",
        "UnrecognizedClientException",
        client("ssm", key="AKIDUNKNOWN").get_parameter,
        Name="/x",
        status=400,
    )
    q = [("Action", "DescribeRegions"), ("Version", "2016-11-15")]
    check("signed for another service", wire("POST", q, signed_service="execute-api")[0] == 401)
    check(
        "signed for another region than the host's",
        wire("POST", q, region="us-east-1", host="ec2.eu-west-1.amazonaws.com")[0] == 401,
    )
    check(
        "signed for the host's region",
        wire("POST", q, region="eu-west-1", host="ec2.eu-west-1.amazonaws.com")[0] == 200,
    )
    st, _, body, rh, *_ = wire("POST", q)
    c = http.client.HTTPConnection(urlsplit(URL).netloc)
    c.request("POST", "/", urlencode(q + [("DryRun", "true")]), rh)
    check("the body is part of the signature", c.getresponse().status == 403)
    c = http.client.HTTPConnection(urlsplit(URL).netloc)
    c.request("POST", "/", urlencode(q), {"Content-Type": "application/x-www-form-urlencoded"})
    r = c.getresponse()
    check("unsigned", r.status == 403, r.read().decode()[-200:-60])
    for off, mode, code in (
        (1200, "AuthFailure", "AuthFailure"),
        (-1200, "RequestExpired", "RequestExpired"),
    ):
        admin("PUT", "/__config", {"clock_offset": off, "skew_error": mode})
        error("server clock %+d s" % off, code, client().describe_regions)
    admin("PUT", "/__config", {"clock_offset": 0, "skew_error": "AuthFailure"})
    st, hd, body, *_ = wire("POST", [("Action", "Nonsense"), ("Version", "2016-11-15")])
    check("unknown action", st == 400 and b"InvalidAction" in body, body.decode()[40:200])
    st, hd, body, *_ = wire("POST", [("Action", "DescribeImages")])
    check("no version", st == 400 and b"MissingParameter" in body)

    section("faults")
    admin("DELETE", "/__requests")
    admin("PUT", "/__faults", {"preset": "throttle", "times": 2, "op": "DescribeImages"})
    check(
        "boto3 gets through two RequestLimitExceeded",
        len(client(retries=4).describe_images(ImageIds=[x])["Images"]) == 1,
        [(r["status"], r["auth"]["verdict"]) for r in admin("GET", "/__requests")],
    )
    for preset, code, st in (
        ("throttle", "RequestLimitExceeded", 503),
        ("unavailable", "Unavailable", 503),
        ("internal", "InternalError", 500),
        ("unauthorized", "UnauthorizedOperation", 403),
    ):
        admin("PUT", "/__faults", {"preset": preset})
        error("preset " + preset, code, ec2.describe_regions, status=st)
    admin("PUT", "/__faults", {"preset": "ssm_throttle"})
    error("preset ssm_throttle", "ThrottlingException", ssm.get_parameter, Name=names[0], status=400)
    for rule in (
        {"kind": "reset"},
        {"kind": "close"},
        {"kind": "truncate", "bytes": 500},
        {"preset": "html_503"},
        {"preset": "bad_xml"},
        {"preset": "empty_200"},
        {"preset": "entity_bomb"},
        {"kind": "hang", "delay_ms": 300},
        {"kind": "drip", "bytes": 200, "delay_ms": 5},
        {"kind": "slow", "delay_ms": 200},
    ):
        admin("PUT", "/__faults", rule)
        try:
            out = "%d images" % len(ec2.describe_images(Owners=["self"], MaxResults=20).get("Images", []))
        except Exception as e:  # noqa: BLE001
            out = "%s: %s" % (type(e).__name__, str(e)[:110])
        print("      %-40s -> boto3: %s" % (json.dumps(rule), out))
    n = len(ec2.describe_images(Owners=["self"])["Images"])
    admin("PUT", "/__faults", {"kind": "reset", "phase": "after", "op": "CopyImage"})
    z = client(retries=3).copy_image(
        Name="copied through a fault",
        SourceImageId=src["ImageId"],
        SourceRegion="eu-west-1",
        ClientToken="tok-9",
    )["ImageId"]
    check(
        "answer lost, retried with its ClientToken: one image",
        len(ec2.describe_images(Owners=["self"])["Images"]) == n + 1,
        z,
    )
    admin("PUT", "/__faults", {"kind": "reset", "phase": "after", "op": "RegisterImage"})
    error(
        "answer lost, RegisterImage has no token: the retry says Duplicate",
        "InvalidAMIName.Duplicate",
        client(retries=3).register_image,
        Name="registered through a fault",
        RootDeviceName="/dev/xvda",
        BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": snaps[0]}}],
    )
    admin("DELETE", "/__faults")
    admin("PUT", "/__config", {"throttle": "5:3"})
    codes = collections.Counter()
    for _ in range(12):
        try:
            ec2.describe_images(ImageIds=[x])
            codes["ok"] += 1
        except ClientError as e:
            codes[e.response["Error"]["Code"]] += 1
    admin("PUT", "/__config", {"throttle": ""})
    check("token bucket", codes["RequestLimitExceeded"] > 3 and codes["ok"] >= 3, dict(codes))

    section("eight clients at once")
    import threading

    counts = []
    ts = [
        threading.Thread(
            target=lambda g=g: counts.append(
                sum(
                    len(i)
                    for i in pages(
                        client(region=g), "describe_images", "Images", PaginationConfig={"PageSize": 250}
                    )
                )
            )
        )
        for g in admin("GET", "/__config")["regions"] * 2
    ]
    t = time.time()
    [i.start() for i in ts], [i.join() for i in ts]
    check(
        "two clients per region agree",
        len(counts) == 8 and len(set(counts)) == 4,
        "%s in %.1f s" % (sorted(counts), time.time() - t),
    )

    section("the same catalogue after a reset")
    admin("POST", "/__reset")
    again = {
        i["ImageId"] for i in ec2.describe_images(IncludeDeprecated=True, IncludeDisabled=True)["Images"]
    }
    check(
        "the same image ids", again == ids, hashlib.sha256("".join(sorted(again)).encode()).hexdigest()[:12]
    )
    print("\n%s" % ("ALL OK" if not bad else "FAILED: %s" % bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
