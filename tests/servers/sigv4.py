"""Verifies AWS Signature Version 4, with botocore as the signer to compare with.

The canonical request is rebuilt from what arrived on the wire (method, raw path, raw query,
the signed headers, the SHA-256 of the received body) and signed again with the known secret.
Nothing the client computed is trusted, except the list of signed header names.

Differences from botocore's signer, since a server has to normalize and a signer may not:
  * the query is decoded and re-encoded per RFC 3986 before sorting, so a client that signs an
    un-encoded ',' or ':' is caught;
  * X-Amz-Content-SHA256, when sent, must equal the hash of the received body
    (UNSIGNED-PAYLOAD is refused);
  * botocore's header blacklist (user-agent, ...) is not applied: whatever the client lists in
    SignedHeaders is used.
"""

import calendar
import hashlib
import hmac
import re
import time
from types import SimpleNamespace
from urllib.parse import quote, unquote_to_bytes

from botocore.auth import SigV4Auth
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials

FMT = "%Y%m%dT%H%M%SZ"
SKEW = 300


class Verdict:
    def __init__(self, ok, name, status=200, message=None, error_type=None, **detail):
        self.ok, self.name, self.status = ok, name, status
        self.message, self.error_type, self.detail = message, error_type, detail

    def as_dict(self):
        d = {"ok": self.ok, "verdict": self.name}
        if self.message:
            d["message"] = self.message
        d.update(self.detail)
        return d


def _fail(name, message, error_type, **detail):
    return Verdict(False, name, 403, message, error_type, **detail)


def canonical_query(raw_query):
    """RFC 3986 canonical form, and the list of things on the wire that were not canonical."""
    notes, pairs = [], []
    for item in raw_query.split("&") if raw_query else []:
        if not item:
            notes.append("empty item in query")
            continue
        key, _, value = item.partition("=")
        if "+" in item:
            notes.append("raw '+' in query (ambiguous: servers decode it as a space)")
        enc = [quote(unquote_to_bytes(x), safe="-_.~") for x in (key, value)]
        if (key, value) != tuple(enc) or "=" not in item:
            notes.append("not RFC 3986 canonical on the wire: %r" % item[:120])
        pairs.append(tuple(enc))
    if pairs != sorted(pairs):
        notes.append("query not sorted on the wire (harmless)")
    return "&".join("%s=%s" % p for p in sorted(pairs)), notes


def verify(
    method,
    raw_target,
    headers,
    body,
    *,
    access_key,
    secret_key,
    session_token,
    region,
    service="execute-api",
    now=None,
):
    """headers: list of (name, value) as received. raw_target: path?query exactly as received."""
    now = time.time() if now is None else now
    raw_path, _, raw_query = raw_target.partition("?")
    by_name = {}
    for k, v in headers:
        by_name.setdefault(k.lower(), []).append(v)
    authz = by_name.get("authorization")
    if not authz:
        return _fail("missing", "Missing Authentication Token", "MissingAuthenticationTokenException")
    authz = authz[0]
    if not authz.startswith("AWS4-HMAC-SHA256 "):
        return _fail(
            "bad-scheme",
            "Unsupported authorization scheme; only AWS4-HMAC-SHA256 is accepted.",
            "IncompleteSignatureException",
        )
    parts = dict(re.findall(r"(\w+)=([^,\s]+)", authz[len("AWS4-HMAC-SHA256 ") :]))
    missing = [p for p in ("Credential", "SignedHeaders", "Signature") if p not in parts]
    if missing:
        return _fail(
            "incomplete",
            "Authorization header requires %s." % ", ".join("'%s' parameter" % m for m in missing),
            "IncompleteSignatureException",
        )
    scope = parts["Credential"].split("/")
    if len(scope) != 5 or scope[4] != "aws4_request":
        return _fail(
            "bad-scope",
            "Credential must have exactly 5 slash-delimited elements ending in 'aws4_request'.",
            "IncompleteSignatureException",
        )
    akid, sdate, sregion, sservice, _ = scope
    signed = parts["SignedHeaders"].split(";")
    if signed != sorted(signed) or any(h != h.lower() for h in signed):
        return _fail(
            "bad-signed-headers",
            "SignedHeaders must be lower case and sorted.",
            "IncompleteSignatureException",
        )
    amz_date = (by_name.get("x-amz-date") or [None])[0]
    if not amz_date:
        return _fail(
            "no-date",
            "Authorization header requires existence of an 'X-Amz-Date' header.",
            "IncompleteSignatureException",
        )
    try:
        stamp = calendar.timegm(time.strptime(amz_date, FMT))
    except ValueError:
        return _fail(
            "bad-date",
            "X-Amz-Date must be in ISO 8601 basic format (%s)." % amz_date,
            "IncompleteSignatureException",
        )
    if sdate != amz_date[:8]:
        return _fail(
            "scope-date",
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date.",
            "InvalidSignatureException",
        )
    if sregion != region:
        return _fail(
            "scope-region",
            "Credential should be scoped to a valid region.",
            "InvalidSignatureException",
            got=sregion,
            want=region,
        )
    if sservice != service:
        return _fail(
            "scope-service",
            "Credential should be scoped to correct service: '%s'." % service,
            "InvalidSignatureException",
            got=sservice,
        )
    if akid != access_key:
        return _fail(
            "unknown-key",
            "The security token included in the request is invalid.",
            "UnrecognizedClientException",
        )
    token = (by_name.get("x-amz-security-token") or [None])[0]
    if (token or None) != (session_token or None):
        return _fail(
            "bad-token",
            "The security token included in the request is invalid.",
            "UnrecognizedClientException",
            token_sent=bool(token),
            token_expected=bool(session_token),
        )
    must = {"host"} | {h for h in by_name if h.startswith("x-amz-") and h != "x-amz-user-agent"}
    unsigned = sorted(must - set(signed))
    absent = sorted(set(signed) - set(by_name))
    if unsigned or absent:
        return _fail(
            "headers",
            "Signed headers are incomplete: not signed %s; signed but not sent %s." % (unsigned, absent),
            "InvalidSignatureException",
        )
    iso = lambda t: time.strftime(FMT, time.gmtime(t))  # noqa: E731
    if stamp < now - SKEW:
        return _fail(
            "expired",
            "Signature expired: %s is now earlier than %s (%s - 5 min.)"
            % (amz_date, iso(now - SKEW), iso(now)),
            "InvalidSignatureException",
            skew=round(stamp - now),
        )
    if stamp > now + SKEW:
        return _fail(
            "future",
            "Signature not yet current: %s is still later than %s (%s + 5 min.)"
            % (amz_date, iso(now + SKEW), iso(now)),
            "InvalidSignatureException",
            skew=round(stamp - now),
        )
    body_hash = hashlib.sha256(body or b"").hexdigest()
    sent_hash = (by_name.get("x-amz-content-sha256") or [None])[0]
    if sent_hash is not None and sent_hash != body_hash:
        return _fail(
            "body-hash",
            "The provided 'x-amz-content-sha256' header does not match the computed payload hash.",
            "InvalidSignatureException",
            sent=sent_hash,
            computed=body_hash,
        )

    auth = SigV4Auth(Credentials(akid, secret_key, session_token), service, region)
    hdrs = HTTPHeaders()
    for name in signed:
        for value in by_name[name]:
            hdrs.add_header(name, value)
    cq, notes = canonical_query(raw_query)
    canonical = "\n".join(
        [
            method.upper(),
            auth._normalize_url_path(raw_path or "/"),  # the raw path is encoded once more
            cq,
            auth.canonical_headers(hdrs) + "\n",
            auth.signed_headers(hdrs),
            body_hash,
        ]
    )
    req = SimpleNamespace(context={"timestamp": amz_date})
    sts = auth.string_to_sign(req, canonical)
    want = auth.signature(sts, req)
    extra = {"signed_headers": signed, "notes": notes} if notes else {"signed_headers": signed}
    if not hmac.compare_digest(want, parts["Signature"]):
        return _fail(
            "mismatch",
            "The request signature we calculated does not match the signature you provided. Check your "
            "AWS Secret Access Key and signing method.\n\nThe Canonical String for this request should have "
            "been\n'%s'\n\nThe String-to-Sign should have been\n'%s'\n" % (canonical, sts),
            "InvalidSignatureException",
            canonical_request=canonical,
            **extra,
        )
    return Verdict(True, "ok", skew=round(stamp - now), **extra)
