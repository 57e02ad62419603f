#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "rules/diagnostic.h"
#include "rules/library.h"

namespace ciswatch {

// Everything that can be told about check and pack files without a snapshot: their form, whether
// the SQL compiles and stays inside the sandbox, what it returns, whether the tests are enough.
// `paths` are files, or folders as load_library reads them, whose views come after the library's. Other checks and packs, for ids that must be there or must be new, are `library`'s.
// Ordered by file and place. Throws Error only for a path that cannot be read.
std::vector<Diagnostic> lint(std::span<const std::filesystem::path> paths, const Library& library);

}  // namespace ciswatch
