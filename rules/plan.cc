#include "rules/plan.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "rules/compile.h"
#include "rules/settings.h"

namespace ciswatch {
namespace {

// Adds the parents that `table` is asked for. A table that is its own parent begins somewhere else.
// Returns whether something was new.
bool add_parents(const TableSpec& table, const std::set<const TableSpec*>& read,
                 std::set<const TableSpec*>& needed) {
  const bool any_read = std::any_of(table.parents.begin(), table.parents.end(), [&](const auto& p) {
    return p.table != table.name && read.contains(find_table(p.table));
  });
  bool grew = false;
  for (const auto& parent : table.parents) {
    const auto* spec = find_table(parent.table);
    if (!any_read || read.contains(spec)) grew |= needed.insert(spec).second;
  }
  return grew;
}

std::set<const TableSpec*> read_by_sql(const Check& check, Sandbox& empty) {
  try {
    find_columns(empty.prepare(check.sql));
  } catch (const SqlError& error) {
    throw error_in_sql(check, error);
  }
  return empty.tables_read();
}

}  // namespace

std::set<const TableSpec*> reads(const Check& check, const Library& library) {
  auto tables = read_by_sql(check, *empty_sandbox(library));
  leave_out_unread(check, settings_of(check, {}), tables);
  return tables;
}

std::vector<const TableSpec*> required_tables(const Selection& selection, const SetValues& set) {
  const auto empty = empty_sandbox(*selection.library);
  std::set<const TableSpec*> read;
  std::map<std::string_view, std::set<const TableSpec*>> compiled;  // checks may share their SQL
  for (const auto* check : selection.checks) {
    const auto [known, is_new] = compiled.try_emplace(check->sql);
    if (is_new) known->second = read_by_sql(*check, *empty);
    auto tables = known->second;
    leave_out_unread(*check, settings_of(*check, set), tables);
    read.merge(tables);
  }
  auto needed = read;
  needed.insert(find_table("aws_account"));
  needed.insert(find_table("aws_region"));
  for (bool grew = true; grew;) {
    grew = false;
    for (const auto* table : tables()) {
      if (needed.contains(table)) grew |= add_parents(*table, read, needed);
    }
  }
  std::vector<const TableSpec*> ordered;
  std::copy_if(tables().begin(), tables().end(), std::back_inserter(ordered),
               [&](const TableSpec* table) { return needed.contains(table); });
  return ordered;
}

}  // namespace ciswatch
