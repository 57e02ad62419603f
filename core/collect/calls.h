#pragma once

// Which call follows from a row, and what is asked with it. Pure functions of the table specs.

#include <string>
#include <string_view>

#include "core/aws/call.h"
#include "core/collect/decode.h"
#include "core/tables/table_spec.h"

namespace ciswatch {

// NULL for a column that the table does not have.
const Value& column_of(const TableSpec& table, const DecodedRow& row, std::string_view name);

// Whether calls may follow from rows of the table.
bool has_followers(const TableSpec& table);

// Whether the link's conditions hold for a row of the parent.
bool is_due(const Parent& link, const TableSpec& parent, const DecodedRow& row,
            const std::string& account_id);

// What the call of `table` that follows from the parent's row is about; "" where the row does not say.
std::string target_of(const Parent& link, const TableSpec& table, const TableSpec& parent,
                      const DecodedRow& row);

ApiCall make_call(const TableSpec& table, const std::string& account_id, const std::string& region,
                  const std::string& target);

// Two calls with the same are one.
std::string call_key(const TableSpec& table, const std::string& account_id,
                     const std::string& region, const std::string& target);

}  // namespace ciswatch
