#pragma once

// The stored form of a snapshot, made from the table specs.

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "core/tables/table_spec.h"

namespace ciswatch {

// Marks an SQLite file as a ciswatch snapshot ("CISW"), and the layout of the tables below.
inline constexpr int kApplicationId = 0x43495357;
inline constexpr int kSchemaVersion = 2;

// CREATE TABLE of everything: these tables, `api_call` (the ledger), `snapshot` (one row: who,
// when, with what), `snapshot_table` (which tables were collected), `snapshot_shard` (which parts of
// the accounts), `snapshot_total` (calls by outcome, and regions) and `account_content` (how many rows
// of each table an account has, and a hash of what they say); and what SQLite is told of their sizes.
std::string tables_sql(std::span<const TableSpec* const> wanted = tables());

// The indexes of all of it: made in one go when the rows are there.
std::string indexes_sql();

// The tables beside the specs'.
std::string ledger_sql();

// Whether the snapshot holds a table.
using Stored = std::function<bool(std::string_view table)>;

// Which accounts a view shows, and whether calls of theirs may be unanswered.
//   answered    those from slice_first() to slice_last(), every call of which was answered
//   any         those from slice_first() to slice_last()
//   none        all accounts: the view's name is org_<table>
enum class Slice { answered, any, none };

// CREATE TEMP VIEW named as the table: its stored rows, and for each call that was not answered one
// row of NULLs but for account, region, call and the resource that the call was about. A check thus
// sees "unknown" as SQL's NULL. For a table that is not `stored` (the snapshot is older than it, or
// was collected for other checks) every account, region or resource of the parent is such a row.
// Slice::answered leaves out the half that has no row there: SQLite then reads the table itself, by
// its key, where it would copy and index the halves of a UNION ALL for each join.
std::string view_sql(const TableSpec& table, const Stored& stored, Slice slice);

// The same of the ledger: its stored rows.
std::string ledger_view_sql(Slice slice);

// The columns of the table's primary key, in their order.
std::string primary_key(const TableSpec& table);

// "text", "integer", "real": the column's type in the STRICT table.
std::string_view sql_type(Type type);

// The schema page: every table and column with its source call and IAM action, as Markdown.
std::string schema_markdown();

}  // namespace ciswatch
