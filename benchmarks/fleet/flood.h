#pragma once

#include <cstddef>

#include "benchmarks/fleet/account.h"
#include "core/store/snapshot.h"

namespace ciswatch::fleet {

// The KMS of one account in rows, past the collector: `count` keys in the account's home region and
// none in the others. The rows are those of as many keys that were collected, but for two things
// that would only cost time where the point is how many rows there are: their documents are empty,
// and one row of the ledger stands for all calls of an operation.
void write_flood(const Account& account, std::size_t count, SnapshotWriter& writer);

}  // namespace ciswatch::fleet
