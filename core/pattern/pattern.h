#pragma once

// A CloudWatch Logs filter pattern for JSON log events: { $.eventName = "CreateTrail" && … }.
//
// What the pattern means is told by AWS's "Filter pattern syntax for metric filters, subscription
// filters, filter log events, and Live Tail". Where that page leaves open whether an event matches,
// the answer is Truth::unknown: an alarm that may not ring is no alarm. One pattern is parsed once
// and may then be used from any thread.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/truth.h"
#include "core/pattern/regex.h"

namespace ciswatch {

// A member, or an element of an array.
struct Step {
  std::string name;  // "" for an element
  std::size_t index = 0;
  bool operator==(const Step&) const = default;
};
using Selector = std::vector<Step>;

// As it is written without "$.": userIdentity.type, users[0].id, ["a b"].
std::string to_text(const Selector& selector);

// What stands right of an operator.
struct Operand {
  enum class Kind { text, number, regex } kind = Kind::text;
  std::string text;    // without quotes; of a number as it was written
  double number = 0;
  std::size_t regex = 0;  // which of the pattern's
};

struct Term {
  enum class Kind {
    equal, differ, less, less_equal, greater, greater_equal,
    is_null, is_true, is_false, exists, not_exists
  } kind = Kind::equal;
  std::size_t selector = 0;  // which of the pattern's
  Operand operand;
};

// One with an operand.
inline bool is_comparison(const Term& term) { return term.kind <= Term::Kind::greater_equal; }

// A term, or all (&&) or any (||) of what is below it.
struct PatternCondition {
  enum class Kind { term, all, any } kind = Kind::term;
  std::size_t term = 0;             // term: which of the pattern's
  std::vector<std::size_t> below;   // all, any: which of the pattern's conditions
};

struct Pattern {
  std::vector<Selector> selectors;  // each once
  std::vector<Regex> regexes;
  std::vector<Term> terms;
  std::vector<PatternCondition> conditions;  // the last is the whole; none in an empty pattern
};

// The words begin with "character N: " where a place is at fault; characters count from 1.
class PatternError : public Error {
 public:
  using Error::Error;
};

// Throws PatternError for what is no JSON filter pattern. An empty text is a pattern that every event
// matches, JSON or not, as AWS has it.
Pattern parse_pattern(std::string_view text);

}  // namespace ciswatch
