#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace ciswatch {

// The end of a command: something the user has to mend (exit code 2). What failed, where, and the
// next step stand in the text. Failures that are data (an API call that was denied) are values,
// not this. Caught in `main` and nowhere else, but for the border of a check or a call.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& text) : std::runtime_error(text) {}

  // The same error with what was being done in front: "reading a.yaml: …".
  [[nodiscard]] Error within(std::string_view context) const {
    return Error(std::string(context) + ": " + what());
  }
};

}  // namespace ciswatch
