#pragma once

// Rows of a query as people and programs read them.

#include <functional>
#include <string>
#include <string_view>

#include "core/store/database.h"

namespace ciswatch {

using Print = std::function<void(std::string_view)>;

// Columns under their names, as wide as the first few hundred rows need; NULL is told from ''.
// Control characters of values are replaced. Returns how many rows there were.
std::size_t print_table(Statement& rows, const Print& print);

// One JSON object a line.
std::size_t print_json_lines(Statement& rows, const Print& print);

}  // namespace ciswatch
