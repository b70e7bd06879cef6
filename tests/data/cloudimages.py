"""Makes cloudimages.json: what the PyPI package huaweicloudsdkims 3.1.219 sends for each call, recorded by a
server on this machine, how its signer signs the same request for HOST at DATE, and an answer with every field of its
model of it. Run it in an environment of its own that has the package."""
import http.server
import json
import re
import threading
from urllib.parse import parse_qsl, urlsplit

import huaweicloudsdkims.v2 as sdk
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

PROJECT, IMAGE, JOB = "the-project", "bc6bed6e-ba3a-4447-afcc-449174a3eb52", "ff80808282e4e4fb"
HOST, DATE = "ims.eu-de.otc.t-systems.com", "20261121T080910Z"
TAG = {"key": "k", "value": "v"}
CASES = [
    ("list_images", {"imagetype": "private", "os_type": "Linux", "limit": 7, "marker": IMAGE, "protected": True,
                     "enterprise_project_id": "0", "min_disk": 40, "sort_key": "name", "sort_dir": "asc"}),
    ("update_image", {"image_id": IMAGE, "body": [{"op": "replace", "path": "/name", "value": "n"}]}),
    ("create_image", {"body": {"name": "web", "instance_id": "i", "description": "d", "image_tags": [TAG], "max_ram": 4096, "min_ram": 1024}}),
    ("create_image", {"body": {"data_images": [{"name": "disk", "volume_id": "v"}]}}),
    ("create_image", {"body": {"name": "web", "image_url": "bucket:web.qcow2", "min_disk": 40, "os_version": "CentOS 7.0 64bit",
                               "type": "ECS", "architecture": "x86", "hw_firmware_type": "bios", "is_config": True,
                               "is_quick_import": False, "cmk_id": "c", "tags": ["a.b"], "enterprise_project_id": "0"}}),
    ("import_image_quick", {"body": {"name": "big", "image_url": "bucket:big.zvhd2", "min_disk": 100, "os_version": "Ubuntu 22.04 server 64bit", "type": "ECS"}}),
    ("create_data_image", {"body": {"name": "data", "image_url": "bucket:data.qcow2", "min_disk": 40, "os_type": "Linux", "image_tags": [TAG]}}),
    ("create_whole_image", {"body": {"name": "whole", "instance_id": "i", "vault_id": "va"}}),
    ("register_image", {"image_id": IMAGE, "body": {"image_url": "bucket:web.qcow2"}}),
    ("export_image", {"image_id": IMAGE, "body": {"bucket_url": "bucket:out.qcow2", "file_format": "qcow2"}}),
    ("copy_image_in_region", {"image_id": IMAGE, "body": {"name": "copy", "cmk_id": "c", "description": "d"}}),
    ("copy_image_cross_region", {"image_id": IMAGE, "body": {"name": "copy", "region": "eu-west-101", "project_name": "p", "agency_name": "a"}}),
    ("list_os_versions", {}),
    ("show_image_quota", {}),
    ("batch_add_members", {"body": {"images": [IMAGE], "projects": ["p", "q"]}}),
    ("batch_update_members", {"body": {"images": [IMAGE], "project_id": "p", "status": "accepted", "vault_id": "va"}}),
    ("batch_delete_members", {"body": {"images": [IMAGE], "projects": ["p"]}}),
    ("list_image_members", {"image_id": IMAGE}),
    ("show_image_member", {"image_id": IMAGE, "member_id": "p"}),
    ("list_tags", {"limit": 10, "page": 2}),
    ("create_or_update_tags", {"body": {"image_id": IMAGE, "image_tag": TAG}}),
    ("batch_delete_tags", {"image_id": IMAGE, "body": {"tags": [TAG]}}),
    ("list_image_tags", {"image_id": IMAGE}),
    ("add_image_tag", {"image_id": IMAGE, "body": {"tag": TAG}}),
    ("batch_add_or_delete_tags", {"image_id": IMAGE, "body": {"action": "create", "tags": [TAG]}}),
    ("delete_image_tag", {"image_id": IMAGE, "key": "k"}),
    ("list_images_tags", {}),
    ("list_image_by_tags", {"body": {"action": "filter", "tags": [{"key": "k", "values": ["v", "w"]}], "limit": "10", "offset": "0"}}),
    ("show_job", {"job_id": JOB}),
    ("show_job_progress", {"job_id": JOB}),
]

recorded = []
keys = BasicCredentials("AK", "SK", PROJECT)


def signed(method, path, query, headers, body):
    """The header `Authorization` by the package's signer, which covers all headers that it is given."""
    request = SdkRequest(method=method, schema="https", host=HOST, resource_path=path, query_params=list(query),
                         header_params=dict(headers), body=body)
    return Signer(keys).sign(request).header_params["Authorization"]


class Recorder(http.server.BaseHTTPRequestHandler):
    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        parts = urlsplit(self.path)
        query = sorted(parse_qsl(parts.query, keep_blank_values=True))
        # The signer is its own verifier: it gives the signature of what has arrived.
        covered = re.search("SignedHeaders=([^,]*)", self.headers["Authorization"])[1].split(";")
        again = signed(self.command, parts.path, query, {name: self.headers[name] for name in covered}, body)
        assert again == self.headers["Authorization"]
        headers = {"Host": HOST, "X-Sdk-Date": DATE, "X-Project-Id": PROJECT}
        content = json.loads(body) if body else None
        if body:
            headers["Content-Type"] = "application/json"
            body = json.dumps(content, sort_keys=True, separators=(",", ":"))
        recorded.append({
            "method": self.command,
            "path": parts.path,
            "query": query,
            "body": content,
            "authorization": signed(self.command, parts.path, query, headers, body),
        })
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = answer

    def log_message(self, *_):
        pass


def built(kind, value):
    """A value as the package's own model of it."""
    listed = re.match(r"list\[(\w+)\]", kind)
    if listed:
        return [built(listed[1], item) for item in value]
    model = getattr(sdk, kind, None)
    if model is None or not isinstance(value, dict):
        return value
    return model(**{name: built(model.openapi_types[name], inner) for name, inner in value.items()})


def answer(kind, name=""):
    """An answer in the shape of a model."""
    listed, mapped = re.match(r"list\[(.+)\]", kind), re.match(r"dict\(str, (.+)\)", kind)
    if listed:
        return [answer(listed[1])]
    if mapped:
        return {"key": answer(mapped[1])}
    model = getattr(sdk, kind, None)
    if model is None:
        text = "2018-09-06T14:03:27Z" if name.endswith(("_at", "_time")) else "7"
        return {"str": text, "int": 7, "bool": True, "float": 0.5}[kind]
    if list(model.openapi_types) == ["body"]:
        return answer(model.openapi_types["body"])
    return {model.attribute_map[name]: answer(inner, name) for name, inner in model.openapi_types.items()}


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = (sdk.ImsClient.new_builder().with_http_config(HttpConfig(ignore_ssl_verification=True))
          .with_credentials(keys).with_endpoints([f"http://127.0.0.1:{server.server_address[1]}"]).build())
for operation, inputs in CASES:
    name = "".join(part.title() for part in operation.split("_"))
    request = getattr(sdk, name + "Request")
    arguments = {name: built(request.openapi_types[name], value) for name, value in inputs.items()}
    try:
        getattr(client, operation)(request(**arguments))
    except Exception as error:  # the answer is of no use to it
        if not recorded or "operation" in recorded[-1]:
            raise SystemExit(f"{operation}: {error!r}")
    recorded[-1] = {"operation": operation, **recorded[-1], "answer": answer(name + "Response")}
assert len(recorded) == len(CASES)
print("[\n" + ",\n".join(" " + json.dumps(case) for case in recorded) + "\n]")
