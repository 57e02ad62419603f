#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "benchmarks/fleet/account.h"

namespace ciswatch::fleet {

struct Written {
  std::size_t accounts = 0;
  std::uint64_t calls = 0;                                  // rows of the ledger
  std::vector<std::pair<std::string, std::uint64_t>> rows;  // by table, in the specs' order
  std::uintmax_t bytes = 0;
};

// The snapshot of the whole fleet, made as a collection makes it: the collector asks, account by
// account, a source that answers from the account's model. Same options, same bytes. Holds one
// account at a time. `progress` is told how many accounts are done. Throws Error.
Written write_fleet(const Options& options, const std::filesystem::path& path,
                    const std::function<void(std::size_t)>& progress);

}  // namespace ciswatch::fleet
