#pragma once

#include <functional>
#include <set>
#include <string>

#include "core/store/database.h"

namespace ciswatch {

// Throws Error ("holds …", "lacks …") for a database that no ciswatch has written: a view, trigger,
// virtual table or computed column (SQL of a stranger's that would run without an end), or a ledger
// or one of the `held` tables that is not there or has not the columns that its statements read.
// Throws DatabaseError where SQLite cannot read the schema.
void check_shape(Database& database, const std::set<std::string, std::less<>>& held);

}  // namespace ciswatch
