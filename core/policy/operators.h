#pragma once

// What each condition operator compares.

#include <string_view>

#include "core/policy/glob.h"

namespace ciswatch {

struct Operator {
  std::string_view name;
  enum class Takes { text, wildcards, value } takes;  // how the policy's value is to be read
  // text, wildcards: `pattern` is the policy's value with its variables in.
  Truth (*of_texts)(const Glob& pattern, std::string_view told);
  // value: a number, a date, an address, a boolean.
  Truth (*of_values)(std::string_view wanted, std::string_view told);
  bool negated = false;
};

// By the name without ForAllValues:, ForAnyValue: and IfExists; nullptr for one that is not known.
// Null is not among them: it looks at no value.
const Operator* find_operator(std::string_view name);

}  // namespace ciswatch
