#include "core/store/shape.h"

#include <fmt/format.h>

#include <map>
#include <string_view>
#include <vector>

#include "core/store/schema.h"

namespace ciswatch {
namespace {

constexpr std::string_view kLedger = "api_call";

// By name: the place in the primary key.
using Columns = std::map<std::string, std::int64_t, std::less<>>;

std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text.append(c == '"' ? 2 : 1, c);
  return text + '"';
}

Columns columns_of(Database& database, std::string_view table) {
  Columns columns;
  auto rows = database.prepare(fmt::format("pragma main.table_xinfo({})", quoted(table)));
  while (rows.step()) {
    if (rows.integer(6) != 0) {
      throw Error(fmt::format("holds a computed column, {}.{}", table, rows.text(1)));
    }
    columns[std::string(rows.text(1))] = rows.integer(5);
  }
  return columns;
}

void refuse_other_objects(Database& database) {
  auto odd = database.prepare(
      "select name, type from main.sqlite_schema where type not in ('table', 'index') or type is "
      "null"
      " or typeof(rootpage) <> 'integer' or rootpage < 1 limit 1");
  if (!odd.step()) return;
  throw Error(fmt::format("holds something that is neither a table nor an index: {} {}",
                          odd.text(1), odd.text(0)));
}

std::vector<std::string> names_of(const Columns& columns) {
  std::vector<std::string> names;
  for (const auto& entry : columns) names.push_back(entry.first);
  return names;
}

std::vector<std::string> names_of(const TableSpec& table) {
  std::vector<std::string> names{"account_id", "region", "call_id", "doc"};
  for (const auto& column : table.columns) names.emplace_back(column.name);
  return names;
}

void check_table(Database& database, std::string_view table, const std::vector<std::string>& names) {
  const auto there = columns_of(database, table);
  if (there.empty()) throw Error(fmt::format("lacks its table {}", table));
  for (const auto& name : names) {
    if (there.contains(name)) continue;
    throw Error(fmt::format("lacks the column {}.{}", table, name));
  }
  // Calls are looked up by it, millions of times. Other keys and types may be those of another
  // version.
  const auto id = there.find("call_id");
  if (table == kLedger && id->second != 1) throw Error("has no key of its calls");
}

}  // namespace

void check_shape(Database& database, const std::set<std::string, std::less<>>& held) {
  refuse_other_objects(database);
  auto ours = Database::in_memory();
  ours.execute(ledger_sql());
  const auto check_ours = [&](std::string_view table) {
    check_table(database, table, names_of(columns_of(ours, table)));
  };
  for (const std::string_view table : {std::string_view("snapshot"), std::string_view("snapshot_table"), kLedger}) {
    check_ours(table);
  }
  for (const auto* table : tables()) {
    if (held.contains(table->name)) check_table(database, table->name, names_of(*table));
  }
  // What a snapshot of an older layout lacks.
  for (const auto* table : {"snapshot_shard", "snapshot_total", "account_content"}) {
    if (!columns_of(database, table).empty()) check_ours(table);
  }
}

}  // namespace ciswatch
