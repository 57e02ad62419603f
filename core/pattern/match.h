#pragma once

// Whether an event matches a filter pattern, and what is left open.

#include <span>
#include <string>
#include <string_view>

#include "core/base/json.h"
#include "core/pattern/pattern.h"

namespace ciswatch {

// What a selector finds in an event. `text` is a string's; of a number or a boolean as JSON writes it.
struct EventField {
  enum class Kind { not_known, missing, null, boolean, number, text, container } kind = Kind::missing;
  std::string text = {};
  double number = 0;
  bool truth = false;
};

// Whether one term holds of what its selector finds.
Truth holds(const Pattern& pattern, const Term& term, const EventField& field);

// What the whole pattern says where each of its terms says `terms`.
Truth combined(const Pattern& pattern, std::span<const Truth> terms);

// `fields` holds what each of the pattern's selectors finds. unknown: AWS's page does not tell, or it
// hangs on a field that is not known.
Truth matches(const Pattern& pattern, std::span<const EventField> fields);

// The same of a whole event. An event that is no object is no JSON log event: unknown.
Truth matches(const Pattern& pattern, const JsonValue& event);

// What `selector` finds in `event`.
EventField find_field(const JsonValue& event, const Selector& selector);

// True where `text` is what `wanted` says. An asterisk at its beginning or end stands for any text;
// one in the middle stands for itself by AWS's page, and for any text by what people expect: unknown
// where that matters.
Truth matches_text(std::string_view wanted, std::string_view text);

}  // namespace ciswatch
