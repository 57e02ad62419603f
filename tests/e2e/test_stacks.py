"""The stacks of a bundle, deployed on an emulator, collected and judged again."""

import accounts
import servers
import stacks

REGIONS = ("--region", "us-east-1", "--region", "eu-west-1")


def bundle(program, snapshot, *args):
    program.expect(0, "remediate", "bundle", "--snapshot", snapshot, "--format", "cloudformation", "-o", "bundle", *args)
    return program.folder / "bundle"


def places(folder, part):
    """(account, region) → parameters."""
    return {tuple(path.name.split(".")[1:3]): stacks.parameters_of(path)
            for path in sorted((folder / "parameters").glob(f"{part}.*.json"))}


def test_flow_logs_are_made_for_each_vpc_that_has_none(ciswatch):
    checks = [arg for check in ("vpc-flow-logs", "vpc-flow-logs-all-traffic", "vpc-flow-log-role")
              for arg in ("--check", check)]
    with servers.moto_server() as server:
        cloud = accounts.Cloud(server.url)
        made = [cloud.client("ec2", "us-east-1").create_vpc(CidrBlock=f"10.{i}.0.0/16")["Vpc"]["VpcId"] for i in range(2)]
        folder = bundle(ciswatch, ciswatch.collect(server.url, *REGIONS, *checks), *checks)
        found = places(folder, "flow-logs")
        assert [region for _, region in found] == ["eu-west-1", "us-east-1"]
        vpcs = found[(cloud.account, "us-east-1")]["VpcIds"].split(",")
        assert len(vpcs) == 3 and vpcs == sorted(vpcs) and set(made) < set(vpcs)
        for (_, region), parameters in found.items():
            stacks.deploy(cloud, region, (folder / "flow-logs.yaml").read_text(), parameters)
            group, = cloud.client("logs", region).describe_log_groups()["logGroups"]
            assert group["retentionInDays"] == 365
        report = ciswatch.report(ciswatch.collect(server.url, *REGIONS, *checks, to="after.db"), *checks)
    found = [finding for finding in report.findings if finding["region"] in REGIONS]
    assert not [(f["check"], f["region"], f["detail"]) for f in found if f["verdict"] != "pass"]
    assert [f["check"] for f in found].count("vpc-flow-log-role") == 4
