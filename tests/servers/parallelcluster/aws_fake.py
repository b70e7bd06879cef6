"""moto as the AWS behind the ParallelCluster API: start, shims, seed data.

moto runs as its own HTTP server on 127.0.0.1 inside this process (AWS_ENDPOINT_URL points at it),
so pcluster's boto3 calls are real HTTP calls and presigned S3 URLs can be fetched.

Shims (everything that is not plain moto; each is needed for the named reason):
  S1 DescribeStacks       page size and token style are settable; a bad NextToken is a ValidationError
                          (moto: HTTP 500 from list.index()).
  S2 DescribeStackEvents  paginates (moto never does; AWS: 100 a page).
  S3 Create/Update/DeleteStack  take time: *_IN_PROGRESS first (moto finishes at once, and a deleted stack
                          vanishes, which makes pcluster's DELETE answer 404).
                          A finished image-build stack is deleted and replaced by a tagged AMI, as the real
                          build does at its end.
  S4 ImageBuilder GetImage and DescribeStackResource(ParallelClusterImage): moto has no ImageBuilder.
  S5 AWS-side faults      any "service:Operation" can be made to raise a ClientError.
  S6 RunInstances DryRun=True  answers DryRunOperation as EC2 does (moto wants Ebs in every block device).
  S7 cluster templates    pcluster synthesizes and uploads the real template; moto gets only its Parameters
                          (moto cannot create AWS::CloudWatch::Alarm and others, and fails the stack).
"""

import base64
import datetime as dt
import json
import logging
import os
import re
import threading
import time
from types import SimpleNamespace

ACCOUNT = "123456789012"
PARENT_AMI = "ami-0aaaaaaaaaaaaaaa1"
LOG = logging.getLogger("harness.aws")


def env_int(name, default):
    return int(os.environ.get(name, default))


class AwsFake:
    def __init__(self, cfg):
        self.cfg, self.region, self.workdir = cfg, cfg.region, cfg.workdir
        self.aws_faults, self.clients = [], {}
        self.pending = {}  # stack_id -> (due, action, backend)
        self.ib_images = {}  # imagebuilder arn -> state dict
        self.seeding = False
        self.lock = threading.RLock()
        self.page_size = env_int("CFN_PAGE_SIZE", 50)
        self.events_page = env_int("CFN_EVENTS_PAGE_SIZE", 100)
        self.cfn_seconds = float(os.environ.get("CFN_SECONDS", "3"))
        self.build_seconds = float(os.environ.get("BUILD_SECONDS", "6"))

    # ------------------------------------------------------------------ start / stop
    def start(self):
        for k in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_ENDPOINT_URL"):
            os.environ.pop(k, None)
        os.environ.update(
            AWS_ACCESS_KEY_ID="testing",
            AWS_SECRET_ACCESS_KEY="testing",
            AWS_DEFAULT_REGION=self.region,
            AWS_REGION=self.region,
            AWS_EC2_METADATA_DISABLED="true",
            AWS_MAX_ATTEMPTS="1",
            AWS_CONFIG_FILE=os.path.join(self.workdir, "no-aws-config"),
            AWS_SHARED_CREDENTIALS_FILE=os.path.join(self.workdir, "no-aws-credentials"),
            MOTO_IAM_LOAD_MANAGED_POLICIES="true",  # build_image attaches an AWS managed policy, even on dryrun
            MOTO_AMIS_PATH=os.path.join(self.workdir, "amis.json"),
            NO_PROXY="127.0.0.1,localhost",
            no_proxy="127.0.0.1,localhost",
        )
        self._write_amis()
        from moto.moto_server.threaded_moto_server import ThreadedMotoServer

        self._patch_moto()
        self._patch_botocore()
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=env_int("MOTO_PORT", 0), verbose=False)
        self.server.start()
        self.endpoint = "http://127.0.0.1:%d" % self.server.get_host_and_port()[1]
        os.environ["AWS_ENDPOINT_URL"] = self.endpoint

    def reset(self):
        from moto.moto_api._internal.models import moto_api_backend

        with self.lock:
            self.aws_faults.clear()
            self.pending.clear()
            self.ib_images.clear()
            moto_api_backend.reset()
            self.seed()

    # ------------------------------------------------------------------ shims
    def _patch_botocore(self):
        import botocore.client
        from botocore.exceptions import ClientError

        fake, orig = self, botocore.client.BaseClient._make_api_call

        def _make_api_call(client, operation_name, api_params):
            service = client.meta.service_model.service_name
            name = "%s:%s" % (service, operation_name)
            for f in list(fake.aws_faults):
                if re.fullmatch(f["operation"], name) and f.get("times", 1) != 0:
                    f["times"] = f.get("times", 1) - 1
                    f["hits"] = f.get("hits", 0) + 1
                    if f["times"] == 0:
                        fake.aws_faults.remove(f)
                    raise ClientError(
                        {
                            "Error": {"Code": f["code"], "Message": f.get("message", f["code"])},
                            "ResponseMetadata": {
                                "HTTPStatusCode": f.get("http_status", 400),
                                "RequestId": "harness",
                            },
                        },
                        operation_name,
                    )
            if name == "ec2:RunInstances" and api_params.get("DryRun"):  # S6
                raise ClientError(
                    {
                        "Error": {
                            "Code": "DryRunOperation",
                            "Message": "Request would have succeeded, but DryRun flag is set.",
                        }
                    },
                    operation_name,
                )
            if name == "imagebuilder:GetImage":
                arn = api_params.get("imageBuildVersionArn")
                if arn not in fake.ib_images:
                    raise ClientError(
                        {"Error": {"Code": "ResourceNotFoundException", "Message": "no such image"}},
                        operation_name,
                    )
                return {"image": {"arn": arn, "state": dict(fake.ib_images[arn])}}
            return orig(client, operation_name, api_params)

        botocore.client.BaseClient._make_api_call = _make_api_call

    def _encode(self, position, stack_id):
        if self.cfg.cfn_token_style == "arn":
            return stack_id
        # leading bytes chosen so that the token contains '+', '/' and usually '='
        return base64.b64encode(b"\xfb\xef\xbe\xff" + json.dumps([position, stack_id]).encode()).decode()

    def _decode(self, token, ids):
        try:
            sid = (
                token
                if token.startswith("arn:")
                else json.loads(base64.b64decode(token, validate=True)[4:])[1]
            )
            return ids.index(sid) + 1
        except Exception:
            return None

    def _patch_moto(self):
        from moto.cloudformation.exceptions import ValidationError
        from moto.cloudformation.models import CloudFormationBackend, Event
        from moto.cloudformation.responses import CloudFormationResponse
        from moto.core.responses import ActionResult

        fake = self

        def page(items, ids, token, size):
            start = 0
            if token:
                start = fake._decode(token, ids)
                if start is None:
                    raise ValidationError(message="The provided NextToken is not valid")
            chunk = items[start : start + size]
            more = fake._encode(start + size, ids[start + size - 1]) if len(items) > start + size else None
            return chunk, more

        def describe_stacks(resp):  # S1
            stacks = resp.cloudformation_backend.describe_stacks(resp._get_param("StackName"))
            chunk, more = page(
                stacks, [s.stack_id for s in stacks], resp._get_param("NextToken"), fake.page_size
            )
            return ActionResult({"Stacks": chunk, "NextToken": more})

        def describe_stack_events(resp):  # S2
            events = resp.cloudformation_backend.describe_stack_events(resp._get_param("StackName"))[::-1]
            ids = ["arn:event/%s" % e.event_id for e in events]
            chunk, more = page(events, ids, resp._get_param("NextToken"), fake.events_page)
            return ActionResult({"StackEvents": chunk, "NextToken": more})

        CloudFormationResponse.describe_stacks = describe_stacks
        CloudFormationResponse.describe_stack_events = describe_stack_events

        o_create, o_update, o_delete = (
            CloudFormationBackend.create_stack,
            CloudFormationBackend.update_stack,
            CloudFormationBackend.delete_stack,
        )
        o_resource = CloudFormationBackend.describe_stack_resource
        self._delete_now = o_delete

        def reduced(template):  # S7
            import yaml

            full = template if isinstance(template, dict) else yaml.safe_load(template)
            params = {
                k: {"Type": "String", "Default": str(v.get("Default", ""))}
                for k, v in (full.get("Parameters") or {}).items()
            }
            return json.dumps(
                {"AWSTemplateFormatVersion": "2010-09-09", "Parameters": params, "Resources": {}}
            )

        def create_stack(backend, name, *a, **kw):  # S3
            if not fake.seeding and "parallelcluster:cluster-name" in (kw.get("tags") or {}):
                kw["template"] = reduced(kw["template"])
            stack = o_create(backend, name, *a, **kw)
            if not fake.seeding:
                stack.events = [e for e in stack.events if e.resource_status != "CREATE_COMPLETE"]
                stack.status = "CREATE_IN_PROGRESS"
                is_image = "parallelcluster:image_id" in (stack.tags or {})
                if is_image:
                    fake.attach_imagebuilder(stack, "BUILDING")
                delay = fake.build_seconds if is_image else fake.cfn_seconds
                fake.pending[stack.stack_id] = (
                    time.time() + delay,
                    "image" if is_image else "create",
                    backend,
                )
            return stack

        def update_stack(backend, *a, **kw):
            if kw.get("template"):
                kw["template"] = reduced(kw["template"])
            stack = o_update(backend, *a, **kw)
            if not fake.seeding:
                stack.events = [e for e in stack.events if e.resource_status != "UPDATE_COMPLETE"]
                stack.status = "UPDATE_IN_PROGRESS"
                stack.last_updated_time = dt.datetime.now(dt.timezone.utc)  # moto has no LastUpdatedTime
                fake.pending[stack.stack_id] = (time.time() + fake.cfn_seconds, "update", backend)
            return stack

        def delete_stack(backend, name_or_stack_id):
            for stack in list(backend.stacks.values()):
                if name_or_stack_id in (stack.stack_id, stack.name):
                    if stack.status != "DELETE_IN_PROGRESS":
                        stack.status = "DELETE_IN_PROGRESS"
                        stack._add_stack_event("DELETE_IN_PROGRESS", resource_status_reason="User Initiated")
                        fake.pending[stack.stack_id] = (time.time() + fake.cfn_seconds, "delete", backend)
                    return

        def describe_stack_resource(backend, stack_name, logical_resource_id):  # S4
            stack = backend.get_stack(stack_name)
            arn = getattr(stack, "harness_ib_arn", None)
            if logical_resource_id == "ParallelClusterImage" and arn:
                return stack, SimpleNamespace(
                    logical_resource_id=logical_resource_id,
                    physical_resource_id=arn,
                    cf_resource_type="AWS::ImageBuilder::Image",
                )
            return o_resource(backend, stack_name, logical_resource_id)

        CloudFormationBackend.create_stack = create_stack
        CloudFormationBackend.update_stack = update_stack
        CloudFormationBackend.delete_stack = delete_stack
        CloudFormationBackend.describe_stack_resource = describe_stack_resource
        self.Event = Event

    def attach_imagebuilder(self, stack, status, reason=None):
        arn = "arn:aws:imagebuilder:%s:%s:image/parallelclusterimage-%s/3.16.1/1" % (
            stack.region_name,
            ACCOUNT,
            stack.name.lower(),
        )
        stack.harness_ib_arn = arn
        self.ib_images[arn] = {"status": status, **({"reason": reason} if reason else {})}

    def advance(self):
        """Apply the stack transitions that are due. Called before each API request."""
        now = time.time()
        for sid, (due, action, backend) in list(self.pending.items()):
            if due > now:
                continue
            self.pending.pop(sid, None)
            stack = backend.stacks.get(sid)
            if stack is None:
                continue
            if action == "create":
                stack.mark_creation_complete()
            elif action == "update":
                stack.status = "UPDATE_COMPLETE"
                stack._add_stack_event("UPDATE_COMPLETE")
            else:
                if action == "image":
                    self._finish_build(stack)
                try:
                    self._delete_now(backend, sid)
                except Exception:
                    LOG.warning("moto could not delete stack %s cleanly", sid, exc_info=True)
                    backend.stacks.pop(sid, None)

    def _finish_build(self, stack):
        tags = dict(stack.tags or {})
        ami = self.client("ec2", stack.region_name).register_image(
            Name="%s 2026-01-01" % tags.get("parallelcluster:image_name", stack.name),
            Description="built by harness",
        )["ImageId"]
        tags["parallelcluster:build_status"] = "available"
        self._tag_ami(ami, tags, stack.region_name)

    # ------------------------------------------------------------------ seed
    def client(self, name, region=None):
        import boto3

        key = (name, region or self.region)
        if key not in self.clients:
            self.clients[key] = boto3.client(name, region_name=key[1])
        return self.clients[key]

    def backend(self, name, region=None):
        from moto.backends import get_backend

        return get_backend(name)[ACCOUNT][region or self.region]

    def _tag_ami(self, ami, tags, region=None):
        self.client("ec2", region).create_tags(
            Resources=[ami], Tags=[{"Key": k, "Value": v} for k, v in tags.items()]
        )
        self.backend("ec2", region).amis[ami].architecture = "x86_64"

    def _write_amis(self):
        from importlib.metadata import version

        from pcluster.constants import OS_TO_IMAGE_NAME_PART_MAP

        v, amis = version("aws-parallelcluster"), []

        def add(n, name, arch, date, desc="official"):
            amis.append(
                dict(
                    ami_id="ami-0%016x" % n,
                    name=name,
                    owner_id="247102896272",
                    architecture=arch,
                    public=True,
                    creation_date=date,
                    description=desc,
                    state="available",
                    virtualization_type="hvm",
                    image_type="machine",
                    image_location="amazon/" + name,
                    hypervisor="xen",
                    platform=None,
                    root_device_name="/dev/xvda",
                    root_device_type="ebs",
                    sriov="simple",
                )
            )

        n = 0x1000
        for part in OS_TO_IMAGE_NAME_PART_MAP.values():
            for arch in ("x86_64", "arm64"):
                n += 1
                add(
                    n,
                    "aws-parallelcluster-%s-%s-%s-202601150900 2026-01-15T09-00-00.000Z" % (v, part, arch),
                    arch,
                    "2026-01-15T09:00:00.000Z",
                )
        # an older build of the same os/arch, adjacent: pcluster keeps the newest of a run
        add(
            0x2001,
            "aws-parallelcluster-%s-rocky9-hvm-arm64-202501010000 2025-01-01T00-00-00.000Z" % v,
            "arm64",
            "2025-01-01T00:00:00.000Z",
        )
        # the same os/arch again, NOT adjacent: itertools.groupby on unsorted data lets it through as a duplicate
        add(
            0x2002,
            "aws-parallelcluster-%s-amzn2023-hvm-x86_64-202512010000 2025-12-01T00-00-00.000Z" % v,
            "x86_64",
            "2025-12-01T00:00:00.000Z",
        )
        # an os part pcluster does not know: reported as os "linux"
        add(
            0x2003,
            "aws-parallelcluster-%s-amzn2-hvm-x86_64-202601150900 2026-01-15T09-00-00.000Z" % v,
            "x86_64",
            "2026-01-15T09:00:00.000Z",
        )
        # other versions must not be listed
        add(
            0x2004,
            "aws-parallelcluster-3.9.1-amzn2-hvm-x86_64-202404090830 2024-04-09T08-33-53.567Z",
            "x86_64",
            "2024-04-09T08:33:53.000Z",
        )
        amis.append(
            dict(amis[0], ami_id=PARENT_AMI, name="harness-parent-al2023", description="parent image")
        )
        os.makedirs(self.workdir, exist_ok=True)
        with open(os.environ["MOTO_AMIS_PATH"], "w") as f:
            json.dump(amis, f)

    def seed(self):
        self.seeding = True
        try:
            self._seed()
        finally:
            self.seeding = False

    def _seed(self):
        from importlib.metadata import version

        from pcluster.models.s3_bucket import S3Bucket

        self.version = version("aws-parallelcluster")
        self.bucket = S3Bucket.get_bucket_name(ACCOUNT, self.region)
        s3 = self.client("s3")
        kw = (
            {}
            if self.region == "us-east-1"
            else {"CreateBucketConfiguration": {"LocationConstraint": self.region}}
        )
        s3.create_bucket(Bucket=self.bucket, **kw)
        s3.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"})
        s3.put_object(
            Bucket=self.bucket,
            Key="parallelcluster/.bootstrapped",
            Body=json.dumps({"bootstrapped_features": ["basic", "export-logs"]}),
        )
        self.subnet = self.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
        self.seed_custom_images(env_int("CUSTOM_IMAGES", 250))
        self.seed_stacks(
            env_int("CLUSTERS", 120),
            env_int("PENDING_IMAGES", 60),
            env_int("FAILED_IMAGES", 70),
            env_int("UNRELATED_STACKS", 150),
        )
        self.seed_image_logs()
        self.seed_full_cluster()
        if env_int("QUIRKS", 1):
            self.seed_quirks()

    def image_tags(self, image_id, os_name="alinux2023", ver=None, status=None):
        d = "parallelcluster/%s/images/%s-abcdefghijklmnop" % (self.version, image_id.lower())
        tags = {
            "parallelcluster:image_id": image_id,
            "parallelcluster:image_name": image_id,
            "parallelcluster:version": ver or self.version,
            "parallelcluster:s3_bucket": self.bucket,
            "parallelcluster:s3_image_dir": d,
            "parallelcluster:build_config": "s3://%s/%s/configs/image-config.yaml" % (self.bucket, d),
            "parallelcluster:build_log": "arn:aws:logs:%s:%s:log-group:/aws/imagebuilder/ParallelClusterImage-%s"
            % (self.region, ACCOUNT, image_id),
        }
        if status:
            tags.update(
                {
                    "parallelcluster:build_status": status,
                    "parallelcluster:os": os_name,
                    "parallelcluster:parent_image": PARENT_AMI,
                    "Ec2ImageBuilderArn": "arn:aws:imagebuilder:%s:%s:image/parallelclusterimage-%s/%s/1"
                    % (self.region, ACCOUNT, image_id.lower(), self.version),
                }
            )
        return tags

    def seed_custom_images(self, count):
        ec2, s3 = self.client("ec2"), self.client("s3")
        oses = ["alinux2023", "ubuntu2204", "ubuntu2404", "rhel9", "rocky9"]
        vers = [self.version, "3.15.0", "3.14.2", "3.9.1"]
        for i in range(1, count + 1):
            image_id = "img-%04d" % i
            ami = ec2.register_image(
                Name="%s 2026-01-15T09-00-%02d.000Z" % (image_id, i % 60),
                **({} if i == 2 else {"Description": "custom image %d" % i}),
            )["ImageId"]
            tags = self.image_tags(image_id, oses[i % len(oses)], vers[i % len(vers)], "available")
            if i == 1:
                tags["owner"] = "\u00e9quipe \u2603"
            self._tag_ami(ami, tags)
            if i <= 5:
                s3.put_object(
                    Bucket=self.bucket,
                    Key=tags["parallelcluster:s3_image_dir"] + "/configs/image-config.yaml",
                    Body="Build:\n  ParentImage: %s\n  InstanceType: c5.xlarge\n" % PARENT_AMI,
                )
        # not available: must not be listed
        ami = ec2.register_image(Name="half-built", Description="x")["ImageId"]
        self._tag_ami(ami, self.image_tags("img-halfbuilt", status="pending"))

    def _stack(self, name, tags, status, params=None, reason=None, events=()):
        template = {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": "harness stack",
            "Parameters": {k: {"Type": "String", "Default": ""} for k in (params or {})},
            "Resources": {},
        }
        sid = self.client("cloudformation").create_stack(
            StackName=name,
            TemplateBody=json.dumps(template),
            Tags=[{"Key": k, "Value": v} for k, v in tags.items()],
            Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in (params or {}).items()],
        )["StackId"]
        stack = self.backend("cloudformation").stacks[sid]
        if status != "CREATE_COMPLETE":
            stack.events = [e for e in stack.events if e.resource_status != "CREATE_COMPLETE"]
            stack.status = status
        if reason:
            stack.stack_status_reason = reason
        for ev in events:
            self._event(stack, **ev)
        return stack

    def _event(self, stack, logical, rtype, status, reason=None, props=None):
        e = self.Event(
            stack_id=stack.stack_id,
            stack_name=stack.name,
            logical_resource_id=logical,
            physical_resource_id="%s-%s" % (stack.name, logical),
            resource_type=rtype,
            resource_status=status,
            resource_status_reason=reason,
            resource_properties=props,
        )
        stack.events.append(e)
        return e

    def cluster_params(self, name, **over):
        p = {
            "Scheduler": "slurm",
            "ClusterUser": "ec2-user",
            "ResourcesS3Bucket": self.bucket,
            "ArtifactS3RootDirectory": "parallelcluster/%s/clusters/%s-abcdefghijklmnop"
            % (self.version, name),
            "ConfigVersion": "",
            "ClusterCWLogGroup": "/aws/parallelcluster/%s-202601150900" % name,
            "OfficialAmi": "",
        }
        p.update(over)
        return {k: v for k, v in p.items() if v is not None}

    def cluster_tags(self, name, ver=None):
        return {"parallelcluster:cluster-name": name, "parallelcluster:version": ver or self.version}

    def seed_stacks(self, clusters, pending, failed, unrelated):
        cst = [
            "CREATE_COMPLETE",
            "CREATE_IN_PROGRESS",
            "ROLLBACK_COMPLETE",
            "UPDATE_COMPLETE",
            "UPDATE_IN_PROGRESS",
            "UPDATE_ROLLBACK_COMPLETE",
            "DELETE_IN_PROGRESS",
            "DELETE_FAILED",
            "CREATE_FAILED",
            "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        ]
        fst = [
            "CREATE_FAILED",
            "DELETE_FAILED",
            "ROLLBACK_FAILED",
            "ROLLBACK_COMPLETE",
            "ROLLBACK_IN_PROGRESS",
        ]
        todo = []
        for i in range(max(clusters, pending, failed)):
            if i < clusters:
                n = "cluster-%03d" % (i + 1)
                todo.append((n, self.cluster_tags(n), cst[i % len(cst)], self.cluster_params(n)))
            if i < pending:
                n = "building-%03d" % (i + 1)
                todo.append((n, self.image_tags(n), "CREATE_IN_PROGRESS", None))
            if i < failed:
                n = "failed-%03d" % (i + 1)
                todo.append((n, self.image_tags(n), fst[i % len(fst)], None))
        for k in range(
            unrelated
        ):  # one whole page in front, the rest in the middle: empty pages with a nextToken
            item = ("unrelated-%03d" % (k + 1), {"team": "x"}, "CREATE_COMPLETE", None)
            todo.insert(k if k < 50 else 150 + k, item)
        for name, tags, status, params in todo:
            reason = "Resource creation cancelled" if "FAILED" in status or "ROLLBACK" in status else None
            stack = self._stack(name, tags, status, params, reason)
            if name.startswith("building-"):
                self.attach_imagebuilder(stack, "BUILDING")
            elif name.startswith("failed-"):
                self.attach_imagebuilder(stack, "FAILED", "harness: component step failed")
            if name == "building-001":
                for j in range(130):
                    self._event(
                        stack,
                        "Component%d" % j,
                        "AWS::ImageBuilder::Component",
                        "CREATE_IN_PROGRESS",
                        "Resource creation Initiated" if j % 2 else None,
                        '{"Name":"c%d"}' % j,
                    )
            if name == "cluster-003":
                self._event(
                    stack,
                    "HeadNodeWaitCondition",
                    "AWS::CloudFormation::WaitCondition",
                    "CREATE_FAILED",
                    "Failed to run chef recipe aws-parallelcluster-slurm::config_head_node line 1.",
                )
            if status.startswith("ROLLBACK"):  # CloudFormation's own events for a stack that rolls back
                stack._add_stack_event(
                    "ROLLBACK_IN_PROGRESS",
                    "The following resource(s) failed to create: [X]. Rollback requested by user.",
                )
                if status == "ROLLBACK_COMPLETE":
                    stack._add_stack_event("ROLLBACK_COMPLETE")

    def _log_group(self, group, streams, events):
        logs = self.client("logs")
        logs.create_log_group(logGroupName=group)
        base = int((time.time() - 3600) * 1000)
        for s in streams:
            logs.create_log_stream(logGroupName=group, logStreamName=s)
            n = events(s)
            if n:
                logs.put_log_events(
                    logGroupName=group,
                    logStreamName=s,
                    logEvents=[
                        {"timestamp": base + 1000 * j + j % 7, "message": "%s event %04d" % (s, j)}
                        for j in range(n)
                    ],
                )

    def seed_image_logs(self):
        p = "/aws/imagebuilder/ParallelClusterImage-"
        # the names the real ImageBuilder uses contain a slash: "<recipe version>/<build>"
        self._log_group(
            p + "img-0001",
            ["%s/1" % self.version, "plain"] + ["s-%03d" % i for i in range(60)],
            lambda s: 25 if s == "plain" else 3,
        )
        self._log_group(p + "img-0002", ["with-events", "empty"], lambda s: 0 if s == "empty" else 2)
        self._log_group(p + "building-001", ["%s/1" % self.version, "plain"], lambda s: 5)

    def seed_full_cluster(self):
        name = "full-cluster"
        config = {
            "Region": self.region,
            "Image": {"Os": "alinux2023"},
            "HeadNode": {"InstanceType": "t3.medium", "Networking": {"SubnetId": self.subnet}},
            "LoginNodes": {
                "Pools": [
                    {
                        "Name": "login",
                        "InstanceType": "t3.medium",
                        "Count": 1,
                        "Networking": {"SubnetIds": [self.subnet]},
                    }
                ]
            },
            "Scheduling": {
                "Scheduler": "slurm",
                "SlurmQueues": [
                    {
                        "Name": "q1",
                        "Networking": {"SubnetIds": [self.subnet]},
                        "ComputeResources": [
                            {"Name": "cr1", "InstanceType": "c5.large", "MinCount": 0, "MaxCount": 10}
                        ],
                    }
                ],
            },
        }
        import yaml

        self.full_config = yaml.safe_dump(config, sort_keys=False)
        params = self.cluster_params(name)
        key = params["ArtifactS3RootDirectory"] + "/configs/cluster-config.yaml"
        params["ConfigVersion"] = self.client("s3").put_object(
            Bucket=self.bucket, Key=key, Body=self.full_config
        )["VersionId"]
        self._stack(name, self.cluster_tags(name), "CREATE_COMPLETE", params)
        ddb = self.client("dynamodb")
        ddb.create_table(
            TableName="parallelcluster-" + name,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
        )
        ddb.put_item(
            TableName="parallelcluster-" + name,
            Item={
                "Id": {"S": "COMPUTE_FLEET"},
                "Data": {
                    "M": {
                        "status": {"S": "RUNNING"},
                        "lastStatusUpdatedTime": {"S": "2026-01-15 18:12:07.485674+00:00"},
                    }
                },
            },
        )
        ec2 = self.client("ec2")

        def run(node_type, n, **extra):
            for _ in range(n):
                tags = {"parallelcluster:cluster-name": name, "parallelcluster:node-type": node_type, **extra}
                ec2.run_instances(
                    ImageId=PARENT_AMI,
                    MinCount=1,
                    MaxCount=1,
                    InstanceType="c5.large",
                    SubnetId=self.subnet,
                    TagSpecifications=[
                        {
                            "ResourceType": "instance",
                            "Tags": [{"Key": k, "Value": v} for k, v in tags.items()],
                        }
                    ],
                )

        run("HeadNode", 1)
        run("LoginNode", 1, **{"parallelcluster:login-nodes-pool-name": "login"})
        run("Compute", env_int("COMPUTE_NODES", 120), **{"parallelcluster:queue-name": "q1"})
        elb = self.client("elbv2")
        lb = elb.create_load_balancer(
            Name="full-login",
            Type="network",
            Subnets=[self.subnet],
            Scheme="internet-facing",
            Tags=[
                {"Key": "parallelcluster:cluster-name", "Value": name},
                {"Key": "parallelcluster:login-nodes-pool", "Value": "login"},
            ],
        )["LoadBalancers"][0]["LoadBalancerArn"]
        vpc = ec2.describe_subnets(SubnetIds=[self.subnet])["Subnets"][0]["VpcId"]
        tg = elb.create_target_group(Name="full-login", Protocol="TCP", Port=22, VpcId=vpc)["TargetGroups"][
            0
        ]["TargetGroupArn"]
        elb.create_listener(
            LoadBalancerArn=lb,
            Protocol="TCP",
            Port=22,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": tg}],
        )
        self._log_group(
            params["ClusterCWLogGroup"],
            ["ip-10-0-0-%d.i-0%016x.cfn-init" % (i, i) for i in range(1, 61)],
            lambda s: 300 if s.startswith("ip-10-0-0-1.") else 2,
        )

    def seed_quirks(self):
        """States a real account can be in that the spec does not allow for (named quirk-*)."""
        ec2 = self.client("ec2")
        tags = self.image_tags("quirk-noversion", status="available")
        tags.pop("parallelcluster:version")
        self._tag_ami(ec2.register_image(Name="quirk-noversion")["ImageId"], tags)
        self._stack(
            "quirk-review",
            self.cluster_tags("quirk-review"),
            "REVIEW_IN_PROGRESS",
            self.cluster_params("quirk-review"),
        )
        self._stack(
            "quirk-noscheduler",
            self.cluster_tags("quirk-noscheduler"),
            "CREATE_COMPLETE",
            self.cluster_params("quirk-noscheduler", Scheduler=None),
        )
        self._stack(
            "quirk-nolog",
            self.cluster_tags("quirk-nolog"),
            "CREATE_COMPLETE",
            self.cluster_params("quirk-nolog", ClusterCWLogGroup=None),
        )
        self._stack(
            "quirk-oldmajor",
            self.cluster_tags("quirk-oldmajor", "2.11.9"),
            "CREATE_COMPLETE",
            self.cluster_params("quirk-oldmajor"),
        )
        self._stack("quirk-img-deleting", self.image_tags("quirk-img-deleting"), "DELETE_IN_PROGRESS")
        self._stack("quirk-img-updatefailed", self.image_tags("quirk-img-updatefailed"), "UPDATE_FAILED")
