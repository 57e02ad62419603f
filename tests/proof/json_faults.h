#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ciswatch::proof {

// The document with one of its values replaced: by null, and by a value of another type; each with
// the place and what was done. None for a text that is no JSON. Bounded for long documents.
std::vector<std::pair<std::string, std::string>> json_faults(std::string_view document);

}  // namespace ciswatch::proof
