#pragma once

// Errors and rows as a journal and people read them.

#include <string>

#include "core/aws/call.h"
#include "core/remediate/rows.h"

namespace ciswatch {

std::string error_json(const ApiError& error);
std::string in_words(const ApiError& error);
std::string in_words(const RowPlace& place);

}  // namespace ciswatch
