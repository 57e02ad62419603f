// template_attribute, as functions.h has it.

#include "core/base/json.h"
#include "rules/functions.h"
#include "rules/yaml_tree.h"

namespace ciswatch {
namespace {

constexpr std::size_t kLongestTemplate = 1'000'000;  // CloudFormation's own limit, in bytes

// JSON first: not all of it is YAML (tabs, escapes in two halves). Throws JsonError or YamlError.
Json read_template(const std::string& text) {
  if (text.size() > kLongestTemplate) throw JsonError("longer than a template can be");
  try {
    return parse_json(text);
  } catch (const JsonError&) {
    return parse_json(json_of(parse_yaml(text, YamlTags::kept)));
  }
}

// The one member of that name. Throws JsonError for one that is there twice: which of them
// CloudFormation took is not known.
const JsonValue* only_member(const JsonValue& object, const std::string& name) {
  const JsonValue* found = nullptr;
  for (const auto& member : object.GetObject()) {
    if (member.name != name) continue;
    if (found != nullptr) throw JsonError("a name is there twice");
    found = &member.value;
  }
  return found;
}

Value attribute(const std::string& text, const std::string& logical_id, const std::string& name) {
  const auto root = read_template(text);
  const auto* resources = only_member(root, "Resources");
  const auto* resource = resources == nullptr ? nullptr : only_member(*resources, logical_id);
  // Each resource has a type: without one it is made in a way that is not followed here.
  if (resource == nullptr || only_member(*resource, "Type") == nullptr) return {};
  const auto* value = only_member(*resource, name);
  if (value == nullptr) return std::string();
  if (!value->IsString()) return {};
  return std::string(value->GetString(), value->GetStringLength());
}

Value attribute_of(std::span<const Value> arguments) {
  const auto* text = std::get_if<std::string>(&arguments[0]);
  const auto* logical_id = std::get_if<std::string>(&arguments[1]);
  const auto* name = std::get_if<std::string>(&arguments[2]);
  if (text == nullptr || logical_id == nullptr || name == nullptr) return {};
  try {
    return attribute(*text, *logical_id, *name);
  } catch (const JsonError&) {
    return {};
  } catch (const YamlError&) {
    return {};
  }
}

}  // namespace

void add_template_functions(Database& database, const std::shared_ptr<FunctionMemory>& memory) {
  add_remembered(database, memory, "template_attribute", 3, attribute_of);
}

}  // namespace ciswatch
