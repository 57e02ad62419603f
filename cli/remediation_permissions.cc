#include "cli/remediation_permissions.h"

#include <set>

#include "core/plan/plan.h"
#include "rules/fixes.h"

namespace ciswatch {
namespace {

class Needs {
 public:
  void add(const std::vector<std::string>& actions) { writes_.insert(actions.begin(), actions.end()); }

  void add_table(std::string_view name) {
    if (const auto* table = find_table(name)) tables_.insert(table);
  }

  // What AWS has named is looked for in all of a table, which may be asked once per row of another.
  void add_lookup(std::string_view name) {
    const auto* table = find_table(name);
    if (table == nullptr || !tables_.insert(table).second) return;
    for (const auto& parent : table->parents) add_lookup(parent.table);
  }

  [[nodiscard]] std::vector<Grant> grants() const {
    const std::vector<const TableSpec*> read(tables_.begin(), tables_.end());
    return {{"CiswatchMends", writes_}, {"CiswatchReadsAgain", actions_of(read)}};
  }

 private:
  std::set<std::string> writes_;
  std::set<const TableSpec*> tables_;
};

void add_fix(const Fix& fix, Needs& needs) {
  for (const auto& step : fix.steps) {
    needs.add(step.call.permissions);
    if (step.undo) needs.add(step.undo->permissions);
    for (const auto& row : step.rows) needs.add_table(row.table);
    if (step.lookup) needs.add_lookup(step.lookup->table);
  }
}

}  // namespace

std::vector<Grant> remediation_grants(const Chosen& chosen) {
  std::set<std::string> wanted;
  for (const auto* check : chosen.selection.checks) wanted.insert(check->action);
  Needs needs;
  for (const auto& fix : load_fixes(*chosen.library)) {
    if (wanted.contains(fix.id)) add_fix(fix, needs);
  }
  return needs.grants();
}

std::vector<Grant> remediation_grants(const std::filesystem::path& plan) {
  Needs needs;
  for (const auto& change : read_plan(plan).changes) {
    needs.add(change.permissions);
    for (const auto& row : change.rows) needs.add_table(row.table);
    if (change.lookup) needs.add_lookup(change.lookup->table);
  }
  return needs.grants();
}

}  // namespace ciswatch
