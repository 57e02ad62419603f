#pragma once

// A recording in memory, imported into a snapshot on disk: what most collector tests begin with.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/collect/collector.h"
#include "core/collect/recording.h"

namespace ciswatch {

class RecordedAccount : public testing::Test {
 protected:
  RecordedAccount()
      : folder_(std::filesystem::path(testing::TempDir()) /
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~RecordedAccount() override { std::filesystem::remove_all(folder_); }

  void answer(const std::string& region, const std::string& service, const std::string& operation,
              const std::string& params, const std::string& response) {
    add(region, service, operation, params, "\"response\":" + response);
  }
  void refuse(const std::string& region, const std::string& service, const std::string& operation,
              const std::string& params, const std::string& code) {
    add(region, service, operation, params,
        fmt::format(R"("error":{{"code":"{}","message":"no","status":403}})", code));
  }

  // Who is asked, and two enabled regions and one that is not opted in.
  void answer_basics() {
    answer("us-east-1", "sts", "GetCallerIdentity", "{}",
           R"({"Account":"111111111111","Arn":"arn:aws:iam::111111111111:user/a","UserId":"U"})");
    answer("us-east-1", "ec2", "DescribeRegions", "{}",
           R"({"Regions":[{"RegionName":"us-east-1","OptInStatus":"opt-in-not-required"},
               {"RegionName":"eu-west-1","OptInStatus":"opted-in"},
               {"RegionName":"me-south-1","OptInStatus":"not-opted-in"}]})");
  }

  void import(std::vector<std::string> regions = {}) {
    std::ofstream(folder_ / "r.jsonl") << lines_;
    RecordingSource source({folder_ / "r.jsonl"});
    SnapshotWriter writer(folder_ / "s.db");
    const auto all = tables();
    Collector collector(source, writer, {{all.begin(), all.end()}, std::move(regions), "us-east-1"});
    collector.run([] {});
    SnapshotInfo info;
    info.collected_at = "2026-11-22T02:00:00Z";
    writer.finish(info);
  }

  // Rows of a query on the stored tables, columns joined by '|', NULL as "null".
  std::vector<std::string> rows(const std::string& sql) {
    auto database = Database::open_immutable((folder_ / "s.db").string());
    auto statement = database.prepare(sql);
    std::vector<std::string> result;
    while (statement.step()) {
      std::string row;
      for (int i = 0; i < statement.columns(); ++i) {
        if (i > 0) row += '|';
        row += is_null(statement.value(i)) ? "null" : text_of(statement.value(i));
      }
      result.push_back(row);
    }
    return result;
  }

  // "region outcome target" of an operation's ledger rows.
  std::vector<std::string> ledger(const std::string& operation) {
    return rows(fmt::format("select region || ' ' || outcome || ' ' || target from api_call"
                            " where operation = '{}' order by 1",
                            operation));
  }

  std::filesystem::path folder_;
  std::string lines_;

 private:
  void add(const std::string& region, const std::string& service, const std::string& operation,
           const std::string& params, std::string ending) {
    std::erase(ending, '\n');
    lines_ += fmt::format(
        R"({{"account":"111111111111","region":"{}","service":"{}","operation":"{}","params":{},{},"time":"2026-11-22T02:00:00Z"}})"
        "\n",
        region, service, operation, params, ending);
  }
};

using Rows = std::vector<std::string>;

}  // namespace ciswatch
