#include "rules/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/base/text.h"

namespace ciswatch {
namespace {

std::optional<std::int64_t> integer_of(const std::string& text) {
  std::int64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

bool is(const Value& value, const std::string& text) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number != nullptr ? integer_of(text) == *number : value == Value(text);
}

const Setting* find_setting(const Query& query, std::string_view name) {
  const auto found = std::find_if(query.settings.begin(), query.settings.end(),
                                  [&](const Setting& setting) { return setting.name == name; });
  return found == query.settings.end() ? nullptr : &*found;
}

template <typename Queries>
void refuse(const Queries& queries, const std::string& key, const std::string& value) {
  const auto dot = std::min(key.rfind('.'), key.size());
  std::vector<std::string> keys;
  const Setting* setting = nullptr;
  for (const auto& query : queries) {
    for (const auto& own : query.settings) keys.push_back(query.id + '.' + own.name);
    if (query.id == std::string_view(key).substr(0, dot) && dot < key.size()) {
      setting = find_setting(query, std::string_view(key).substr(dot + 1));
    }
  }
  if (setting == nullptr) {
    throw Error(fmt::format("there is no setting '{}'{}", shortened(printable(key), 100),
                            did_you_mean(key, keys)));
  }
  const auto wrong = wrong_value(*setting, value);
  if (!wrong.empty()) throw Error(fmt::format("the setting {}: {}", key, wrong));
}

}  // namespace

std::string wrong_value(const Setting& setting, const std::string& value) {
  const auto shown = shortened(printable(value), 60);
  const auto& allowed = setting.values;
  if (!allowed.empty()) {
    if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return "";
    return fmt::format("'{}' is none of its values ({}){}", shown, join(allowed, ", "),
                       did_you_mean(value, allowed));
  }
  if (integer_of(setting.default_value) && !integer_of(value)) {
    return fmt::format("'{}' is no integer", shown);
  }
  return "";
}

void refuse_wrong_settings(const Library& library, const std::map<std::string, std::string>& set) {
  for (const auto& [key, value] : set) refuse(library.checks, key, value);
}

void refuse_wrong_settings(const std::vector<Fix>& fixes, const std::map<std::string, std::string>& set) {
  for (const auto& [key, value] : set) refuse(fixes, key, value);
}

void refuse_wrong_settings(const std::vector<BundlePart>& parts, const std::map<std::string, std::string>& set) {
  for (const auto& [key, value] : set) refuse(parts, key, value);
}

std::map<std::string, Value> settings_of(const Query& query,
                                         const std::map<std::string, std::string>& set) {
  std::map<std::string, Value> values;
  for (const auto& setting : query.settings) {
    const auto found = set.find(query.id + '.' + setting.name);
    const auto& text = found == set.end() ? setting.default_value : found->second;
    const auto number = integer_of(setting.default_value) ? integer_of(text) : std::nullopt;
    values[setting.name] = number ? Value(*number) : Value(text);
  }
  return values;
}

void leave_out_unread(const Check& check, const std::map<std::string, Value>& settings,
                      std::set<const TableSpec*>& tables) {
  for (const auto& setting : check.settings) {
    for (const auto& [table, value] : setting.reads) {
      if (!is(settings.at(setting.name), value)) tables.erase(find_table(table));
    }
  }
}

}  // namespace ciswatch
