"""Writes clouds.json: what openstacksdk makes of clouds.yaml and of the environment.

    python clouds.py > clouds.json       # with openstacksdk 4 installed

Each case has the files, and what a login of openstacksdk sends: the URL and the body, the region and the
interface of the image service, its endpoint, and how certificates are verified.
"""
import json
import os
import pathlib
import tempfile
import warnings

warnings.simplefilter("ignore")
for name in [name for name in os.environ if name.startswith("OS_")]:
    del os.environ[name]

from openstack.config import loader  # noqa: E402

USER = "auth_url: https://k.example.com/v3, username: me, password: pw"
CASES = [
    ("a project by name", f"clouds: {{c: {{auth: {{{USER}, user_domain_name: D, project_name: p, project_domain_id: i}}}}}}", {}),
    ("one domain for both", f"clouds: {{c: {{auth: {{{USER}, domain_name: D, project_name: p}}}}}}", {}),
    ("one domain by id, the user's own beside it", f"clouds: {{c: {{auth: {{{USER}, domain_id: d, user_domain_id: u, project_name: p}}}}}}", {}),
    ("one domain outside of auth", f"clouds: {{c: {{domain_name: D, auth: {{{USER}, project_id: 1}}}}}}", {}),
    ("default domain id", f"clouds: {{c: {{auth: {{{USER}, default_domain_id: dd, project_name: p}}}}}}", {}),
    ("default domain id beside the user's name", f"clouds: {{c: {{auth: {{{USER}, default_domain_id: dd, user_domain_name: D, project_name: p}}}}}}", {}),
    ("default domain name", f"clouds: {{c: {{auth: {{{USER}, default_domain_name: DD, project_name: p}}}}}}", {}),
    ("an id and a name of a domain", f"clouds: {{c: {{auth: {{{USER}, user_domain_name: D, user_domain_id: d, project_id: p}}}}}}", {}),
    ("a domain as scope", f"clouds: {{c: {{auth: {{{USER}, user_domain_name: D, domain_name: S}}}}}}", {}),
    ("the system as scope", f"clouds: {{c: {{auth: {{{USER}, user_domain_name: D, system_scope: all}}}}}}", {}),
    ("a trust as scope", f"clouds: {{c: {{auth: {{{USER}, user_domain_name: D, trust_id: t}}}}}}", {}),
    ("tenants", f"clouds: {{c: {{auth: {{{USER}, user_domain_name: D, tenant_name: t, project_domain_name: P}}}}}}", {}),
    ("hyphens", f"clouds: {{c: {{auth: {{{USER}, user-domain-name: D, project-name: p, project-domain-name: P}}, region-name: R}}}}", {}),
    ("a project outside of auth wins", f"clouds: {{c: {{project_id: out, auth: {{{USER}, user_domain_name: D, project_id: in}}}}}}", {}),
    ("a merge key", f"base: &base {{auth: {{{USER}, user_domain_name: D, project_id: p}}, region_name: R}}\nclouds: {{c: {{<<: *base, interface: internal}}}}", {}),
    ("a merge key within auth", f"base: &base {{{USER}, user_domain_name: D, project_id: p}}\nclouds: {{c: {{auth: {{<<: *base, username: you}}}}}}", {}),
    ("numbers that YAML 1.1 has as text", "clouds: {c: {auth: {auth_url: 'https://k.example.com/v3', user_id: 12e4, password: 1e3, project_id: 0o17}}}", {}),
    ("a list of regions", f"clouds: {{c: {{auth: {{{USER}, user_domain_name: D, project_id: p}}, regions: [A, B]}}}}", {}),
    ("one of several regions", f"clouds: {{c: {{auth: {{{USER}, user_domain_name: D, project_id: p}}, regions: [A, {{name: B, values: {{interface: admin, image_endpoint_override: 'https://b'}}}}]}}}}", {"region": "B"}),
    ("a region with auth of its own", f"clouds: {{c: {{auth: {{{USER}, user_domain_name: D}}, regions: [{{name: A, values: {{auth: {{project_id: a}}}}}}]}}}}", {}),
    ("regions separated by commas", f"clouds: {{c: {{auth: {{{USER}, user_domain_name: D, project_id: p}}, region_name: 'A,B'}}}}", {"region": "B"}),
    ("interfaces", f"clouds: {{c: {{auth: {{{USER}, user_domain_name: D, project_id: p}}, interface: [internal, public]}}}}", {}),
    ("the image service's own interface", f"clouds: {{c: {{auth: {{{USER}, user_domain_name: D, project_id: p}}, endpoint_type: internalURL, image_interface: admin}}}}", {}),
    ("an endpoint type", f"clouds: {{c: {{auth: {{{USER}, user_domain_name: D, project_id: p}}, endpoint_type: internalURL}}}}", {}),
    ("the image service's own endpoint", f"clouds: {{c: {{auth: {{{USER}, user_domain_name: D, project_id: p}}, image_endpoint_override: 'https://g', image_endpoint: 'https://other'}}}}", {}),
    ("certificates", f"clouds: {{c: {{auth: {{{USER}, user_domain_name: D, project_id: p}}, cacert: /etc/ca.pem}}}}", {}),
    ("no verification", f"clouds: {{c: {{auth: {{{USER}, user_domain_name: D, project_id: p}}, verify: no}}}}", {}),
    ("insecure", f"clouds: {{c: {{auth: {{{USER}, user_domain_name: D, project_id: p}}, insecure: true, cacert: x.pem}}}}", {}),
    ("an application credential", "clouds: {c: {auth_type: v3applicationcredential, auth: {auth_url: 'https://k.example.com/v3', application_credential_id: a, application_credential_secret: s}}}", {}),
    ("an application credential by name", "clouds: {c: {auth_type: v3applicationcredential, auth: {auth_url: 'https://k.example.com/v3', application_credential_name: a, username: me, user_domain_name: D, application_credential_secret: s}}}", {}),
    ("a token", "clouds: {c: {auth_type: token, auth: {auth_url: 'https://k.example.com/v3', token: t, project_id: p}}}", {}),
    ("a token outside of auth", "clouds: {c: {auth_type: v3token, auth-token: t, auth: {auth_url: 'https://k.example.com/v3', project_id: p}}}", {}),
    ("the profile otc", "clouds: {c: {profile: otc, auth: {username: me, password: pw, user_domain_name: D, project_name: eu-nl, project_domain_name: D}, region_name: eu-nl}}", {}),
    ("the first region of the profile otc", "clouds: {c: {profile: otc, auth: {username: me, password: pw, user_domain_name: D, project_id: p}}}", {}),
    ("a profile of clouds-public.yaml", "clouds: {c: {cloud: mine, interface: public, auth: {username: me, password: pw, user_domain_name: D, project_id: p}}}", {"public": "public-clouds: {mine: {auth: {auth_url: 'https://{region_name}.example.com/v3', user_domain_name: V}, region_name: north, interface: internal}}"}),
    ("secure.yaml", "clouds: {c: {auth: {auth_url: 'https://k.example.com/v3', username: me, user_domain_name: D, project_id: p}}}", {"secure": "clouds: {c: {auth: {password: secret}}}"}),
]

ENVIRONMENT = [
    ("variables", {"OS_AUTH_URL": "https://k.example.com/v3", "OS_USERNAME": "me", "OS_PASSWORD": "1e3", "OS_PROJECT_NAME": "p", "OS_USER_DOMAIN_NAME": "D", "OS_PROJECT_DOMAIN_ID": "i", "OS_REGION_NAME": "R", "OS_INTERFACE": "internal", "OS_IDENTITY_API_VERSION": "3"}),
    ("variables with one domain", {"OS_AUTH_URL": "https://k.example.com/v3", "OS_USERNAME": "me", "OS_PASSWORD": "pw", "OS_PROJECT_NAME": "p", "OS_DOMAIN_NAME": "D", "OS_CACERT": "/etc/ca.pem"}),
    ("variables with a domain as scope", {"OS_AUTH_URL": "https://k.example.com/v3", "OS_USERNAME": "me", "OS_PASSWORD": "pw", "OS_USER_DOMAIN_ID": "u", "OS_DOMAIN_ID": "d"}),
    ("variables of an old openrc", {"OS_AUTH_URL": "https://k.example.com/v3", "OS_USERNAME": "me", "OS_PASSWORD": "pw", "OS_TENANT_NAME": "t", "OS_DEFAULT_DOMAIN_ID": "dd", "OS_ENDPOINT_TYPE": "publicURL", "OS_INSECURE": "true", "OS_IMAGE_ENDPOINT_OVERRIDE": "https://g"}),
    ("variables of a token", {"OS_AUTH_TYPE": "token", "OS_AUTH_URL": "https://k.example.com/v3", "OS_AUTH_TOKEN": "t", "OS_PROJECT_ID": "p"}),
]


class Session:
    """Takes the login and stops there."""

    def post(self, url, json=None, **_):
        self.url, self.body = url, json
        raise KeyboardInterrupt


def of_files(files, region):
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for name, text in files.items():
            paths[name] = pathlib.Path(folder, name + ".yaml")
            paths[name].write_text(text)
        config = loader.OpenStackConfig(
            config_files=[str(paths["clouds"])],
            secure_files=[str(path) for name, path in paths.items() if name == "secure"],
            vendor_files=[str(path) for name, path in paths.items() if name == "public"],
            load_envvars=False)
        return config.get_one("c", region_name=region or "")


def of_variables(variables):
    os.environ.update(variables)
    try:
        return loader.OpenStackConfig(load_yaml_config=False).get_one()
    finally:
        for name in variables:
            del os.environ[name]


def login(cloud):
    plugin = cloud.get_auth()
    if hasattr(plugin, "create_plugin"):
        plugin = plugin.create_plugin(None, (3, 0), plugin.auth_url)
    session = Session()
    try:
        plugin.get_auth_ref(session)
    except KeyboardInterrupt:
        pass
    verify, _ = cloud.get_requests_verify_args()
    interface = cloud.get_interface("image")
    return {
        "url": session.url,
        "body": session.body,
        "region": cloud.get_region_name("image") or None,
        "interfaces": interface if isinstance(interface, list) else [interface],
        "endpoint": cloud.get_endpoint("image"),
        "ca_file": verify if isinstance(verify, str) else None,
        "insecure": verify is False,
    }


cases = []
for name, clouds, more in CASES:
    files = {"clouds": clouds, **{key: more[key] for key in ("secure", "public") if key in more}}
    region = more.get("region")
    cases.append({"name": name, "files": files, "region": region, "expected": login(of_files(files, region))})
for name, variables in ENVIRONMENT:
    cases.append({"name": name, "variables": variables, "expected": login(of_variables(variables))})
print("[" + ",\n".join(json.dumps(case, sort_keys=True) for case in cases) + "]")
