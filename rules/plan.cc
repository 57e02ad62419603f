#include "rules/plan.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

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

}  // namespace

std::set<const TableSpec*> tables_read(const Check& check, const Library& library) {
  const auto* only = &check;
  auto tables = std::move(compile({&only, 1}, library).reads.front().tables);
  leave_out_unread(check, settings_of(check, {}), tables);
  return tables;
}

std::vector<const TableSpec*> required_tables(const Selection& selection, const SetValues& set) {
  return required_tables(selection, compile(selection.checks, *selection.library), set);
}

std::vector<const TableSpec*> required_tables(const Selection& selection, const Compiled& compiled,
                                              const SetValues& set) {
  std::set<const TableSpec*> read;
  for (std::size_t i = 0; i < selection.checks.size(); ++i) {
    const auto& check = *selection.checks[i];
    auto tables = compiled.reads[i].tables;
    leave_out_unread(check, settings_of(check, set), tables);
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
