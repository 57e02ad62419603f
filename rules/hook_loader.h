#pragma once

// The configuration's list of hooks.

#include <filesystem>
#include <vector>

#include "rules/fields.h"
#include "rules/tailoring.h"

namespace ciswatch {

// `file` is the configuration that the list stands in.
std::vector<TailoredHook> read_hooks(const YamlNode& list, const std::filesystem::path& file,
                                     Problems& problems);

}  // namespace ciswatch
