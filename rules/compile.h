#pragma once

// From a check's text to a statement whose columns are known.

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/library.h"
#include "rules/sandbox.h"

namespace ciswatch {

// Which column of a check's result is what; -1 where there is none.
struct ResultColumns {
  int account_id = -1, region = -1, resource = -1, ok = -1, detail = -1;
  int level = -1, not_applicable = -1;
  std::vector<int> calls;     // call_id and *_call_id: provenance
  std::vector<std::pair<int, std::string>> evidence;  // all others, with their names
};

// Throws SqlError for a column that is missing or there twice.
ResultColumns find_columns(const Statement& statement);

// These tables, empty, in memory.
Database empty_database(std::span<const TableSpec* const> wanted = tables());

// A sandbox on empty tables. Throws SqlError for views that do not compile.
std::unique_ptr<Sandbox> empty_sandbox(Shown shown);

// Checks that were found to compile.
struct Compiled {
  Shown shown;               // to them
  std::vector<Reads> reads;  // of each, in their order: SQLite's authorizer tells, on empty tables
};

// Throws Error "file:line:column: what" for SQL, or a view that it names, that does not compile or
// reaches outside the sandbox.
Compiled compile(std::span<const Check* const> checks, const Library& library);

// "file:line:column: what".
Error error_in_sql(const Query& query, const SqlError& error);

Place place_in_text(std::string_view text, int offset);
std::size_t offset_in_text(std::string_view text, Place place);

}  // namespace ciswatch
