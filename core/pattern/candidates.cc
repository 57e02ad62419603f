#include "core/pattern/candidates.h"

#include <fmt/format.h>

#include <algorithm>

namespace ciswatch {
namespace {

using Kind = EventField::Kind;

EventField text_field(std::string_view text) { return {.kind = Kind::text, .text = std::string(text)}; }

EventField number_field(double number) {
  return {.kind = Kind::number, .text = fmt::format("{}", number), .number = number};
}

EventField boolean_field(bool value) {
  return {.kind = Kind::boolean, .text = value ? "true" : "false", .truth = value};
}

bool is_below(std::string_view path, std::string_view above) {
  return path.size() > above.size() && path.starts_with(above) &&
         (path[above.size()] == '.' || path[above.size()] == '[');
}

std::string with_asterisks_as(std::string_view text, std::string_view filler) {
  std::string result;
  for (const char c : text) result += c == '*' ? filler : std::string_view(&c, 1);
  return result;
}

bool is_all_asterisks(std::string_view text) {
  return text.find_first_not_of('*') == std::string_view::npos;
}

// It wants more texts than one.
bool is_fuzzy(const Operand& operand) {
  if (operand.kind == Operand::Kind::regex) return true;
  return operand.kind == Operand::Kind::text && !is_all_asterisks(operand.text) &&
         operand.text.find('*') != std::string::npos;
}

// A text that the operands do not name.
std::string another_text(std::string_view path, const std::vector<EventField>& fields) {
  std::string text = path == "awsRegion" ? "xx-elsewhere-9" : "Another 7";
  while (std::any_of(fields.begin(), fields.end(),
                     [&](const EventField& field) { return field.text == text; })) {
    text += '7';
  }
  return text;
}

}  // namespace

const TrailMember* Candidates::known(std::string_view path) const {
  for (const auto members : {identity_, trail_members()}) {
    const auto found = std::find_if(members.begin(), members.end(),
                                    [&](const TrailMember& member) { return member.path == path; });
    if (found != members.end()) return &*found;
  }
  return nullptr;
}

// Whether something below it is surely there.
bool Candidates::has_parts(std::string_view path) const {
  const auto is_part = [&](const TrailMember& member) {
    return !member.may_be_missing && is_below(member.path, path);
  };
  if (std::any_of(identity_.begin(), identity_.end(), is_part)) return true;
  return std::any_of(required_.members.begin(), required_.members.end(), [&](const auto& member) {
    const auto& values = member.second.values;
    return is_below(member.first, path) && !values.empty() &&
           std::none_of(values.begin(), values.end(),
                        [](const EventField& field) { return field.kind == Kind::missing; });
  });
}

bool Candidates::is_part_of_a_value(std::string_view path) const {
  for (const auto members : {identity_, trail_members()}) {
    for (const auto& member : members) {
      if (is_below(path, member.path)) return true;
    }
  }
  return std::any_of(required_.members.begin(), required_.members.end(),
                     [&](const auto& member) { return is_below(path, member.first); });
}

// What the terms of the selector ask for, and what is just beside it.
void Candidates::add_operands(std::size_t selector, bool is_text, std::vector<EventField>& fields) const {
  for (const auto& term : pattern_.terms) {
    if (term.selector != selector || !is_comparison(term)) continue;
    const auto& operand = term.operand;
    if (operand.kind == Operand::Kind::regex) {
      for (const auto& sample : pattern_.regexes[operand.regex].samples()) {
        fields.push_back(text_field(sample));
      }
    } else if (!is_all_asterisks(operand.text)) {
      fields.push_back(text_field(with_asterisks_as(operand.text, "")));
      fields.push_back(text_field(with_asterisks_as(operand.text, "x7")));
    }
    if (operand.kind != Operand::Kind::number || is_text) continue;
    for (const double step : {0.0, -1.0, 1.0}) fields.push_back(number_field(operand.number + step));
  }
}

// Two kinds of texts, or of numbers, may overlap in a way that no candidate shows; and whether one leaves any text
// out is only known by an example.
bool Candidates::tells_apart(std::size_t selector, const std::vector<EventField>& fields) const {
  const Term* fuzzy = nullptr;
  for (const auto& term : pattern_.terms) {
    const bool counts = term.selector == selector && is_comparison(term) &&
                        (is_fuzzy(term.operand) || term.kind > Term::Kind::differ);
    if (!counts) continue;
    const bool same = fuzzy != nullptr && fuzzy->operand.kind == term.operand.kind &&
                      fuzzy->operand.text == term.operand.text &&
                      fuzzy->operand.regex == term.operand.regex;
    if (fuzzy != nullptr && !same) return false;
    fuzzy = &term;
  }
  if (fuzzy == nullptr || fuzzy->kind > Term::Kind::differ) return true;
  bool yes = false, no = false;
  for (const auto& field : fields) {
    if (field.kind != Kind::text) continue;
    const auto truth = holds(pattern_, *fuzzy, field);
    yes = yes || truth == Truth::yes;
    no = no || truth == Truth::no;
  }
  return yes && no;
}

std::vector<EventField> Candidates::of(std::size_t selector, Which which) const {
  const auto path = to_text(pattern_.selectors[selector]);
  if (path == identity_.front().path) return {text_field(identity_.front().values.front())};
  const auto found = required_.members.find(path);
  if (found != required_.members.end() && !found->second.values.empty()) return found->second.values;
  if (has_parts(path)) return {EventField{.kind = Kind::container}};
  if (is_part_of_a_value(path)) return {EventField{}};
  const auto* member = known(path);
  std::vector<EventField> fields;
  if (member == nullptr) {
    fields = {EventField{}, text_field(another_text(path, {})), EventField{.kind = Kind::null},
              boolean_field(true), boolean_field(false), number_field(7)};
    const auto& all = pattern_.selectors;
    const bool above = std::any_of(all.begin(), all.end(), [&](const Selector& other) {
      return is_below(to_text(other), path);
    });
    if (above) fields.push_back({.kind = Kind::container});
  } else {
    for (const auto value : member->values) fields.push_back(text_field(value));
    if (member->may_be_missing) fields.emplace_back();
    if (!member->may_be_other) return fields;
  }
  if (which == Which::all || member == nullptr) add_operands(selector, member != nullptr, fields);
  if (which == Which::all) fields.push_back(text_field(another_text(path, fields)));
  if (found != required_.members.end()) {
    std::erase_if(fields, [&](const EventField& field) {
      const auto& exceptions = found->second.exceptions;
      return field.kind == Kind::text &&
             std::find(exceptions.begin(), exceptions.end(), field.text) != exceptions.end();
    });
  }
  if (which == Which::all && !tells_apart(selector, fields)) fields.push_back({.kind = Kind::not_known});
  return fields;
}

}  // namespace ciswatch
