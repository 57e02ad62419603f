#include "rules/functions.h"

#include <fmt/format.h>

namespace ciswatch {
namespace {

constexpr std::size_t kMostBytes = 4'000'000;  // of arguments and results, for one connection
constexpr std::size_t kLongest = 64'000;       // a longer one is not kept

// No two lists of arguments have the same key: the type and the length come before the text.
std::string key_of(const std::string& name, std::span<const Value> arguments) {
  std::string key = name;
  for (const auto& argument : arguments) {
    if (const auto* number = std::get_if<std::int64_t>(&argument)) {
      key += fmt::format("\x1fi{}", *number);
    } else if (const auto* text = std::get_if<std::string>(&argument)) {
      key += fmt::format("\x1ft{}:", text->size());
      key += *text;
    }
  }
  return key;
}

}  // namespace

std::string argument_text(const Value& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number != nullptr ? std::to_string(*number) : std::get<std::string>(value);
}

Value truth_value(Truth truth) {
  if (truth == Truth::unknown) return {};
  return std::int64_t{truth == Truth::yes};
}

Value FunctionMemory::ask(const std::string& name, const Database::Function& function,
                          std::span<const Value> arguments) {
  for (const auto& argument : arguments) {
    if (is_null(argument)) return {};
  }
  auto key = key_of(name, arguments);
  const auto found = results_.find(key);
  if (found != results_.end()) return found->second;
  Value result = function(arguments);
  const auto* text = std::get_if<std::string>(&result);
  const auto bytes = key.size() + (text == nullptr ? 0 : text->size()) + sizeof(Value);
  if (bytes > kLongest) return result;
  if (bytes_ + bytes > kMostBytes) {
    results_.clear();
    bytes_ = 0;
  }
  bytes_ += bytes;
  return results_.emplace(std::move(key), std::move(result)).first->second;
}

void add_remembered(Database& database, const std::shared_ptr<FunctionMemory>& memory,
                    const std::string& name, int arguments, Database::Function function) {
  database.add_function(
      name, arguments,
      [memory, name, function = std::move(function)](std::span<const Value> values) {
        return memory->ask(name, function, values);
      });
}

void add_functions(Database& database) {
  const auto memory = std::make_shared<FunctionMemory>();
  add_pattern_functions(database, memory);
  add_policy_functions(database, memory);
  add_template_functions(database, memory);
}

}  // namespace ciswatch
