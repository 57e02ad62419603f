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

const Setting* find_setting(const Check& check, std::string_view name) {
  const auto found = std::find_if(check.settings.begin(), check.settings.end(),
                                  [&](const Setting& setting) { return setting.name == name; });
  return found == check.settings.end() ? nullptr : &*found;
}

void refuse(const Library& library, const std::string& key, const std::string& value) {
  std::vector<std::string> keys;
  for (const auto& check : library.checks) {
    for (const auto& setting : check.settings) keys.push_back(check.id + '.' + setting.name);
  }
  const auto dot = key.rfind('.');
  const auto* check = dot == std::string::npos ? nullptr : library.check(key.substr(0, dot));
  const auto* setting = check == nullptr ? nullptr : find_setting(*check, key.substr(dot + 1));
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
  for (const auto& [key, value] : set) refuse(library, key, value);
}

std::map<std::string, Value> settings_of(const Check& check,
                                         const std::map<std::string, std::string>& set) {
  std::map<std::string, Value> values;
  for (const auto& setting : check.settings) {
    const auto found = set.find(check.id + '.' + setting.name);
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
