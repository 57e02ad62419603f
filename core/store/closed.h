#pragma once

// Which regions a service control policy closes to an account.

#include <cstddef>
#include <string_view>

#include "core/store/database.h"

namespace ciswatch {

// How many calls of the ledger have become disabled (`closed`) and denied (`opened`).
struct Relabelled {
  std::size_t closed = 0, opened = 0;
};

// A region is closed where such a policy denies all of an account's calls to the region's services:
// they are disabled, since no grant would help. Where one call ended in any other way, what a policy
// denies is denied. To be asked when all calls have ended.
Relabelled close_regions(Database& database);

// Whether the message is AWS's where such a policy denies a call.
bool is_by_scp(std::string_view message);

}  // namespace ciswatch
