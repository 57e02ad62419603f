#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/report/report.h"
#include "core/store/snapshot.h"
#include "rules/compile.h"
#include "rules/selection.h"
#include "rules/waivers.h"

namespace ciswatch {

struct EvaluateOptions {
  unsigned jobs = 0;                             // threads; 0: as many as there are cores
  std::map<std::string, std::string> settings;   // "check-id.name" → value
  std::set<std::string> closed_regions;          // unknown there becomes not_applicable
  std::chrono::milliseconds time_limit{60'000};  // of one check, on all accounts together
  std::size_t most_rows = 200'000;               // of one check on one slice of accounts
  std::size_t slice_cost = 8'000;                // about how many rows the accounts of a slice have
  std::uint64_t shuffle = 0;                     // other than 0: a random schedule, for tests
  // An earlier snapshot: what its scan has kept beside it is taken over for the accounts that have not
  // changed since, and what is found is kept beside this one. nullptr: neither.
  const Snapshot* previous = nullptr;
  std::vector<WaiverEntry> waivers;  // judged by the snapshot's time
  // Looks up each call that a check names, also where all are known to be answered: for tests of
  // checks, since a wrong name is its author's mistake.
  bool verify_calls = false;
  // A check that fails on a slice is tried on each of its accounts; not in its own tests, which would
  // not see then that it mixes up accounts.
  bool retry_accounts = true;
  const Compiled* compiled = nullptr;  // the selection's checks; nullptr: compile them
  std::function<void(std::size_t done, std::size_t all)> progress;  // accounts; one caller at a time
};

// Judges the snapshot, slice by slice of its accounts. The same snapshot, selection and settings give
// the same report on any number of threads at any time. A check that fails on a slice (time, rows, an
// SQL error, a verdict that is none) is one `unknown` finding for each of its accounts that says why.
// Throws Error for a wrong setting, for SQL that does not compile, for a damaged snapshot and when a
// signal asked to stop. The report reads the snapshot's ledger: the file stays.
Report evaluate(const Snapshot& snapshot, const Selection& selection,
                const EvaluateOptions& options);

}  // namespace ciswatch
