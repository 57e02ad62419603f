#pragma once

// The snapshots that are merged, and which of them cannot be.

#include <filesystem>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/merge.h"
#include "core/store/snapshot.h"

namespace ciswatch {

struct MergeInput {
  Snapshot snapshot;
  Database database;
  std::set<std::string, std::less<>> accounts;
  std::map<std::int64_t, std::int64_t> moved_calls;  // whose id another input has: the new id
  std::int64_t calls = 0;                            // of its ledger, as far as it was read

  // Of a file whose rows contradict each other, or that SQLite cannot read.
  [[noreturn]] void throw_damaged(std::string_view why) const;
  [[noreturn]] void throw_unreadable(const DatabaseError& error) const;
};

// Opens them in so many threads, and refuses what merge_snapshots() says but what their rows tell.
std::vector<MergeInput> open_inputs(const MergeRequest& request, unsigned jobs);

// What the inputs are shards of, in their order.
std::vector<Shard> shards_of(std::span<const MergeInput> inputs);

}  // namespace ciswatch
