#pragma once

#include "core/store/database.h"

namespace ciswatch {

// Fills `snapshot_total`: calls by outcome, and regions.
void write_totals(Database& database);

// Fills `account_content`: for each account and table how many rows there are and a hash of what
// they and the calls behind them say, and the same of the ledger (`api_call`). Left out of the hash is what differs between
// two collections of the same thing: ids, times and attempts of the calls. The same content of an
// account thus gives the same hash in any snapshot.
void write_account_content(Database& database);

}  // namespace ciswatch
