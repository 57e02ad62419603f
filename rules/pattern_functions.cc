// pattern_error and its kin, as functions.h has them.

#include "core/base/json.h"
#include "core/pattern/match.h"
#include "core/pattern/pattern.h"
#include "core/pattern/slip.h"
#include "rules/functions.h"

namespace ciswatch {
namespace {

// What `judge` says of a pattern that parses; NULL of another.
template <typename Judge>
Value of_pattern(const Value& text, Judge&& judge) {
  try {
    return judge(parse_pattern(argument_text(text)));
  } catch (const PatternError&) {
    return {};
  }
}

Value error_of(std::span<const Value> arguments) {
  try {
    parse_pattern(argument_text(arguments[0]));
    return std::string();
  } catch (const PatternError& error) {
    return std::string(error.what());
  }
}

Value matches_event(std::span<const Value> arguments) {
  return of_pattern(arguments[0], [&](const Pattern& pattern) -> Value {
    try {
      return truth_value(matches(pattern, parse_json(argument_text(arguments[1]))));
    } catch (const JsonError&) {
      return {};
    }
  });
}

Value slip_of(std::span<const Value> arguments) {
  const auto required = parse_required(argument_text(arguments[1]));
  return of_pattern(arguments[0], [&](const Pattern& pattern) -> Value {
    const auto slip = find_slip(pattern, required);
    return slip ? Value(*slip) : Value();
  });
}

Value noise_of(std::span<const Value> arguments) {
  return of_pattern(arguments[0],
                    [](const Pattern& pattern) { return truth_value(is_noise(pattern)); });
}

}  // namespace

void add_pattern_functions(Database& database, const std::shared_ptr<FunctionMemory>& memory) {
  add_remembered(database, memory, "pattern_error", 1, error_of);
  add_remembered(database, memory, "pattern_matches", 2, matches_event);
  add_remembered(database, memory, "pattern_slip", 2, slip_of);
  add_remembered(database, memory, "pattern_noise", 1, noise_of);
}

}  // namespace ciswatch
