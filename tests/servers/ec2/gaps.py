"""What moto 5.2 leaves out of EC2's image operations, put on top of moto's own response classes.

moto still parses every request and writes every answer (both from botocore's service model), still holds the images,
snapshots, tags, instances and parameters. Here is only the behaviour between: visibility, paging, filters, deprecation,
protection, the recycle bin, copies, and so on. Sources and doubts: README.md.
"""

import base64
import datetime
import hashlib
import json
import re
import time

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import ec2_backends
from moto.ec2.models.amis import Ami
from moto.ec2.responses import EC2Response
from moto.ec2.utils import random_ami_id

ME = "123456789012"
UTC = datetime.timezone.utc
ALIASES = ("amazon", "aws-marketplace", "aws-backup-vault")
FILTERS = """architecture block-device-mapping.delete-on-termination block-device-mapping.device-name block-device-mapping.encrypted
block-device-mapping.snapshot-id block-device-mapping.volume-size block-device-mapping.volume-type boot-mode creation-date description
ena-support free-tier-eligible hypervisor image-allowed image-id image-type is-public kernel-id manifest-location name owner-alias owner-id
platform product-code product-code.type ramdisk-id root-device-name root-device-type source-image-id source-image-region source-instance-id
sriov-net-support state state-reason-code state-reason-message tag-key virtualization-type public-ssm-parameter-name""".split()


class Settings:
    """Set by serve.py; what of it may be changed live is said there."""

    page_mode, last_token, pending_seconds, recycle_bin, block_public_access = (
        "sparse",
        "absent",
        3.0,
        True,
        "unblocked",
    )
    clock_offset = 0.0


S = Settings()


class State:
    def __init__(self):
        self.bin, self.tokens, self.account = {}, {}, ME


ST = State()


def now():
    return datetime.datetime.fromtimestamp(time.time() + S.clock_offset, UTC)


def iso(t):
    return t.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (t.microsecond // 1000)


def err(code, message):
    return EC2ClientError(code, message)


class Ext:
    """What an Ami of moto has no field for."""

    def __init__(self):
        self.deprecate_at = self.ready_at = self.state_reason = self.source_image_id = self.source_region = (
            None
        )
        self.protection = "disabled"
        self.bdm = self.imds = self.tpm = self.last_launched = self.platform_details = self.ena = None
        self.usage_operation = self.ssm_name = None
        self.free_tier = False


def ext(ami):
    if not hasattr(ami, "_ext"):
        ami._ext = Ext()
    return ami._ext


def state(ami):
    e = ext(ami)
    if ami.state == "pending" and e.ready_at and time.time() >= e.ready_at:
        ami.state = "available"
    return ami.state


def created(ami):
    c = ami.creation_date
    return c if c.tzinfo else c.replace(tzinfo=UTC)


def visible(ami):
    if ami.owner_id == ME or ami.is_public:
        return True
    return any(p.get("UserId") == ME for p in ami.launch_permissions)


def deprecated(ami):
    d = ext(ami).deprecate_at
    return d is not None and d <= now()


def bdm(ami):
    e = ext(ami)
    if e.bdm is not None:
        return e.bdm
    snap = ami.ebs_snapshot
    return [
        {
            "DeviceName": ami.root_device_name,
            "Ebs": {
                "SnapshotId": snap.id,
                "VolumeSize": 8 if ami.owner_id != ME else 35,
                "DeleteOnTermination": True,
                "VolumeType": "gp3",
                "Encrypted": False,
                "Iops": 3000,
                "Throughput": 125,
            },
        }
    ]


def tags(ami):
    return [
        {"Key": t["key"] if "key" in t else t["Key"], "Value": t["value"] if "value" in t else t["Value"]}
        for t in ami.get_tags()
    ]


def describe(ami):
    e = ext(ami)
    d = {
        "ImageId": ami.id,
        "ImageLocation": ami.image_location or "%s/%s" % (ami.owner_id, ami.name),
        "State": state(ami),
        "OwnerId": ami.owner_id,
        "CreationDate": created(ami),
        "Public": ami.is_public,
        "Architecture": ami.architecture or "x86_64",
        "ImageType": ami.image_type or "machine",
        "BlockDeviceMappings": bdm(ami),
        "Hypervisor": ami.hypervisor or "xen",
        "Name": ami.name,
        "RootDeviceType": ami.root_device_type,
        "VirtualizationType": ami.virtualization_type or "hvm",
        "EnaSupport": True if e.ena is None else e.ena,
        "PlatformDetails": e.platform_details or ("Windows" if ami.platform == "windows" else "Linux/UNIX"),
        "UsageOperation": e.usage_operation
        or ("RunInstances:0002" if ami.platform == "windows" else "RunInstances"),
        "FreeTierEligible": e.free_tier,
    }
    if ami.root_device_type == "ebs":
        d["RootDeviceName"] = ami.root_device_name
    opt = {
        "Description": ami.description,
        "KernelId": ami.kernel_id,
        "Platform": ami.platform,
        "ImageOwnerAlias": ami.owner_alias,
        "SriovNetSupport": ami.sriov,
        "BootMode": ami.boot_mode,
        "TpmSupport": e.tpm,
        "ImdsSupport": e.imds,
        "SourceInstanceId": ami.instance_id,
        "SourceImageId": e.source_image_id,
        "SourceImageRegion": e.source_region,
        "StateReason": e.state_reason,
        "PublicSsmParameterName": e.ssm_name,
    }
    d.update({k: v for k, v in opt.items() if v is not None})
    if e.deprecate_at:
        d["DeprecationTime"] = iso(e.deprecate_at)
    if e.last_launched:
        d["LastLaunchedTime"] = iso(e.last_launched)
    if ami.owner_id == ME:
        d["DeregistrationProtection"] = e.protection
    if ami.product_codes:
        d["ProductCodes"] = [
            {"ProductCodeId": c, "ProductCodeType": "marketplace"} for c in sorted(ami.product_codes)
        ]
    t = tags(ami) if ami.owner_id == ME else []  # tags are private to the account that set them
    if t or ord(ami.id[-1]) % 3 == 0:  # the rest say nothing, some say <tagSet/>: both are to be expected
        d["Tags"] = t
    return d


# ------------------------------------------------------------------------------------------------ filters, paging
def match(value, patterns):
    """EC2: `*` any, `?` one, backslash escapes, case counts; booleans as true|false. Not fnmatch: `[` is no set here."""
    if value is None:
        return False
    if isinstance(value, bool):
        value = "true" if value else "false"
    if isinstance(value, (list, set, tuple)):
        return any(match(v, patterns) for v in value)
    value = str(value)
    return any(re.fullmatch(translate(p), value, re.S) for p in patterns)


def translate(p):
    out, i = "", 0
    while i < len(p):
        c = p[i]
        if c == "\\" and i + 1 < len(p):
            out += re.escape(p[i + 1])
            i += 1
        else:
            out += ".*" if c == "*" else "." if c == "?" else re.escape(c)
        i += 1
    return out


def image_value(name, d, ami):
    e = ext(ami)
    b = d["BlockDeviceMappings"]
    ebs = [x.get("Ebs", {}) for x in b]
    simple = {
        "architecture": "Architecture",
        "boot-mode": "BootMode",
        "description": "Description",
        "ena-support": "EnaSupport",
        "free-tier-eligible": "FreeTierEligible",
        "hypervisor": "Hypervisor",
        "image-id": "ImageId",
        "image-type": "ImageType",
        "is-public": "Public",
        "kernel-id": "KernelId",
        "manifest-location": "ImageLocation",
        "name": "Name",
        "owner-alias": "ImageOwnerAlias",
        "owner-id": "OwnerId",
        "platform": "Platform",
        "root-device-name": "RootDeviceName",
        "root-device-type": "RootDeviceType",
        "source-image-id": "SourceImageId",
        "source-image-region": "SourceImageRegion",
        "source-instance-id": "SourceInstanceId",
        "sriov-net-support": "SriovNetSupport",
        "state": "State",
        "virtualization-type": "VirtualizationType",
        "public-ssm-parameter-name": "PublicSsmParameterName",
        "ramdisk-id": "RamdiskId",
        "image-allowed": "ImageAllowed",
    }
    if name in simple:
        return d.get(simple[name])
    if name == "creation-date":
        return iso(created(ami))
    if name.startswith("block-device-mapping."):
        k = name.split(".", 1)[1]
        if k == "device-name":
            return [x["DeviceName"] for x in b]
        return [
            x.get(
                {
                    "delete-on-termination": "DeleteOnTermination",
                    "encrypted": "Encrypted",
                    "snapshot-id": "SnapshotId",
                    "volume-size": "VolumeSize",
                    "volume-type": "VolumeType",
                }[k]
            )
            for x in ebs
        ]
    if name == "product-code":
        return ami.product_codes
    if name == "product-code.type":
        return ["marketplace"] if ami.product_codes else None
    if name.startswith("state-reason-"):
        return (e.state_reason or {}).get(
            {"state-reason-code": "Code", "state-reason-message": "Message"}[name]
        )
    return None


def tag_match(name, values, tl):
    if name == "tag-key":
        return match([t["Key"] for t in tl], values)
    return match([t["Value"] for t in tl if t["Key"] == name[4:]], values)


def check_filters(filters, known):
    for n, v in filters.items():
        if n not in known and not n.startswith("tag:"):
            raise err("InvalidParameterValue", "The filter '%s' is invalid" % n)
        if not v:
            raise err("InvalidParameterValue", "The filter '%s' must have at least one value" % n)
        if len(v) > 200:
            raise err(
                "FilterLimitExceeded", "The maximum number of filter values specified on a single call is 200"
            )


def apply(filters, d, ami):
    for n, v in filters.items():
        if n == "tag-key" or n.startswith("tag:"):
            if not tag_match(n, v, d.get("Tags", [])):
                return False
        elif not match(image_value(n, d, ami), v):
            return False
    return True


MASK = bytes(range(200, 256)) * 40  # so that tokens have + / = in them, as real ones do


def token(op, region, after, query):
    raw = json.dumps([op, region, after, query]).encode()
    return base64.b64encode(bytes(a ^ b for a, b in zip(raw, MASK))).decode()


def untoken(t, op, region, query):
    try:
        o, r, after, q = json.loads(bytes(a ^ b for a, b in zip(base64.b64decode(t, validate=True), MASK)))
    except Exception:  # noqa: BLE001
        raise err("InvalidNextToken", "The specified NextToken is not valid.") from None
    if o != op or r != region or q != query:
        raise err("InvalidNextToken", "The specified NextToken is not valid for this request.")
    return after


def paged(self, op, items, key, keep, lo, hi, ids=None):
    """items sorted by key. keep(item) -> dict or None. Returns (list, next token or None)."""
    size, tok = self._get_param("MaxResults"), self._get_param("NextToken")
    params = (
        {k: v for k, v in self.params.items() if k not in ("MaxResults", "NextToken", "DryRun")}
        if hasattr(self.params, "items")
        else {}
    )
    query = hashlib.sha256(json.dumps(params, sort_keys=True, default=str).encode()).hexdigest()[:12]
    if size is not None:
        if ids:
            raise err(
                "InvalidParameterCombination",
                "The parameter %s cannot be used with the parameter maxResults" % ids,
            )
        size = int(size)
        if not lo <= size <= hi:
            raise err(
                "InvalidParameterValue",
                "Value ( %d ) for parameter maxResults is invalid. Expecting a value between %d and %d."
                % (size, lo, hi),
            )
    items = sorted(items, key=key)
    if tok:
        after = untoken(tok, op, self.region, query)
        items = [i for i in items if key(i) > after]
        size = size or hi
    out, last = [], None
    for n, i in enumerate(items):
        d = keep(i)
        if d is not None:
            out.append(d)
        done = (n + 1 if S.page_mode == "sparse" else len(out)) >= size if size else False
        if done and n + 1 < len(items):
            if S.page_mode == "dense" and not any(keep(j) is not None for j in items[n + 1 :]):
                break
            last = token(op, self.region, key(i), query)
            break
    return out, last


def result(name, out, tok):
    r = {name: out}
    if tok:
        r["NextToken"] = tok
    elif S.last_token == "empty":
        r["NextToken"] = ""
    return ActionResult(r)


# ------------------------------------------------------------------------------------------------ operations
class Images:
    def _dry(self):
        if self._get_param("DryRun", False):
            raise err("DryRunOperation", "Request would have succeeded, but DryRun flag is set.")

    def _amis(self, region=None):
        return (ec2_backends[ME][region] if region else self.ec2_backend).amis

    def _image(self, own=True, region=None, param="ImageId"):
        i = self._get_param(param)
        if not i:
            raise err("MissingParameter", "The request must contain the parameter %s" % param)
        if not re.fullmatch(r"ami-([0-9a-f]{8}|[0-9a-f]{17})", i):
            raise err("InvalidAMIID.Malformed", 'Invalid id: "%s"' % i)
        a = self._amis(region).get(i)
        if a is None and i in ec2_backends[ME][region or self.region].deleted_amis:
            raise err("InvalidAMIID.Unavailable", "The image ID '%s' is no longer available" % i)
        if a is None or not visible(a):
            raise err("InvalidAMIID.NotFound", "The image id '[%s]' does not exist" % i)
        if own and a.owner_id != ME:
            raise err("AuthFailure", "Not authorized for image:%s" % i)
        return a

    def describe_images(self):
        self._dry()
        ids, owners, execs = (self._get_param(k, []) or [] for k in ("ImageIds", "Owners", "ExecutableUsers"))
        filters = self._filters_from_querystring()
        check_filters(filters, FILTERS)
        dep, dis = self._get_param("IncludeDeprecated", False), self._get_param("IncludeDisabled", False)
        bad = [i for i in ids if not re.fullmatch(r"(ami|aki|ari)-([0-9a-f]{8}|[0-9a-f]{17})", i)]
        if bad:
            raise err("InvalidAMIID.Malformed", 'Invalid id: "%s"' % bad[0])
        for o in owners:
            if o not in ALIASES + ("self",) and not re.fullmatch(r"\d{12}", o):
                raise err("InvalidUserID.Malformed", 'Invalid user id: "%s"' % o)
        amis = [a for a in self._amis().copy().values() if visible(a)]
        if ids:
            have = {a.id for a in amis}
            gone = [i for i in ids if i not in have and i not in self.ec2_backend.deleted_amis]
            if gone:
                raise err(
                    "InvalidAMIID.NotFound",
                    "The image id%s '[%s]' do%s not exist"
                    % ("s" if len(gone) > 1 else "", ", ".join(gone), "" if len(gone) > 1 else "es"),
                )
            amis = [a for a in amis if a.id in ids]
        if owners:
            amis = [
                a
                for a in amis
                if a.owner_id in owners
                or (a.owner_alias and a.owner_alias in owners)
                or ("self" in owners and a.owner_id == ME)
            ]
        if execs:

            def runs(a):
                for x in execs:
                    if x == "all" and a.is_public:
                        return True
                    who = ME if x == "self" else x
                    if any(p.get("UserId") == who for p in a.launch_permissions):
                        return True
                return False

            amis = [a for a in amis if runs(a)]

        def keep(a):
            if not dep and a.owner_id != ME and deprecated(a):
                return None
            if not dis and state(a) == "disabled" and not ids:
                return None
            d = describe(a)
            return d if apply(filters, d, a) else None

        out, tok = paged(
            self, "DescribeImages", amis, lambda a: a.id, keep, 1, 1000, "imageIdsSet" if ids else None
        )
        return result("Images", out, tok)

    def describe_image_attribute(self):
        self._dry()
        a, what = self._image(own=False), self._get_param("Attribute")
        e, r = ext(a), {"ImageId": a.id}
        if what in ("launchPermission", "lastLaunchedTime", "deregistrationProtection") and a.owner_id != ME:
            raise err("AuthFailure", "Not authorized for image:%s" % a.id)
        values = {
            "description": ("Description", a.description or ""),
            "kernel": ("KernelId", a.kernel_id),
            "ramdisk": ("RamdiskId", None),
            "sriovNetSupport": ("SriovNetSupport", a.sriov),
            "bootMode": ("BootMode", a.boot_mode),
            "tpmSupport": ("TpmSupport", e.tpm),
            "uefiData": ("UefiData", None),
            "imdsSupport": ("ImdsSupport", e.imds),
            "lastLaunchedTime": ("LastLaunchedTime", iso(e.last_launched) if e.last_launched else None),
            "deregistrationProtection": ("DeregistrationProtection", e.protection),
        }
        if what == "launchPermission":
            r["LaunchPermissions"] = a.launch_permissions
        elif what == "productCodes":
            r["ProductCodes"] = [
                {"ProductCodeId": c, "ProductCodeType": "marketplace"} for c in sorted(a.product_codes)
            ]
        elif what == "blockDeviceMapping":
            raise err("AuthFailure", "Unauthorized attempt to access restricted resource")
        elif what in values:
            k, v = values[what]
            r[k] = {"Value": v} if v is not None else {}
        else:
            raise err("InvalidRequest", "The request received was invalid")
        return ActionResult(r)

    def modify_image_attribute(self):
        a = self._image()
        attribute, value = self._get_param("Attribute"), self._get_param("Value")
        lp = self._get_param("LaunchPermission", {}) or {}
        add, remove = list(lp.get("Add", []) or []), list(lp.get("Remove", []) or [])
        op = self._get_param("OperationType")
        if op in ("add", "remove"):
            to = add if op == "add" else remove
            to += [{"Group": g} for g in self._get_param("UserGroups", []) or []]
            to += [{"UserId": u} for u in self._get_param("UserIds", []) or []]
            to += [{"OrganizationArn": u} for u in self._get_param("OrganizationArns", []) or []]
            to += [{"OrganizationalUnitArn": u} for u in self._get_param("OrganizationalUnitArns", []) or []]
        desc, imds = self._get_param("Description"), self._get_param("ImdsSupport")
        if attribute == "description" and value is not None:
            desc = {"Value": value}
        if not (add or remove or desc or imds):
            raise err("InvalidParameterCombination", "No attributes specified.")
        for p in add + remove:
            if "UserId" in p and not re.fullmatch(r"\d{12}", p["UserId"]):
                raise err(
                    "InvalidAMIAttributeItemValue",
                    'Invalid attribute item value "%s" for userId item type.' % p["UserId"],
                )
            if p.get("Group", "all") != "all":
                raise err(
                    "InvalidAMIAttributeItemValue",
                    'Invalid attribute item value "%s" for UserGroup item type.' % p["Group"],
                )
        if {"Group": "all"} in add and S.block_public_access == "block-new-sharing":
            raise err(
                "OperationNotPermitted",
                "You can't publicly share this image because block public access for AMIs is enabled for this account.",
            )
        self._dry()
        for p in add:
            if dict(p) not in a.launch_permissions:
                a.launch_permissions.append(dict(p))
        a.launch_permissions[:] = [p for p in a.launch_permissions if p not in [dict(x) for x in remove]]
        if desc:
            a.description = desc.get("Value", "")
        if imds:
            ext(a).imds = imds.get("Value")
        return EmptyResult()

    def reset_image_attribute(self):
        a = self._image()
        if self._get_param("Attribute") != "launchPermission":
            raise err(
                "InvalidParameterValue",
                "Value (%s) for parameter attribute is invalid." % self._get_param("Attribute"),
            )
        self._dry()
        a.launch_permissions[:] = []
        return EmptyResult()

    def _name(self, name):
        if not name or not re.fullmatch(r"[A-Za-z0-9()\[\]./\-'@_ ]{3,128}", name):
            raise err(
                "InvalidAMIName.Malformed",
                "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, "
                "and only the following characters: ( ) . - / _ ' @ [ ] and space",
            )
        if any(x.name == name and x.owner_id == ME for x in self._amis().values()):
            other = next(x for x in self._amis().values() if x.name == name and x.owner_id == ME)
            raise err(
                "InvalidAMIName.Duplicate", "AMI name %s is already in use by AMI %s" % (name, other.id)
            )

    def _spec_tags(self, spec_name="TagSpecifications"):
        out = {}
        for s in self._get_param(spec_name, []) or []:
            if s.get("ResourceType") not in ("image", "snapshot"):
                raise err(
                    "InvalidParameterValue",
                    "'%s' is not a valid taggable resource type for this operation." % s.get("ResourceType"),
                )
            if s["ResourceType"] == "image":
                out.update({t["Key"]: t.get("Value", "") for t in s.get("Tags", [])})
        return out

    def _new(self, pending=True, **kw):
        a = Ami(
            self.ec2_backend,
            random_ami_id(),
            creation_date=now(),
            state="pending" if pending else "available",
            **kw,
        )
        ext(a).ready_at = time.time() + S.pending_seconds
        self._amis()[a.id] = a
        return a

    def copy_image(self):
        region = self._get_param("SourceRegion")
        if not region:
            raise err("MissingParameter", "The request must contain the parameter SourceRegion")
        src = self._image(own=False, region=region, param="SourceImageId")
        client_token, name = self._get_param("ClientToken"), self._get_param("Name")
        args = [src.id, region, name, self._get_param("Description")]
        if client_token and (self.region, client_token) in ST.tokens:
            image_id, then = ST.tokens[(self.region, client_token)]
            if then != args:
                raise err(
                    "IdempotentParameterMismatch",
                    "The client token you have provided is associated with another request.",
                )
            return ActionResult({"ImageId": image_id})
        self._name(name)
        spec = self._spec_tags()
        self._dry()
        if self._get_param("CopyImageTags"):
            spec = {**{t["Key"]: t["Value"] for t in tags(src) if not t["Key"].startswith("aws:")}, **spec}
        a = self._new(
            name=name,
            description=args[3]
            if args[3] is not None
            else "[Copied %s from %s] %s" % (src.id, region, src.name),
            architecture=src.architecture,
            virtualization_type=src.virtualization_type,
            platform=src.platform,
            hypervisor="xen",
            root_device_type="ebs",
            root_device_name=src.root_device_name,
            tags=spec,
            boot_mode=src.boot_mode,
        )
        ext(a).source_image_id, ext(a).source_region = src.id, region
        if client_token:
            ST.tokens[(self.region, client_token)] = (a.id, args)
        return ActionResult({"ImageId": a.id})

    def create_image(self):
        inst = self.ec2_backend.get_instance(self._get_param("InstanceId"))
        self._name(self._get_param("Name"))
        spec = self._spec_tags()
        self._dry()
        a = self._new(
            instance=inst,
            name=self._get_param("Name"),
            description=self._get_param("Description"),
            root_device_type="ebs",
            root_device_name="/dev/sda1",
            hypervisor="xen",
            tags=spec,
        )
        src = self._amis().get(inst.image_id)
        if src:
            ext(a).source_image_id, ext(a).source_region = src.id, self.region
        return ActionResult({"ImageId": a.id})

    def register_image(self):
        p = self._get_param
        self._name(p("Name"))
        spec, mapping = self._spec_tags(), p("BlockDeviceMappings", []) or []
        if not mapping and not p("ImageLocation"):
            raise err(
                "MissingParameter",
                "The request must contain the parameter BlockDeviceMappings or ImageLocation",
            )
        if p("RootDeviceName") is None and not p("ImageLocation"):
            raise err("MissingParameter", "The request must contain the parameter RootDeviceName")
        for m in mapping:
            s = (m.get("Ebs") or {}).get("SnapshotId")
            if s and s not in self.ec2_backend.snapshots:
                raise err("InvalidSnapshot.NotFound", "The snapshot '%s' does not exist." % s)
        self._dry()
        a = self._new(
            pending=False,
            name=p("Name"),
            description=p("Description"),
            architecture=p("Architecture", "i386"),
            hypervisor="xen",
            virtualization_type=p("VirtualizationType", "paravirtual"),
            root_device_type="instance-store" if p("ImageLocation") else "ebs",
            root_device_name=p("RootDeviceName") or "/dev/sda1",
            image_location=p("ImageLocation"),
            sriov=p("SriovNetSupport"),
            boot_mode=p("BootMode"),
            tags=spec,
        )
        e = ext(a)
        e.bdm = [json.loads(json.dumps(m, default=str)) for m in mapping]
        e.imds, e.tpm, e.ena = p("ImdsSupport"), p("TpmSupport"), bool(p("EnaSupport", False))
        return ActionResult({"ImageId": a.id})

    def deregister_image(self):
        a = self._image()
        if ext(a).protection != "disabled":
            raise err("OperationNotPermitted", "The image %s is deregistration protected" % a.id)
        self._dry()
        r, be = {"Return": True}, self.ec2_backend
        del be.amis[a.id]
        if self._get_param("DeleteAssociatedSnapshots"):
            r["DeleteSnapshotResults"] = []
            for m in bdm(a):
                s = m.get("Ebs", {}).get("SnapshotId")
                used = any(x.get("Ebs", {}).get("SnapshotId") == s for o in be.amis.values() for x in bdm(o))
                if s in be.snapshots and not used:
                    del be.snapshots[s]
                r["DeleteSnapshotResults"].append(
                    {"SnapshotId": s, "ReturnCode": "skipped" if used else "success"}
                )
        if S.recycle_bin:
            ST.bin[(self.region, a.id)] = (a, now())
        else:
            be.deleted_amis.append(a.id)
        return ActionResult(r)

    def list_images_in_recycle_bin(self):
        self._dry()
        ids = self._get_param("ImageIds", []) or []
        rows = [(a, t) for (r, i), (a, t) in ST.bin.items() if r == self.region and (not ids or i in ids)]
        out, tok = paged(
            self,
            "ListImagesInRecycleBin",
            rows,
            lambda x: x[0].id,
            lambda x: {
                "ImageId": x[0].id,
                "Name": x[0].name,
                "Description": x[0].description or "",
                "RecycleBinEnterTime": x[1],
                "RecycleBinExitTime": x[1] + datetime.timedelta(days=1),
            },
            1,
            1000,
            "imageIdsSet" if ids else None,
        )
        return result("Images", out, tok)

    def restore_image_from_recycle_bin(self):
        i = self._get_param("ImageId")
        if (self.region, i) not in ST.bin:
            raise err("InvalidAMIID.NotFound", "The image id '[%s]' does not exist" % i)
        self._dry()
        self.ec2_backend.amis[i] = ST.bin.pop((self.region, i))[0]
        return ActionResult({"Return": True})

    def enable_image_deprecation(self):
        a, at = self._image(), self._get_param("DeprecateAt")
        if at is None:
            raise err("MissingParameter", "The request must contain the parameter DeprecateAt")
        if not isinstance(at, datetime.datetime):
            from dateutil.parser import isoparse

            try:
                at = isoparse(str(at))
            except ValueError:
                raise err(
                    "InvalidParameterValue", "Value (%s) for parameter deprecateAt is invalid." % at
                ) from None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        if not now() < at < now() + datetime.timedelta(days=3653):
            raise err(
                "InvalidParameterValue",
                "The deprecation time must be in the future and at most 10 years away.",
            )
        self._dry()
        ext(a).deprecate_at = (at + datetime.timedelta(seconds=30)).replace(second=0, microsecond=0)
        return ActionResult({"Return": True})

    def disable_image_deprecation(self):
        a = self._image()
        self._dry()
        ext(a).deprecate_at = None
        return ActionResult({"Return": True})

    def disable_image(self):
        a = self._image()
        if state(a) not in ("available", "disabled"):
            raise err("IncorrectState", "The image %s is in state %s" % (a.id, a.state))
        self._dry()
        a.state, a.launch_permissions[:] = "disabled", []
        return ActionResult({"Return": True})

    def enable_image(self):
        a = self._image()
        self._dry()
        a.state = "available"
        return ActionResult({"Return": True})

    def enable_image_deregistration_protection(self):
        a = self._image()
        self._dry()
        ext(a).protection = (
            "enabled-with-cooldown" if self._get_param("WithCooldown") else "enabled-without-cooldown"
        )
        return ActionResult({"Return": ext(a).protection})

    def disable_image_deregistration_protection(self):
        a = self._image()
        self._dry()
        p = ext(a).protection
        until = iso(now() + datetime.timedelta(days=1))
        ext(a).protection = "disabled after %s" % until if p == "enabled-with-cooldown" else "disabled"
        return ActionResult({"Return": ext(a).protection})

    def get_image_block_public_access_state(self):
        self._dry()
        return ActionResult({"ImageBlockPublicAccessState": S.block_public_access, "ManagedBy": "account"})


def more(cls):
    """Paging for operations that moto does answer, but always whole."""
    types, regions = cls.describe_instance_types, cls.describe_regions
    snapshots = cls.describe_snapshots

    def describe_instance_types(self):
        if self._get_param("DryRun", False):
            raise err("DryRunOperation", "Request would have succeeded, but DryRun flag is set.")
        rows = types(self).result["InstanceTypes"]
        out, tok = paged(
            self,
            "DescribeInstanceTypes",
            rows,
            lambda t: t["InstanceType"],
            lambda t: t,
            5,
            100,
            "instanceTypesSet" if self._get_param("InstanceTypes") else None,
        )
        return result("InstanceTypes", out, tok)

    def describe_regions(self):
        rows = regions(self).result["Regions"]
        f = self._filters_from_querystring()
        check_filters(f, ("endpoint", "opt-in-status", "region-name"))
        out = []
        for r in rows:
            name = r.get("RegionName") if isinstance(r, dict) else r.name
            opt = r.get("OptInStatus") if isinstance(r, dict) else r.opt_in_status
            opt = "not-opted-in" if name in ("af-south-1", "ap-east-1") else opt
            d = {"RegionName": name, "Endpoint": "ec2.%s.amazonaws.com" % name, "OptInStatus": opt}
            if (
                opt == "not-opted-in"
                and not self._get_param("AllRegions")
                and not self._get_param("RegionNames")
            ):
                continue
            if all(
                match(
                    d[
                        {"endpoint": "Endpoint", "opt-in-status": "OptInStatus", "region-name": "RegionName"}[
                            k
                        ]
                    ],
                    v,
                )
                for k, v in f.items()
            ):
                out.append(d)
        return ActionResult({"Regions": out})

    def describe_tags(self):
        if self._get_param("DryRun", False):
            raise err("DryRunOperation", "Request would have succeeded, but DryRun flag is set.")
        f = self._filters_from_querystring()
        check_filters(f, ("key", "resource-id", "resource-type", "value"))
        rows = []
        for rid, tl in list(self.ec2_backend.tags.items()):
            kind = {
                "ami": "image",
                "snap": "snapshot",
                "i": "instance",
                "vol": "volume",
                "vpc": "vpc",
                "sg": "security-group",
            }.get(rid.split("-")[0], "other")
            if kind == "image" and rid in self.ec2_backend.amis and self.ec2_backend.amis[rid].owner_id != ME:
                continue
            rows += [{"ResourceId": rid, "ResourceType": kind, "Key": k, "Value": v} for k, v in tl.items()]
        fld = {"key": "Key", "resource-id": "ResourceId", "resource-type": "ResourceType", "value": "Value"}

        def keep(r):
            return (
                r
                if all(
                    match(r[fld[n]], v) if n in fld else (r["Key"] == n[4:] and match(r["Value"], v))
                    for n, v in f.items()
                )
                else None
            )

        out, tok = paged(
            self, "DescribeTags", rows, lambda r: r["ResourceId"] + "\0" + r["Key"], keep, 5, 1000
        )
        return result("Tags", out, tok)

    def describe_snapshots(self):
        if self._get_param("DryRun", False):
            raise err("DryRunOperation", "Request would have succeeded, but DryRun flag is set.")
        owners, ids = self._get_param("OwnerIds", []) or [], self._get_param("SnapshotIds", []) or []
        rows = snapshots(self).result["Snapshots"]
        if owners:
            want = {ME if o == "self" else o for o in owners}
            rows = [s for s in rows if s.owner_id in want]
        elif not ids:
            rows = [s for s in rows if s.owner_id == ME]
        out, tok = paged(
            self,
            "DescribeSnapshots",
            rows,
            lambda s: s.id,
            lambda s: s,
            5,
            1000,
            "snapshotIdsSet" if ids else None,
        )
        return result("Snapshots", out, tok)

    cls.describe_instance_types, cls.describe_regions = describe_instance_types, describe_regions
    cls.describe_tags, cls.describe_snapshots = describe_tags, describe_snapshots


def install():
    for name, f in vars(Images).items():
        if not name.startswith("__"):
            setattr(EC2Response, name, f)
    more(EC2Response)
