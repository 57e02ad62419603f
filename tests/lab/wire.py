"""AWS's side of its protocols, by the API models that botocore ships: which call a request is, and what
an answer looks like on the wire. The serializers are moto's, which its own server uses."""

import dataclasses
import datetime
import functools
import json
import re
import urllib.parse

import loopback
from moto.core.request import determine_request_protocol
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model

# What services are called in a signature, where boto3 calls them otherwise.
NAMES = {"monitoring": "cloudwatch", "elasticloadbalancing": "elbv2"}
REST = {"s3", "s3control", "securityhub", "cloudfront", "apigateway", "apigatewayv2"}
TOKENS = {"NextToken", "nextToken", "Marker", "ContinuationToken", "position"}
# IAM answers policies percent-encoded; recordings have them as boto3 shows them.
ENCODED = {"PolicyDocument", "AssumeRolePolicyDocument", "Document"}
# Roots of S3's answers for which the model has no name.
ROOTS = {"GetBucketVersioning": "VersioningConfiguration",
         "GetBucketLifecycleConfiguration": "LifecycleConfiguration"}


@dataclasses.dataclass(frozen=True)
class Call:
    """One request as the API's model names it. `params` has texts only: no call here needs more."""
    account: str
    region: str
    service: str
    operation: str
    params: tuple
    method: str = "POST"

    @functools.cached_property
    def about(self):
        """The parameters that say what is asked, not which page of it."""
        return tuple((name, value) for name, value in self.params if name not in TOKENS)

    def __str__(self):
        return f"{self.account} {self.region} {self.service} {self.operation} {dict(self.params)}"


@dataclasses.dataclass
class Answer:
    status: int
    headers: dict
    body: bytes


class _Route:
    """Where a REST operation is found: method, path and the query's fixed names."""

    def __init__(self, model):
        path, _, query = model.http["requestUri"].partition("?")
        names = urllib.parse.parse_qs(query, keep_blank_values=True)
        self.model, self.method = model, model.http["method"]
        self.fixed = {name for name in names if name != "x-id"}
        self.labels = re.findall(r"{(\w+)\+?}", path)
        pattern = re.sub(r"\\{\w+\\\+\\}", "(.+)", re.escape(path))
        self.path = re.compile(re.sub(r"\\{\w+\\}", "([^/]+)", pattern) + "/?")
        members = model.input_shape.members if model.input_shape else {}
        self.places = {(shape.serialization.get("location"), shape.serialization.get("name", member)):
                       member for member, shape in members.items()}

    def read(self, request):
        found = self.path.fullmatch(request.path)
        if not found or request.method != self.method or not self.fixed <= set(request.query):
            return None
        values = [("uri", name, urllib.parse.unquote(value))
                  for name, value in zip(self.labels, found.groups())]
        values += [("querystring", name, value) for name, value in request.query.items()]
        values += [("header", name, value) for name, value in request.headers.items()]
        return {self.places[place, name]: value for place, name, value in values
                if (place, name) in self.places}


@functools.cache
def routes(service):
    model = get_service_model(service)
    found = [_Route(model.operation_model(name)) for name in model.operation_names]
    found = [route for route in found if not route.model.deprecated]
    return sorted(found, key=lambda route: (-len(route.fixed), len(route.labels)))


def service_of(request):
    """boto3's name. `request` is a loopback.Request."""
    if request.service == "apigateway" and request.path.startswith("/v2/"):
        return "apigatewayv2"
    return NAMES.get(request.service, request.service)


def role_account(call):
    """Whose role AssumeRole asks for."""
    return dict(call.params)["RoleArn"].split(":")[4]


def assumed(call):
    """AssumeRole's answer, with a key of the role's account."""
    key = f"ASIALAB{role_account(call)}"
    return answer(call, {"Credentials": {
        "AccessKeyId": key, "SecretAccessKey": f"secret-of-{key}", "SessionToken": f"token-of-{key}",
        "Expiration": datetime.datetime(2099, 1, 1, tzinfo=datetime.timezone.utc)}})


def account_of(key_id):
    """Keys here end in the account that they are of."""
    return key_id[-12:]


def read(request):
    """The call of a request; None for what no model knows."""
    service, method = service_of(request), request.method
    if service in REST:
        for route in routes(service):
            params = route.read(request)
            if params is not None:
                operation = route.model.name
                break
        else:
            return None
    else:
        params = request.form or json.loads(request.body or b"{}")
        operation = request.operation
    texts = tuple(sorted((name, value if isinstance(value, str) else json.dumps(value))
                         for name, value in params.items() if name not in ("Action", "Version")))
    return Call(account_of(request.key_id), request.region, service, operation, texts, method)


def _encoded(value):
    if isinstance(value, dict):
        return {name: urllib.parse.quote(each, safe="")
                if name in ENCODED and isinstance(each, str) else _encoded(each)
                for name, each in value.items()}
    return [_encoded(each) for each in value] if isinstance(value, list) else value


def answer(call, response):
    """`response`, with the members of the API's model, in the protocol of the service."""
    model = get_service_model(call.service)
    form = call.service not in REST and model.protocol != "json"
    protocol = determine_request_protocol(model, "application/x-www-form-urlencoded" if form else "")
    made = get_serializer_class(call.service, protocol)(model.operation_model(call.operation)) \
        .serialize(_encoded(response) if call.service == "iam" else response)
    body = made["body"]
    if call.operation in ROOTS:
        body = body.replace(f"{call.operation}Response", ROOTS[call.operation])
    return Answer(made["status_code"], {name: str(value) for name, value in made["headers"].items()},
                  b"" if call.method == "HEAD" else body.encode() if isinstance(body, str) else body)


def error(call, code, message, status):
    """`code` in the words of the service's protocol."""
    protocol = get_service_model(call.service).protocol
    if call.method == "HEAD":
        return Answer(status, {}, b"")
    if protocol in ("json", "rest-json"):
        body = json.dumps({"__type": code, "message": message}).encode()
        return Answer(status, {"x-amzn-errortype": code, "Content-Type": "application/json"}, body)
    asked = loopback.Request(call.method, "/", {}, b"")
    asked.service = call.service
    made = loopback.error(asked, code, message, status)
    return Answer(made.status, {"Content-Type": "text/xml"}, made.body)
