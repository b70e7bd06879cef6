"""What the regions hold. Everything is derived from the index, so that two starts give the same catalogue
(image ids too; snapshot ids are moto's and random)."""

import datetime
import hashlib
import json
import os
import re

from gaps import ME, ST, UTC, created, ext, now
from moto.ec2.models import ec2_backends
from moto.ec2.models.amis import Ami
from moto.ssm.models import Parameter, ssm_backends

OTHER, ATTACKER, LOOKALIKE2 = "222222222222", "666666666666", "777777777777"
REGIONS = ("us-east-1", "eu-west-1", "eu-central-1", "ap-southeast-2")
# (owner, alias, name with {d} for the date, architecture, root device, description, days between builds, platform)
VENDORS = [
    (
        "099720109477",
        "amazon",
        "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-{d}",
        "x86_64",
        "/dev/sda1",
        "Canonical, Ubuntu, 24.04, amd64 noble image",
        21,
        None,
    ),
    (
        "099720109477",
        "amazon",
        "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-arm64-server-{d}",
        "arm64",
        "/dev/sda1",
        "Canonical, Ubuntu, 24.04, arm64 noble image",
        21,
        None,
    ),
    (
        "099720109477",
        "amazon",
        "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-{d}",
        "x86_64",
        "/dev/sda1",
        "Canonical, Ubuntu, 22.04, amd64 jammy image",
        28,
        None,
    ),
    (
        "136693071363",
        None,
        "debian-12-amd64-{d}-1905",
        "x86_64",
        "/dev/xvda",
        "Debian 12 ({d}-1905)",
        30,
        None,
    ),
    (
        "136693071363",
        None,
        "debian-12-arm64-{d}-1905",
        "arm64",
        "/dev/xvda",
        "Debian 12 ({d}-1905)",
        30,
        None,
    ),
    (
        "309956199498",
        "amazon",
        "RHEL-9.5.0_HVM-{d}-x86_64-0-Hourly2-GP3",
        "x86_64",
        "/dev/sda1",
        "Provided by Red Hat, Inc.",
        45,
        None,
    ),
    (
        "792107900819",
        None,
        "Rocky-9-EC2-Base-9.5-{d}.0.x86_64",
        "x86_64",
        "/dev/sda1",
        "Rocky Linux 9",
        60,
        None,
    ),
    (
        "764336703387",
        None,
        "AlmaLinux OS 9.5.{d} x86_64",
        "x86_64",
        "/dev/sda1",
        "Official AlmaLinux OS 9.5 x86_64 image",
        60,
        None,
    ),
    (
        "125523088429",
        None,
        "Fedora-Cloud-Base-AmazonEC2.x86_64-41-{d}.0",
        "x86_64",
        "/dev/sda1",
        "Fedora AMI",
        60,
        None,
    ),
    (
        "013907871322",
        "amazon",
        "suse-sles-15-sp6-v{d}-hvm-ssd-x86_64",
        "x86_64",
        "/dev/sda1",
        "SUSE Linux Enterprise Server 15 SP6 (HVM, 64-bit)",
        40,
        None,
    ),
    (
        "137112412989",
        "amazon",
        "al2023-ami-2023.6.{d}.0-kernel-6.1-x86_64",
        "x86_64",
        "/dev/xvda",
        "Amazon Linux 2023 AMI",
        14,
        None,
    ),
    (
        "137112412989",
        "amazon",
        "al2023-ami-2023.6.{d}.0-kernel-6.1-arm64",
        "arm64",
        "/dev/xvda",
        "Amazon Linux 2023 AMI",
        14,
        None,
    ),
    (
        "801119661308",
        "amazon",
        "Windows_Server-2022-English-Full-Base-{d}",
        "x86_64",
        "/dev/sda1",
        "Microsoft Windows Server 2022",
        30,
        "windows",
    ),
    (
        "898082745236",
        "amazon",
        "Deep Learning Base OSS Nvidia Driver GPU AMI (Ubuntu 22.04) {d}",
        "x86_64",
        "/dev/sda1",
        "Supported EC2 instances: G4dn, G5, G6, P4d, P4de, P5. Release notes: https://example.invalid/?a=1&b=<2>",
        14,
        None,
    ),
    (
        "602401143452",
        "amazon",
        "amazon-eks-node-al2023-x86_64-standard-1.31-v{d}",
        "x86_64",
        "/dev/xvda",
        "EKS Kubernetes Worker AMI",
        14,
        None,
    ),
]
PCLUSTER_OS = {
    "amzn2": "amzn2-hvm",
    "al2023": "amzn2023-hvm",
    "ubuntu2204": "ubuntu-2204-lts-hvm",
    "ubuntu2404": "ubuntu-2404-lts-hvm",
    "rhel8": "rhel8-hvm",
    "rhel9": "rhel9-hvm",
    "rocky9": "rocky9-hvm",
}
EPOCH = datetime.datetime(2026, 11, 18, 6, 30, tzinfo=UTC)


def env_int(k, d):
    return int(os.environ.get(k) or d)


def ami_id(*what):
    return "ami-0" + hashlib.sha256(repr(what).encode()).hexdigest()[:16]


def add(region, key, **kw):
    be = ec2_backends[ME][region]
    image = ami_id(region, key)
    kw.setdefault("virtualization_type", "hvm")
    kw.setdefault("hypervisor", "xen")
    kw.setdefault("root_device_type", "ebs")
    a = Ami(be, image, **kw)
    be.amis[image] = a
    return a


def vendors(region, newest):
    for owner, alias, name, arch, dev, desc, step, platform in VENDORS:
        for i in range(12):
            at = EPOCH - datetime.timedelta(days=step * i, minutes=len(name))
            d = at.strftime("%Y.%m.%d" if "Windows" in name else "%Y%m%d")
            a = add(
                region,
                (owner, name, i),
                name=name.format(d=d),
                description=desc.format(d=d),
                owner_id=owner,
                owner_alias=alias,
                public=True,
                architecture=arch,
                root_device_name=dev,
                creation_date=at,
                platform=platform,
                image_location="%s/%s" % ("amazon" if alias else owner, name.format(d=d)),
                boot_mode="uefi-preferred" if arch == "x86_64" else "uefi",
                sriov="simple",
            )
            e = ext(a)
            e.deprecate_at = (at + datetime.timedelta(days=step * 9)).replace(
                second=0
            )  # the last three or so are deprecated
            if "al2023" in name or "noble" in name:
                e.imds, e.tpm = "v2.0", None
            if "RHEL" in name:
                e.platform_details, e.usage_operation = "Red Hat Enterprise Linux", "RunInstances:0010"
            if "sles" in name:
                e.platform_details, e.usage_operation = "SUSE Linux", "RunInstances:000g"
            e.free_tier = i == 0 and "GPU" not in name
            newest.setdefault(name, a)


def look_alikes(region):
    """The whoAMI case: same name pattern, newer, public, another owner."""
    for n, (owner, alias, name, arch, dev, desc, step, platform) in enumerate(VENDORS):
        if n in (5, 12):
            continue
        at = EPOCH + datetime.timedelta(days=3, hours=n)
        d = at.strftime("%Y%m%d")
        a = add(
            region,
            ("look-alike", n),
            name=name.format(d=d),
            description=desc.format(d=d),
            owner_id=ATTACKER if n % 2 else LOOKALIKE2,
            public=True,
            architecture=arch,
            root_device_name=dev,
            creation_date=at,
            boot_mode="uefi-preferred",
        )
        ext(a).ena = True
    add(
        region,
        "look-alike pcluster",
        name="aws-parallelcluster-3.16.1-ubuntu-2404-lts-hvm-x86_64-202611240000",
        owner_id=ATTACKER,
        public=True,
        architecture="x86_64",
        creation_date=EPOCH + datetime.timedelta(days=5),
        description="AWS ParallelCluster AMI for ubuntu2404",
    )
    # an owner whose *name* says amazon; the alias is what counts
    add(
        region,
        "look-alike amazon",
        name="amazon/al2023-ami-2023.9.20261124.0-kernel-6.1-x86_64",
        owner_id=LOOKALIKE2,
        public=True,
        architecture="x86_64",
        image_location="amazon/al2023-ami-2023.9",
        creation_date=EPOCH + datetime.timedelta(days=6),
        description="Amazon Linux 2023 AMI",
    )


def parallelcluster(region):
    for v, (version, days) in enumerate((("3.16.1", 10), ("3.16.0", 40), ("3.15.0", 120), ("3.14.0", 200))):
        for os_, part in PCLUSTER_OS.items():
            for arch in ("x86_64", "arm64"):
                at = EPOCH - datetime.timedelta(days=days)
                a = add(
                    region,
                    ("pcluster", version, os_, arch),
                    name="aws-parallelcluster-%s-%s-%s-%s" % (version, part, arch, at.strftime("%Y%m%d%H%M")),
                    owner_id="247102896272",
                    owner_alias="amazon",
                    public=True,
                    architecture=arch,
                    creation_date=at,
                    description="AWS ParallelCluster AMI for %s" % os_,
                    boot_mode="uefi" if arch == "arm64" else "uefi-preferred",
                )
                if v == 3:
                    ext(a).deprecate_at = EPOCH - datetime.timedelta(days=1)


NASTY = [
    "",
    "plain",
    "a & b < c > d \"q\" 'a'",
    "two\nlines\tand a tab",
    "Zürich 東京 \U0001f600",
    "  spaces around  ",
    "]]> <!-- x --> <![CDATA[",
    "x" * 255,
]


def own(region, count):
    for i in range(count):
        at = EPOCH - datetime.timedelta(hours=7 * i)
        pc = i % 4 == 0
        t = {"Name": "web-%04d" % i, "env": ("prod", "staging", "dev")[i % 3], "build": str(1000 + i)}
        if pc:
            t.update(
                {
                    "parallelcluster:image_id": "img-%04d" % i,
                    "parallelcluster:version": "3.16.1",
                    "parallelcluster:build_status": "available",
                    "parallelcluster:os": "ubuntu2404",
                }
            )
        if i % 5 == 0:
            t["note"] = NASTY[(i // 5) % len(NASTY)]
        if i % 11 == 0:
            t = {}
        a = add(
            region,
            ("own", i),
            name="app-%04d %s" % (i, at.strftime("%Y-%m-%d")),
            description=NASTY[i % len(NASTY)] if i % 3 else None,
            owner_id=ME,
            architecture=("x86_64", "arm64", "i386", "x86_64_mac")[i % 4 if i % 17 == 0 else i % 2],
            creation_date=at,
            tags=t or None,
            boot_mode=(None, "uefi", "legacy-bios", "uefi-preferred")[i % 4],
            sriov="simple" if i % 2 else None,
            root_device_name="/dev/sda1" if i % 2 else "/dev/xvda",
            platform="windows" if i % 23 == 0 else None,
        )
        e = ext(a)
        if i % 13 == 0:
            e.source_image_id, e.source_region = ami_id("eu-west-1", ("own", i)), "eu-west-1"
        if i % 10 == 1:
            a.launch_permissions.append({"UserId": OTHER})
        if i % 50 == 2:
            a.launch_permissions += [
                {"OrganizationArn": "arn:aws:organizations::123456789012:organization/o-abcdef1234"},
                {"Group": "all"},
            ]
        if i % 20 == 3:
            e.deprecate_at = (
                EPOCH - datetime.timedelta(days=2) if i % 40 == 3 else now() + datetime.timedelta(days=90)
            )
        if i % 25 == 4:
            a.state = "disabled"
        if i % 60 == 5:
            a.state, e.state_reason = (
                "failed",
                {"Code": "Client.InternalError", "Message": "Client error on <launch> & more"},
            )
        if i % 60 == 6:
            a.state = "transient"  # real states too: pending, invalid, deregistered, error
        if i % 7 == 0:
            e.imds = "v2.0"
        if i % 9 == 0:
            e.tpm = "v2.0"
        if i % 6 == 0:
            e.last_launched = at + datetime.timedelta(hours=3)
        if i % 30 == 7:
            e.protection = "enabled-with-cooldown"
        if i % 40 == 8:
            a.root_device_type, e.bdm = "instance-store", []
        if i % 15 == 9:
            s = a.ebs_snapshot.id
            e.bdm = [
                {
                    "DeviceName": a.root_device_name,
                    "Ebs": {
                        "SnapshotId": s,
                        "VolumeSize": 20,
                        "VolumeType": "io2",
                        "Iops": 4000,
                        "DeleteOnTermination": True,
                        "Encrypted": True,
                        "KmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/1234abcd",
                    },
                },
                {"DeviceName": "/dev/sdb", "VirtualName": "ephemeral0"},
                {"DeviceName": "/dev/sdc", "NoDevice": ""},
            ]


def others(region):
    for i in range(30):
        a = add(
            region,
            ("market", i),
            name="acme-appliance-%02d-abcd1234-5678" % i,
            owner_id="679593333241",
            owner_alias="aws-marketplace",
            public=True,
            architecture="x86_64",
            creation_date=EPOCH - datetime.timedelta(days=i),
            product_codes={"pc%024d" % i},
            description="ACME appliance %d" % i,
            image_location="aws-marketplace/acme-%d" % i,
        )
        ext(a).usage_operation = "RunInstances"
    for i in range(5):
        a = add(
            region,
            ("shared", i),
            name="partner-golden-%d" % i,
            owner_id=OTHER,
            architecture="x86_64",
            creation_date=EPOCH - datetime.timedelta(days=i),
            tags={"secret": "of the owner"},
        )
        a.launch_permissions.append({"UserId": ME})
    for i in range(7):
        add(
            region,
            ("private", i),
            name="partner-private-%d" % i,
            owner_id=OTHER,
            architecture="x86_64",
            creation_date=EPOCH,
        )
    for i in range(300):  # a crowd of public images, so that filters meet whole empty pages
        add(
            region,
            ("crowd", i),
            name="community-%05d" % i,
            owner_id="4444%08d" % (i % 37),
            public=True,
            architecture="x86_64",
            creation_date=EPOCH - datetime.timedelta(days=i),
            description="Community image %d" % i,
        )


def parameters(region, newest):
    be, count = ssm_backends[ME][region], 0

    def put(name, value, data_type="aws:ec2:image", version=1):
        nonlocal count
        count += 1
        for v in range(1, version + 1):
            be._parameters[name].append(
                Parameter(
                    account_id=ME,
                    name=name,
                    value=value if v == version else ami_id("old", name, v),
                    parameter_type="String",
                    description=None,
                    allowed_pattern=None,
                    keyid=None,
                    last_modified_date=EPOCH.replace(tzinfo=None),
                    version=v,
                    data_type=data_type,
                )
            )

    by = {name: a.id for name, a in newest.items()}
    pick = lambda part: next(i for n, i in by.items() if part in n)  # noqa: E731
    u = "/aws/service/canonical/ubuntu/server/%s/stable/%s/%s/hvm/%s/ami-id"
    for rel, store in (
        ("24.04", "ebs-gp3"),
        ("22.04", "ebs-gp2"),
        ("noble", "ebs-gp3"),
        ("jammy", "ebs-gp2"),
    ):
        for arch in ("amd64", "arm64"):
            if arch == "arm64" and rel in ("22.04", "jammy"):
                continue
            i = pick("noble-24.04-" + arch if rel in ("24.04", "noble") else "jammy-22.04-amd64")
            put(u % (rel, "current", arch, store), i, version=3)
            put(u % (rel, "20261118", arch, store), i)
    for arch in ("amd64", "arm64"):
        put("/aws/service/debian/release/12/latest/" + arch, pick("debian-12-" + arch))
        put("/aws/service/debian/release/bookworm/latest/" + arch, pick("debian-12-" + arch))
    put(
        "/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-ubuntu-22.04/latest/ami-id",
        pick("Deep Learning"),
    )
    for v in ("1.29", "1.30", "1.31"):
        base = "/aws/service/eks/optimized-ami/%s/amazon-linux-2023/x86_64/standard/recommended" % v
        put(base + "/image_id", pick("amazon-eks-node"))
        put(base + "/image_name", "amazon-eks-node-al2023-x86_64-standard-%s-v20261118" % v, "text")
        put(base + "/release_version", v + ".4-20261118", "text")
        put(
            base,
            json.dumps(
                {
                    "schema_version": "2",
                    "image_id": pick("amazon-eks-node"),
                    "image_name": "amazon-eks-node-al2023-x86_64-standard-%s-v20261118" % v,
                    "release_version": v + ".4-20261118",
                }
            ),
            "text",
        )
    put("/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base", pick("Windows"))
    put("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64", pick("6.1-x86_64"))
    for i in range(45):
        put("/golden/app/%02d/ami-id" % i, ami_id(region, ("own", i)))
    return count


def seed():
    ST.__init__()
    counts = {}
    for n, region in enumerate(REGIONS):
        newest = {}
        amis = ec2_backends[ME][region].amis  # moto's own catalogue: real names and owners
        for i in [i for i in amis if not re.fullmatch(r"ami-([0-9a-f]{8}|[0-9a-f]{17})", i)]:
            del amis[i]  # ids such as ami-alinux1x, which EC2 would call malformed
        for k, a in enumerate(sorted(amis.values(), key=lambda a: a.id)):
            if created(a) > EPOCH:  # moto gives the time of its start to images without a date
                a.creation_date = EPOCH - datetime.timedelta(days=500, minutes=k)
        vendors(region, newest)
        look_alikes(region)
        parallelcluster(region)
        own(region, env_int("OWN_IMAGES", 420) // (1, 4, 10, 40)[n])
        others(region)
        p = parameters(region, newest)
        counts[region] = {"images": len(ec2_backends[ME][region].amis), "parameters": p}
    return counts
