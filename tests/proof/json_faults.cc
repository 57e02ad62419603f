#include "tests/proof/json_faults.h"

#include <functional>

#include "core/base/json.h"

namespace ciswatch::proof {
namespace {

constexpr std::size_t kMost = 60;

struct Node {
  std::string pointer;
  JsonValue* value;
};

void collect(JsonValue& value, const std::string& pointer, std::vector<Node>& nodes) {
  if (nodes.size() >= kMost) return;
  nodes.push_back({pointer, &value});
  if (value.IsObject()) {
    for (auto& member : value.GetObject()) {
      collect(member.value, pointer + '/' + member.name.GetString(), nodes);
    }
  } else if (value.IsArray()) {
    std::size_t index = 0;
    for (auto& item : value.GetArray()) collect(item, pointer + '/' + std::to_string(index++), nodes);
  }
}

// Values of a type that the node's own is not.
std::vector<std::pair<std::string, JsonValue>> others(const JsonValue& value) {
  std::vector<std::pair<std::string, JsonValue>> list;
  list.emplace_back(" is null", JsonValue());
  if (!value.IsNumber()) list.emplace_back(" is a number", JsonValue(7));
  if (!value.IsString()) list.emplace_back(" is a text", JsonValue("text"));
  if (!value.IsObject()) list.emplace_back(" is an object", JsonValue(rapidjson::kObjectType));
  return list;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> json_faults(std::string_view document) {
  std::vector<std::pair<std::string, std::string>> faults;
  Json json;
  try {
    json = parse_json(document);
  } catch (const JsonError&) {
    return faults;
  }
  std::vector<Node> nodes;
  collect(json, "", nodes);
  for (auto& node : nodes) {
    for (auto& [how, other] : others(*node.value)) {
      node.value->Swap(other);
      faults.emplace_back(node.pointer + how, to_text(json));
      node.value->Swap(other);
    }
  }
  return faults;
}

}  // namespace ciswatch::proof
