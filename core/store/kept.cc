#include "core/store/kept.h"

#include <fmt/format.h>

#include <set>
#include <unordered_map>

#include "core/store/call_id.h"

namespace ciswatch {
namespace {

using Places = std::unordered_map<std::int64_t, std::size_t>;  // call_id → place in the list

void add_rows(Database& database, std::string_view account_id, const TableSpec& table,
              const Places& places, std::vector<KeptCall>& calls) {
  std::string columns = "call_id, region";
  for (const auto& column : table.columns) columns += fmt::format(", {}", column.name);
  auto rows = database.prepare(
      fmt::format("select {} from main.{} where account_id = ?1", columns, table.name));
  rows.bind(1, account_id);
  while (rows.step()) {
    const auto place = places.find(rows.integer(0));
    if (place == places.end()) continue;
    auto& row = calls[place->second].rows.emplace_back();
    row.region = rows.text(1);
    for (int i = 2; i < rows.columns(); ++i) row.values.push_back(rows.value(i));
  }
}

}  // namespace

std::vector<KeptCall> kept_calls(Database& database, std::string_view account_id,
                                 bool (*has_followers)(const TableSpec& table)) {
  std::vector<KeptCall> calls;
  Places places;
  std::set<const TableSpec*> followed;
  auto rows = database.prepare(
      "select call_id, service, operation, region, target, outcome, time from main.api_call"
      " where call_id between ?1 and ?2 and account_id = ?3");
  const auto ids = call_ids_of(account_id);
  rows.bind(1, ids.first);
  rows.bind(2, ids.last);
  rows.bind(3, account_id);
  while (rows.step()) {
    const auto* table = find_table(rows.text(1), rows.text(2));
    if (table == nullptr) continue;
    places[rows.integer(0)] = calls.size();
    calls.push_back({table, std::string(rows.text(3)), std::string(rows.text(4)),
                     std::string(rows.text(5)), std::string(rows.text(6)), {}});
    if (has_followers(*table)) followed.insert(table);
  }
  for (const auto* table : followed) add_rows(database, account_id, *table, places, calls);
  return calls;
}

}  // namespace ciswatch
