// A snapshot whose rows are an enemy's: an Error or unknown findings, soon and in little memory.

#include <gtest/gtest.h>

#include "tests/rules/rig.h"
#include "tests/store/endless.h"

namespace ciswatch {
namespace {

constexpr auto kPerVpc =
    "select account_id, region, vpc_id as resource, is_default as ok, '' as detail from aws_vpc";

class HostileRows : public ::testing::Test {
 protected:
  HostileRows() {
    rig::Maker maker(path_);
    maker.account();
    maker.region("us-east-1");
    maker.vpc("vpc-1", "us-east-1", std::int64_t{1});
    maker.finish();
  }

  void change(const std::string& sql) { Database::create(path_.string()).execute(sql); }

  [[nodiscard]] Report judge() const { return rig::judge(Snapshot(path_), library_); }

  [[nodiscard]] std::string refusal() const {
    try {
      static_cast<void>(judge());
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  }

  rig::Folder folder_;
  std::filesystem::path path_ = folder_.path() / "s.db";
  Library library_ = rig::library({rig::check("c", Scope::resource, kPerVpc)});
};

TEST_F(HostileRows, NameNoAccountThatCanBeNone) {
  for (const auto* id : {"''", "cast(x'FF' as text)", "char(10)", "hex(zeroblob(200))"}) {
    change(fmt::format("update api_call set account_id = {}", id));
    EXPECT_NE(refusal().find("which is no account's id"), std::string::npos) << id << refusal();
  }
}

TEST_F(HostileRows, HaveSumsThatCannotBe) {
  const auto before = rig::lines(judge());
  for (const auto* number : {"-1", "9223372036854775807", "-9223372036854775808"}) {
    change(
        fmt::format("update snapshot_total set number = {0} where name = 'ok';"
                    "update account_content set row_count = {0} where table_name = 'aws_vpc';"
                    "delete from account_content where table_name <> 'aws_vpc'",
                    number));
    const auto report = judge();
    EXPECT_EQ(rig::lines(report), before) << number;
    EXPECT_LE(report.head.calls, std::size_t{9223372036854775807}) << number;
  }
}

TEST_F(HostileRows, ListCallsWithoutAnEnd) {
  change(
      "drop index api_call_operation; drop index api_call_unanswered; delete from account_content");
  make_endless(path_, "api_call");
  EXPECT_NE(refusal().find("reading it has no end"), std::string::npos) << refusal();
}

TEST_F(HostileRows, HaveMoreUnansweredCallsThanFitInMemory) {
  change(
      "with recursive n (x) as (select 1 union all select x + 1 from n where x <= 50000)"
      " insert or ignore into api_call select x, '111111111111', 'us-east-1', 'ec2', "
      "'DescribeVpcs', x,"
      " 'denied', '', '', 1, '' from n");
  // Named by the rows, and looked up behind a row.
  for (const auto* sql : {"select account_id, region, 'vpc-' || call_id as resource, is_default as "
                          "ok, '' as detail, call_id"
                          " from aws_vpc",
                          "select account_id, '' as region, account_id as resource, "
                          "all_ok(is_default) as ok, '' as detail"
                          " from aws_vpc group by 1"}) {
    library_ = rig::library({rig::check("c", Scope::account, sql)});
    const auto report = judge();
    ASSERT_EQ(report.findings.size(), 1U);
    const auto finding = rig::findings_of(report).front();
    EXPECT_EQ(finding.verdict, Verdict::unknown);
    EXPECT_NE(finding.detail.find("more than 50000 calls"), std::string::npos) << finding.detail;
  }
}

TEST_F(HostileRows, HaveCallsThatSayMegabytes) {
  change(
      "update api_call set outcome = 'failed', message = hex(zeroblob(3000000))"
      " where operation = 'DescribeVpcs'");
  for (const auto& finding : rig::findings_of(judge())) {
    for (const auto& call : finding.unanswered) EXPECT_LE(call.message.size(), 4100U);
  }
}

// The pages of the ledger are read when a report names a call: the error still says which file it
// is.
TEST_F(HostileRows, AreFoundDamagedWhenReported) {
  library_.checks.front().sql =
      "select account_id, region, vpc_id as resource, is_default as ok, '' as detail, call_id from "
      "aws_vpc";
  const auto report = judge();
  const auto id = rig::findings_of(report).front().call_ids.at(0);
  const auto size = std::filesystem::file_size(path_);
  {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(8192);
    file << std::string(size - 8192, '\xA5');
  }
  try {
    report.open_calls()(id);
    FAIL() << "read";
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find("the snapshot " + path_.string() + " is damaged"), 0U)
        << error.what();
  }
}

}  // namespace
}  // namespace ciswatch
