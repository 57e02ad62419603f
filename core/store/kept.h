#pragma once

// What a run that goes on knows from the ledger of the one before.

#include <string>
#include <string_view>
#include <vector>

#include "core/store/database.h"
#include "core/tables/table_spec.h"

namespace ciswatch {

struct KeptRow {
  std::string region;
  std::vector<Value> values;  // in the order of the spec's columns
};

// A call that was answered, and what it says.
struct KeptCall {
  const TableSpec* table;
  std::string region, target, outcome, time;
  std::vector<KeptRow> rows;  // where calls follow from rows of the table
};

// Those of an account, with the rows of tables that `has_followers` says.
std::vector<KeptCall> kept_calls(Database& database, std::string_view account_id,
                                 bool (*has_followers)(const TableSpec& table));

}  // namespace ciswatch
