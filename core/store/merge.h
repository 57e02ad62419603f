#pragma once

// Several snapshots as one.

#include <cstddef>
#include <filesystem>
#include <vector>

#include "core/store/snapshot.h"

namespace ciswatch {

struct MergeRequest {
  std::vector<std::filesystem::path> inputs;
  std::filesystem::path out;
  bool replace = false;        // what stands at `out`
  bool allow_missing = false;  // shards that are not there, or were stopped
  unsigned jobs = 0;           // threads; 0: as many as there are cores
};

struct Merged {
  std::size_t accounts = 0;
  std::vector<Shard> missing;
};

// Writes the snapshot that reading all accounts of the inputs at once would have made: what is found
// in it is the same to the byte. Neither their order nor the number of threads matters. Throws Error for an account, a
// file or a shard that is there twice, a shard that is missing, inputs of other layouts or for other
// checks than each other, a broken input, and an `out` that is there or is an input; what stood at
// `out` then stays, and the inputs always do. Memory does not grow with the inputs' rows.
Merged merge_snapshots(const MergeRequest& request);

}  // namespace ciswatch
