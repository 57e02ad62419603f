#pragma once

#include <string_view>

namespace ciswatch {

// Whether it can be the id of an AWS account: 12 digits.
inline bool is_account_id(std::string_view text) {
  return text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace ciswatch
