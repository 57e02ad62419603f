#include "rules/given.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <vector>

#include "core/store/schema.h"

namespace ciswatch {
namespace {

constexpr std::string_view kAccount = "111111111111";
constexpr std::string_view kRegion = "us-east-1";
constexpr std::string_view kTime = "2026-11-22T00:00:00Z";

using Columns = std::map<std::string, Value>;

Columns columns_of(const GivenRow& row) {
  Columns columns(row.values.begin(), row.values.end());
  columns.try_emplace("account_id", std::string(kAccount));
  columns.try_emplace("region", std::string(kRegion));
  return columns;
}

std::string text_of(const Columns& columns, std::string_view name) {
  const auto found = columns.find(std::string(name));
  const auto* text = found == columns.end() ? nullptr : std::get_if<std::string>(&found->second);
  return text == nullptr ? "" : *text;
}

using Prepare = std::function<Statement(std::string_view)>;

void insert(const Prepare& prepare, std::string_view table, const Columns& columns) {
  std::string names;
  std::string values;
  for (const auto& entry : columns) {
    names += (names.empty() ? "" : ", ") + entry.first;
    values += values.empty() ? "?" : ", ?";
  }
  auto statement = prepare(fmt::format("insert into main.{} ({}) values ({})", table, names, values));
  int at = 1;
  for (const auto& entry : columns) statement.bind(at++, entry.second);
  statement.step();
}

// What the call that this row comes from was about.
std::string target_of(const TableSpec& spec, const Columns& columns) {
  std::string key, second;
  for (const auto& column : spec.columns) {
    if (column.from == kTarget) key = text_of(columns, column.name);
    if (column.from == kSecond) second = text_of(columns, column.name);
  }
  return target_text(spec, key, second);
}

class Builder {
 public:
  explicit Builder(const Prepare& prepare) : prepare_(prepare) {}

  void add(const GivenRow& row) {
    const auto columns = columns_of(row);
    if (row.table == "api_call") {
      add_call(columns);
    } else if (const auto* spec = find_table(row.table)) {
      add_row(*spec, columns);
    }
  }

  // Rows of aws_account and aws_region for all that occurs.
  void complete(bool accounts_given, bool regions_given) {
    if (seen_accounts_.empty()) seen_accounts_.emplace(kAccount);
    const auto accounts = seen_accounts_;
    for (const auto& account : accounts) {
      if (accounts_given || unread_accounts_.contains(account)) continue;
      add_row(*find_table("aws_account"),
              {{"account_id", account},
               {"region", std::string(kRegion)},
               {"arn", fmt::format("arn:aws:iam::{}:user/auditor", account)}});
    }
    if (regions_given) return;
    const auto regions = seen_regions_;
    for (const auto& [account, region] : regions) {
      if (unread_regions_.contains(account) || region == "*") continue;
      add_row(*find_table("aws_region"), {{"account_id", account},
                                          {"region", region},
                                          {"name", region},
                                          {"opt_in_status", std::string("opt-in-not-required")}});
    }
  }

 private:
  void add_call(Columns columns) {
    for (const auto* name : {"target", "code", "message"}) {
      columns.try_emplace(name, std::string());
    }
    columns.try_emplace("attempts", std::int64_t{1});
    columns.try_emplace("time", std::string(kTime));
    columns["call_id"] = ++calls_;
    const auto account = text_of(columns, "account_id");
    const auto* spec = find_table(text_of(columns, "service"), text_of(columns, "operation"));
    note(*spec, account, text_of(columns, "region"));
    const auto outcome = text_of(columns, "outcome");
    if (outcome != "ok" && outcome != "absent") {
      if (spec->name == "aws_region") unread_regions_.insert(account);
      if (spec->name == "aws_account") unread_accounts_.insert(account);
    }
    insert(prepare_, "api_call", columns);
  }

  void add_row(const TableSpec& spec, Columns columns) {
    const auto account = text_of(columns, "account_id");
    const auto region = text_of(columns, "region");
    note(spec, account, region);
    const auto target = target_of(spec, columns);
    insert(prepare_, "api_call",
           {{"call_id", ++calls_},
            {"account_id", account},
            {"region", region},
            {"service", std::string(spec.service)},
            {"operation", std::string(spec.operation)},
            {"target", target},
            {"outcome", std::string("ok")},
            {"code", std::string()},
            {"message", std::string()},
            {"attempts", std::int64_t{1}},
            {"time", std::string(kTime)}});
    columns["call_id"] = calls_;
    columns.try_emplace("doc", std::string("{}"));
    insert(prepare_, spec.name, columns);
  }

  void note(const TableSpec& spec, const std::string& account, const std::string& region) {
    seen_accounts_.insert(account);
    if (spec.scope == Scope::region) seen_regions_.emplace(account, region);
  }

  const Prepare& prepare_;
  std::int64_t calls_ = 0;
  std::set<std::string> seen_accounts_, unread_accounts_, unread_regions_;
  std::set<std::pair<std::string, std::string>> seen_regions_;
};

bool gives(const CheckTest& test, std::string_view table) {
  return std::any_of(test.given.begin(), test.given.end(),
                     [&](const GivenRow& row) { return row.table == table; });
}

}  // namespace

SnapshotInfo given_info(const CheckTest& test) {
  SnapshotInfo info;
  info.id = "test";
  info.collected_at = info.started_at = kTime;
  info.source = "recording";
  for (const auto& row : test.given) {
    if (row.table != "snapshot") continue;
    const auto columns = columns_of(row);
    const auto set = [&](std::string& value, std::string_view name) {
      if (columns.contains(std::string(name))) value = text_of(columns, name);
    };
    set(info.id, "id");
    set(info.collected_at, "collected_at");
    set(info.started_at, "started_at");
    set(info.collected_by, "collected_by");
  }
  return info;
}

void insert_given(const CheckTest& test, const Prepare& prepare) {
  const auto info = given_info(test);
  insert(prepare, "snapshot",
         {{"id", info.id},
          {"collected_at", info.collected_at},
          {"started_at", info.started_at},
          {"collected_by", info.collected_by},
          {"source", info.source},
          {"complete", std::int64_t{1}},
          {"tool_version", std::string(CISWATCH_VERSION)},
          {"spec_version", std::string(spec_version())}});
  Builder builder(prepare);
  for (const auto& row : test.given) {
    try {
      builder.add(row);
    } catch (const DatabaseError& error) {
      throw Error(fmt::format("line {}: this row of {} does not fit: {}", row.place.line, row.table,
                              error.what()));
    }
  }
  builder.complete(gives(test, "aws_account"), gives(test, "aws_region"));
}

Database given_database(const CheckTest& test, std::span<const TableSpec* const> shown) {
  std::vector<const TableSpec*> wanted;
  std::copy_if(tables().begin(), tables().end(), std::back_inserter(wanted), [&](const TableSpec* table) {
    return std::find(shown.begin(), shown.end(), table) != shown.end() || gives(test, table->name) ||
           table->name == "aws_account" || table->name == "aws_region";
  });
  auto database = Database::in_memory();
  database.execute(tables_sql(wanted));
  insert_given(test, [&](std::string_view sql) { return database.prepare(sql); });
  database.harden(1 << 24);
  return database;
}

}  // namespace ciswatch
