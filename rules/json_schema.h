#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ciswatch {

// The kinds of files that people write: "check", "pack", "config", "waivers", "accounts".
std::vector<std::string> schema_kinds();

// The JSON Schema (2020-12) of a kind, made from what its loader reads. It holds what a single file
// can be told by itself: ids of other files and SQL are for `checks lint`. Throws Error for a kind
// that is none.
std::string json_schema(std::string_view kind);

}  // namespace ciswatch
