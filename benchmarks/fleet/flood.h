#pragma once

#include <cstddef>

#include "benchmarks/fleet/account.h"
#include "core/store/snapshot.h"

namespace ciswatch::fleet {

// The KMS of one account in rows, past the collector: `count` keys in the account's home region and
// none in the others. The same rows and ledger as for as many keys that were collected, but for
// their documents, which are left empty: ten million rows are about how many, not how long.
void write_flood(const Account& account, std::size_t count, SnapshotWriter& writer);

}  // namespace ciswatch::fleet
