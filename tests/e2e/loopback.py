"""HTTP servers of our own on loopback: one that relays to an emulator and counts, one that answers
from a script (faults, slowness, hostile bodies), a TLS front and a forward proxy. They are for what
no emulator does: failing on purpose."""

import contextlib
import http.client
import http.server
import re
import select
import socket
import threading
import time
import urllib.parse

JSON_SERVICES = {"cloudtrail": "1.1", "config": "1.1", "kms": "1.1", "logs": "1.1"}
S3_OPERATIONS = {"acl": "GetBucketAcl", "policyStatus": "GetBucketPolicyStatus",
                 "policy": "GetBucketPolicy", "publicAccessBlock": "GetPublicAccessBlock",
                 "ownershipControls": "GetBucketOwnershipControls", "logging": "GetBucketLogging",
                 "location": "GetBucketLocation", "encryption": "GetBucketEncryption",
                 "versioning": "GetBucketVersioning"}
# By service, how the path ends.
REST_OPERATIONS = {"cloudfront": {"/distribution": "ListDistributions",
                                  "/config": "GetDistributionConfig"},
                   "apigateway": {"/restapis": "GetRestApis", "/apis": "GetApis",
                                  "/stages": "GetStages"}}


class Request:
    """One HTTP request, with what AWS would read from it."""

    def __init__(self, method, target, headers, body):
        self.method, self.target, self.headers, self.body = method, target, headers, body
        self.path, _, query = target.partition("?")
        self.query = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        self.form = (dict(urllib.parse.parse_qsl(body.decode("utf-8", "replace")))
                     if method == "POST" and "x-amz-target" not in headers else {})
        scope = re.search(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request",
                          headers.get("authorization", ""))
        self.key_id, self.region, self.service = scope.groups() if scope else ("", "", "")
        if self.path.startswith("/v20180820/"):
            self.service = "s3control"
        self.operation = self._operation()
        self.time = time.monotonic()

    def _operation(self):
        if "x-amz-target" in self.headers:
            return self.headers["x-amz-target"].rpartition(".")[2]
        if "Action" in self.form:
            return self.form["Action"]
        if self.service == "s3control":
            return "GetPublicAccessBlock"
        if self.service in REST_OPERATIONS:
            return REST_OPERATIONS[self.service].get("/" + self.path.rpartition("/")[2], "")
        if self.path == "/":
            return "ListBuckets"
        if self.method == "HEAD":
            return "HeadBucket"
        return next((name for key, name in S3_OPERATIONS.items() if key in self.query), "ListObjects")

    @property
    def bucket(self):
        return self.path.strip("/").partition("/")[0] if self.service == "s3" else ""

    def __repr__(self):
        return f"{self.service}.{self.operation}@{self.region}{self.path}"


class Answer:
    def __init__(self, status=200, body=b"", headers=None, cut_after=None, delay=0):
        self.status = status
        self.body = body.encode() if isinstance(body, str) else body
        self.headers = headers or {}
        self.cut_after = cut_after  # close the connection after so many bytes of the body
        self.delay = delay


class Loopback:
    """A threaded HTTP/1.1 server; `answer(request)` makes each Answer. Keeps what it was asked."""

    def __init__(self, answer, tls=None):
        self.requests = []
        self.connections = 0
        loop = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                super().setup()
                loop.connections += 1

            def handle_any(self):
                length = int(self.headers.get("content-length") or 0)
                body = self.rfile.read(length) if length else b""
                headers = {k.lower(): v for k, v in self.headers.items()}
                request = Request(self.command, self.path, headers, body)
                loop.requests.append(request)
                self.reply(answer(request))

            do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = handle_any

            def reply(self, made):
                loop.stopping.wait(made.delay)
                self.send_response_only(made.status)
                headers = {"Date": self.date_time_string(), **made.headers}
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(made.body)))
                self.end_headers()
                if self.command == "HEAD":
                    return
                if made.cut_after is None:
                    self.wfile.write(made.body)
                    return
                self.wfile.write(made.body[:made.cut_after])
                self.wfile.flush()
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)

            def log_message(self, *_):
                pass

        class Threads(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 256

            def handle_error(self, *_):
                pass  # a client that goes away is part of the tests

        self.stopping = threading.Event()
        self._server = Threads(("127.0.0.1", 0), Handler)
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True,
                                                  do_handshake_on_connect=False)
        self.port = self._server.server_address[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self):
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def asked(self, operation, service=None):
        return [r for r in list(self.requests)
                if r.operation == operation and service in (None, r.service)]


@contextlib.contextmanager
def serving(answer, tls=None):
    server = Loopback(answer, tls)
    try:
        yield server
    finally:
        server.stop()


def relay(upstream):
    """Answers as the server at `upstream` does."""
    host = upstream.removeprefix("http://")

    def answer(request):
        connection = http.client.HTTPConnection(host, timeout=60)
        # Signed headers, Host among them, go on as they are.
        connection.putrequest(request.method, request.target, skip_host=True,
                              skip_accept_encoding=True)
        for name, value in request.headers.items():
            if name not in ("connection", "content-length", "transfer-encoding"):
                connection.putheader(name, value)
        if request.body or request.method in ("POST", "PUT"):
            connection.putheader("Content-Length", str(len(request.body)))
        connection.endheaders(request.body or None)
        got = connection.getresponse()
        headers = {k: v for k, v in got.getheaders()
                   if k.lower() not in ("connection", "content-length", "transfer-encoding", "date")}
        made = Answer(got.status, got.read(), headers)
        connection.close()
        return made

    return answer


def faulty(answer, *rules):
    """`answer`, but the first rule that returns something for a request wins. A rule gets the request
    and how many requests of its operation came before."""
    counts, lock = {}, threading.Lock()

    def made(request):
        with lock:
            earlier = counts.get((request.service, request.operation), 0)
            counts[(request.service, request.operation)] = earlier + 1
        for rule in rules:
            result = rule(request, earlier)
            if result is not None:
                return result
        return answer(request)

    return made


def slower(answer, seconds):
    def made(request):
        result = answer(request)
        result.delay = seconds
        return result
    return made


def error(request, code, message="", status=400, headers=None):
    """`code` in the dialect of the request's protocol."""
    if "x-amz-target" in request.headers:
        body = '{"__type":"%s","message":"%s"}' % (code, message)
    elif request.service in ("s3", "s3control"):
        body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    elif request.service == "ec2":
        body = (f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error>"
                "</Errors><RequestID>r</RequestID></Response>")
    else:
        body = (f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>"
                f"<Message>{message}</Message></Error></ErrorResponse>")
    return Answer(status, body, headers)


def denied(*operations):
    """A rule: no permission for these operations, in each protocol's words."""

    def rule(request, _):
        if request.operation not in operations:
            return None
        if "x-amz-target" in request.headers:
            return error(request, "AccessDeniedException", "not authorized to perform", 400)
        code = "UnauthorizedOperation" if request.service == "ec2" else "AccessDenied"
        return error(request, code, "not authorized to perform", 403)

    return rule


# --- an account with nothing in it, in two regions

ACCOUNT = "111111111111"
REGIONS = ("us-east-1", "eu-west-1")
_EC2 = 'xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"'


def caller_identity(account=ACCOUNT, arn=None):
    return (f"<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>"
            f"{arn or f'arn:aws:iam::{account}:user/auditor'}</Arn><UserId>AIDAEXAMPLE</UserId>"
            f"<Account>{account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>")


def regions_answer(names=REGIONS, not_opted_in=("ap-east-1",)):
    items = [(n, "opt-in-not-required") for n in names] + [(n, "not-opted-in") for n in not_opted_in]
    rows = "".join(f"<item><regionName>{n}</regionName><regionEndpoint>ec2.{n}.amazonaws.com"
                   f"</regionEndpoint><optInStatus>{s}</optInStatus></item>" for n, s in items)
    return f"<DescribeRegionsResponse {_EC2}><regionInfo>{rows}</regionInfo></DescribeRegionsResponse>"


EMPTY = {
    "GetCallerIdentity": caller_identity(),
    "DescribeRegions": regions_answer(),
    "DescribeTrails": '{"trailList":[]}',
    "DescribeConfigurationRecorders": '{"ConfigurationRecorders":[]}',
    "DescribeConfigurationRecorderStatus": '{"ConfigurationRecordersStatus":[]}',
    "DescribeDeliveryChannels": '{"DeliveryChannels":[]}',
    "ListKeys": '{"Keys":[],"Truncated":false}',
    "DescribeVpcs": f"<DescribeVpcsResponse {_EC2}><vpcSet/></DescribeVpcsResponse>",
    "DescribeFlowLogs": f"<DescribeFlowLogsResponse {_EC2}><flowLogSet/></DescribeFlowLogsResponse>",
    "ListBuckets": "<ListAllMyBucketsResult><Owner><ID>o</ID></Owner><Buckets/>"
                   "</ListAllMyBucketsResult>",
}


def scripted(answers=None):
    """The empty account, with some answers replaced: operation → body, Answer or function."""
    table = {**EMPTY, **(answers or {})}

    def answer(request):
        if request.operation not in table:
            if request.operation == "GetPublicAccessBlock":
                return error(request, "NoSuchPublicAccessBlockConfiguration", "none", 404)
            return error(request, "UnexpectedInTest", repr(request), 400)
        made = table[request.operation]
        if callable(made):
            made = made(request)
        return made if isinstance(made, Answer) else Answer(200, made)

    return answer


# --- a forward proxy

class ForwardProxy:
    """Understands CONNECT and absolute-form requests; keeps both kinds' first lines."""

    def __init__(self):
        self.lines = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client, contextlib.suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                piece = client.recv(65536)
                if not piece:
                    return
                head += piece
            line = head.split(b"\r\n", 1)[0].decode()
            self.lines.append(line)
            method, target, _ = line.split(" ")
            address = target if method == "CONNECT" else urllib.parse.urlsplit(target).netloc
            name, _, port = address.partition(":")
            with socket.create_connection((name, int(port or 80)), 10) as upstream:
                if method == "CONNECT":
                    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                else:
                    upstream.sendall(head.replace(f"http://{address}".encode(), b"", 1))
                self._pump(client, upstream)

    @staticmethod
    def _pump(one, other):
        while True:
            ready, _, _ = select.select([one, other], [], [], 30)
            if not ready:
                return
            for source in ready:
                data = source.recv(65536)
                if not data:
                    return
                (other if source is one else one).sendall(data)

    def stop(self):
        self._listener.close()
