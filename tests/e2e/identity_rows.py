"""The table of the differential test: what stands in the files and the environment of a user."""

import dataclasses
import hashlib
import json

KEYS = "aws_access_key_id = AKID{0}\naws_secret_access_key = SHHH{0}\n"
FAR, PAST = "2099-01-01T00:00:00Z", "2020-01-01T00:00:00Z"


@dataclasses.dataclass
class Row:
    name: str
    config: str = ""
    credentials: str = ""
    env: dict = dataclasses.field(default_factory=dict)
    profile: str = ""  # --profile
    files: dict = dataclasses.field(default_factory=dict)  # below HOME: path → text
    # Where we differ from botocore on purpose: the reason.
    refused_by_us: str = ""


def keys(name):
    return KEYS.format(name)


def env_keys(name="ENV", **more):
    return {"AWS_ACCESS_KEY_ID": f"AKID{name}", "AWS_SECRET_ACCESS_KEY": f"SHHH{name}", **more}


def role(name, source="", **more):
    lines = [f"role_arn = arn:aws:iam::111111111111:role/{name}"]
    lines += [f"source_profile = {source}"] if source else []
    return "\n".join(lines + [f"{key} = {value}" for key, value in more.items()]) + "\n"


def default(text):
    return f"[default]\n{text}"


def profile(name, text):
    return f"[profile {name}]\n{text}"


def section(name, text):
    return f"[{name}]\n{text}"


BASE = section("base", keys("BASE"))
PRINTED = {"Version": 1, "AccessKeyId": "AKIDPROCESS", "SecretAccessKey": "SHHHPROCESS"}


def prints(text, more=""):
    """A credential_process: a script of the row."""
    return {"helper": f"#!/bin/sh\n{more}cat <<'END'\n{text}\nEND\n"}


def process(name="helper", arguments=""):
    return f"credential_process = HOME/{name} {arguments}\n"


def token_file(name, end=FAR, token="SHHH-sso", **more):
    path = f".aws/sso/cache/{hashlib.sha1(name.encode()).hexdigest()}.json"
    return {path: json.dumps({"accessToken": token, "expiresAt": end, **more})}


START = "https://example.awsapps.com/start"
SESSION = section("sso-session corp", f"sso_start_url = {START}\nsso_region = eu-west-1\n")
SSO_ROLE = "sso_account_id = 222222222222\nsso_role_name = Auditor\n"
SSO = "sso_session = corp\n" + SSO_ROLE
LEGACY = f"sso_start_url = {START}\nsso_region = us-east-1\n" + SSO_ROLE
TOKEN = {"token": "SHHH-web-identity"}
WEB = {"AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token",
       "AWS_ROLE_ARN": "arn:aws:iam::111111111111:role/web"}
CONTAINER = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "URL/ecs/role"}


def instance(kind="imds", **more):
    return {"AWS_EC2_METADATA_DISABLED": None,
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": f"URL/{kind}", **more}


def environment_rows():
    yield Row("nothing at all")
    yield Row("keys", env=env_keys())
    yield Row("keys with a token", env=env_keys(AWS_SESSION_TOKEN="SHHHT"))
    yield Row("keys with the older token", env=env_keys(AWS_SECURITY_TOKEN="SHHHOLD"))
    yield Row("keys beat the default profile", env=env_keys(), credentials=default(keys("FILE")))
    yield Row("keys beat AWS_PROFILE", env=env_keys(AWS_PROFILE="base"), credentials=BASE)
    yield Row("keys beat AWS_PROFILE's role", env=env_keys(AWS_PROFILE="r"), credentials=BASE,
              config=profile("r", role("r", "base")))
    yield Row("--profile beats keys", env=env_keys(), credentials=BASE, profile="base")
    yield Row("keys beat a container", env=env_keys(**CONTAINER))
    yield Row("keys beat a web identity", env=env_keys(**WEB), files=TOKEN)
    yield Row("half a pair: no secret", env={"AWS_ACCESS_KEY_ID": "AKIDHALF"})
    yield Row("empty keys are none", env=env_keys() | {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
              credentials=default(keys("FILE")))
    yield Row("AWS_PROFILE that is not there", env=env_keys(AWS_PROFILE="lost"))
    yield Row("AWS_DEFAULT_PROFILE", env={"AWS_DEFAULT_PROFILE": "base"}, credentials=BASE)
    yield Row("both variables agree", credentials=BASE,
              env={"AWS_PROFILE": "base", "AWS_DEFAULT_PROFILE": "base"})
    yield Row("both variables differ", credentials=BASE + section("other", keys("OTHER")),
              env={"AWS_PROFILE": "base", "AWS_DEFAULT_PROFILE": "other"},
              refused_by_us="SDKs disagree about which variable counts")


def file_rows():
    yield Row("default of the credentials file", credentials=default(keys("FILE")))
    yield Row("default of the config file", config=default(keys("CONFIG")))
    yield Row("the credentials file beats the config file", config=default(keys("CONFIG")),
              credentials=default(keys("FILE")))
    yield Row("a profile of the config file", config=profile("p", keys("P")), profile="p")
    yield Row("a profile of the credentials file", credentials=BASE, profile="base")
    yield Row("a quoted profile", config=profile('"my team"', keys("TEAM")), profile="my team")
    yield Row("a section without 'profile' is none", config=section("p", keys("P")), profile="p")
    yield Row("a profile that is not there", credentials=BASE, profile="bsae")
    yield Row("a profile with a token", profile="base",
              credentials=BASE + "aws_session_token = SHHHT\n")
    yield Row("the older name of the token", profile="base",
              credentials=BASE + "aws_security_token = SHHHOLD\n")
    yield Row("keys of upper case", credentials=default(keys("UP").replace("aws_", "AWS_")))
    yield Row("comments and blank lines",
              credentials="# a\n\n; b\n[default]\n# c\n" + keys("COMMENT") + "\n")
    yield Row("half a pair in the credentials file", credentials=default("aws_access_key_id = AKIDHALF\n"))
    yield Row("half a pair in the config file", config=default("aws_access_key_id = AKIDHALF\n"))
    yield Row("files elsewhere", env={"AWS_SHARED_CREDENTIALS_FILE": "HOME/elsewhere"},
              files={"elsewhere": default(keys("ELSE"))}, credentials=default(keys("USUAL")))
    yield Row("a config file elsewhere", env={"AWS_CONFIG_FILE": "~/conf", "AWS_PROFILE": "p"},
              files={"conf": profile("p", keys("CONF"))}, config=profile("p", keys("USUAL")))
    yield Row("a file that is not there", env={"AWS_SHARED_CREDENTIALS_FILE": "HOME/none"},
              credentials=default(keys("USUAL")))
    yield Row("a section twice", credentials=default(keys("A")) + default(keys("B")))
    yield Row("a key twice", credentials=default(keys("A") + keys("B")))
    yield Row("no section", credentials=keys("A"))
    yield Row("a line that is nothing", credentials=default(keys("A") + "SHHH nonsense\n"))
    yield Row("a nested block before the keys", config=default("s3 =\n  max = 1\n" + keys("NEST")))
    yield Row("the values of both files together", profile="r", credentials=BASE + section(
        "r", "role_arn = arn:aws:iam::111111111111:role/in-credentials\n"),
        config=profile("r", "source_profile = base\n"))
    yield Row("a value of both files", profile="r", config=profile("r", role("config", "base")),
              credentials=BASE + section("r", "role_arn = arn:aws:iam::111111111111:role/file\n"))


def role_rows():
    yield Row("a role", config=default(role("r", "base")), credentials=BASE)
    yield Row("a role with all its settings", credentials=BASE, config=default(role(
        "r", "base", external_id="an id&x", role_session_name="night", duration_seconds="1800")))
    yield Row("a role beats keys of its profile", credentials=BASE + section("r", keys("OWN")),
              config=profile("r", role("r", "base")), profile="r")
    yield Row("a chain of three", credentials=BASE, profile="a", config=profile(
        "a", role("a", "b")) + profile("b", role("b", "c")) + profile("c", role("c", "base")))
    yield Row("a chain ends at a profile with keys and a role", profile="a", credentials=BASE,
              config=profile("a", role("a", "b")) + profile("b", role("b", "base") + keys("MID")))
    yield Row("its own source", config=default(role("r", "default") + keys("SELF")))
    yield Row("its own source without keys", config=default(role("r", "default")))
    yield Row("a circle", profile="a", config=profile("a", role("a", "b")) + profile("b", role("b", "a")))
    yield Row("a circle with keys on the way", profile="a", config=profile(
        "a", role("a", "b") + keys("A")) + profile("b", role("b", "a")))
    yield Row("no source", config=default(role("r")))
    yield Row("two sources", credentials=BASE,
              config=default(role("r", "base", credential_source="Environment")))
    yield Row("a source that is not there", config=default(role("r", "lost")))
    yield Row("a source without credentials", config=default(role("r", "bare"))
              + profile("bare", "region = us-west-2\n"))
    yield Row("a refused role", config=default(role("refused", "base")), credentials=BASE)
    yield Row("a role that asks for MFA", credentials=BASE,
              config=default(role("r", "base", mfa_serial="arn:aws:iam::111111111111:mfa/me")))
    yield Row("a duration that is no number", credentials=BASE,
              config=default(role("r", "base", duration_seconds="an hour")),
              refused_by_us="botocore drops the setting without a word")
    yield Row("a source with half a pair", config=default(role("r", "half"))
              + profile("half", "aws_access_key_id = AKIDHALF\n"))
    yield Row("a role whose source is a process", config=default(role("r", "p"))
              + profile("p", process()), files=prints(json.dumps(PRINTED)))
    yield Row("a role whose source is SSO", config=default(role("r", "s")) + profile("s", SSO)
              + SESSION, files=token_file("corp"))
    yield Row("a role whose source is a web identity", files=TOKEN, config=default(role("r", "w"))
              + profile("w", role("w", web_identity_token_file="HOME/token")))
    yield Row("the environment is no source of a profile", files=TOKEN, profile="r", env=WEB,
              config=profile("r", role("r", "bare")) + profile("bare", "region = us-west-2\n"))
    yield Row("source: environment", config=profile("r", role("r", credential_source="Environment")),
              env=env_keys(), profile="r")
    yield Row("source: environment without keys", profile="r",
              config=profile("r", role("r", credential_source="Environment")))
    yield Row("source: container", env=CONTAINER,
              config=default(role("r", credential_source="EcsContainer")))
    yield Row("source: container that is not there",
              config=default(role("r", credential_source="EcsContainer")))
    yield Row("source: instance", env=instance(),
              config=default(role("r", credential_source="Ec2InstanceMetadata")))
    yield Row("source: instance, switched off",
              config=default(role("r", credential_source="Ec2InstanceMetadata")))
    yield Row("source: instance without a role", env=instance("imds-no-role"),
              config=default(role("r", credential_source="Ec2InstanceMetadata")))
    yield Row("source: unknown", config=default(role("r", credential_source="Moon")))
    yield Row("source: in lower case", env=env_keys(), profile="r",
              config=profile("r", role("r", credential_source="environment")))
    yield Row("a source in the middle", env=CONTAINER, profile="a", config=profile("a", role("a", "b"))
              + profile("b", role("b", credential_source="EcsContainer")))


def web_identity_rows():
    yield Row("web identity", env=WEB, files=TOKEN)
    yield Row("web identity with a session name", files=TOKEN,
              env=WEB | {"AWS_ROLE_SESSION_NAME": "pod-7"})
    yield Row("web identity beats keys of the profile", env=WEB, files=TOKEN,
              credentials=default(keys("FILE")))
    yield Row("a role of the profile beats a web identity", env=WEB, files=TOKEN, credentials=BASE,
              config=default(role("r", "base")))
    yield Row("web identity without a role", files=TOKEN,
              env={"AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token"})
    yield Row("a role without web identity", env={"AWS_ROLE_ARN": WEB["AWS_ROLE_ARN"]})
    yield Row("web identity without its file", env=WEB)
    yield Row("web identity that is refused", files=TOKEN,
              env=WEB | {"AWS_ROLE_ARN": "arn:aws:iam::111111111111:role/refused"})
    yield Row("web identity of a profile", files=TOKEN, profile="w",
              config=profile("w", role("w", web_identity_token_file="HOME/token",
                                       role_session_name="night")))
    yield Row("web identity of the default profile", files=TOKEN,
              config=default(role("w", web_identity_token_file="HOME/token")))
    yield Row("the environment's token with the profile's role", files=TOKEN,
              env={"AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token"},
              config=default(role("w", web_identity_token_file="HOME/other")))
    yield Row("--profile leaves the environment's web identity out", env=WEB, files=TOKEN,
              profile="base", credentials=BASE)
    yield Row("web identity of a profile beats its source", files=TOKEN, profile="w", credentials=BASE,
              config=profile("w", role("w", "base", web_identity_token_file="HOME/token")))
    yield Row("web identity of a profile beats its keys", files=TOKEN, profile="w",
              config=profile("w", role("w", web_identity_token_file="HOME/token") + keys("OWN")))


def sso_rows():
    yield Row("sso-session", config=default(SSO) + SESSION, files=token_file("corp"))
    yield Row("sso-session of a profile", config=profile("s", SSO) + SESSION, profile="s",
              files=token_file("corp"))
    yield Row("sso of older profiles", config=default(LEGACY), files=token_file(START))
    yield Row("sso whose time is written UTC", config=default(LEGACY),
              files=token_file(START, "2099-01-01T00:00:00UTC"))
    yield Row("sso whose token has ended", config=default(LEGACY), files=token_file(START, PAST))
    yield Row("sso-session whose token has ended", config=default(SSO) + SESSION,
              files=token_file("corp", PAST, token="SHHH-unauthorized"))
    yield Row("sso without a token", config=default(LEGACY))
    yield Row("sso-session without a token", config=default(SSO) + SESSION)
    yield Row("sso whose token is broken", config=default(LEGACY),
              files={path: "{SHHH" for path in token_file(START)})
    yield Row("sso whose token lacks its end", config=default(LEGACY),
              files={path: '{"accessToken":"SHHH"}' for path in token_file(START)})
    yield Row("sso that is not authorized", config=default(LEGACY),
              files=token_file(START, token="SHHH-unauthorized"))
    yield Row("sso without a role name", config=default(LEGACY.replace("sso_role_name = Auditor\n", "")),
              files=token_file(START))
    yield Row("sso without an account", files=token_file(START),
              config=default(LEGACY.replace("sso_account_id = 222222222222\n", "")))
    yield Row("sso without a region", files=token_file(START),
              config=default(LEGACY.replace("sso_region = us-east-1\n", "")))
    yield Row("sso without a start URL", config=default(SSO_ROLE + "sso_region = us-east-1\n"))
    yield Row("an sso-session that is not there", config=default(SSO), files=token_file("corp"))
    yield Row("an sso-session without a region", files=token_file("corp"), config=default(SSO)
              + section("sso-session corp", f"sso_start_url = {START}\n"))
    yield Row("an sso-session and the profile differ", files=token_file("corp"),
              config=default(SSO + "sso_region = us-west-2\n") + SESSION)
    yield Row("an sso-session and the profile agree", files=token_file("corp"),
              config=default(SSO + "sso_region = eu-west-1\n") + SESSION)
    yield Row("an sso-session alone is no login", config=default("sso_session = corp\n") + SESSION,
              credentials=default(keys("FILE")), files=token_file("corp"))
    yield Row("sso beats keys of the profile", config=default(LEGACY), files=token_file(START),
              credentials=default(keys("FILE")))
    yield Row("sso beats a process", config=default(LEGACY + process()),
              files=token_file(START) | prints(json.dumps(PRINTED)))
    yield Row("a role beats sso", config=default(LEGACY + role("r", "base")), credentials=BASE,
              files=token_file(START))


def process_rows():
    def printed(**more):
        return json.dumps({**PRINTED, **more})

    yield Row("a process", config=default(process()), files=prints(printed()))
    yield Row("a process with a session", config=default(process()),
              files=prints(printed(SessionToken="SHHHT", Expiration=FAR)))
    yield Row("a process of a profile", config=profile("p", process()), profile="p",
              files=prints(printed()))
    yield Row("keys of the credentials file beat a process", config=default(process()),
              files=prints(printed()), credentials=default(keys("FILE")))
    yield Row("a process beats keys of the config file", config=default(process() + keys("CONFIG")),
              files=prints(printed()))
    yield Row("a process that fails", config=default(process()),
              files=prints(printed(), "exit 3\n"))
    yield Row("a process that prints no JSON", config=default(process()), files=prints("SHHH"))
    yield Row("a process of another version", config=default(process()),
              files=prints(printed(Version=2)))
    yield Row("a process without a secret", config=default(process()),
              files=prints('{"Version": 1, "AccessKeyId": "AKID"}'))
    yield Row("a process that is not there", config=default(process("none")))
    words = "'a b' \"c \\\" $HOME\" d\\ e"
    yield Row("a process gets its words", config=default(process(arguments=words)), files={
        "helper": "#!/bin/sh\nprintf '{\"Version\":1,\"AccessKeyId\":\"AKID%s\",\"SecretAccessKey\":"
                  "\"SHHH\"}' \"$(printf '%s|' \"$@\" | sha256sum | cut -c1-12)\"\n"})
    yield Row("a process with an open quote", config=default(process(arguments="'a")),
              files=prints(printed()))
    yield Row("a process gets no shell", config=default(process(arguments="; echo x > HOME/made")),
              files=prints(printed()))


def machine_rows():
    yield Row("a container", env=CONTAINER)
    yield Row("a container with a query", env={
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "URL/ecs/role?id=1&x"})
    yield Row("a container with a token", env=CONTAINER | {
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "Basic SHHH"})
    yield Row("a container with a token's file", files=TOKEN, env=CONTAINER | {
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "Basic SHHH",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "HOME/token"})
    yield Row("a token's file that is not there", env=CONTAINER | {
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "HOME/none"})
    yield Row("a token with a line break", files={"token": "SHHH\nX-Other: 1"}, env=CONTAINER | {
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "HOME/token"})
    yield Row("a profile beats a container", env=CONTAINER, credentials=default(keys("FILE")))
    yield Row("a container serves a profile without credentials", env=CONTAINER, profile="p",
              config=profile("p", "region = us-west-2\n"))
    yield Row("a container at another host", env={
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://192.0.2.1/ecs/role"})
    yield Row("a container at a name that looks local", env={
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1.example.com/ecs/role"})
    yield Row("a container that refuses", env={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "URL/ecs/refused"})
    yield Row("a container that is broken", env={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "URL/ecs/broken"})
    yield Row("a container without keys", env={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "URL/ecs/empty"})
    yield Row("a container beats an instance", env=CONTAINER | instance())
    yield Row("an instance", env=instance())
    yield Row("an instance's endpoint in the profile", env={"AWS_EC2_METADATA_DISABLED": None},
              config=default("ec2_metadata_service_endpoint = URL/imds\n"))
    yield Row("an instance serves a profile without credentials", env=instance(), profile="p",
              config=profile("p", "region = us-west-2\n"))
    yield Row("an instance, switched off", env=instance(AWS_EC2_METADATA_DISABLED="TRUE"))
    yield Row("an instance without a role", env=instance("imds-no-role"))
    yield Row("an instance whose role is refused", env=instance("imds-refused"))
    yield Row("an instance of the first version", env=instance("imds-v1"))
    yield Row("an instance of the first version, not wanted",
              env=instance("imds-v1", AWS_EC2_METADATA_V1_DISABLED="true"))
    yield Row("an instance that nobody is", env=instance() | {
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1"})
    yield Row("an instance of an unknown mode",
              env=instance(AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE="IPv5"))
    yield Row("an instance is asked after the profiles", env=instance(),
              credentials=default(keys("FILE")))


ROWS = [row for group in (environment_rows, file_rows, role_rows, web_identity_rows, sso_rows,
                          process_rows, machine_rows) for row in group()]


# --- where STS is asked to take on a role

def endpoint_rows():
    def region(name, **env):
        return {"AWS_DEFAULT_REGION": name, **env}

    fips, dual = {"AWS_USE_FIPS_ENDPOINT": "true"}, {"AWS_USE_DUALSTACK_ENDPOINT": "true"}
    own = {"AWS_ENDPOINT_URL": "http://all.example:1/base"}
    services = "services = mine\n"
    mine = section("services mine", "sts =\n  endpoint_url = http://section.example\nkms =\n"
                                    "  endpoint_url = http://kms.example\n")
    for name in ("us-east-1", "eu-west-1", "ap-southeast-5", "cn-north-1", "cn-northwest-1",
                 "us-gov-west-1", "us-gov-east-1"):
        for label, flags in (("", {}), (" FIPS", fips), (" dual-stack", dual),
                             (" FIPS dual-stack", fips | dual)):
            yield Row(f"{name}{label}", env=region(name, **flags))
    yield Row("region of the profile", config="region = sa-east-1\n")
    yield Row("a variable beats the profile's region", config="region = sa-east-1\n",
              env=region("eu-west-3"))
    for text in ("True", "TRUE", "false", "1", "yes", ""):
        yield Row(f"FIPS is {text!r}", env=region("us-east-1", AWS_USE_FIPS_ENDPOINT=text))
    yield Row("FIPS of the profile", config="use_fips_endpoint = true\n", env=region("us-east-1"))
    yield Row("dual-stack of the profile", config="use_dualstack_endpoint = true\n",
              env=region("us-east-1"))
    yield Row("a variable beats the profile's FIPS", config="use_fips_endpoint = true\n",
              env=region("us-east-1", AWS_USE_FIPS_ENDPOINT="false"))
    yield Row("a variable for all", env=region("us-east-1", **own))
    yield Row("a variable of the service", env=region(
        "us-east-1", **own, AWS_ENDPOINT_URL_STS="https://sts.example"))
    yield Row("a variable of another service", env=region(
        "us-east-1", AWS_ENDPOINT_URL_KMS="https://kms.example"))
    yield Row("an endpoint of the profile", config="endpoint_url = http://profile.example:80\n",
              env=region("us-east-1"))
    yield Row("a section of services", config=services + "endpoint_url = http://profile.example\n"
              + mine, env=region("us-east-1"))
    yield Row("a variable for all beats a section", config=services + mine,
              env=region("us-east-1", **own))
    yield Row("an empty variable is none", config=services + mine,
              env=region("us-east-1", AWS_ENDPOINT_URL="", AWS_ENDPOINT_URL_STS=""))
    yield Row("a section that is not there", config=services, env=region("us-east-1"))
    yield Row("a section without the service", config=services + section(
        "services mine", "kms =\n  endpoint_url = http://kms.example\n"), env=region("us-east-1"))
    yield Row("endpoints ignored", config=services + mine, env=region(
        "us-east-1", **own, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS="true"))
    yield Row("endpoints ignored by the profile", config=services
              + "ignore_configured_endpoint_urls = true\n" + mine, env=region("us-east-1", **own))
    yield Row("FIPS and an own endpoint", env=region("us-east-1", **fips, **own))
    yield Row("dual-stack and an own endpoint", env=region("us-east-1", **dual, **own))
    yield Row("FIPS and an ignored endpoint", env=region(
        "us-east-1", **fips, **own, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS="true"))
    yield Row("FIPS and an own endpoint of another service",
              env=region("us-east-1", **fips, AWS_ENDPOINT_URL_KMS="https://kms.example"))
    yield Row("a region that is no name", env=region("us-east-1.example.com/x"))


ENDPOINT_ROWS = [dataclasses.replace(row, config=default(role("r", "base") + row.config),
                                     credentials=BASE) for row in endpoint_rows()]
