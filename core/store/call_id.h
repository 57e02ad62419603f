#pragma once

// The ids of calls: the same call has the same id in every snapshot, so that what was found of an
// unchanged account may be kept from one to the next.

#include <cstdint>
#include <string_view>

namespace ciswatch {

struct LedgerRow;

// Never 0. Two calls in a trillion have the same.
std::int64_t call_id_of(const LedgerRow& row);

// The ids of an account's calls stand together; a few other accounts' may be among them.
struct CallIds {
  std::int64_t first, last;
};
CallIds call_ids_of(std::string_view account_id);

}  // namespace ciswatch
