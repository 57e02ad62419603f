#pragma once

// From the rows of one check to its findings: the only place that makes verdicts.

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/report/report.h"
#include "rules/changes.h"
#include "rules/compile.h"
#include "rules/evaluate.h"
#include "rules/kept.h"
#include "rules/ledger.h"
#include "rules/slices.h"
#include "rules/waiving.h"

namespace ciswatch {

// One check, as it is to run.
struct Job {
  const Check* check = nullptr;
  Level level = Level::warn;  // the check's own, or a pack's
  std::map<std::string, Value> settings;
};

// An earlier scan, of which what has not changed is taken over.
struct Previous {
  Changes changes;
  std::filesystem::path kept;
};

// What all checks share; constant while they run.
struct Ground {
  const SnapshotSource* source = nullptr;
  const EvaluateOptions* options = nullptr;
  const Library* library = nullptr;
  Shown shown;  // to the jobs' SQL
  std::vector<Account> accounts;
  UnansweredIds unanswered;  // nullopt, too, where each call that a check names is to be looked up
  std::optional<Previous> previous;
  Fingerprints fingerprints;  // of all checks, if findings are kept or taken over
  Waiving* waiving = nullptr;  // nullptr: without waivers
};

// A connection with its checks compiled: for slices in which every call was answered, or for any.
// One thread.
class Bench {
 public:
  Bench(const Ground& ground, Slice slice)
      : sandbox_(ground.source->open(), slice, ground.shown, ground.source->holds),
        ledger_(sandbox_, *ground.source) {}

  // The check's statement. Checks with the same SQL, which differ in their settings, share it.
  struct Prepared {
    Statement rows;
    ResultColumns columns;
    Reads reads;  // with the job's settings
  };
  Prepared& prepare(const Job& job);
  void forget() { prepared_.clear(); }  // what was prepared

  Sandbox& sandbox() { return sandbox_; }
  Ledger& ledger() { return ledger_; }

 private:
  Sandbox sandbox_;
  Ledger ledger_;
  // By SQL, which is the library's, and where a setting tells what it reads also by check.
  std::map<std::pair<std::string_view, const Check*>, Prepared> prepared_;
};

// The findings of one check on a slice, by account, each account's by region and resource. A failure
// of the check itself is an unknown finding per account; so is a check that has used up its `time`,
// from which what it takes is deducted. Throws DatabaseError for a damaged file.
std::vector<FindingBatch> run_check(const Job& job, const Ground& ground, const AccountSlice& slice,
                                    Bench& bench, std::atomic<std::int64_t>& nanoseconds_left);

}  // namespace ciswatch
