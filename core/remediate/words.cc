#include "core/remediate/words.h"

#include <fmt/format.h>

#include "core/base/json.h"
#include "core/base/text.h"

namespace ciswatch {

std::string error_json(const ApiError& error) {
  return fmt::format(R"({{"code":{},"message":{},"status":{}}})", json_quote(error.code),
                     json_quote(error.message), error.status);
}

std::string in_words(const ApiError& error) {
  if (error.code.empty()) return printable(error.message);
  return fmt::format("{}: {}", printable(error.code), printable(error.message));
}

std::string in_words(const RowPlace& place) {
  return printable(fmt::format("{} {}", place.table, place.key.empty() ? place.target : place.key));
}

}  // namespace ciswatch
