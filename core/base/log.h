#pragma once

#include <string_view>

namespace ciswatch {

// One line on stderr, "ciswatch: warning: …", in one write; control characters are replaced.
// For people only: nothing that a result depends on goes this way. Thread-safe.
void warn(std::string_view text);

}  // namespace ciswatch
