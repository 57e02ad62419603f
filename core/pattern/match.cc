#include "core/pattern/match.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/pattern/characters.h"

namespace ciswatch {
namespace {

using Kind = EventField::Kind;

constexpr double kExactIntegers = 9007199254740992.0;  // 2^53: beyond, doubles skip some

// Any number of any characters for each asterisk. Linear but for the product of both lengths.
bool matches_wildcards(std::string_view wanted, std::string_view text) {
  std::size_t w = 0, t = 0;
  std::size_t star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (w < wanted.size() && wanted[w] == '*') {
      star = w++;
      resume = t;
    } else if (w < wanted.size() && wanted[w] == text[t]) {
      ++w;
      ++t;
    } else if (star != std::string_view::npos) {
      w = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (w < wanted.size() && wanted[w] == '*') ++w;
  return w == wanted.size();
}

bool looks_like_a_number(std::string_view text, double& number) {
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end;
}

bool compare(Term::Kind kind, double left, double right) {
  switch (kind) {
    case Term::Kind::equal: return left == right;
    case Term::Kind::differ: return left != right;
    case Term::Kind::less: return left < right;
    case Term::Kind::less_equal: return left <= right;
    case Term::Kind::greater: return left > right;
    default: return left >= right;
  }
}

// With a number as the operand.
Truth compare_number(const Term& term, const EventField& field) {
  const bool equality = term.kind == Term::Kind::equal || term.kind == Term::Kind::differ;
  if (field.kind == Kind::number) {
    const bool exact = std::abs(field.number) < kExactIntegers ||
                       std::abs(term.operand.number) < kExactIntegers;
    if (!exact && field.number == term.operand.number && field.text != term.operand.text) {
      return Truth::unknown;
    }
    return truth(compare(term.kind, field.number, term.operand.number));
  }
  // A string: is 400 the text "400"? AWS's page compares numbers with numbers and words with words.
  double number = 0;
  const bool numeric = looks_like_a_number(field.text, number);
  if (!equality) return numeric ? Truth::unknown : Truth::no;
  const bool same = field.text == term.operand.text;
  if (term.kind == Term::Kind::differ) return same ? Truth::no : Truth::unknown;
  return same || (numeric && number == term.operand.number) ? Truth::unknown : Truth::no;
}

Truth equals_text(const Pattern& pattern, const Operand& operand, const EventField& field) {
  const bool regex = operand.kind == Operand::Kind::regex;
  const Truth same = regex ? truth(pattern.regexes[operand.regex].found_in(field.text))
                           : matches_text(operand.text, field.text);
  if (field.kind == Kind::text) return same;
  const bool anything = !regex && operand.text == "*";  // { $.latency = * } is AWS's own
  if (anything && field.kind == Kind::number) return Truth::yes;
  return same == Truth::no ? Truth::no : Truth::unknown;
}

// = and != with a string or an expression; a number or a boolean may or may not count as its text.
Truth compare_text(const Pattern& pattern, const Term& term, const EventField& field) {
  const Truth same = equals_text(pattern, term.operand, field);
  if (term.kind == Term::Kind::equal) return same;
  if (field.kind == Kind::text || same == Truth::yes) return opposite(same);
  return Truth::unknown;
}

// A field that is not there equals nothing and differs from nothing: the console's test of a pattern
// with != says "no match" for it, and CIS's filters ask NOT EXISTS beside. A comparison with an array
// or an object makes the filter "not applied".
Truth compare(const Pattern& pattern, const Term& term, const EventField& field) {
  switch (field.kind) {
    case Kind::not_known: return Truth::unknown;
    case Kind::missing:
    case Kind::container: return Truth::no;
    case Kind::null:
      if (term.kind == Term::Kind::differ) return Truth::unknown;
      return term.operand.text == "*" ? Truth::unknown : Truth::no;
    case Kind::boolean:
      if (term.operand.kind != Operand::Kind::number) return compare_text(pattern, term, field);
      return term.kind == Term::Kind::differ ? Truth::unknown : Truth::no;
    case Kind::number:
    case Kind::text: break;
  }
  if (term.operand.kind == Operand::Kind::number) return compare_number(term, field);
  return compare_text(pattern, term, field);
}

Truth is_boolean(const EventField& field, bool wanted) {
  if (field.kind == Kind::boolean) return truth(field.truth == wanted);
  const bool says_so = field.kind == Kind::text && field.text == (wanted ? "true" : "false");
  return says_so ? Truth::unknown : Truth::no;
}

}  // namespace

Truth matches_text(std::string_view wanted, std::string_view text) {
  if (!matches_wildcards(wanted, text)) return Truth::no;
  std::string_view middle = wanted;
  const bool open_start = middle.starts_with('*');
  while (middle.starts_with('*')) middle.remove_prefix(1);
  const bool open_end = middle.ends_with('*') || (middle.empty() && open_start);
  while (middle.ends_with('*')) middle.remove_suffix(1);
  if (middle.find('*') == std::string_view::npos) return Truth::yes;
  bool literally = false;
  if (open_start && open_end) {
    literally = text.find(middle) != std::string_view::npos;
  } else {
    literally = open_start ? text.ends_with(middle)
                           : open_end ? text.starts_with(middle) : text == middle;
  }
  return literally ? Truth::yes : Truth::unknown;
}

Truth holds(const Pattern& pattern, const Term& term, const EventField& field) {
  if (is_comparison(term)) return compare(pattern, term, field);
  if (field.kind == Kind::not_known) return Truth::unknown;
  switch (term.kind) {
    case Term::Kind::is_null: return truth(field.kind == Kind::null);
    case Term::Kind::is_true: return is_boolean(field, true);
    case Term::Kind::is_false: return is_boolean(field, false);
    case Term::Kind::exists: return truth(field.kind != Kind::missing);
    default: return truth(field.kind == Kind::missing);
  }
}

Truth combined(const Pattern& pattern, std::span<const Truth> terms) {
  std::vector<Truth> results;  // of each condition; those below another one stand before it
  for (const auto& condition : pattern.conditions) {
    const bool all = condition.kind == PatternCondition::Kind::all;
    Truth result = all ? Truth::yes : Truth::no;
    if (condition.kind == PatternCondition::Kind::term) result = terms[condition.term];
    for (const auto below : condition.below) {
      result = all ? std::min(result, results[below]) : std::max(result, results[below]);
    }
    results.push_back(result);
  }
  return results.empty() ? Truth::yes : results.back();
}

Truth matches(const Pattern& pattern, std::span<const EventField> fields) {
  std::vector<Truth> terms;
  for (const auto& term : pattern.terms) {
    terms.push_back(holds(pattern, term, fields[term.selector]));
  }
  const auto result = combined(pattern, terms);
  if (result != Truth::yes) return result;
  // "Not applied" may be said of the term or of the whole filter.
  const bool applied = std::none_of(
      pattern.terms.begin(), pattern.terms.end(), [&](const Term& term) {
        return is_comparison(term) && fields[term.selector].kind == Kind::container;
      });
  return applied ? Truth::yes : Truth::unknown;
}

EventField find_field(const JsonValue& event, const Selector& selector) {
  const JsonValue* at = &event;
  for (const auto& step : selector) {
    if (step.name.empty()) {
      if (!at->IsArray() || step.index >= at->Size()) return {};
      at = &(*at)[static_cast<rapidjson::SizeType>(step.index)];
      continue;
    }
    if (!at->IsObject()) return {};
    const auto member = at->FindMember(step.name);
    if (member == at->MemberEnd()) return {};
    at = &member->value;
  }
  if (at->IsNull()) return {.kind = Kind::null};
  if (at->IsBool()) {
    return {.kind = Kind::boolean, .text = at->GetBool() ? "true" : "false", .truth = at->GetBool()};
  }
  if (at->IsString()) return {.kind = Kind::text, .text = {at->GetString(), at->GetStringLength()}};
  if (at->IsNumber()) {
    return {.kind = Kind::number, .text = to_text(*at), .number = at->GetDouble()};
  }
  return {.kind = Kind::container};
}

Truth matches(const Pattern& pattern, const JsonValue& event) {
  if (!event.IsObject()) return Truth::unknown;
  std::vector<EventField> fields;
  for (const auto& selector : pattern.selectors) fields.push_back(find_field(event, selector));
  return matches(pattern, fields);
}

}  // namespace ciswatch
