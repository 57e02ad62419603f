#include "core/pattern/required.h"

#include <fmt/format.h>

#include "core/base/json.h"

namespace ciswatch {
namespace {

EventField value_of(const std::string& member, const JsonValue& value) {
  if (value.IsNull()) return {};
  if (value.IsString() || value.IsBool() || value.IsNumber()) return find_field(value, {});
  throw Error(fmt::format("required events: '{}' is a value, a list of values or {{\"not\": …}}", member));
}

std::vector<EventField> values_of(const std::string& member, const JsonValue& value) {
  if (!value.IsArray()) return {value_of(member, value)};
  if (value.Empty()) throw Error(fmt::format("required events: '{}' has no value", member));
  std::vector<EventField> fields;
  for (const auto& element : value.GetArray()) fields.push_back(value_of(member, element));
  return fields;
}

RequiredEvents::Member member_of(const std::string& name, const JsonValue& value) {
  if (!value.IsObject()) return {values_of(name, value), {}};
  const auto* exceptions = find(value, "/not");
  if (exceptions == nullptr || value.MemberCount() != 1) {
    throw Error(fmt::format("required events: '{}' has another member than \"not\"", name));
  }
  RequiredEvents::Member member;
  for (const auto& field : values_of(name, *exceptions)) {
    if (field.kind != EventField::Kind::text) {
      throw Error(fmt::format("required events: \"not\" of '{}' takes texts", name));
    }
    member.exceptions.push_back(field.text);
  }
  return member;
}

RequiredEvents events_of(const JsonValue& object) {
  if (!object.IsObject() || object.ObjectEmpty()) {
    throw Error("required events: an object of members is expected");
  }
  RequiredEvents events;
  for (const auto& member : object.GetObject()) {
    const std::string name(member.name.GetString(), member.name.GetStringLength());
    events.members[name] = member_of(name, member.value);
  }
  return events;
}

}  // namespace

std::vector<RequiredEvents> parse_required(std::string_view json) {
  const auto document = parse_json(json);
  if (!document.IsArray()) return {events_of(document)};
  if (document.Empty()) throw Error("required events: there is none");
  std::vector<RequiredEvents> all;
  for (const auto& element : document.GetArray()) all.push_back(events_of(element));
  return all;
}

}  // namespace ciswatch
