"""The nine verdicts, on recordings of a whole account and live on two emulators. Where an emulator
cannot express a fact, the honest verdict there is `unknown`, and that is what is asserted."""

import accounts
from program import NUMBERS

SEED_001 = {"2.1": "pass", "2.2": "warn", "2.3": "pass", "2.4": "critical", "2.5": "critical",
            "2.6": "critical", "2.7": "warn", "2.8": "warn", "2.9": "warn"}
ALL_PASS = dict.fromkeys(NUMBERS, "pass")
# Neither emulator ever tells LatestCloudWatchLogsDeliveryTime, and the trail has only just started.
NO_DELIVERY_TIME = {"2.4": "unknown"}
# ministack answers GetBucketPolicyStatus with a list of objects and knows no account-wide block.
NO_POLICY_STATUS = {"2.3": "unknown"}


def test_seed_001_recording_gives_the_nine_verdicts_of_the_seed(example):
    assert example("seed-001").report.verdicts() == SEED_001


def test_seed_001_mended_passes_all_nine(example):
    report = example("seed-001-fixed").report
    assert report.verdicts() == ALL_PASS
    assert report.document["summary"]["pass"] == 9


def test_seed_001_live_on_moto(moto_001):
    assert moto_001.report.verdicts() == SEED_001


def test_seed_001_mended_live_on_moto(moto_fixed):
    assert moto_fixed.report.verdicts() == ALL_PASS | NO_DELIVERY_TIME


def test_seed_001_live_on_ministack(ministack_001):
    assert ministack_001.report.verdicts() == SEED_001 | NO_POLICY_STATUS


def test_seed_001_mended_live_on_ministack(ministack_fixed):
    expected = ALL_PASS | NO_DELIVERY_TIME | NO_POLICY_STATUS
    assert ministack_fixed.report.verdicts() == expected


def test_the_benchmark_account_is_judged_object_by_object(moto_benchmark):
    report = moto_benchmark.report
    found = {number: report.counts(number) for number in accounts.BENCHMARK_TRUTH}
    regional = [f for f in report.of("2.5") if f["resource"] in accounts.DEFAULT_REGIONS]
    found["2.5"] = (sum(f["verdict"] == "pass" for f in regional),
                    sum(f["verdict"] == "critical" for f in regional))
    assert found == accounts.BENCHMARK_TRUTH


def test_the_public_bucket_is_named(moto_benchmark):
    failing = [f for f in moto_benchmark.report.of("2.3") if f["verdict"] == "critical"]
    assert [("ct-public-logs" in f["resource"]) for f in failing] == [True], failing


def test_a_trail_is_counted_once_in_its_home_region(moto_benchmark):
    trails = [(f["region"], f["resource"].rpartition("/")[2])
              for f in moto_benchmark.report.of("2.2")
              if f["verdict"] in ("pass", "warn")]
    assert sorted(trails) == [("eu-west-1", "ct-stopped"), ("us-east-1", "org-main"),
                              ("us-west-2", "ct-public")]


def test_regions_that_were_left_out_are_unknown_and_not_passed(moto_benchmark):
    left_out = set(moto_benchmark.cloud.enabled_regions()) - set(accounts.DEFAULT_REGIONS)
    assert left_out
    for number in ("2.5", "2.8", "2.9"):
        unknown = {f["region"] for f in moto_benchmark.report.of(number)
                   if f["verdict"] == "unknown"}
        assert left_out <= unknown, number


def test_one_region_answers_only_for_itself(ciswatch, moto_fixed):
    """2.9 passes wherever it is asked, and yet cannot pass for the account from one region."""
    snapshot = ciswatch.collect(moto_fixed.server.url, "--region", "eu-north-1")
    report = ciswatch.report(snapshot)
    assert report.verdicts()["2.9"] == "unknown"
    assert [f["verdict"] for f in report.of("2.9") if f["region"] == "eu-north-1"] == ["pass"]


def test_regions_said_to_be_closed_do_not_count(ciswatch, moto_fixed):
    every = moto_fixed.cloud.enabled_regions()
    closed = [f for r in every if r != "eu-north-1" for f in ("--closed-region", r)]
    snapshot = ciswatch.collect(moto_fixed.server.url, "--region", "eu-north-1")
    report = ciswatch.report(snapshot, "--check", "vpc-flow-logs", *closed)
    verdicts = {f["region"]: f["verdict"] for f in report.findings}
    assert verdicts.pop("eu-north-1") == "pass"
    assert set(verdicts.values()) == {"not_applicable"}


def test_a_closed_region_that_was_read_after_all_is_judged(ciswatch, moto_001):
    report = ciswatch.report(moto_001.snapshot, "--check", "vpc-flow-logs",
                             "--closed-region", "eu-north-1")
    assert [f["verdict"] for f in report.findings if f["region"] == "eu-north-1"] == ["warn"]
