#pragma once

// CSV as RFC 4180 has it, with the place of every cell.

#include <string>
#include <vector>

#include "rules/yaml_tree.h"

namespace ciswatch {

using CsvRow = std::vector<YamlNode>;  // scalars

// The rows that are not empty, the first one with the names of the columns; every row has as many
// cells as it. A cell in quotes may hold commas, line ends, and quotes that are doubled. A byte order
// mark is passed over. Throws YamlError.
std::vector<CsvRow> parse_csv(const std::string& text);

}  // namespace ciswatch
