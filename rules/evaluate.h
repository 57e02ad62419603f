#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "core/report/report.h"
#include "core/store/snapshot.h"
#include "rules/selection.h"

namespace ciswatch {

struct EvaluateOptions {
  unsigned jobs = 0;                             // threads; 0: as many as the machine has cores
  std::map<std::string, std::string> settings;   // "check-id.name" → value
  std::set<std::string> closed_regions;          // unknown there becomes not_applicable
  std::chrono::milliseconds time_limit{60'000};  // of one check
  std::size_t most_rows = 5'000'000;             // of one check
  bool compiled = false;  // required_tables() has found that the selection's SQL compiles
  std::function<void(std::size_t done, std::size_t all)> progress;  // one caller at a time
};

// Judges the snapshot. The same snapshot, selection and settings give the same report on any number
// of threads at any time. A check that fails while it runs (time, rows, an SQL error, a verdict
// that is none) is one `unknown` finding per account that says why. Throws Error for a wrong
// setting, for SQL that does not compile, for a damaged snapshot and when a signal asked to stop.
Report evaluate(const Snapshot& snapshot, const Selection& selection,
                const EvaluateOptions& options);

}  // namespace ciswatch
