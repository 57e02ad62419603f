#pragma once

// What the tests of the rules share: a folder that goes away, check files, small snapshots.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/snapshot.h"
#include "rules/evaluate.h"
#include "rules/library.h"
#include "rules/selection.h"

namespace ciswatch::rig {

inline constexpr std::string_view kAccount = "111111111111";

class Folder {
 public:
  Folder() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    std::string name =
        fmt::format("ciswatch-{}-{}-{}", ::getpid(), test->test_suite_name(), test->name());
    for (auto& c : name) c = c == '/' ? '-' : c;
    path_ = std::filesystem::temp_directory_path() / name;
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  std::filesystem::path write(const std::string& name, std::string_view text) const {
    const auto file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }

 private:
  std::filesystem::path path_;
};

inline Check check(std::string id, Scope scope, std::string sql, Level level = Level::warn) {
  Check made;
  made.id = std::move(id);
  made.title = made.why = "t";
  made.scope = scope;
  made.level = level;
  made.sql = std::move(sql);
  made.file = made.id + ".yaml";
  made.sql_lines = {{1, 1}};
  return made;
}

inline Library library(std::vector<Check> checks, std::vector<Pack> packs = {},
                       std::string views = "") {
  Library made;
  made.checks = std::move(checks);
  made.packs = std::move(packs);
  if (!views.empty()) made.views.add("views.sql", views);
  return made;
}

inline Pack pack(
    std::string id,
    const std::vector<std::pair<std::string, std::vector<std::string>>>& requirements) {
  Pack made{std::move(id), "a pack", {}, "pack.yaml"};
  for (const auto& [number, checks] : requirements) {
    Requirement requirement;
    requirement.number = number;
    requirement.title = "requirement " + number;
    requirement.checks = checks;
    made.requirements.push_back(std::move(requirement));
  }
  return made;
}

// Writes a snapshot call by call. Accounts and regions are rows like all others.
class Maker {
 public:
  explicit Maker(const std::filesystem::path& path) : path_(path), writer_(path) {
    for (const auto* table : tables()) collected_.emplace_back(table->name);
  }

  std::int64_t call(std::string_view table, std::string region, std::string outcome,
                    std::string target = "", std::string account = std::string(kAccount)) {
    const auto* spec = find_table(table);
    LedgerRow row;
    row.account_id = std::move(account);
    row.region = std::move(region);
    row.service = spec->service;
    row.operation = spec->operation;
    row.target = std::move(target);
    row.outcome = std::move(outcome);
    if (row.outcome == "denied") {
      row.code = "AccessDeniedException";
      row.message = "no";
    }
    row.attempts = 1;
    row.time = "2026-11-22T00:00:00Z";
    return writer_.add_call(row);
  }

  // A row with a call of its own that was answered.
  void row(std::string_view table, const std::string& region,
           const std::map<std::string, Value>& given,
           const std::string& account = std::string(kAccount)) {
    const auto* spec = find_table(table);
    std::vector<Value> values;
    std::string target;
    for (const auto& column : spec->columns) {
      const auto found = given.find(std::string(column.name));
      values.push_back(found == given.end() ? Value() : found->second);
      if (column.from == kTarget) target = std::get<std::string>(values.back());
    }
    const auto id = call(table, region, "ok", target, account);
    writer_.add_row(*spec, account, region, values, "{}", id);
  }

  void account(const std::string& id = std::string(kAccount)) {
    row("aws_account", "us-east-1", {{"arn", "arn:aws:iam::" + id + ":user/auditor"}}, id);
  }

  void region(const std::string& name, const std::string& id = std::string(kAccount)) {
    row("aws_region", name, {{"name", name}, {"opt_in_status", std::string("opted-in")}}, id);
  }

  void vpc(const std::string& id, const std::string& region, Value is_default,
           const std::string& account = std::string(kAccount)) {
    row("aws_vpc", region, {{"vpc_id", id}, {"is_default", std::move(is_default)}}, account);
  }

  void without(std::string_view table) { std::erase(collected_, table); }

  Snapshot finish() {
    for (const auto& table : collected_) writer_.add_collected(*find_table(table));
    SnapshotInfo info;
    info.collected_at = info.started_at = "2026-11-22T00:00:00Z";
    info.source = "recording";
    writer_.finish(info);
    return Snapshot(path_);
  }

 private:
  std::filesystem::path path_;
  SnapshotWriter writer_;
  std::vector<std::string> collected_;
};

inline Report judge(const Snapshot& snapshot, const Library& library,
                    EvaluateOptions options = {}) {
  if (options.jobs == 0) options.jobs = 1;
  options.verify_calls = true;
  return evaluate(snapshot, choose(library, {}, {}), options);
}

inline std::vector<Finding> findings_of(const Report& report) {
  std::vector<Finding> all;
  for (const auto& range : report.findings.ranges()) all.insert(all.end(), range.begin(), range.end());
  return all;
}

// The calls that a finding rests on, answered or not, in the order of reports.
inline std::vector<SourceCall> calls_of(const CallReader& read, const Finding& finding) {
  auto calls = finding.unanswered;
  for (const auto id : finding.call_ids) calls.push_back(*read(id));
  std::sort(calls.begin(), calls.end(), is_before);
  return calls;
}

inline std::vector<SourceCall> calls_of(const Report& report, const Finding& finding) {
  return calls_of(report.open_calls(), finding);
}

// "verdict region resource", a line each.
inline std::string lines(const Report& report) {
  std::string text;
  for (const auto& finding : findings_of(report)) {
    text += fmt::format("{} {} {}\n", name_of(finding.verdict), finding.region, finding.resource);
  }
  return text;
}

// Every field of a report, for comparing two.
inline std::string dump(const Report& report) {
  std::string text;
  const auto read = report.open_calls();
  for (const auto& f : findings_of(report)) {
    text +=
        fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}\n", f.id, f.check, name_of(f.verdict),
                    name_of(f.level), f.account_id, f.region, f.resource, f.detail, f.first_seen);
    for (const auto& [name, value] : f.evidence) text += fmt::format(" {}={}\n", name, value);
    for (const auto& c : calls_of(read, f))
      text += fmt::format(" {} {} {} {}\n", c.operation, c.region, c.target, c.outcome);
  }
  for (const auto& a : report.head.account_summaries) {
    text += a.account_id;
    for (const auto v : kVerdicts) text += fmt::format(" {}/{}", a.judgements[v], a.findings[v]);
    text += "\n";
    for (const auto& r : a.requirements) {
      const auto& about = report.head.requirement_texts[r.requirement];
      text += fmt::format("{} {} {} {}\n", about.pack, about.number, name_of(r.verdict), r.findings);
    }
  }
  return text;
}

}  // namespace ciswatch::rig
