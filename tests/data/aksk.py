"""Makes aksk.json with the signer of the PyPI package huaweicloudsdkcore 3.1.219."""
import json
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from urllib.parse import urlsplit, parse_qsl, unquote

HOST = "https://ims.eu-de.otc.t-systems.com"
JSON, PATCH, DATA = "application/json", "application/openstack-images-v2.1-json-patch", "application/octet-stream"
ID = "bc6bed6e-ba3a-4447-afcc-449174a3eb52"
CASES = [
    ("list", "GET", HOST + "/v2/images", {}),
    ("query, sorted and encoded", "GET", HOST + "/v2/images?tag=b&tag=a+b&name=x%2Fy~z&__os_type=Linux&created_at=gt%3A2024-01-01T00%3A00%3A00Z", {}),
    ("empty value", "GET", HOST + "/v2/images?name=", {}),
    ("letters beyond ASCII", "GET", HOST + "/v2/images?name=%C3%A4%E2%82%AC", {}),
    ("slash and blank in the path", "PUT", HOST + f"/v2/images/{ID}/tags/a%2Fb%20c%7Ed", {}),
    ("port", "GET", "http://127.0.0.1:9292/v2/images", {}),
    ("create", "POST", HOST + "/v2/images", dict(content_type=JSON, body='{"name":"\u00e4"}')),
    ("patch, not covered", "PATCH", HOST + f"/v2/images/{ID}", dict(content_type=PATCH, body='[{"op":"add","path":"/a","value":"b"}]')),
    ("data, not covered", "PUT", HOST + f"/v2/images/{ID}/file", dict(content_type=DATA, body="raw")),
    ("project", "DELETE", HOST + f"/v2/images/{ID}", dict(project_id="1bed856811654c1cb661a6ca845ebc77")),
    ("temporary key", "GET", HOST + f"/v2/images/{ID}", dict(security_token="gQpjbi1ub3J0aC00EXAMPLE", project_id="p")),
]

class Keys:
    ak, sk = "AKIDEXAMPLE0000000001", "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc"

vectors = []
for name, method, url, more in CASES:
    parts = urlsplit(url)
    headers = {"X-Sdk-Date": "20261121T080910Z"}
    if "content_type" in more:
        headers["Content-Type"] = more["content_type"]
    if "project_id" in more:
        headers["X-Project-Id"] = more["project_id"]
    if "security_token" in more:
        headers["X-Security-Token"] = more["security_token"]
    request = SdkRequest(method=method, schema=parts.scheme, host=parts.netloc, resource_path=parts.path,
                         query_params=parse_qsl(parts.query, keep_blank_values=True),
                         header_params=headers, body=more.get("body", ""))
    signed = Signer(Keys).sign(request)
    vectors.append(dict(name=name, access_key=Keys.ak, secret_key=Keys.sk, date="2026-11-21T08:09:10Z",
                        method=method, url=url, **more, authorization=signed.header_params["Authorization"]))
print(json.dumps(vectors, indent=1))
