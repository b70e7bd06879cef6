#!/usr/bin/env python3
"""Exercises every operation of the API through the running server and prints what came back.

usage: smoke.py [http://127.0.0.1:PORT]      (PORT as printed by run.sh; default 18080)
Signs with botocore, using the same AWS_* variables (or defaults) as serve.py.
It resets the seed data first (POST /__reset) and leaves it changed. Exit status 1 if a check failed.
"""

import collections
import concurrent.futures
import datetime
import json
import os
import re
import sys
import time
from urllib.parse import quote, urlencode

import boto3
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

BASE = (
    sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:%s" % os.environ.get("PORT", "18080")
)
KEY = os.environ.get("AWS_ACCESS_KEY_ID") or "AKIDHARNESS000000001"
SECRET = os.environ.get("AWS_SECRET_ACCESS_KEY") or "harness-secret-key"
TOKEN = os.environ.get("AWS_SESSION_TOKEN") or None
REGION = (
    os.environ.get("API_REGION")
    or os.environ.get("AWS_REGION")
    or os.environ.get("AWS_DEFAULT_REGION")
    or "us-east-1"
)
FAILED, BODIES = [], []
SESSION = requests.Session()
SESSION.trust_env = False


def canonical(query):
    pairs = query.items() if isinstance(query, dict) else query
    return "&".join("%s=%s" % (quote(k, safe="-_.~"), quote(str(v), safe="-_.~")) for k, v in sorted(pairs))


def signed(
    method,
    path,
    query=(),
    body=None,
    headers=None,
    key=None,
    secret=None,
    token="",
    region=None,
    service="execute-api",
    date=None,
):
    url = BASE + path + ("?" + (query if isinstance(query, str) else canonical(query)) if query else "")
    data = None if body is None else body if isinstance(body, (bytes, str)) else json.dumps(body)
    hdrs = dict(headers or {})
    if data is not None:
        hdrs.setdefault("Content-Type", "application/json")
    req = AWSRequest(method=method, url=url, data=data, headers=hdrs)
    auth = SigV4Auth(
        Credentials(key or KEY, secret or SECRET, TOKEN if token == "" else token), service, region or REGION
    )
    if date:
        import botocore.auth

        real = botocore.auth.get_current_datetime
        botocore.auth.get_current_datetime = lambda *a, **k: date
        try:
            auth.add_auth(req)
        finally:
            botocore.auth.get_current_datetime = real
    else:
        auth.add_auth(req)
    return url, data, dict(req.headers.items())


def send(method, url, data=None, headers=None, timeout=60):
    prep = requests.Request(method, "http://x/", headers=headers, data=data).prepare()
    prep.url = url  # requests must not re-encode it
    return SESSION.send(prep, timeout=timeout)


def call(method, path, query=(), body=None, timeout=60, **kw):
    url, data, hdrs = signed(method, path, query, body, **kw)
    r = send(method, url, data, hdrs, timeout)
    if r.headers.get("x-amzn-RequestId") and r.content:
        BODIES.append((r.status_code, r.text))
    return r


def admin(method, what, body=None):
    r = SESSION.request(method, BASE + "/__" + what, json=body, timeout=120)
    assert r.status_code == 200, (what, r.status_code, r.text)
    return r.json()


def short(text, n=150):
    text = re.sub(r"\s+", " ", text.strip())
    return text if len(text) <= n else text[: n - 3] + "..."


def head(title):
    print("\n== %s" % title)


def check(name, ok, detail=""):
    if not ok:
        FAILED.append(name)
    print("%-4s %s%s" % ("ok" if ok else "FAIL", name, "  [%s]" % detail if detail else ""))


def row(op, method, path, query=(), body=None, want=None, n=150, **kw):
    r = call(method, path, query, body, **kw)
    q = "?" + (query if isinstance(query, str) else urlencode(query)) if query else ""
    flag = "" if want is None or r.status_code == want else "  <-- wanted %s" % want
    if flag:
        FAILED.append(op + " " + path + q)
    print(
        "%-27s %-6s %-62s %s  %s%s" % (op, method, short(path + q, 62), r.status_code, short(r.text, n), flag)
    )
    return r


def pages(path, key, query=()):
    out, sizes, token, query = [], [], None, dict(query)
    while True:
        if token:
            query["nextToken"] = token
        r = call("GET", path, query)
        assert r.status_code == 200, (r.status_code, r.text)
        j = r.json()
        out += j[key]
        sizes.append(len(j[key]))
        token = j.get("nextToken")
        if not token:
            return out, sizes


def main():
    admin(
        "PUT",
        "config",
        {
            "auth": True,
            "gateway_routes": True,
            "transport": "lambda",
            "validate": "report",
            "stage": "",
            "clock_offset": 0,
            "throttle": "",
        },
    )
    admin("POST", "reset")
    print(
        "harness smoke run; aws-parallelcluster API behind the harness; config: %s"
        % json.dumps({k: v for k, v in admin("GET", "config").items() if k not in ("session_token", "port")})
    )
    print("%-27s %-6s %-62s st   body" % ("operation", "method", "path"))

    aws_kw = dict(
        region_name=REGION,
        endpoint_url=admin("GET", "health")["aws_endpoint"],
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )

    head("the 20 operations")
    row("ListOfficialImages", "GET", "/v3/images/official", want=200)
    row(
        "ListOfficialImages", "GET", "/v3/images/official", {"os": "rhel9", "architecture": "arm64"}, want=200
    )
    row("ListImages", "GET", "/v3/images/custom", {"imageStatus": "AVAILABLE"}, want=200)
    row("ListImages", "GET", "/v3/images/custom", {"imageStatus": "PENDING"}, want=200)
    row("ListImages", "GET", "/v3/images/custom", {"imageStatus": "FAILED"}, want=200)
    row("DescribeImage", "GET", "/v3/images/custom/img-0001", want=200, n=330)
    row("DescribeImage", "GET", "/v3/images/custom/building-001", want=200)
    row("DescribeImage", "GET", "/v3/images/custom/failed-001", want=200)
    row("DescribeImage", "GET", "/v3/images/custom/no-such", want=404)
    row("ListImageLogStreams", "GET", "/v3/images/custom/img-0001/logstreams", want=200, n=420)
    row(
        "GetImageLogEvents",
        "GET",
        "/v3/images/custom/img-0001/logstreams/plain",
        {"limit": 2, "startFromHead": "true"},
        want=200,
        n=330,
    )
    row(
        "GetImageLogEvents",
        "GET",
        "/v3/images/custom/img-0001/logstreams/plain",
        {"startTime": "2020-01-01T00:00:00Z", "endTime": "2020-01-02T00:00:00+02:00"},
        want=200,
        n=330,
    )
    row("GetImageStackEvents", "GET", "/v3/images/custom/building-001/stackevents", want=200, n=420)
    img = {
        "imageId": "smoke-img",
        "imageConfiguration": "Build:\n  InstanceType: c5.xlarge\n  ParentImage: ami-0aaaaaaaaaaaaaaa1\n",
    }
    iam = boto3.client("iam", **aws_kw)
    before = [r["RoleName"] for r in iam.list_roles()["Roles"]]
    row("BuildImage (dryrun)", "POST", "/v3/images/custom", {"dryrun": "true"}, img, want=412)
    after = [r["RoleName"] for r in iam.list_roles()["Roles"]]
    check(
        "that dryrun=true was not free of effects: IAM roles before %s, after %s" % (before, after),
        len(after) == len(before) + 1,
    )
    row(
        "BuildImage (dryrun)",
        "POST",
        "/v3/images/custom",
        {"dryrun": "true"},
        {**img, "imageConfiguration": "Build:\n  InstanceType: c5.xlarge\n"},
        want=400,
        n=260,
    )
    row(
        "BuildImage (dryrun)",
        "POST",
        "/v3/images/custom",
        {"dryrun": "true"},
        {
            **img,
            "imageConfiguration": img["imageConfiguration"].replace("0aaaaaaaaaaaaaaa1", "0bbbbbbbbbbbbbbbb"),
        },
        want=400,
        n=420,
    )
    row(
        "BuildImage (dryrun)",
        "POST",
        "/v3/images/custom",
        {"dryrun": "true"},
        {**img, "imageId": "img-0001"},
        want=409,
    )
    t = time.time()
    row("BuildImage", "POST", "/v3/images/custom", {"suppressValidators": "ALL"}, img, want=202, n=330)
    print("    (took %.1fs: the real CDK synthesis through jsii and node)" % (time.time() - t))
    seen = []
    for _ in range(60):
        r = call("GET", "/v3/images/custom/smoke-img")
        state = r.json().get("imageBuildStatus", r.status_code)
        if not seen or seen[-1] != state:
            seen.append(state)
        if state == "BUILD_COMPLETE":
            break
        time.sleep(0.5)
    check(
        "a built image goes BUILD_IN_PROGRESS -> BUILD_COMPLETE with an AMI",
        seen[-1] == "BUILD_COMPLETE" and "amiId" in r.json().get("ec2AmiInfo", {}),
        " -> ".join(map(str, seen)),
    )
    row("DeleteImage", "DELETE", "/v3/images/custom/smoke-img", want=202, n=250)
    row("DeleteImage", "DELETE", "/v3/images/custom/failed-002", {"force": "true"}, want=202, n=330)
    row("DeleteImage", "DELETE", "/v3/images/custom/building-002", want=400)
    row("DeleteImage", "DELETE", "/v3/images/custom/smoke-img", want=404)
    row("ListClusters", "GET", "/v3/clusters", want=200)
    r = row("DescribeCluster", "GET", "/v3/clusters/full-cluster", want=200, n=330)
    full = requests.get(r.json()["clusterConfiguration"]["url"], timeout=10).text
    check("the presigned clusterConfiguration.url can be fetched", "HeadNode" in full)
    row("DescribeCluster", "GET", "/v3/clusters/cluster-003", want=200)
    print("    failures: %s" % call("GET", "/v3/clusters/cluster-003").json().get("failures"))
    row("DescribeComputeFleet", "GET", "/v3/clusters/full-cluster/computefleet", want=200)
    row(
        "UpdateComputeFleet",
        "PATCH",
        "/v3/clusters/full-cluster/computefleet",
        (),
        {"status": "STOP_REQUESTED"},
        want=200,
    )
    row("DescribeClusterInstances", "GET", "/v3/clusters/full-cluster/instances", want=200, n=330)
    row(
        "DescribeClusterInstances",
        "GET",
        "/v3/clusters/full-cluster/instances",
        {"nodeType": "LoginNode"},
        want=200,
        n=330,
    )
    got, sizes = pages("/v3/clusters/full-cluster/instances", "instances")
    check("instances: %d; page sizes %s; nextToken is a reservation id" % (len(got), sizes), len(sizes) == 2)
    row(
        "ListClusterLogStreams",
        "GET",
        "/v3/clusters/full-cluster/logstreams",
        {"filters": "Name=private-dns-name,Values=ip-10-0-0-1"},
        want=200,
    )
    row(
        "GetClusterLogEvents",
        "GET",
        "/v3/clusters/full-cluster/logstreams/ip-10-0-0-2.i-00000000000000002.cfn-init",
        want=200,
        n=330,
    )
    row("GetClusterStackEvents", "GET", "/v3/clusters/cluster-003/stackevents", want=200, n=330)
    subnet = re.search(r"subnet-\w+", full).group(0)
    conf = re.sub(r"LoginNodes:.*?(?=^Scheduling)", "", full, flags=re.S | re.M)
    new = {"clusterName": "smoke-cluster", "clusterConfiguration": conf}
    assert subnet in conf
    row("CreateCluster (dryrun)", "POST", "/v3/clusters", {"dryrun": "true"}, new, want=412, n=330)
    row(
        "CreateCluster (dryrun)",
        "POST",
        "/v3/clusters",
        {"dryrun": "true", "validationFailureLevel": "WARNING"},
        new,
        want=400,
        n=330,
    )
    row("CreateCluster", "POST", "/v3/clusters", {"suppressValidators": "ALL"}, new, want=202, n=330)
    up = {"clusterConfiguration": full.replace("MaxCount: 10", "MaxCount: 20")}
    row("UpdateCluster (dryrun)", "PUT", "/v3/clusters/full-cluster", {"dryrun": "true"}, up, want=412, n=330)
    row(
        "UpdateCluster (refused)",
        "PUT",
        "/v3/clusters/full-cluster",
        {"dryrun": "true", "suppressValidators": "ALL"},
        {"clusterConfiguration": full.replace("alinux2023", "rhel9")},
        want=400,
        n=330,
    )
    row(
        "UpdateCluster",
        "PUT",
        "/v3/clusters/full-cluster",
        {"suppressValidators": "ALL"},
        up,
        want=202,
        n=330,
    )
    row(
        "UpdateCluster (conflict)",
        "PUT",
        "/v3/clusters/full-cluster",
        {"suppressValidators": "ALL"},
        up,
        want=409,
    )
    r = row("DeleteClusterInstances", "DELETE", "/v3/clusters/full-cluster/instances", want=202)
    print("    body %r, content-type %r" % (r.content, r.headers.get("Content-Type")))
    row("DeleteCluster", "DELETE", "/v3/clusters/smoke-cluster", want=202, n=330)
    row("DeleteCluster", "DELETE", "/v3/clusters/no-such", want=404)

    ec2 = boto3.client("ec2", **aws_kw)
    ami = call("GET", "/v3/images/custom/img-0100").json()["ec2AmiInfo"]["amiId"]
    ec2.run_instances(ImageId=ami, MinCount=1, MaxCount=1)
    row("DeleteImage (in use)", "DELETE", "/v3/images/custom/img-0100", want=400)
    row("DeleteImage (in use)", "DELETE", "/v3/images/custom/img-0100", {"force": "true"}, want=202)
    ami = call("GET", "/v3/images/custom/img-0101").json()["ec2AmiInfo"]["amiId"]
    ec2.modify_image_attribute(ImageId=ami, LaunchPermission={"Add": [{"UserId": "210987654321"}]})
    row("DeleteImage (shared)", "DELETE", "/v3/images/custom/img-0101", want=400)
    row("DeleteImage (shared)", "DELETE", "/v3/images/custom/img-0101", {"force": "true"}, want=202)

    head("hazards: the id in the path is looked up as a CloudFormation stack name, whatever the stack is")
    row("DescribeImage", "GET", "/v3/images/custom/unrelated-120")
    row("DeleteImage", "DELETE", "/v3/images/custom/unrelated-120")
    cfn = boto3.client("cloudformation", **aws_kw)
    state = cfn.describe_stacks(StackName="unrelated-120")["Stacks"][0]["StackStatus"]
    check("... answered 500, but the unrelated stack IS being deleted", state == "DELETE_IN_PROGRESS", state)
    row("DeleteImage of a cluster", "DELETE", "/v3/images/custom/cluster-101")
    state = cfn.describe_stacks(StackName="cluster-101")["Stacks"][0]["StackStatus"]
    check("... answered 500, but the cluster's stack IS being deleted", state == "DELETE_IN_PROGRESS", state)
    row("DescribeCluster of an image", "GET", "/v3/clusters/building-050", n=330)
    row("DeleteCluster of an image", "DELETE", "/v3/clusters/building-050", n=330)

    head("pagination")
    av, sizes = pages("/v3/images/custom", "images", {"imageStatus": "AVAILABLE"})
    check("AVAILABLE: everything in one page, never a nextToken", len(sizes) == 1, "%d images" % len(av))
    for status in ("PENDING", "FAILED"):
        got, sizes = pages("/v3/images/custom", "images", {"imageStatus": status})
        check(
            "%s: %d images; page sizes %s" % (status, len(got), sizes),
            len(sizes) > 2 and 0 in sizes and len({i["imageId"] for i in got}) == len(got),
        )
    got, sizes = pages("/v3/clusters", "clusters")
    check("ListClusters: %d; page sizes %s" % (len(got), sizes), len(sizes) > 2 and 0 in sizes)
    got, sizes = pages("/v3/clusters", "clusters", {"clusterStatus": "CREATE_COMPLETE,DELETE_FAILED"})
    check(
        "clusterStatus as one comma separated value filters both",
        {c["clusterStatus"] for c in got} == {"CREATE_COMPLETE", "DELETE_FAILED"},
    )
    r = call(
        "GET", "/v3/clusters", [("clusterStatus", "CREATE_COMPLETE"), ("clusterStatus", "DELETE_FAILED")]
    )
    check("clusterStatus as repeated keys is accepted", r.status_code == 200)
    got, sizes = pages("/v3/clusters/cluster-003/stackevents", "events")
    got, sizes = pages("/v3/images/custom/building-001/stackevents", "events")
    check("stack events: %d; page sizes %s" % (len(got), sizes), len(sizes) == 2)
    got, sizes = pages("/v3/images/custom/img-0001/logstreams", "logStreams")
    check("log streams: %d; page sizes %s" % (len(got), sizes), sizes == [50, 12])
    p, token, tokens, n = "/v3/images/custom/img-0001/logstreams/plain", None, [], 0
    for _ in range(5):
        q = {"limit": 10, "startFromHead": "true", **({"nextToken": token} if token else {})}
        j = call("GET", p, q).json()
        n, token = n + len(j["events"]), j["nextToken"]
        tokens.append((len(j["events"]), token[-4:]))
    check(
        "log events: the end is an unchanged nextToken, not a missing one",
        tokens[-1] == tokens[-2],
        "events %d, %s" % (n, tokens),
    )
    try:
        # tokens with '+', '/' and '=' in them
        admin("PUT", "config", {"cfn_token_style": "base64"})
        got, sizes = pages("/v3/images/custom", "images", {"imageStatus": "PENDING"})
        tok = call("GET", "/v3/clusters").json()["nextToken"]
        check("base64 tokens (+ / =) survive", len(got) == 59, tok[:24] + "...")
    finally:
        admin("PUT", "config", {"cfn_token_style": "arn"})

    head("signature checks (GET /v3/images/official)")
    P = "/v3/images/official"
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    cases = [
        ("no Authorization", lambda: send("GET", BASE + P), 403),
        ("valid", lambda: call("GET", P), 200),
        (
            "valid with query, unicode and ~",
            lambda: call("GET", P, {"os": "rhel9", "x y~": "\u00e9+/=,:"}),
            200,
        ),
        ("wrong secret", lambda: call("GET", P, secret="nope"), 403),
        ("unknown key id", lambda: call("GET", P, key="AKIDNOPE"), 403),
        ("wrong region", lambda: call("GET", P, region="eu-west-3"), 403),
        ("wrong service", lambda: call("GET", P, service="s3"), 403),
        ("unexpected session token", lambda: call("GET", P, token="abc"), 403),
        ("4 minutes old", lambda: call("GET", P, date=now - datetime.timedelta(minutes=4)), 200),
        ("6 minutes old", lambda: call("GET", P, date=now - datetime.timedelta(minutes=6)), 403),
        ("6 minutes ahead", lambda: call("GET", P, date=now + datetime.timedelta(minutes=6)), 403),
        (
            "',' signed un-encoded",
            lambda: call("GET", "/v3/clusters", "clusterStatus=CREATE_COMPLETE,DELETE_FAILED"),
            403,
        ),
        (
            "%2F in the path, encoded twice when signing",
            lambda: call("GET", "/v3/images/custom/img-0001/logstreams/a%2Fb"),
            404,
        ),
    ]
    url, data, hdrs = signed("GET", P)
    cases.append(("query added after signing", lambda: send("GET", url + "?os=rhel9", None, hdrs), 403))
    u2, d2, h2 = signed("POST", "/v3/images/custom", {"dryrun": "true"}, img)
    cases.append(
        ("body changed after signing", lambda: send("POST", u2, d2.replace("smoke", "evil"), h2), 403)
    )
    cases.append(
        ("extra unsigned x-amz- header", lambda: send("GET", url, None, {**hdrs, "x-amz-foo": "1"}), 403)
    )
    u3, d3, h3 = signed(
        "POST", "/v3/images/custom", {"dryrun": "true"}, img, headers={"X-Amz-Content-SHA256": "0" * 64}
    )
    cases.append(("wrong x-amz-content-sha256", lambda: send("POST", u3, d3, h3), 403))
    for name, fn, want in cases:
        r = fn()
        check("%-46s %s %s" % (name, r.status_code, short(r.text, 110)), r.status_code == want)

    head("faults")
    admin("DELETE", "requests")

    def fault_case(name, rule, fn, want):
        admin("PUT", "faults", rule)
        try:
            got = fn()
        except Exception as e:  # noqa: BLE001
            got = type(e).__name__
        check("%-46s %s" % (name, got), want(got))
        admin("DELETE", "faults")

    def statuses(n):
        out = []
        for _ in range(n):
            r = call("GET", P)
            out.append(
                "%s%s"
                % (
                    r.status_code,
                    "(Retry-After %s)" % r.headers["Retry-After"] if "Retry-After" in r.headers else "",
                )
            )
        return out

    fault_case(
        "429 twice, Retry-After 1",
        {"status": 429, "times": 2, "retry_after": 1},
        lambda: statuses(3),
        lambda g: g == ["429(Retry-After 1)"] * 2 + ["200"],
    )
    fault_case(
        "skip 1, then 503 once",
        {"status": 503, "skip": 1},
        lambda: statuses(3),
        lambda g: g == ["200", "503", "200"],
    )
    fault_case(
        "other path not hit",
        {"status": 500, "path": "/v3/clusters"},
        lambda: statuses(1),
        lambda g: g == ["200"],
    )
    fault_case("connection reset", {"kind": "reset"}, lambda: statuses(1), lambda g: g == "ConnectionError")
    fault_case(
        "closed without an answer", {"kind": "close"}, lambda: statuses(1), lambda g: g == "ConnectionError"
    )
    fault_case(
        "truncated body",
        {"kind": "truncate"},
        lambda: statuses(1),
        lambda g: g in ("ChunkedEncodingError", "ConnectionError"),
    )
    fault_case(
        "slow (0.8s) with a 0.3s client timeout",
        {"kind": "slow", "delay_ms": 800},
        lambda: call("GET", P, timeout=0.3).status_code,
        lambda g: g in ("ReadTimeout", "ConnectionError"),
    )
    fault_case(
        "drip", {"kind": "drip", "bytes": 512, "delay_ms": 5}, lambda: statuses(1), lambda g: g == ["200"]
    )
    fault_case("bad_json", {"preset": "bad_json"}, lambda: call("GET", P).text, lambda g: g == '{"images": [')
    fault_case(
        "gateway_504",
        {"preset": "gateway_504"},
        lambda: short(call("GET", P).text),
        lambda g: "timed out" in g,
    )
    fault_case(
        "reset after the work was done (DeleteImage)",
        {"kind": "reset", "phase": "after", "method": "DELETE"},
        lambda: call("DELETE", "/v3/images/custom/img-0240").status_code,
        lambda g: g == "ConnectionError",
    )
    check("... and the image is gone", call("GET", "/v3/images/custom/img-0240").status_code == 404)
    got = []
    for _ in range(4):
        u, d, h = signed("GET", P)
        h["X-Harness-Fault"] = json.dumps({"id": "hdr-1", "status": 503, "times": 2})
        got.append(send("GET", u, d, h).status_code)
    check("X-Harness-Fault header with an id counts down   %s" % got, got == [503, 503, 200, 200])
    log = admin("GET", "requests")
    check(
        "request log: verdict and fault of every request",
        all("auth" in r and "status" in r for r in log) and sum(1 for r in log if r.get("fault")) >= 12,
        "%d requests" % len(log),
    )
    admin("PUT", "config", {"throttle": "2:3"})
    with concurrent.futures.ThreadPoolExecutor(8) as ex:
        got = collections.Counter(ex.map(lambda _: call("GET", P).status_code, range(8)))
    admin("PUT", "config", {"throttle": ""})
    check("gateway throttle 2:3, 8 at once                 %s" % dict(got), got[429] >= 3 and got[200] >= 3)
    admin("PUT", "config", {"clock_offset": 3600})
    r = call("GET", P)
    admin("PUT", "config", {"clock_offset": 0})
    check(
        "server clock 1h ahead                           %s %s; Date: %s"
        % (r.status_code, short(r.text, 60), r.headers["Date"]),
        r.status_code == 403,
    )

    head("what the real server answers when AWS itself fails (AWS error code -> status)")

    def aws(op, code, method, path, query=(), body=None):
        admin("PUT", "aws_faults", {"operation": op, "code": code, "message": "msg from AWS"})
        t0 = time.time()
        r = call(method, path, query, body)
        admin("DELETE", "aws_faults")
        print(
            "%-32s %-24s %-6s %-48s %s  %s%s"
            % (
                op,
                code,
                method,
                short(path + ("?" + urlencode(query) if query else ""), 48),
                r.status_code,
                short(r.text, 110),
                "  (%.1fs)" % (time.time() - t0) if time.time() - t0 > 3 else "",
            )
        )
        return r.status_code

    for code in (
        "ThrottlingException",
        "RequestLimitExceeded",
        "Throttling",
        "ValidationError",
        "AccessDenied",
        "ExpiredToken",
    ):
        aws("cloudformation:DescribeStacks", code, "GET", "/v3/clusters")
    aws("cloudformation:DescribeStacks", "Throttling", "GET", "/v3/images/custom", {"imageStatus": "FAILED"})
    aws("cloudformation:DescribeStacks", "Throttling", "GET", "/v3/images/custom/building-003")
    aws("cloudformation:DescribeStacks", "AccessDenied", "GET", "/v3/images/custom/building-003")
    for code in ("RequestLimitExceeded", "UnauthorizedOperation"):
        aws("ec2:DescribeImages", code, "GET", "/v3/images/custom", {"imageStatus": "AVAILABLE"})
        aws("ec2:DescribeImages", code, "GET", "/v3/images/official")
    aws("logs:DescribeLogGroups", "ThrottlingException", "GET", "/v3/images/custom/img-0001/logstreams")
    aws("logs:DescribeLogStreams", "ThrottlingException", "GET", "/v3/images/custom/img-0001/logstreams")
    aws("logs:GetLogEvents", "ThrottlingException", "GET", "/v3/images/custom/img-0001/logstreams/plain")
    aws("s3:HeadBucket", "AccessDenied", "GET", "/v3/clusters/full-cluster")
    aws("dynamodb:GetItem", "ThrottlingException", "GET", "/v3/clusters/full-cluster/computefleet")
    aws(
        "iam:GetRole",
        "AccessDenied",
        "POST",
        "/v3/images/custom",
        {"dryrun": "true"},
        {**img, "imageId": "other-img"},
    )
    aws("ec2:DeregisterImage", "RequestLimitExceeded", "DELETE", "/v3/images/custom/img-0230")

    head("odd requests")
    I = "/v3/images/custom"
    E = I + "/img-0001/logstreams/plain"
    for m, p, q, b in [
        ("GET", I, "", None),
        ("GET", I, "imageStatus=", None),
        ("GET", I, "imageStatus=available", None),
        ("GET", I, "imageStatus=AVAILABLE&imageStatus=PENDING", None),
        ("GET", I, {"imageStatus": "AVAILABLE", "nextToken": "garbage"}, None),
        ("GET", I, {"imageStatus": "PENDING", "nextToken": "garbage"}, None),
        ("GET", I, {"imageStatus": "PENDING", "nextToken": ""}, None),
        ("GET", "/v3/clusters", {"unknownParam": "1"}, None),
        ("GET", "/v3/clusters", {"nextToken": "garbage"}, None),
        ("GET", "/v3/clusters", {"clusterStatus": "FOO"}, None),
        ("GET", "/v3/clusters", {"clusterStatus": ""}, None),
        ("GET", "/v3/clusters", {"clusterStatus": "DELETE_COMPLETE"}, None),
        (
            "GET",
            "/v3/clusters",
            [("clusterStatus", "DELETE_FAILED"), ("clusterStatus", "DELETE_FAILED")],
            None,
        ),
        ("GET", "/v3/clusters", {"region": "mars-1"}, None),
        ("GET", "/v3/clusters", {"region": ""}, None),
        ("GET", "/v3/images/official", {"os": "foo", "architecture": "bar"}, None),
        ("GET", "/v3/images/official", {"os": ""}, None),
        ("GET", I + "/x", "", None),
        ("GET", I + "/x_y", "", None),
        ("GET", "/v3/clusters/1abc", "", None),
        ("GET", I + "/unrelated-001", "", None),
        ("GET", "/v3/clusters/unrelated-001", "", None),
        ("GET", "/v3/clusters/quirk-oldmajor", "", None),
        ("GET", "/v3/clusters/no-such/instances", "", None),
        ("GET", "/v3/clusters/no-such/computefleet", "", None),
        ("GET", "/v3/clusters/full-cluster/instances", {"nodeType": "Foo"}, None),
        ("GET", "/v3/clusters/full-cluster/logstreams", {"filters": "foo"}, None),
        ("GET", "/v3/clusters/full-cluster/logstreams", {"filters": "Name=node-type,Values=HeadNode"}, None),
        (
            "GET",
            "/v3/clusters/full-cluster/logstreams",
            {"filters": "Name=private-dns-name,Values=ip-10-0-0-1 Name=node-type,Values=HeadNode"},
            None,
        ),
        (
            "GET",
            "/v3/clusters/full-cluster/logstreams",
            [
                ("filters", "Name=private-dns-name,Values=ip-10-0-0-1"),
                ("filters", "Name=node-type,Values=HeadNode"),
            ],
            None,
        ),
        ("GET", E, {"limit": "0"}, None),
        ("GET", E, {"limit": "-1"}, None),
        ("GET", E, {"limit": "abc"}, None),
        ("GET", E, {"limit": "2.0"}, None),
        ("GET", E, {"limit": "99999"}, None),
        ("GET", E, {"startFromHead": "1"}, None),
        ("GET", E, {"startFromHead": "TRUE", "limit": "1"}, None),
        ("GET", E, {"startTime": "2021-01-01"}, None),
        ("GET", E, {"startTime": "2021-01-02T00:00:00Z", "endTime": "2021-01-01T00:00:00Z"}, None),
        ("GET", E, {"nextToken": "garbage"}, None),
        ("GET", I + "/img-0001/logstreams/nope", "", None),
        ("GET", I + "/img-0001/logstreams/3.16.1%2F1", "", None),
        ("GET", I + "/img-0001/logstreams/3.16.1%252F1", "", None),
        ("GET", I + "/img-0001/logstreams/3.16.1/1", "", None),
        ("GET", I + "/img-0002/logstreams", "", None),
        ("GET", I + "/img-0001/stackevents", "", None),
        ("GET", I + "/img-0001/logstreams", {"nextToken": "x"}, None),
        ("PATCH", "/v3/clusters/full-cluster/computefleet", "", None),
        ("PATCH", "/v3/clusters/full-cluster/computefleet", "", "{bad"),
        ("PATCH", "/v3/clusters/full-cluster/computefleet", "", {}),
        ("PATCH", "/v3/clusters/full-cluster/computefleet", "", {"status": "RUNNING"}),
        ("PATCH", "/v3/clusters/full-cluster/computefleet", "", {"status": "ENABLED"}),
        ("PATCH", "/v3/clusters/full-cluster/computefleet", "", {"status": "START_REQUESTED", "extra": 1}),
        ("PATCH", "/v3/clusters/cluster-001/computefleet", "", {"status": "START_REQUESTED"}),
        ("POST", I, {"dryrun": "true"}, {"imageId": "new-img", "imageConfiguration": ""}),
        ("POST", I, {"dryrun": "true"}, {"imageId": "new-img", "imageConfiguration": "just text"}),
        ("POST", I, {"dryrun": "true"}, {"imageId": "new-img", "imageConfiguration": "[unclosed"}),
        ("POST", I, {"dryrun": "true"}, {"imageId": "new-img"}),
        ("POST", I, {"dryrun": "1"}, img),
        ("POST", I, {"dryrun": "true", "validationFailureLevel": "FOO"}, img),
        ("POST", I, {"dryrun": "true", "suppressValidators": "foo"}, img),
        (
            "POST",
            "/v3/clusters",
            {"dryrun": "true"},
            {"clusterName": "full-cluster", "clusterConfiguration": conf},
        ),
        (
            "POST",
            "/v3/clusters",
            {"dryrun": "true", "region": "eu-west-1"},
            {"clusterName": "abc", "clusterConfiguration": conf},
        ),
        ("GET", "/v3/nope", "", None),
        ("POST", "/v3/images/official", "", None),
    ]:
        row("", m, p, q, b, n=230)
    r = row(
        "text/plain body",
        "PATCH",
        "/v3/clusters/full-cluster/computefleet",
        "",
        '{"status":"START_REQUESTED"}',
        headers={"Content-Type": "text/plain"},
        n=200,
    )
    admin("PUT", "config", {"gateway_routes": False})
    for m, p in (
        ("GET", "/v3/nope"),
        ("POST", "/v3/images/official"),
        ("GET", "/v3/clusters/"),
        ("OPTIONS", "/v3/clusters"),
    ):
        row("(no route gate: Flask)", m, p, n=200)
    admin("PUT", "config", {"gateway_routes": True})

    head("raw headers of a 200 and a 404")
    for p in (P, I + "/no-such"):
        r = call("GET", p)
        print(
            "%s -> %s %s"
            % (
                p,
                r.status_code,
                {k: ("..." if k.startswith("x-am") else v) for k, v in r.headers.items() if k != "Date"},
            )
        )

    head("both transports give the same answer")
    for p, q in (
        (P, {}),
        (I, {"imageStatus": "FAILED"}),
        (I + "/img-0003", {}),
        (I + "/img-0001/logstreams/3.16.1%2F1", {}),
        ("/v3/clusters", [("clusterStatus", "CREATE_COMPLETE"), ("clusterStatus", "DELETE_FAILED")]),
    ):
        a = call("GET", p, q)
        admin("PUT", "config", {"transport": "wsgi"})
        b = call("GET", p, q)
        admin("PUT", "config", {"transport": "lambda"})
        strip = lambda r: re.sub(r"(Signature|Expires)=[^&\"]+", "", r.text)  # noqa: E731
        check(
            "%s %s / %s" % (short(p + str(q), 90), a.status_code, b.status_code),
            a.status_code == b.status_code and strip(a) == strip(b),
        )

    head("what pcluster itself says with validate_responses=True (its own check of its own spec)")
    admin("PUT", "config", {"validate": "enforce"})
    bad = {}
    todo = [
        (P, ()),
        (I, {"imageStatus": "AVAILABLE"}),
        (I + "/img-0001", ()),
        (I + "/quirk-noversion", ()),
        (I + "/building-001", ()),
        (I + "/failed-001", ()),
        (I + "/quirk-img-updatefailed", ()),
        (I + "/img-0001/logstreams", ()),
        (E, ()),
        (I + "/building-001/stackevents", ()),
        ("/v3/clusters/full-cluster", ()),
        ("/v3/clusters/cluster-003", ()),
        ("/v3/clusters/quirk-review", ()),
        ("/v3/clusters/quirk-noscheduler", ()),
        ("/v3/clusters/building-001", ()),
        ("/v3/clusters/full-cluster/computefleet", ()),
        ("/v3/clusters/full-cluster/instances", ()),
        ("/v3/clusters/full-cluster/logstreams", ()),
        ("/v3/clusters/cluster-003/stackevents", ()),
        (I + "/failed-004/stackevents", ()),
    ]
    for p, q in todo:
        r = call("GET", p, q)
        print("%-48s %s %s" % (p, r.status_code, short(r.text, 170) if r.status_code != 200 else ""))
    r = call("PATCH", "/v3/clusters/full-cluster/computefleet", (), {"status": "START_REQUESTED"})
    print("%-48s %s %s" % ("PATCH .../computefleet", r.status_code, short(r.text)))
    token, n = None, 0
    while True:
        r = call("GET", "/v3/clusters", {"nextToken": token} if token else ())
        n += 1
        if r.status_code != 200:
            print("%-48s %s %s" % ("/v3/clusters page %d" % n, r.status_code, short(r.text, 170)))
            break
        token = r.json().get("nextToken")
        if not token:
            break
    admin("PUT", "config", {"validate": "report"})

    head("deviations from pcluster/api/openapi/openapi.yaml seen by the harness in this run")
    for p, q in todo:
        call("GET", p, q)
    pages("/v3/clusters", "clusters")
    row(
        "PATCH for the list below",
        "PATCH",
        "/v3/clusters/full-cluster/computefleet",
        "",
        {"status": "STOP_REQUESTED"},
    )
    for rec in admin("GET", "requests"):
        for err in rec.get("spec", []):
            k = (rec["operation"], rec["status"], re.sub(r"(?<=/)\d+(?=[/:])", "N", err))
            bad.setdefault(k, [0, rec["method"] + " " + rec["target"].split("nextToken")[0]])[0] += 1
    for (op, status, err), (n, example) in sorted(bad.items(), key=lambda t: str(t[0])):
        print("%-28s %s  x%-3d %s   e.g. %s" % (op, status, n, short(err, 200), short(example, 90)))

    head("all bodies of this run")
    found, nulls, keys = collections.Counter(), 0, collections.Counter()

    def walk(x):
        nonlocal nulls
        if isinstance(x, dict):
            for v in x.values():
                walk(v)
        elif isinstance(x, list):
            for v in x:
                walk(v)
        elif x is None:
            nulls += 1
        elif isinstance(x, str) and re.match(r"\d{4}-\d\d-\d\dT", x):
            found[re.sub(r"\d", "9", x)] += 1

    for status, text in BODIES:
        try:
            data = json.loads(text)
        except ValueError:
            continue
        walk(data)
        if status >= 400:
            keys["%s %s" % (status, "+".join(sorted(data)))] += 1
    check("timestamps have one form: %s" % dict(found), list(found) == ["9999-99-99T99:99:99.999Z"])
    check("null values in %d bodies: %d" % (len(BODIES), nulls), nulls == 0)
    print("keys of the error bodies (a 403 with 'message' is the front's): %s" % dict(sorted(keys.items())))

    head("result")
    print("%d checks failed%s" % (len(FAILED), ": " + "; ".join(FAILED) if FAILED else ""))
    return 1 if FAILED else 0


if __name__ == "__main__":
    sys.exit(main())
