#!/usr/bin/env python3
"""Writes vectors/sigv4.json: requests with each stage of their signature, as botocore makes them.

botocore is the oracle; the C++ test compares our canonical request, string to sign and signature
with these. Run again only to add cases: the output is committed, so the test needs no Python.
"""
import datetime
import json
import pathlib
from urllib.parse import quote, urlsplit

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEY = "AKIDEXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "FwoGZXIvYXdzEXAMPLE/token+with=odd/characters=="
FORM = [["Content-Type", "application/x-www-form-urlencoded; charset=utf-8"]]


def case(name, service, method="GET", endpoint=None, path="/", query=(), headers=(), body="",
         region="us-east-1", token="", time="2015-08-30T12:36:00Z"):
    """`path` is not encoded; `query` is a list of pairs, not encoded."""
    return {"name": name, "service": service, "region": region, "time": time, "token": token,
            "method": method, "endpoint": endpoint or f"https://{service}.{region}.amazonaws.com",
            "path": quote(path, safe="/~"), "query": [list(pair) for pair in query],
            "headers": [list(pair) for pair in headers], "body": body}


def target(name, version="1.1"):
    return [["Content-Type", f"application/x-amz-json-{version}"], ["X-Amz-Target", name]]


def json_cases():
    yield case("json", "cloudtrail", "POST", headers=target("X.DescribeTrails"), body="{}")
    yield case("json 1.0", "config", "POST", headers=target("X.Y", "1.0"), body='{"a":[1,2]}')
    yield case("json with a token", "kms", "POST", headers=target("TrentService.ListKeys"),
               body='{"Limit":1000}', token=TOKEN)
    yield case("json with unicode", "kms", "POST", headers=target("TrentService.DescribeKey"),
               body='{"KeyId":"alias/schlüssel-鍵"}')
    yield case("no body", "kms", "POST", headers=target("TrentService.ListKeys"))
    yield case("header with runs of blanks", "config", "POST", body="{}",
               headers=target("X.Y") + [["X-Amz-Meta", "  a   b \t c  "]])
    yield case("header that is there twice", "config", "POST", body="{}",
               headers=target("X.Y") + [["X-Amz-Meta", "second"], ["X-Amz-Meta", "first"]])
    yield case("header names sort in lower case", "config", "POST", body="{}",
               headers=[["x-b", "2"], ["X-A", "1"], ["X-C", "3"], ["X-Empty", ""]])
    yield case("user agent is not signed", "config", "POST", body="{}",
               headers=target("X.Y") + [["User-Agent", "anything/1.0"]])
    yield case("another partition", "cloudtrail", "POST", headers=target("X.Y"), body="{}",
               region="cn-north-1", endpoint="https://cloudtrail.cn-north-1.amazonaws.com.cn")
    yield case("a port that is signed", "config", "POST", headers=target("X.Y"), body="{}",
               endpoint="http://127.0.0.1:5000")
    yield case("a port that is not", "config", "POST", headers=target("X.Y"), body="{}",
               endpoint="https://config.example.com:443")
    yield case("last second of a year", "config", "POST", headers=target("X.Y"), body="{}",
               time="2023-12-31T23:59:59Z")
    yield case("leap day", "config", "POST", headers=target("X.Y"), body="{}",
               time="2024-02-29T00:00:00Z")


def form_cases():
    yield case("query", "sts", "POST", headers=FORM,
               body="Action=GetCallerIdentity&Version=2011-06-15")
    yield case("query with a token", "sts", "POST", headers=FORM, token=TOKEN,
               body="Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fx")
    yield case("ec2", "ec2", "POST", headers=FORM, region="ap-southeast-2",
               body="Action=DescribeRegions&Version=2016-11-15&AllRegions=true")
    yield case("ec2 by GET", "ec2", query=[("Version", "2016-11-15"), ("Action", "DescribeVpcs"),
                                           ("Filter.1.Name", "vpc id+x")])


def rest_cases():
    """Services that encode the path once more."""
    yield case("path that is encoded twice", "lambda", path="/2015/functions/arn:aws:x:1:y/p q")
    yield case("path with percent", "lambda", path="/a%20b/c%")
    yield case("path with unicode", "lambda", path="/ü/鍵/😀")
    yield case("path with double slashes", "lambda", path="//a//b//")
    yield case("path with dot segments", "lambda", path="/a/./b/../c/..")
    yield case("path above the root", "lambda", path="/../../a/")
    yield case("base path of an endpoint", "lambda", endpoint="https://host.example/base",
               path="/a/b")
    yield case("query in another order", "lambda",
               query=[("b", "1"), ("a", "2"), ("B", "3"), ("A", "4"), ("a-b", "5"), ("a.b", "6")])
    yield case("query with repeated names", "lambda",
               query=[("x", "b"), ("x", "a"), ("x", "B"), ("x", ""), ("x", "a b")])
    yield case("query with empty values", "lambda", query=[("empty", ""), ("", "x"), ("a", "")])
    yield case("query with odd characters", "lambda",
               query=[("p", "a+b c~d%e"), ("q", "/=?&#"), ("r", "ü鍵😀"), ("k ü", "*'()!$,;:@[]")])


def s3_cases():
    def s3(name, **more):
        return case(name, "s3", **more)

    yield s3("s3 list buckets", query=[("max-buckets", "10000")])
    for resource in ("acl", "policyStatus", "policy", "logging", "publicAccessBlock",
                     "ownershipControls"):
        yield s3(f"s3 sub-resource {resource}", path="/bucket", query=[(resource, "")])
    yield s3("s3 with a token", path="/bucket", query=[("acl", "")], token=TOKEN)
    yield s3("s3 head", method="HEAD", path="/dotted.bucket.name", region="eu-central-1")
    yield s3("s3 path with odd characters", path="/b/a+b=c:d@e~f%g h/ü")
    yield s3("s3 path with double slashes", path="/bucket//a//b/../c/./")
    yield s3("s3 put", method="PUT", path="/bucket/key", body="some bytes: ü",
             headers=[["Content-Type", "text/plain"]])
    yield s3("s3 continuation", query=[("prefix", "a/b"), ("continuation-token", "ab+/==")])
    yield s3("s3 at an emulator", endpoint="http://localhost:4566", path="/bucket",
             query=[("acl", "")])
    yield s3("s3 control", endpoint="https://123456789012.s3-control.us-east-1.amazonaws.com",
             path="/v20180820/configuration/publicAccessBlock",
             headers=[["x-amz-account-id", "123456789012"]])


def signed(vector):
    """The vector with the stages of its signature."""
    request = AWSRequest(method=vector["method"], url=vector["endpoint"] + vector["path"],
                         data=vector["body"].encode(),
                         params=[tuple(pair) for pair in vector["query"]])
    for name, value in vector["headers"]:
        request.headers.add_header(name, value)
    signer = S3SigV4Auth if vector["service"] == "s3" else SigV4Auth
    auth = signer(Credentials(KEY, SECRET, vector["token"] or None), vector["service"],
                  vector["region"])
    time = datetime.datetime.strptime(vector["time"], "%Y-%m-%dT%H:%M:%SZ")
    request.context["timestamp"] = time.strftime("%Y%m%dT%H%M%SZ")
    request.context["payload_signing_enabled"] = True
    auth._modify_request_before_signing(request)
    canonical = auth.canonical_request(request)
    to_sign = auth.string_to_sign(request, canonical)
    vector["canonical_request"] = canonical
    vector["string_to_sign"] = to_sign
    vector["signature"] = auth.signature(to_sign, request)
    auth._inject_signature_to_request(request, vector["signature"])
    vector["authorization"] = request.headers["Authorization"]
    return vector


def main():
    vectors = [signed(vector) for cases in (json_cases, form_cases, rest_cases, s3_cases)
               for vector in cases()]
    names = [vector["name"] for vector in vectors]
    assert len(set(names)) == len(names)
    document = {"access_key_id": KEY, "secret_access_key": SECRET, "vectors": vectors}
    out = pathlib.Path(__file__).parent / "vectors" / "sigv4.json"
    out.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(vectors)} vectors")


if __name__ == "__main__":
    main()
