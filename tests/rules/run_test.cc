// Running checks: threads, limits, settings, damaged files.

#include <gtest/gtest.h>

#include <fstream>
#include <mutex>

#include "tests/rules/rig.h"

namespace ciswatch {
namespace {

const std::string kPerVpc =
    "select account_id, region, vpc_id as resource, is_default as ok, format('VPC %s', vpc_id) as "
    "detail, is_default, call_id from aws_vpc";
const std::string kEndless =
    "with recursive n(i) as (select 1 union all select i + 1 from n)"
    " select account_id, region, 'r' as resource, (select sum(i) from n) as ok, '' as detail"
    " from aws_account";

Snapshot fleet(const rig::Folder& folder) {
  rig::Maker maker(folder.path() / "s.db");
  for (int a = 0; a < 5; ++a) {
    const auto account = fmt::format("{:012}", a + 1);
    maker.account(account);
    for (const auto* region : {"eu-west-1", "us-east-1"}) {
      maker.region(region, account);
      if (a == 3) {
        maker.call("aws_vpc", region, "denied", "", account);
        continue;
      }
      for (int v = 0; v < 20; ++v) {
        maker.vpc(fmt::format("vpc-{}", v), region,
                  v % 3 == 2 ? Value() : Value(std::int64_t{v % 3}), account);
      }
    }
  }
  return maker.finish();
}

TEST(Run, GivesTheSameReportOnAnyNumberOfThreads) {
  const rig::Folder folder;
  const auto snapshot = fleet(folder);
  std::vector<Check> checks;
  for (int i = 0; i < 12; ++i) {
    checks.push_back(rig::check(fmt::format("c{:02}", i),
                                i % 2 == 0 ? Scope::resource : Scope::region,
                                i == 7 ? kPerVpc + " limit 1/0" : kPerVpc));
  }
  const auto library = rig::library(checks, {rig::pack("p", {{"1", {"c00", "c03"}}})});
  EvaluateOptions options;
  options.jobs = 1;
  options.slice_cost = 1;  // enough work for each thread
  const auto expected = rig::dump(rig::judge(snapshot, library, options));
  EXPECT_GT(expected.size(), 10'000U);
  for (const unsigned jobs : {2U, 3U, 8U}) {
    options.jobs = jobs;
    EXPECT_EQ(rig::dump(rig::judge(snapshot, library, options)), expected) << jobs;
  }
}

TEST(Run, TellsProgressToOneCallerAtATime) {
  const rig::Folder folder;
  const auto snapshot = fleet(folder);
  std::vector<Check> checks;
  for (int i = 0; i < 9; ++i)
    checks.push_back(rig::check(fmt::format("c{}", i), Scope::resource, kPerVpc));
  EvaluateOptions options;
  options.jobs = 4;
  options.slice_cost = 280;  // three accounts', and less than all
  std::vector<std::size_t> done;
  options.progress = [&](std::size_t n, std::size_t all) {
    EXPECT_EQ(all, 5U);
    done.push_back(n);
  };
  rig::judge(snapshot, rig::library(checks), options);
  EXPECT_EQ(done, (std::vector<std::size_t>{3, 4, 5}));  // accounts; the fourth is a slice by itself
}

TEST(Run, EndsACheckAfterItsTime) {
  const rig::Folder folder;
  const auto snapshot = fleet(folder);
  EvaluateOptions options;
  options.time_limit = std::chrono::milliseconds(50);
  const auto library = rig::library({rig::check("a-endless", Scope::resource, kEndless),
                                     rig::check("b", Scope::resource, kPerVpc)});
  const auto report = rig::judge(snapshot, library, options);
  std::size_t endless = 0;
  for (const auto& finding : rig::findings_of(report)) {
    if (finding.check != "a-endless") continue;
    ++endless;
    EXPECT_EQ(finding.verdict, Verdict::unknown);
    EXPECT_EQ(finding.detail, "this check took longer than the limit of 50 ms");
  }
  EXPECT_EQ(endless, 5U);
  EXPECT_GT(report.findings.size(), 100U);
}

TEST(Run, BoundsTheRowsOfACheck) {
  const rig::Folder folder;
  const auto snapshot = fleet(folder);
  EvaluateOptions options;
  const auto library = rig::library({rig::check("c", Scope::resource, kPerVpc)});
  options.most_rows = 30;
  const auto report = rig::judge(snapshot, library, options);
  ASSERT_EQ(report.findings.size(), 4U + 2U);  // 40 VPCs in four accounts; two regions were not read
  EXPECT_EQ(rig::findings_of(report)[0].detail, "this check failed: more than 30 rows");
  // Accounts that are judged together do not count against each other.
  options.most_rows = 100;
  EXPECT_EQ(rig::judge(snapshot, library, options).findings.size(), 4U * 40U + 2U);
}

// What one account's rows make a check fail with is its own.
TEST(Run, FailsAloneWhereOneAccountsRowsAreOdd) {
  const rig::Folder folder;
  const auto snapshot = fleet(folder);
  const auto library = rig::library({rig::check(
      "c", Scope::account,
      "select account_id, region, null as resource, iif(account_id = '000000000002', 7, 1) as ok,"
      " 'd' as detail from aws_account")});
  EXPECT_EQ(rig::lines(rig::judge(snapshot, library)),
            "pass us-east-1 000000000001\nunknown us-east-1 000000000002\n"
            "pass us-east-1 000000000003\npass us-east-1 000000000004\n"
            "pass us-east-1 000000000005\n");
}

TEST(Run, ShowsACheckItsSliceAndOnDemandAllAccounts) {
  const rig::Folder folder;
  const auto snapshot = fleet(folder);
  const auto counted = [&](const std::string& table) {
    auto options = EvaluateOptions();
    options.slice_cost = 1;
    const auto library = rig::library({rig::check(
        "c", Scope::account,
        fmt::format("select account_id, region, null as resource, 1 as ok,"
                    " (select count(*) from {0}) || ' ' || (select count(*) from {0} where vpc_id is"
                    " null) as detail from aws_account",
                    table))});
    return rig::findings_of(rig::judge(snapshot, library, options)).at(0).detail;
  };
  EXPECT_EQ(counted("aws_vpc"), "40 0");
  // What could not be read of another account shows as well.
  EXPECT_EQ(counted("org.aws_vpc"), "162 2");
}

// What it says of an account is the same whichever accounts share its slice, and is said once.
TEST(Run, AsksACheckThatReadsItsSliceAndAllAccountsSliceBySlice) {
  const rig::Folder folder;
  const auto snapshot = fleet(folder);
  const auto library = rig::library({rig::check(
      "c", Scope::account,
      "select o.account_id, o.region, null as resource, a.account_id is not null as ok,"
      " format('%d of %d', (select count(*) from aws_vpc v where v.account_id = o.account_id),"
      "   (select count(*) from org.aws_vpc)) as detail, o.call_id"
      " from org.aws_account o left join aws_account a on a.account_id = o.account_id")});
  for (const std::size_t cost : {std::size_t{1}, std::size_t{100}, std::size_t{1'000'000}}) {
    for (const unsigned jobs : {1U, 3U}) {
      EvaluateOptions options;
      options.slice_cost = cost;
      options.jobs = jobs;
      const auto found = rig::findings_of(rig::judge(snapshot, library, options));
      ASSERT_EQ(found.size(), 5U) << cost;
      for (const auto& finding : found) {
        const bool unread = finding.account_id == "000000000004";
        EXPECT_EQ(finding.verdict, Verdict::pass) << cost << " " << finding.account_id;
        EXPECT_EQ(finding.detail, unread ? "2 of 162" : "40 of 162") << cost;
        EXPECT_EQ(finding.call_ids.size(), 1U);
      }
    }
  }
}

// An answer of another account may be missing, though all of the slice are there.
TEST(Run, DoubtsAPassThatRestsOnAnotherAccountsUnansweredCall) {
  const rig::Folder folder;
  const auto snapshot = fleet(folder);
  const auto library = rig::library({rig::check(
      "c", Scope::account,
      "select account_id, region, null as resource, 1 as ok, 'good' as detail,"
      " (select v.call_id from org.aws_vpc v where v.account_id = '000000000004'"
      "  and v.region = 'eu-west-1') as call_id from aws_account")});
  EvaluateOptions options;
  options.slice_cost = 1;
  for (const auto& finding : rig::findings_of(rig::judge(snapshot, library, options))) {
    EXPECT_EQ(finding.verdict, Verdict::unknown) << finding.account_id;
    ASSERT_EQ(finding.unanswered.size(), 1U);
    EXPECT_EQ(finding.unanswered[0].account_id, "000000000004");
  }
}

TEST(Run, FailsACheckThatTellsOfAnAccountThatIsNotInTheSnapshot) {
  const rig::Folder folder;
  const auto snapshot = fleet(folder);
  const auto library = rig::library({rig::check(
      "c", Scope::account,
      "select iif(account_id like '%2', 'nobody', account_id) as account_id, region,"
      " null as resource, 1 as ok, (select count(*) from org.aws_vpc) as detail from aws_account")});
  for (const std::size_t cost : {std::size_t{1}, std::size_t{1'000'000}}) {
    EvaluateOptions options;
    options.slice_cost = cost;
    const auto found = rig::findings_of(rig::judge(snapshot, library, options));
    ASSERT_EQ(found.size(), 5U);
    EXPECT_EQ(found[1].verdict, Verdict::unknown);
    EXPECT_NE(found[1].detail.find("account_id 'nobody' is none"), std::string::npos);
    EXPECT_EQ(found[2].verdict, Verdict::pass);
  }
}

TEST(Run, StopsForSqlThatDoesNotCompile) {
  const rig::Folder folder;
  const auto snapshot = fleet(folder);
  auto library = rig::library({rig::check("c", Scope::resource, "select 1 from aws_vcp")});
  try {
    rig::judge(snapshot, library);
    FAIL() << "judged";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "c.yaml:1:15: no such table: aws_vcp, did you mean 'aws_vpc'?");
  }
  library.checks[0].sql = "select 1 from v";
  library.views.add("views.sql", "create view v as\n selct 1;");
  try {
    rig::judge(snapshot, library);
    FAIL() << "judged";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "views.sql:2:2: near \"selct\": syntax error");
  }
}

TEST(Run, HandsSettingsToTheirCheck) {
  const rig::Folder folder;
  const auto snapshot = fleet(folder);
  auto check = rig::check("my.check", Scope::account,
                          "select account_id, region, null as resource, setting('days') > 30 as ok,"
                          " setting('mode') as detail from aws_account");
  check.settings = {{"days", "7", "", {}}, {"mode", "all", "", {"all", "some"}}};
  const auto library = rig::library({check});
  EXPECT_EQ(rig::findings_of(rig::judge(snapshot, library)).at(0).verdict, Verdict::warn);
  EvaluateOptions options;
  options.settings = {{"my.check.days", "90"}, {"my.check.mode", "some"}};
  const auto finding = rig::findings_of(rig::judge(snapshot, library, options)).at(0);
  EXPECT_EQ(finding.verdict, Verdict::pass);
  EXPECT_EQ(finding.detail, "some");
  const auto message = [&](const std::string& key, const std::string& value) {
    EvaluateOptions wrong;
    wrong.settings = {{key, value}};
    try {
      rig::judge(snapshot, library, wrong);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(message("my.check.day", "1"),
            "there is no setting 'my.check.day', did you mean 'my.check.days'?");
  EXPECT_EQ(message("days", "1").substr(0, 26), "there is no setting 'days'");
  EXPECT_EQ(message("my.check.days", "x"), "the setting my.check.days: 'x' is no integer");
  EXPECT_EQ(
      message("my.check.mode", "sone"),
      "the setting my.check.mode: 'sone' is none of its values (all, some), did you mean 'some'?");
}

// Pages in the middle of the file are overwritten: opening succeeds, reading the rows does not.
TEST(Run, EndsForADamagedSnapshot) {
  const rig::Folder folder;
  const auto path = folder.path() / "s.db";
  {
    rig::Maker maker(path);
    maker.account();
    maker.region("us-east-1");
    for (int i = 0; i < 3000; ++i)
      maker.vpc(fmt::format("vpc-{:050}", i), "us-east-1", std::int64_t{1});
    maker.finish();
  }
  const auto library = rig::library({rig::check("c", Scope::resource, kPerVpc)});
  ASSERT_EQ(rig::judge(Snapshot(path), library).findings.size(), 3000U);
  const auto size = std::filesystem::file_size(path);
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(60 * 4096));
    const std::string rubbish(size - 60 * 4096, '\xA5');
    file.write(rubbish.data(), static_cast<std::streamsize>(rubbish.size()));
  }
  try {
    rig::judge(Snapshot(path), library);
    FAIL() << "judged";
  } catch (const Error& error) {
    const std::string text = error.what();
    EXPECT_EQ(text.find("the snapshot " + path.string() + " is damaged"), 0U) << text;
  }
}

TEST(Run, RefusesASnapshotWithoutAccounts) {
  const rig::Folder folder;
  rig::Maker maker(folder.path() / "s.db");
  const auto snapshot = maker.finish();
  EXPECT_THROW(rig::judge(snapshot, rig::library({rig::check("c", Scope::resource, kPerVpc)})),
               Error);
}

}  // namespace
}  // namespace ciswatch
