"""Where calls go and how: endpoints from the environment, TLS with a company's own authority, proxies,
retries, reused connections."""

import sqlite3

import pytest

import loopback
import servers
import tls

AUDIT = "[default]\nregion = eu-west-1\n[profile audit]\nregion = eu-west-1\n" \
        "aws_access_key_id = AKIDFROMPROFILE\naws_secret_access_key = s\n"


def collect(program, *args, code=0, **how):
    return program.expect(code, "collect", "-o", "s.db", *args, **how)


def write_config(program, text, name="config"):
    folder = program.folder / "home/.aws"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)


# --- endpoints and profiles


def test_aws_endpoint_url_takes_all_services(ciswatch, empty_account):
    server = empty_account()
    collect(ciswatch, env={"AWS_ENDPOINT_URL": server.url})
    assert {r.service for r in server.requests} == {"sts", "ec2", "cloudtrail", "config", "kms",
                                                    "s3", "s3control"}


@pytest.mark.parametrize("variable, service", [
    ("AWS_ENDPOINT_URL_KMS", "kms"), ("AWS_ENDPOINT_URL_CONFIG_SERVICE", "config"),
    ("AWS_ENDPOINT_URL_CLOUDTRAIL", "cloudtrail"), ("AWS_ENDPOINT_URL_EC2", "ec2"),
    ("AWS_ENDPOINT_URL_S3", "s3"), ("AWS_ENDPOINT_URL_S3_CONTROL", "s3control"),
    ("AWS_ENDPOINT_URL_STS", "sts")])
def test_a_service_of_its_own_endpoint_goes_there_and_only_it(ciswatch, empty_account, variable,
                                                              service):
    everything, special = empty_account(), empty_account()
    collect(ciswatch, env={"AWS_ENDPOINT_URL": everything.url, variable: special.url})
    assert {r.service for r in special.requests} == {service}
    assert service not in {r.service for r in everything.requests}


def test_the_flag_beats_the_environment(ciswatch, empty_account):
    flag, environment = empty_account(), empty_account()
    collect(ciswatch, "--endpoint-url", flag.url, env={"AWS_ENDPOINT_URL": environment.url})
    assert flag.requests and not environment.requests


def test_a_base_path_of_the_endpoint_is_kept(ciswatch, empty_account):
    def strip(request, _):
        assert request.path.startswith("/aws")
        return None

    server = empty_account({}, strip)
    ciswatch.run("collect", "-o", "s.db", "--endpoint-url", server.url + "/aws/")
    assert server.requests and all(r.path.startswith("/aws/") for r in server.requests)


@pytest.mark.parametrize("how", ["flag", "variable"])
def test_a_profile_gives_keys_and_region(ciswatch, empty_account, how):
    write_config(ciswatch, AUDIT)
    server, keys = empty_account(), {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
    if how == "flag":
        collect(ciswatch, "--endpoint-url", server.url, "--profile", "audit", env=keys)
    else:
        collect(ciswatch, "--endpoint-url", server.url, env=keys | {"AWS_PROFILE": "audit"})
    assert {r.key_id for r in server.requests} == {"AKIDFROMPROFILE"}


def test_the_profile_flag_beats_keys_in_the_environment(ciswatch, empty_account):
    write_config(ciswatch, AUDIT)
    server = empty_account()
    collect(ciswatch, "--endpoint-url", server.url, "--profile", "audit")
    assert {r.key_id for r in server.requests} == {"AKIDFROMPROFILE"}


def test_keys_in_the_environment_beat_aws_profile(ciswatch, empty_account):
    write_config(ciswatch, AUDIT)
    server = empty_account()
    collect(ciswatch, "--endpoint-url", server.url, env={"AWS_PROFILE": "audit"})
    assert {r.key_id for r in server.requests} == {"AKIDENDTOEND"}


def test_config_and_credentials_files_may_be_elsewhere(ciswatch, empty_account):
    (ciswatch.folder / "my-config").write_text("[profile audit]\nregion = eu-west-1\n")
    (ciswatch.folder / "my-credentials").write_text(
        "[audit]\naws_access_key_id=AKIDELSEWHERE\naws_secret_access_key=s\n")
    server = empty_account()
    collect(ciswatch, "--endpoint-url", server.url, "--profile", "audit",
            env={"AWS_CONFIG_FILE": str(ciswatch.folder / "my-config"),
                 "AWS_SHARED_CREDENTIALS_FILE": str(ciswatch.folder / "my-credentials")})
    assert {r.key_id for r in server.requests} == {"AKIDELSEWHERE"}


@pytest.mark.parametrize("config, args, words", [
    ("[profile a]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = b\n"
     "[profile b]\nrole_arn = arn:aws:iam::1:role/y\nsource_profile = a\n", ["--profile", "a"],
     "source_profile"),
    ("[profile a]\nregion = eu-west-1\n", ["--profile", "a"], "profile 'a' in "),
    ("[profile a]\nregion = eu-west-1\n", ["--profile", "audit"], "audit"),
    ("[profile a\nregion = eu-west-1\n", ["--profile", "a"], "config:1"),
    ("[profile a]\nsso_start_url = https://x\nsso_region = us-east-1\nsso_account_id = 1\n"
     "sso_role_name = r\n", ["--profile", "a"], "next step: aws sso login --profile a"),
    ("[profile a]\ncredential_process = /bin/x\n", ["--profile", "a"], "credential_process")])
def test_a_configuration_that_gives_no_credentials_is_told(ciswatch, config, args, words):
    write_config(ciswatch, config)
    result = collect(ciswatch, *args, code=2,
                     env={"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None})
    assert words in result.err


# --- TLS


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return tls.make(tmp_path_factory.mktemp("tls"))


def test_a_certificate_of_ones_own_authority_is_accepted(ciswatch, empty_account, authority):
    bundle, context = authority
    server = empty_account(tls=context)
    collect(ciswatch, "--endpoint-url", server.url, env={"AWS_CA_BUNDLE": str(bundle)})
    assert server.requests


def test_a_certificate_of_an_unknown_authority_is_refused(ciswatch, empty_account, authority):
    server = empty_account(tls=authority[1])
    result = collect(ciswatch, "--endpoint-url", server.url, code=2)
    assert "certificate" in result.err.lower()
    assert not server.requests


@pytest.mark.parametrize("wrong, words", [({"days_ago": 30}, "expired"),
                                          ({"host": "aws.example"}, "127.0.0.1")])
def test_a_certificate_that_has_expired_or_is_of_another_host_is_refused(ciswatch, empty_account,
                                                                         tmp_path, wrong, words):
    bundle, context = tls.make(tmp_path, **wrong)
    server = empty_account(tls=context)
    result = collect(ciswatch, "--endpoint-url", server.url, code=2, env={"AWS_CA_BUNDLE": str(bundle)})
    assert "TlsFailed" in result.err and words in result.err
    assert not server.requests and server.connections == 1, "another attempt cannot help"


def test_a_ca_bundle_that_is_not_there_is_told(ciswatch, empty_account, authority):
    server = empty_account(tls=authority[1])
    result = collect(ciswatch, "--endpoint-url", server.url, code=2,
                     env={"AWS_CA_BUNDLE": "/no/such/bundle.pem"})
    assert "/no/such/bundle.pem" in result.err


# --- proxies


@pytest.fixture
def proxy():
    made = loopback.ForwardProxy()
    yield made
    made.stop()


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy"])
def test_https_goes_through_the_proxy_by_connect(ciswatch, empty_account, authority, proxy, variable):
    bundle, context = authority
    server = empty_account(tls=context)
    collect(ciswatch, "--endpoint-url", server.url,
            env={"AWS_CA_BUNDLE": str(bundle), variable: proxy.url})
    assert set(proxy.lines) == {f"CONNECT 127.0.0.1:{server.port} HTTP/1.1"}
    assert server.requests


def test_no_proxy_is_honoured(ciswatch, empty_account, authority, proxy):
    bundle, context = authority
    server = empty_account(tls=context)
    collect(ciswatch, "--endpoint-url", server.url,
            env={"AWS_CA_BUNDLE": str(bundle), "HTTPS_PROXY": proxy.url, "NO_PROXY": "127.0.0.1"})
    assert not proxy.lines and server.requests


def test_a_proxy_that_is_away_is_told(ciswatch, empty_account, authority):
    bundle, context = authority
    server = empty_account(tls=context)
    result = collect(ciswatch, "--endpoint-url", server.url, code=2, timeout=60,
                     env={"AWS_CA_BUNDLE": str(bundle),
                          "HTTPS_PROXY": f"http://127.0.0.1:{servers.free_port()}"})
    assert "HTTPS_PROXY" in result.err or "proxy" in result.err.lower()


# --- retries and connections

THROTTLES = {"json": ("DescribeTrails", "ThrottlingException", 400),
             "ec2": ("DescribeVpcs", "RequestLimitExceeded", 503),
             "s3": ("ListBuckets", "SlowDown", 503),
             "503": ("ListKeys", "", 503), "429": ("DescribeDeliveryChannels", "Any", 429),
             "500": ("DescribeFlowLogs", "InternalError", 500)}


@pytest.mark.parametrize("name", THROTTLES)
def test_what_fails_twice_and_then_works_is_ok(ciswatch, empty_account, name):
    operation, code, status = THROTTLES[name]

    def twice(request, earlier):
        if request.operation == operation and earlier < 2:
            return loopback.error(request, code, "slow down", status)
        return None

    server = empty_account({}, twice)
    snapshot = ciswatch.collect(server.url, "--region", "us-east-1")
    assert len(server.asked(operation)) == 3
    assert attempts_of(snapshot, operation) == [("ok", 3)]


@pytest.mark.parametrize("cut", [0, 5])
def test_a_connection_that_breaks_is_tried_again(ciswatch, empty_account, cut):
    def broken(request, earlier):
        if request.operation == "DescribeTrails" and earlier < 2:
            return loopback.Answer(200, loopback.EMPTY["DescribeTrails"], cut_after=cut)
        return None

    server = empty_account({}, broken)
    snapshot = ciswatch.collect(server.url, "--region", "us-east-1")
    assert attempts_of(snapshot, "DescribeTrails") == [("ok", 3)]


def test_throttling_without_end_is_given_up_and_unknown(ciswatch, empty_account):
    def always(request, _):
        if request.operation == "DescribeFlowLogs":
            return loopback.error(request, "RequestLimitExceeded", "no", 503)
        return None

    server = empty_account({}, always)
    snapshot = ciswatch.collect(server.url, "--region", "us-east-1", env={"AWS_MAX_ATTEMPTS": "3"})
    (outcome, attempts), = attempts_of(snapshot, "DescribeFlowLogs")
    assert outcome == "throttled" and attempts == 3
    assert len(server.asked("DescribeFlowLogs")) == attempts
    assert ciswatch.report(snapshot).verdicts()["2.9"] == "unknown"


def test_a_denied_call_is_not_tried_again(ciswatch, empty_account):
    server = empty_account({}, loopback.denied("DescribeTrails", "DescribeVpcs", "ListBuckets"))
    ciswatch.collect(server.url, "--region", "us-east-1")
    for operation in ("DescribeTrails", "DescribeVpcs", "ListBuckets"):
        assert len(server.asked(operation)) == 1


def test_each_attempt_is_signed_anew(ciswatch, empty_account):
    def once(request, earlier):
        if request.operation == "ListKeys" and earlier == 0:
            return loopback.error(request, "ThrottlingException", "slow", 400)
        return None

    server = empty_account({}, once)
    ciswatch.collect(server.url, "--region", "us-east-1")
    first, second = server.asked("ListKeys")
    assert first.headers["authorization"] and second.headers["authorization"]
    assert second.time > first.time


def test_connections_are_reused_and_calls_overlap(ciswatch, empty_account):
    names = tuple(f"eu-west-{n}" for n in range(1, 31))
    server = empty_account({"DescribeRegions": loopback.regions_answer(names)}, delay=0.1)
    result = ciswatch.expect(0, "collect", "-o", "s.db", "--endpoint-url", server.url)
    assert len(server.requests) > 200
    assert server.connections < len(server.requests) / 2
    assert result.seconds < 0.1 * len(server.requests) / 4, "one call after the other"


def attempts_of(snapshot, operation):
    with sqlite3.connect(f"file:{snapshot}?mode=ro", uri=True) as database:
        return database.execute("select outcome, attempts from api_call where operation = ? "
                                "and region = 'us-east-1'", [operation]).fetchall()
