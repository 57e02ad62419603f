#pragma once

// A finding as bytes, for this program's own files. Account and check are not in it: they are the
// batch's.

#include <cstddef>
#include <string>
#include <string_view>

#include "core/report/finding.h"

namespace ciswatch {

void encode(const Finding& finding, std::string& out);  // appends

// How many bytes the finding at the start of `bytes` takes; 0 if too few are there to tell.
std::size_t encoded_size(std::string_view bytes);

// Sets all of `finding` but account_id and check; returns how many bytes it took. Throws Error for
// bytes that are not of `encode`'s making.
std::size_t decode(std::string_view bytes, Finding& finding);

}  // namespace ciswatch
