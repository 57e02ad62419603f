// The synthetic fleet that the benchmarks measure: what they rest on is that it is the same each
// time, account by account, and that all verdicts occur in it.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "benchmarks/fleet/detection.h"
#include "benchmarks/fleet/write.h"
#include "core/base/json.h"
#include "core/store/snapshot.h"
#include "core/tables/table_spec.h"

namespace ciswatch::fleet {
namespace {

namespace fs = std::filesystem;

// A folder of the running test's own, gone with it.
class Fleet : public testing::Test {
 protected:
  Fleet()
      : folder_(fs::path(testing::TempDir()) /
                fmt::format("fleet-{}-{}", getpid(),
                            testing::UnitTest::GetInstance()->current_test_info()->name())) {
    fs::create_directories(folder_);
  }
  ~Fleet() override { fs::remove_all(folder_); }

  fs::path write(const Options& options) {
    const auto path = folder_ / fmt::format("{}.db", files_++);
    write_fleet(options, path, [](std::size_t) {});
    return path;
  }

  // The report of `ciswatch scan` as the user gets it.
  Json scan(const fs::path& snapshot) {
    const auto report = snapshot.string() + ".json";
    const auto command =
        fmt::format("\"{}\" scan --snapshot \"{}\" --fail-on none --report json=\"{}\" 2>/dev/null",
                    CISWATCH_PROGRAM, snapshot.string(), report);
    const int status = std::system(command.c_str());
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw Error("failed: " + command);
    return parse_json(bytes_of(report));
  }

  static std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }

 private:
  fs::path folder_;
  int files_ = 0;
};

Options small(std::size_t accounts, std::size_t regions = 2) {
  Options options;
  options.accounts = accounts;
  options.regions = regions;
  return options;
}

using ByAccount = std::map<std::string, std::string>;

void add_rows(Database& database, const std::string& columns, std::string_view table,
              ByAccount& content) {
  auto rows = database.prepare(
      fmt::format("select account_id, {0} from {1} order by account_id, {0}", columns, table));
  while (rows.step()) {
    auto& text = content[std::string(rows.text(0))];
    text.append(table).push_back('\n');
    for (int i = 1; i < rows.columns(); ++i) {
      text.append(is_null(rows.value(i)) ? "null" : rows.text(i)).push_back('\n');
    }
  }
}

// What was read of each account: its rows, with whatever else `ledger` names of its calls.
ByAccount content_of(const fs::path& snapshot, const std::string& ledger,
                     std::string_view left_out = "") {
  auto database = Database::open_immutable(snapshot.string());
  ByAccount content;
  for (const auto* table : tables()) {
    if (table->name == left_out) continue;
    std::string columns = "region";
    for (const auto& column : table->columns) columns += fmt::format(", {}", column.name);
    add_rows(database, columns + ", doc", table->name, content);
  }
  add_rows(database, ledger, "api_call", content);
  return content;
}

constexpr const char* kAnswers =
    "region, service, operation, target, outcome, code, message, attempts";
constexpr const char* kWholeLedger =
    "call_id, region, service, operation, target, outcome, code, message, attempts, time";

std::set<std::string> differing(const ByAccount& before, const ByAccount& after) {
  std::set<std::string> ids;
  for (const auto& [id, content] : before) {
    if (after.at(id) != content) ids.insert(id);
  }
  return ids;
}

std::map<std::string, std::size_t> verdicts_of(const Json& report) {
  std::map<std::string, std::size_t> verdicts;
  for (const auto& finding : find(report, "/findings")->GetArray()) {
    ++verdicts[std::string(text_or_empty(finding, "verdict"))];
  }
  return verdicts;
}

std::int64_t number(Database& database, const std::string& sql) {
  auto row = database.prepare(sql);
  return row.step() ? row.integer(0) : -1;
}

TEST_F(Fleet, IsTheSameBytesForTheSameSeed) {
  const auto bytes = bytes_of(write(small(8)));
  EXPECT_EQ(bytes, bytes_of(write(small(8))));
  Options other = small(8);
  other.seed = 2;
  EXPECT_NE(bytes, bytes_of(write(other)));
}

TEST_F(Fleet, AnAccountIsTheSameHoweverManyThereAre) {
  const auto few = content_of(write(small(5)), kWholeLedger);
  const auto many = content_of(write(small(9)), kWholeLedger);
  EXPECT_EQ(few.size(), 5U);
  EXPECT_EQ(many.size(), 9U);
  EXPECT_EQ(differing(few, many), std::set<std::string>{});
}

TEST_F(Fleet, OneAccountInTwoHundredCannotBeReadAndEachFaultComesInTurn) {
  const Options options;
  std::multiset<Fault> faults;
  for (std::size_t i = 0; i < 2'000; ++i) {
    if (const Account account(options, i); account.fault != Fault::none) {
      faults.insert(account.fault);
    }
  }
  EXPECT_EQ(faults.size(), 10U);
  EXPECT_EQ(std::set<Fault>(faults.begin(), faults.end()).size(), 10U);
}

class NextNight : public Fleet {
 protected:
  static Options night(std::uint64_t changed) {
    Options options = small(150);
    options.next_night = true;
    options.changed = changed;
    return options;
  }
};

TEST_F(NextNight, ChangesTheSaidShareAndNothingElse) {
  const Options options = night(200'000);
  std::set<std::string> said;
  for (std::size_t i = 0; i < options.accounts; ++i) {
    if (const Account account(options, i); account.change != Change::none) said.insert(account.id);
  }
  EXPECT_GT(said.size(), 20U);
  EXPECT_LT(said.size(), 40U);
  const auto before = write(small(150));
  const auto after = write(options);
  EXPECT_EQ(differing(content_of(before, kAnswers), content_of(after, kAnswers)), said);
}

TEST_F(NextNight, IsADayLaterAndPartlyInAnotherOrder) {
  const auto before = write(small(150));
  const auto after = write(night(0));
  EXPECT_EQ(differing(content_of(before, kAnswers), content_of(after, kAnswers)).size(), 0U);
  EXPECT_EQ(Snapshot(before).info().collected_at, "2026-11-22T02:00:00Z");
  EXPECT_EQ(Snapshot(after).info().collected_at, "2026-11-23T02:00:00Z");
  EXPECT_EQ(differing(content_of(before, "time"), content_of(after, "time")).size(), 150U);
  // Seconds since the account's first call.
  const std::string order =
      "service, operation, region, target, unixepoch(time) -"
      " min(unixepoch(time)) over (partition by account_id)";
  const auto moved = differing(content_of(before, order), content_of(after, order)).size();
  EXPECT_GT(moved, 30U);
  EXPECT_LT(moved, 120U);
}

TEST_F(NextNight, MayMoveTheLastDeliveries) {
  Options moving = night(0);
  moving.moving_deliveries = true;
  const auto before = write(small(150));
  const auto after = write(moving);
  constexpr const char* kStatus = "aws_cloudtrail_trail_status";
  EXPECT_GT(differing(content_of(before, kAnswers), content_of(after, kAnswers)).size(), 100U);
  EXPECT_EQ(
      differing(content_of(before, kAnswers, kStatus), content_of(after, kAnswers, kStatus)).size(),
      0U);
}

TEST_F(Fleet, LeavesAFewCallsUnread) {
  auto database = Database::open_immutable(write(small(300)).string());
  auto rows = database.prepare(
      "select count(*) filter (where outcome not in ('ok', 'absent')) * 100000 / count(*)"
      " from api_call");
  rows.step();
  EXPECT_GT(rows.integer(0), 2);    // of 100,000
  EXPECT_LT(rows.integer(0), 500);
}

TEST_F(Fleet, GivesEveryVerdictWithThreeHundredAccounts) {
  const auto verdicts = verdicts_of(scan(write(small(300))));
  for (const char* verdict : {"pass", "warn", "critical", "unknown", "not_applicable"}) {
    EXPECT_TRUE(verdicts.contains(verdict)) << verdict;
  }
}

TEST_F(Fleet, GivesAHundredFindingsAnAccount) {
  const auto verdicts = verdicts_of(scan(write(small(20, 17))));
  for (const char* verdict : {"pass", "warn", "critical", "not_applicable"}) {
    EXPECT_TRUE(verdicts.contains(verdict)) << verdict;
  }
  std::size_t all = 0;
  for (const auto& [verdict, count] : verdicts) all += count;
  EXPECT_GT(all, 20U * 100);  // so that ten thousand accounts give a million
}

TEST_F(Fleet, CanBeOneAccountWithManyKeys) {
  Options options = small(1);
  options.keys = 3'000;
  const auto snapshot = write(options);
  auto database = Database::open_immutable(snapshot.string());
  for (const char* table : {"aws_kms_key_list", "aws_kms_key", "aws_kms_alias"}) {
    EXPECT_EQ(number(database, fmt::format("select count(*) from {}", table)), 3'000) << table;
  }
  const auto report = scan(snapshot);
  const auto findings = find(report, "/findings")->GetArray();
  EXPECT_EQ(std::count_if(findings.begin(), findings.end(),
                          [](const JsonValue& finding) {
                            return text_or_empty(finding, "check") == "kms-key-rotation" &&
                                   text_or_empty(finding, "verdict") != "unknown";
                          }),
            3'000);
}

TEST_F(Fleet, FiltersTrailsRightAndWrongInEveryWay) {
  std::set<std::string> patterns;
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    for (const auto& filter : trail_filters("trail", Dice(1).at("filters", i))) {
      if (filter.name == "DisableOrDeleteCMK") patterns.insert(filter.pattern);
    }
  }
  const std::string kms = "{($.eventSource=kms.amazonaws.com)&&(";
  const std::string disable = "($.eventName=DisableKey)", remove = "($.eventName=ScheduleKeyDeletion)";
  const std::set<std::string> expected = {
      kms + disable + "||" + remove + ")}",
      kms + disable + "||" + remove + R"(||($.eventName="TagResource"))})",
      kms + disable + ")}",
      kms + remove + ")}",
      kms + "(" + disable + "||" + remove + ")&&($.awsRegion=us-east-1))}",
      kms + disable + "&&" + remove + ")}",
      R"({$.eventName="*"||$.eventName!="*"})"};
  EXPECT_EQ(patterns, expected);
}

// What an alarm on the audit's events may lack, link by link.
TEST_F(Fleet, WatchesItsTrailsRightAndWrongInEveryWay) {
  const auto snapshot = write(small(120));
  auto database = Database::open_immutable(snapshot.string());
  const auto filters = [&](const std::string& where) {
    return number(database,
                  "select count(*) from aws_cloudwatch_log_metric_filter where " + where);
  };
  const auto alarms = [&](const std::string& where) {
    return number(database, "select count(*) from aws_cloudwatch_alarm where " + where);
  };
  EXPECT_GT(filters("filter_pattern like '?ERROR%'"), 0);
  const std::string ours = "metric_name like '%CMK%' or metric_name like '%Changes%'";
  EXPECT_GT(alarms(ours), 0);
  EXPECT_LT(alarms(ours), filters("name like '%CMK%' or name like '%Changes%'"));
  EXPECT_GT(alarms("threshold = 100"), 0);
  EXPECT_GT(alarms("actions_enabled = 0"), 0);
  EXPECT_GT(alarms("alarm_actions = '[]'"), 0);
  EXPECT_GT(number(database,
                   "select count(*) from aws_sns_topic_subscription"
                   " where subscription_arn = 'PendingConfirmation'"),
            0);
  EXPECT_GT(number(database,
                   "select count(*) from aws_sns_topic_attributes where subscriptions_pending = 0"
                   " and subscriptions_confirmed = 0"),
            0);
}

TEST_F(Fleet, CanBeHostileInEveryTable) {
  Options options = small(20, 4);
  options.hostile = true;
  const auto snapshot = write(options);
  EXPECT_EQ(bytes_of(snapshot), bytes_of(write(options)));
  auto database = Database::open_immutable(snapshot.string());
  for (const auto* table : tables()) {
    EXPECT_GT(number(database, fmt::format("select count(*) from {}", table->name)), 0)
        << table->name;
  }
  const auto regions = [&](const char* like) {
    return number(database, fmt::format("select count(*) from aws_region where {}", like));
  };
  EXPECT_GT(regions("instr(name, '<')"), 0);
  EXPECT_GT(regions("instr(cast(name as blob), x'00')"), 0);
  EXPECT_GT(regions("instr(cast(name as blob), x'EDA080')"), 0);
  EXPECT_GT(number(database,
                   "select count(*) from api_call where code = 'MalformedResponse'"
                   " and message like '%surrogate%'"),
            0);
  // Whatever a scan makes of it, it makes a report.
  EXPECT_GT(verdicts_of(scan(snapshot)).size(), 0U);
}

}  // namespace
}  // namespace ciswatch::fleet
