#include "rules/fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/base/text.h"

namespace ciswatch {
namespace {

std::string_view kind_name(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::null:
      return "nothing";
    case YamlNode::Kind::scalar:
      return "a text";
    case YamlNode::Kind::sequence:
      return "a list";
    case YamlNode::Kind::map:
      return "a map";
  }
  return "";
}

}  // namespace

Fields::Fields(const YamlNode& node, const Form& form, Problems& problems)
    : node_(node), form_(form), problems_(problems) {
  if (node.kind != YamlNode::Kind::map) {
    problems.error(node.place,
                   fmt::format("{} must be a map, this is {}", form.what, kind_name(node.kind)));
    return;
  }
  std::vector<std::string> known;
  for (const auto& field : form.fields) known.emplace_back(field.name);
  for (const auto& member : node.items) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    problems.error(member.key_place, fmt::format("{} has no field '{}'{}", form.what,
                                                 shortened(printable(member.key), 60),
                                                 did_you_mean(member.key, known)));
  }
}

const FieldSpec& Fields::spec(std::string_view name) const {
  for (const auto& field : form_.fields) {
    if (field.name == name) return field;
  }
  throw Error(fmt::format("{} is read for a field '{}' that its form does not have", form_.what, name));
}

const YamlNode* Fields::get(std::string_view name, YamlNode::Kind kind) {
  const bool required = spec(name).need == Need::required;
  const auto* member = node_.member(name);
  if (member == nullptr) {
    if (required && node_.kind == YamlNode::Kind::map) {
      problems_.error(node_.place, fmt::format("{} needs the field '{}'", form_.what, name));
    }
    return nullptr;
  }
  if (member->kind != kind) {
    problems_.error(member->place, fmt::format("'{}' must be {}, this is {}", name, kind_name(kind),
                                               kind_name(member->kind)));
    return nullptr;
  }
  return member;
}

std::string Fields::text(std::string_view name) {
  const auto* member = get(name, YamlNode::Kind::scalar);
  if (member == nullptr) return "";
  std::string value(trim(member->text));
  if (value.empty() && spec(name).need == Need::required) {
    problems_.error(member->place, fmt::format("'{}' is empty", name));
  }
  return value;
}

std::optional<std::string> Fields::word(std::string_view name) {
  const auto value = text(name);
  if (value.empty()) return std::nullopt;
  const auto& allowed = *spec(name).words;
  const std::vector<std::string> words(allowed.list.begin(), allowed.list.end());
  if (std::find(words.begin(), words.end(), value) != words.end()) return value;
  problems_.error(place(name), fmt::format("'{}' is no {} ({}){}", shortened(printable(value), 60),
                                           allowed.meaning, join(words, ", "),
                                           did_you_mean(value, words)));
  return std::nullopt;
}

std::vector<std::string> Fields::texts(std::string_view name) {
  std::vector<std::string> values;
  const auto* list = sequence(name);
  if (list == nullptr) return values;
  for (const auto& item : list->items) {
    if (item.kind == YamlNode::Kind::scalar) {
      values.push_back(item.text);
    } else {
      problems_.error(item.place, fmt::format("'{}' is a list of texts, this is {}", name,
                                              kind_name(item.kind)));
    }
  }
  return values;
}

std::optional<std::int64_t> Fields::integer(std::string_view name, std::int64_t least,
                                            std::int64_t most) {
  const auto value = text(name);
  if (value.empty()) return std::nullopt;
  std::int64_t number = 0;
  const auto* end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, number);
  if (error == std::errc() && stop == end && number >= least && number <= most) return number;
  problems_.error(place(name), fmt::format("'{}' is a number from {} to {}", name, least, most));
  return std::nullopt;
}

const YamlNode* Fields::map(std::string_view name) { return get(name, YamlNode::Kind::map); }

const YamlNode* Fields::sequence(std::string_view name) {
  return get(name, YamlNode::Kind::sequence);
}

Place Fields::place(std::string_view name) const {
  const auto* member = node_.member(name);
  return member == nullptr ? node_.place : member->place;
}

}  // namespace ciswatch
