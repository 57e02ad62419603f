#pragma once

// The stored form of a snapshot, made from the table specs.

#include <functional>
#include <string>
#include <string_view>

#include "core/tables/table_spec.h"

namespace ciswatch {

// Marks an SQLite file as a ciswatch snapshot ("CISW"), and the layout of the tables below.
inline constexpr int kApplicationId = 0x43495357;
inline constexpr int kSchemaVersion = 1;

// CREATE TABLE of everything: the specs' tables, `api_call` (the ledger), `snapshot` (one row: who,
// when, with what) and `snapshot_table` (which tables were collected).
std::string schema_sql();

// CREATE TEMP VIEW named as the table: its stored rows, and for each call that was not answered one
// row of NULLs but for account, region, call and the resource that the call was about. A check thus
// sees "unknown" as SQL's NULL. For a table that is not `stored` (the snapshot is older than it, or
// was collected for other checks) every account, region or resource of the parent is such a row.
std::string slice_view_sql(const TableSpec& table,
                           const std::function<bool(std::string_view)>& stored);

// "text", "integer": the column's type in the STRICT table.
std::string_view sql_type(Type type);

// The schema page: every table and column with its source call and IAM action, as Markdown.
std::string schema_markdown();

}  // namespace ciswatch
