#include "core/plan/patch.h"

#include "core/base/json.h"
#include "core/plan/members.h"

namespace ciswatch {
namespace {

const JsonValue* member(const JsonValue& object, const JsonValue& name) {
  if (!object.IsObject()) return nullptr;
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() ? nullptr : &found->value;
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

// By what core/plan/members.h compares.
bool same(const JsonValue& one, const JsonValue& other) {
  const auto wrapped = [](const JsonValue& value) { return "{\"value\":" + to_text(value) + '}'; };
  return one == other || has_members(wrapped(one), wrapped(other));
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

std::string with_members(std::string_view item, std::string_view members) {
  Json document = object_of(item);
  patch(document, object_of(members), document);
  return to_text(document);
}

bool contradicts(std::string_view members, std::string_view others) {
  return clash(object_of(members), object_of(others));
}

}  // namespace ciswatch
