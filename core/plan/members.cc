#include "core/plan/members.h"

#include <optional>

#include "core/base/json.h"

namespace ciswatch {
namespace {

const JsonValue* member(const JsonValue& object, const JsonValue& name) {
  if (!object.IsObject()) return nullptr;
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() ? nullptr : &found->value;
}

JsonValue projected(const JsonValue& item, const JsonValue& like, Json& document) {
  JsonValue object(rapidjson::kObjectType);
  for (const auto& each : like.GetObject()) {
    JsonValue name(each.name, document.GetAllocator());
    const auto* own = member(item, each.name);
    JsonValue value;
    if (own != nullptr && own->IsObject() && each.value.IsObject()) {
      value = projected(*own, each.value, document);
    } else if (own != nullptr) {
      value.CopyFrom(*own, document.GetAllocator());
    }
    object.AddMember(name, value, document.GetAllocator());
  }
  return object;
}

void patch(JsonValue& item, const JsonValue& members, Json& document) {
  if (!item.IsObject()) item.SetObject();
  for (const auto& each : members.GetObject()) {
    if (each.value.IsNull()) {
      item.EraseMember(each.name);
      continue;
    }
    auto own = item.FindMember(each.name);
    if (own == item.MemberEnd()) {
      item.AddMember(JsonValue(each.name, document.GetAllocator()), JsonValue(),
                     document.GetAllocator());
      own = item.FindMember(each.name);
    }
    if (each.value.IsObject()) {
      patch(own->value, each.value, document);
    } else {
      own->value.CopyFrom(each.value, document.GetAllocator());
    }
  }
}

// A text that is a JSON object or list.
std::optional<Json> document_in(const JsonValue& value) {
  if (!value.IsString()) return std::nullopt;
  const std::string_view text(value.GetString(), value.GetStringLength());
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || (text[first] != '{' && text[first] != '[')) {
    return std::nullopt;
  }
  try {
    return parse_json(text);
  } catch (const JsonError&) {
    return std::nullopt;
  }
}

bool same(const JsonValue& one, const JsonValue& other) {
  if (one == other) return true;
  const auto a = document_in(one);
  const auto b = document_in(other);
  return a && b && *a == *b;
}

bool has(const JsonValue* item, const JsonValue& members) {
  if (members.IsNull()) return item == nullptr || item->IsNull();
  if (item == nullptr) return false;
  if (!members.IsObject() || !item->IsObject()) return same(*item, members);
  for (const auto& each : members.GetObject()) {
    if (!has(member(*item, each.name), each.value)) return false;
  }
  return true;
}

bool clash(const JsonValue& members, const JsonValue& others) {
  for (const auto& each : members.GetObject()) {
    const auto* other = member(others, each.name);
    if (other == nullptr) continue;
    const bool both = each.value.IsObject() && other->IsObject();
    if (both ? clash(each.value, *other) : !same(each.value, *other)) return true;
  }
  return false;
}

Json object_of(std::string_view text) {
  Json document = parse_json(text);
  if (!document.IsObject()) throw JsonError("an item is no object");
  return document;
}

}  // namespace

std::string members_of(std::string_view item, std::string_view like) {
  Json document = object_of(item);
  return to_text(projected(document, object_of(like), document));
}

std::string with_members(std::string_view item, std::string_view members) {
  Json document = object_of(item);
  patch(document, object_of(members), document);
  return to_text(document);
}

bool has_members(std::string_view item, std::string_view members) {
  const Json document = object_of(item);
  return has(&document, object_of(members));
}

bool contradicts(std::string_view members, std::string_view others) {
  return clash(object_of(members), object_of(others));
}

}  // namespace ciswatch
