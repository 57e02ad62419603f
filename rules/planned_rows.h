#pragma once

// The rows that a plan changes: as the snapshot has them, and as the changes so far leave them.

#include <map>
#include <optional>
#include <string>

#include "core/plan/plan.h"
#include "rules/sandbox.h"
#include "rules/source.h"

namespace ciswatch {

struct PlannedRow {
  std::string item;     // JSON; "": there is no such row
  std::string changed;  // the members that changes of the plan have set; "{}": none
  std::string change;   // the last change that set any; "": none
};

class PlannedRows {
 public:
  PlannedRows(Sandbox& sandbox, const SnapshotSource& source) : sandbox_(sandbox), source_(source) {}

  // As it is now. Throws Error where the snapshot could not read it.
  const PlannedRow& get(const RowPlace& key);

  // Takes effect with `keep`; what was set since is forgotten by `drop`.
  void set(const RowPlace& key, PlannedRow row) { staged_[key] = std::move(row); }
  void keep();
  void drop() { staged_.clear(); }

 private:
  PlannedRow read(const RowPlace& key);
  [[nodiscard]] std::string read_item(const RowPlace& key, const TableSpec& table);
  void require_answer(const RowPlace& key, const TableSpec& table);

  Sandbox& sandbox_;
  const SnapshotSource& source_;
  std::map<RowPlace, PlannedRow> rows_, staged_;
  std::map<std::string, Statement> statements_;  // by their text
};

}  // namespace ciswatch
