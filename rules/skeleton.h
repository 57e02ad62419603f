#pragma once

// A check to begin with.

#include <string>
#include <string_view>

#include "core/tables/table_spec.h"

namespace ciswatch {

// The text of a check file on this table that lint finds nothing wrong with and whose tests (one
// passes, one fails, one is unknown) hold. What it asks is made up: its author puts in what is meant.
std::string check_skeleton(std::string_view id, const TableSpec& table);

}  // namespace ciswatch
