#pragma once

// The part of a file that checks and fixes have in common.

#include <filesystem>
#include <string>

#include "rules/fields.h"
#include "rules/library.h"

namespace ciswatch {

// The id, which must be the file's name.
std::string read_id(Fields& fields, const std::filesystem::path& file, Problems& problems);

// id, title, settings and sql of `root`, a map read as `fields`; `text` is the whole file's. The
// query's file is set before.
void read_query(const YamlNode& root, Fields& fields, const std::string& text, Query& query,
                Problems& problems);

}  // namespace ciswatch
