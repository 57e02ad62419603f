"""Access logs of web front ends, CIS 7.0.0 4.10: as emulators tell them, and where a list of them is
empty, paged or cut short."""

import json

import pytest

import loopback

SECTION = ("--pack", "cis-aws-7.0.0:4.10")
CHECKS = [flag for name in ("cloudfront", "elbv2", "apigateway")
          for flag in ("--check", f"{name}-access-logs")]
EXPECTED = {"site": "pass", "site-delivered": "pass", "site-none": "warn", "app": "pass",
            "app-none": "warn", "net": "pass", "net-none": "warn", "net-plain": "not_applicable",
            "gateway": "not_applicable"}
STAGES = {"restapis/{rest}/stages/live": "pass", "restapis/{rest}/stages/test": "warn",
          "apis/{http}/stages/live": "pass", "apis/{http}/stages/test": "warn"}


@pytest.mark.parametrize("account", ["moto_watched", "ministack_watched"])
def test_each_front_is_judged_by_its_own_logs(account, request):
    live = request.getfixturevalue(account)
    made = live.cloud.web_fronts
    report = live.program.report(live.snapshot, *CHECKS)
    told = {f["resource"]: f["verdict"] for f in report.findings}
    wanted = {made[name]: verdict for name, verdict in EXPECTED.items()}
    for path, verdict in STAGES.items():
        wanted["arn:aws:apigateway:ap-northeast-1::/" + path.format(**made)] = verdict
    assert told == wanted
    by_pack = live.program.report(live.snapshot, *SECTION)
    assert by_pack.verdicts() == {"4.10": "critical"}  # a requirement of level 1


# --- an account of our own making

def distributions(*ids, quantity=None, marker=""):
    items = "".join(
        f"<DistributionSummary><Id>{i}</Id><ARN>arn:aws:cloudfront::111111111111:distribution/{i}"
        "</ARN><Enabled>true</Enabled></DistributionSummary>" for i in ids)
    return ("<DistributionList><Marker/><MaxItems>100</MaxItems>"
            f"<IsTruncated>{'true' if marker else 'false'}</IsTruncated>"
            f"{f'<NextMarker>{marker}</NextMarker>' if marker else ''}"
            f"<Quantity>{len(ids) if quantity is None else quantity}</Quantity>"
            f"{f'<Items>{items}</Items>' if ids else ''}</DistributionList>")


def configuration(request):
    on = "true" if "/logged" in request.path else "false"
    return (f"<DistributionConfig><Logging><Enabled>{on}</Enabled><Bucket>b</Bucket></Logging>"
            "<Enabled>true</Enabled></DistributionConfig>")


NONE = {"ListDistributions": distributions(), "GetDistributionConfig": configuration,
        "DescribeLoadBalancers": "<DescribeLoadBalancersResponse><DescribeLoadBalancersResult>"
                                 "<LoadBalancers/></DescribeLoadBalancersResult>"
                                 "</DescribeLoadBalancersResponse>",
        "GetRestApis": '{"item":[]}', "GetApis": '{"items":[]}',
        "GetStages": '{"item":[{"stageName":"live"}]}',
        "DescribeDeliverySources": '{"deliverySources":[]}', "DescribeDeliveries": '{"deliveries":[]}'}


def judged(ciswatch, server):
    return ciswatch.report(ciswatch.collect(server.url, *SECTION), *SECTION)


def test_an_account_without_fronts_has_nothing_to_judge(ciswatch, empty_account):
    server = empty_account(NONE)
    report = judged(ciswatch, server)
    assert report.verdicts() == {"4.10": "not_applicable"} and report.findings == []
    assert len(server.asked("ListDistributions")) == 1  # one endpoint for all regions
    assert len(server.asked("GetRestApis")) == len(loopback.REGIONS)
    assert {r.headers["accept"] for r in server.asked("GetApis")} == {"application/json"}


def test_all_pages_of_distributions_and_apis_are_read(ciswatch, empty_account):
    def listed(request):
        return (distributions("plain") if request.query.get("Marker") == "next"
                else distributions("logged", marker="next"))

    def apis(request):
        if request.region != "us-east-1":
            return '{"item":[]}'
        page = request.query.get("position")
        return json.dumps({"item": [{"id": page or "first"}]} | ({} if page else {"position": "second"}))

    server = empty_account(NONE | {"ListDistributions": listed, "GetRestApis": apis})
    told = {f["resource"].partition("::")[2]: f["verdict"] for f in judged(ciswatch, server).findings}
    assert told == {"111111111111:distribution/logged": "pass",
                    "111111111111:distribution/plain": "critical",
                    "/restapis/first/stages/live": "critical",
                    "/restapis/second/stages/live": "critical"}


@pytest.mark.parametrize("answer", [
    distributions("logged", quantity=2), distributions(quantity=1), distributions(quantity="none"),
    "<DistributionList/>"])
def test_a_list_that_lacks_what_it_says_it_has_is_no_list(ciswatch, empty_account, answer):
    report = judged(ciswatch, empty_account(NONE | {"ListDistributions": answer}))
    assert report.verdicts() == {"4.10": "unknown"}


@pytest.mark.parametrize("operation", [
    "ListDistributions", "DescribeLoadBalancers", "GetRestApis", "GetApis"])
def test_a_list_that_is_denied_is_unknown_and_says_what_to_grant(ciswatch, empty_account, operation):
    report = judged(ciswatch, empty_account(NONE, loopback.denied(operation)))
    assert report.verdicts() == {"4.10": "unknown"}
    service = {"ListDistributions": "cloudfront:", "DescribeLoadBalancers": "elasticloadbalancing:"}
    assert all(f"grant {service.get(operation, 'apigateway:GET')}" in f["detail"]
               for f in report.findings)
