#include "rules/fields.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"

namespace ciswatch {
namespace {

std::vector<std::string> strings(std::initializer_list<std::string_view> words) {
  return {words.begin(), words.end()};
}

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

Fields::Fields(const YamlNode& node, std::string_view what,
               std::initializer_list<std::string_view> known, Problems& problems)
    : node_(node), what_(what), problems_(problems) {
  if (node.kind != YamlNode::Kind::map) {
    problems.error(node.place,
                   fmt::format("{} must be a map, this is {}", what, kind_name(node.kind)));
    return;
  }
  for (const auto& member : node.items) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    problems.error(member.key_place,
                   fmt::format("{} has no field '{}'{}", what, shortened(printable(member.key), 60),
                               did_you_mean(member.key, strings(known))));
  }
}

const YamlNode* Fields::get(std::string_view name, Need need, YamlNode::Kind kind) {
  const auto* member = node_.member(name);
  if (member == nullptr) {
    if (need == Need::required && node_.kind == YamlNode::Kind::map) {
      problems_.error(node_.place, fmt::format("{} needs the field '{}'", what_, name));
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

std::string Fields::text(std::string_view name, Need need) {
  const auto* member = get(name, need, YamlNode::Kind::scalar);
  if (member == nullptr) return "";
  std::string value(trim(member->text));
  if (value.empty() && need == Need::required) {
    problems_.error(member->place, fmt::format("'{}' is empty", name));
  }
  return value;
}

std::optional<std::string> Fields::word(std::string_view name, std::string_view meaning,
                                        std::initializer_list<std::string_view> allowed,
                                        Need need) {
  const auto value = text(name, need);
  if (value.empty()) return std::nullopt;
  if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return value;
  const auto words = strings(allowed);
  problems_.error(place(name), fmt::format("'{}' is no {} ({}){}", shortened(printable(value), 60),
                                           meaning, join(words, ", "), did_you_mean(value, words)));
  return std::nullopt;
}

std::vector<std::string> Fields::texts(std::string_view name, Need need) {
  std::vector<std::string> values;
  const auto* list = sequence(name, need);
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

const YamlNode* Fields::map(std::string_view name, Need need) {
  return get(name, need, YamlNode::Kind::map);
}

const YamlNode* Fields::sequence(std::string_view name, Need need) {
  return get(name, need, YamlNode::Kind::sequence);
}

Place Fields::place(std::string_view name) const {
  const auto* member = node_.member(name);
  return member == nullptr ? node_.place : member->place;
}

}  // namespace ciswatch
