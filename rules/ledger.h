#pragma once

// The calls behind a snapshot's rows, as one connection reads them. One thread.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/report/report.h"
#include "rules/sandbox.h"
#include "rules/slices.h"
#include "rules/source.h"

namespace ciswatch {

// "cloudtrail:GetTrailStatus of arn:… in eu-west-1 was denied (AccessDeniedException: …); grant
// cloudtrail:GetTrailStatus", bounded and in one line.
std::string describe(const SourceCall& call);

// Calls of a table in a slice, or behind the rows of a check there: each is held in memory.
inline constexpr std::size_t kMostUnanswered = 50'000;

// A table's calls that were not answered, in a slice. For a table that the snapshot does not hold,
// the calls that would have been made.
struct Unanswered {
  std::vector<SourceCall> calls;
  std::multimap<std::pair<std::string, std::string>, std::size_t> by_region;  // account, region
  std::multimap<std::pair<std::string, std::string>, std::size_t> by_target;  // account, target
};

// The ids of all calls of a snapshot that were not answered, in their order; nullopt: more than should
// be held in memory.
using UnansweredIds = std::optional<std::vector<std::int64_t>>;
UnansweredIds read_unanswered_ids(Database& database);

class Ledger {
 public:
  Ledger(Sandbox& sandbox, const SnapshotSource& source);

  // nullptr if the ledger has no such row. Valid until the next call of `find`.
  const SourceCall* find(std::int64_t call_id);

  // What is asked next is of these accounts. `answered`: their calls all were.
  void show(std::span<const Account> accounts, bool answered);
  const Unanswered& unanswered(const TableSpec& table);  // throws Error for more than kMostUnanswered

 private:
  Unanswered load(const TableSpec& table);

  Sandbox& sandbox_;
  const SnapshotSource& source_;
  Statement by_id_;
  SourceCall found_;
  std::span<const Account> accounts_;
  bool answered_ = false;
  std::map<const TableSpec*, Unanswered> unanswered_;
};

}  // namespace ciswatch
