"""One loopback server that plays STS, IAM Identity Center, a container's and an instance's endpoint.

The key that it gives out tells what was asked, with whose key, so that the key which finally asks who
is calling tells the whole way there. All that is secret begins with SHHH."""

import hashlib
import json

import loopback
from loopback import Answer

END = "2099-01-01T00:00:00Z"
DEFAULT_NAMES = ("ciswatch", "botocore-session-")  # of a session that nobody named


def key_for(*parts):
    return "ASIA" + hashlib.sha256("|".join(parts).encode()).hexdigest()[:16].upper()


def assumed(action, key):
    return (f"<{action}Response><{action}Result><Credentials><AccessKeyId>{key}</AccessKeyId>"
            f"<SecretAccessKey>SHHH-{key}</SecretAccessKey><SessionToken>SHHH-token-{key}"
            f"</SessionToken><Expiration>{END}</Expiration></Credentials></{action}Result>"
            f"</{action}Response>")


def sts(request):
    form = request.form
    name = form.get("RoleSessionName", "")
    asked = [form[key] for key in ("RoleArn", "ExternalId", "DurationSeconds", "WebIdentityToken")
             if key in form] + [name if not name.startswith(DEFAULT_NAMES) else ""]
    key = key_for(request.key_id, *asked)
    if form["Action"] == "GetCallerIdentity" or "refused" in form.get("RoleArn", ""):
        return loopback.error(request, "AccessDenied", "not authorized", 403)
    return Answer(200, assumed(form["Action"], key))


def sso(request):
    token = request.headers.get("x-amz-sso_bearer_token", "")
    if token.startswith("SHHH-unauthorized"):
        return Answer(401, '{"message":"Session token not found or invalid"}',
                      {"x-amzn-ErrorType": "UnauthorizedException"})
    key = key_for("sso", token, request.query["account_id"], request.query["role_name"])
    return Answer(200, json.dumps({"roleCredentials": {
        "accessKeyId": key, "secretAccessKey": f"SHHH-{key}", "sessionToken": "SHHH-token",
        "expiration": 4070908800000}}))


def machine_keys(kind, *asked):
    key = key_for(kind, *asked)
    return Answer(200, json.dumps({"Code": "Success", "AccessKeyId": key, "Expiration": END,
                                   "SecretAccessKey": f"SHHH-{key}", "Token": "SHHH-token"}))


def container(request):
    what = request.path.removeprefix("/ecs/")
    if what == "broken":
        return Answer(200, '{"AccessKeyId": "SHHH')
    if what == "empty":
        return Answer(200, '{"Code": "AccessDenied"}')
    if what == "refused":
        return Answer(403, "no")
    return machine_keys("container", request.target, request.headers.get("authorization", ""))


def instance(request):
    """Below /imds/ all is well; the other folders name what is not."""
    _, kind, path = request.path.split("/", 2)
    if path == "latest/api/token":
        return Answer(404) if kind == "imds-v1" else Answer(200, "SHHH-imds-token")
    has_token = request.headers.get("x-aws-ec2-metadata-token") == "SHHH-imds-token"
    if not has_token and kind != "imds-v1":
        return Answer(401)
    if path.endswith("security-credentials/"):
        return Answer(404) if kind == "imds-no-role" else Answer(200, "a-role")
    if kind == "imds-refused":
        return Answer(200, '{"Code": "AssumeRoleUnauthorizedAccess", "Message": "no"}')
    return machine_keys(kind, path)


def answer(request):
    if request.path.startswith("/imds"):
        return instance(request)
    if request.path.startswith("/ecs/"):
        return container(request)
    if request.path == "/federation/credentials":
        return sso(request)
    return sts(request)
