#pragma once

struct sqlite3;

namespace ciswatch {

// Adds the aggregates any_ok(x) and all_ok(x): OR and AND over 1, 0 and NULL in SQL's three-valued
// logic, which max() and min() are not, since they drop NULL. any_ok of {0, NULL} is NULL, of {1,
// NULL} is 1; of no rows any_ok is 0 and all_ok is 1. Another value is an SQL error.
void add_kleene_aggregates(sqlite3* database);

}  // namespace ciswatch
