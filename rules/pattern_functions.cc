// pattern_error and its kin, as functions.h has them.

#include "core/base/json.h"
#include "core/pattern/match.h"
#include "core/pattern/pattern.h"
#include "core/pattern/slip.h"
#include "rules/functions.h"

namespace ciswatch {
namespace {

std::string text_of(const Value& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number != nullptr ? std::to_string(*number) : std::get<std::string>(value);
}

Value value_of(Truth truth) {
  if (truth == Truth::unknown) return {};
  return std::int64_t{truth == Truth::yes};
}

// What `judge` says of a pattern that parses; NULL of another.
template <typename Judge>
Value of_pattern(const Value& text, Judge&& judge) {
  try {
    return judge(parse_pattern(text_of(text)));
  } catch (const PatternError&) {
    return {};
  }
}

Value error_of(std::span<const Value> arguments) {
  try {
    parse_pattern(text_of(arguments[0]));
    return std::string();
  } catch (const PatternError& error) {
    return std::string(error.what());
  }
}

Value matches_event(std::span<const Value> arguments) {
  return of_pattern(arguments[0], [&](const Pattern& pattern) -> Value {
    try {
      return value_of(matches(pattern, parse_json(text_of(arguments[1]))));
    } catch (const JsonError&) {
      return {};
    }
  });
}

Value slip_of(std::span<const Value> arguments) {
  const auto required = parse_required(text_of(arguments[1]));
  return of_pattern(arguments[0], [&](const Pattern& pattern) -> Value {
    const auto slip = find_slip(pattern, required);
    return slip ? Value(*slip) : Value();
  });
}

Value noise_of(std::span<const Value> arguments) {
  return of_pattern(arguments[0],
                    [](const Pattern& pattern) { return value_of(is_noise(pattern)); });
}

}  // namespace

void add_pattern_functions(Database& database, const std::shared_ptr<FunctionMemory>& memory) {
  add_remembered(database, memory, "pattern_error", 1, error_of);
  add_remembered(database, memory, "pattern_matches", 2, matches_event);
  add_remembered(database, memory, "pattern_slip", 2, slip_of);
  add_remembered(database, memory, "pattern_noise", 1, noise_of);
}

}  // namespace ciswatch
