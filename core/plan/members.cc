#include "core/plan/members.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/json.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr std::string_view kReference = R"({"$result":)";
constexpr std::size_t kLongestShown = 200;  // bytes of a value

std::string_view text_in(const JsonValue& value) {
  return {value.GetString(), value.GetStringLength()};
}

const JsonValue* member_of(const JsonValue& object, const JsonValue& name) {
  if (!object.IsObject()) return nullptr;
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() ? nullptr : &found->value;
}

bool is_none(const JsonValue* value) { return value == nullptr || value->IsNull(); }

// The document in a text; nullopt where the value is no text, or its text no object or list.
std::optional<Json> document_in(const JsonValue& value) {
  if (!value.IsString()) return std::nullopt;
  const auto text = trim(text_in(value));
  if (!text.starts_with('{') && !text.starts_with('[')) return std::nullopt;
  try {
    return parse_json(text);
  } catch (const JsonError&) {
    return std::nullopt;
  }
}

enum class Inside { item, document };

bool is_same(const JsonValue& a, const JsonValue& b, Inside inside);

bool is_same_list(const JsonValue& a, const JsonValue& b, Inside inside) {
  return a.Size() == b.Size() &&
         std::equal(a.Begin(), a.End(), b.Begin(), [&](const auto& one, const auto& other) {
           return is_same(one, other, inside);
         });
}

bool is_same_object(const JsonValue& a, const JsonValue& b, Inside inside) {
  return a.MemberCount() == b.MemberCount() &&
         std::all_of(a.MemberBegin(), a.MemberEnd(), [&](const auto& member) {
           const auto* other = member_of(b, member.name);
           return other != nullptr && is_same(member.value, *other, inside);
         });
}

bool is_same(const JsonValue& a, const JsonValue& b, Inside inside) {
  if (a.IsArray() && b.IsArray()) return is_same_list(a, b, inside);
  if (a.IsObject() && b.IsObject()) return is_same_object(a, b, inside);
  if (a == b) return true;
  if (inside == Inside::document) {
    if (a.IsArray() && a.Size() == 1 && b.IsString()) return a[0] == b;
    return b.IsArray() && b.Size() == 1 && a.IsString() && b[0] == a;
  }
  const auto in_a = document_in(a);
  const auto in_b = document_in(b);
  if (!in_a && !in_b) return false;
  return is_same(in_a ? *in_a : a, in_b ? *in_b : b, Inside::document);
}

std::string shown(const JsonValue* value) {
  if (is_none(value)) return "not there";
  if (const auto reference = reference_in(*value)) {
    return fmt::format("what {} answers", printable(reference->change));
  }
  return shortened(printable(to_text(*value)), kLongestShown);
}

bool is_of_nulls(const JsonValue& members) {
  return members.IsObject() && !members.ObjectEmpty() &&
         std::all_of(members.MemberBegin(), members.MemberEnd(), [](const auto& each) {
           return each.value.IsNull() || is_of_nulls(each.value);
         });
}

std::string below(const std::string& path, const JsonValue& name) {
  const auto own = printable(text_in(name));
  return path.empty() ? own : path + '/' + own;
}

std::string difference(const JsonValue& item, const JsonValue& members, const std::string& path) {
  for (const auto& [name, wanted] : members.GetObject()) {
    const auto* value = member_of(item, name);
    const auto place = below(path, name);
    if (wanted.IsObject() && value != nullptr && value->IsObject()) {
      if (auto found = difference(*value, wanted, place); !found.empty()) return found;
      continue;
    }
    const bool same = wanted.IsNull() ? is_none(value)
                                      : value != nullptr && is_same(*value, wanted, Inside::item);
    if (same) continue;
    // An object of nulls alone asks for nothing that a member which is not there had.
    if (is_none(value) && is_of_nulls(wanted)) continue;
    return fmt::format("{} is {} instead of {}", place, shown(value), shown(&wanted));
  }
  return {};
}

JsonValue copy(const JsonValue& value, Json& into) {
  return JsonValue(value, into.GetAllocator());
}

JsonValue merged(const JsonValue& names, const JsonValue& over, Rest rest, Json& into) {
  JsonValue made(rapidjson::kObjectType);
  for (const auto& [name, value] : names.GetObject()) {
    const auto* other = member_of(over, name);
    if (other == nullptr && rest == Rest::left_out) continue;
    JsonValue own = other == nullptr ? copy(value, into)
                    : value.IsObject() && other->IsObject() ? merged(value, *other, rest, into)
                                                            : copy(*other, into);
    made.AddMember(copy(name, into), own, into.GetAllocator());
  }
  return made;
}

JsonValue named(const JsonValue& item, const JsonValue& names, Json& into) {
  JsonValue made(rapidjson::kObjectType);
  for (const auto& [name, value] : names.GetObject()) {
    const auto* own = member_of(item, name);
    JsonValue found = own == nullptr ? JsonValue(rapidjson::kNullType)
                      : value.IsObject() && own->IsObject() ? named(*own, value, into)
                                                            : copy(*own, into);
    made.AddMember(copy(name, into), found, into.GetAllocator());
  }
  return made;
}

void tell_changes(const JsonValue* before, const JsonValue* after, const std::string& path,
                  std::vector<std::string>& lines) {
  static const JsonValue none(rapidjson::kObjectType);
  const auto has_members = [](const JsonValue* value) {
    return value != nullptr && value->IsObject() && !reference_in(*value);
  };
  const bool inner = has_members(before) || has_members(after);
  const bool mixed =
      (!is_none(before) && !has_members(before)) || (!is_none(after) && !has_members(after));
  if (!inner || mixed) {
    lines.push_back(fmt::format("{}: {} → {}", path, shown(before), shown(after)));
    return;
  }
  const auto& old = is_none(before) ? none : *before;
  const auto& fresh = is_none(after) ? none : *after;
  for (const auto& [name, value] : old.GetObject()) {
    tell_changes(&value, member_of(fresh, name), below(path, name), lines);
  }
  for (const auto& [name, value] : fresh.GetObject()) {
    if (member_of(old, name) == nullptr) tell_changes(nullptr, &value, below(path, name), lines);
  }
}

void resolve_in(JsonValue& value, const ResultOf& result_of, Json& document, std::string& missing) {
  if (const auto reference = reference_in(value)) {
    if (const auto found = result_of(reference->change, reference->pointer)) {
      value = copy(parse_json(*found), document);
    } else if (missing.empty()) {
      missing = fmt::format("{} of the answer to {}", printable(reference->pointer),
                            printable(reference->change));
    }
  } else if (value.IsObject()) {
    for (auto& member : value.GetObject()) resolve_in(member.value, result_of, document, missing);
  } else if (value.IsArray()) {
    for (auto& item : value.GetArray()) resolve_in(item, result_of, document, missing);
  }
}

}  // namespace

std::optional<Reference> reference_in(const JsonValue& value) {
  if (!value.IsObject() || value.MemberCount() != 2 || !value.HasMember("pointer")) return std::nullopt;
  Reference reference{std::string(text_or_empty(value, "$result")),
                      std::string(text_or_empty(value, "pointer"))};
  if (reference.change.empty() || !value["pointer"].IsString()) return std::nullopt;
  return reference;
}

bool has_members(std::string_view item, std::string_view members) {
  return first_difference(item, members).empty();
}

std::string first_difference(std::string_view item, std::string_view members) {
  return difference(parse_json(item), parse_json(members), {});
}

std::string with_values(std::string_view names, std::string_view over, Rest rest) {
  Json made;
  return to_text(merged(parse_json(names), parse_json(over), rest, made));
}

std::string members_of(std::string_view item, std::string_view names) {
  Json made;
  return to_text(named(parse_json(item), parse_json(names), made));
}

std::vector<std::string> changes_in_words(std::string_view before, std::string_view after) {
  const Json old = parse_json(before.empty() ? "{}" : before);
  const Json fresh = parse_json(after.empty() ? "{}" : after);
  std::vector<std::string> lines;
  tell_changes(&old, &fresh, {}, lines);
  return lines;
}

Resolved resolve(std::string_view json, const ResultOf& result_of) {
  Json document = parse_json(json);
  Resolved made;
  resolve_in(document, result_of, document, made.missing);
  made.json = to_text(document);
  return made;
}

Resolved resolve_text(std::string_view text, const ResultOf& result_of) {
  Resolved made;
  while (!text.empty()) {
    const auto begin = std::min(text.find(kReference), text.size());
    made.json += text.substr(0, begin);
    text.remove_prefix(begin);
    const auto end = text.find('}');
    if (text.empty() || end == std::string_view::npos) break;
    auto own = resolve(text.substr(0, end + 1), result_of);
    if (made.missing.empty()) made.missing = std::move(own.missing);
    const Json value = parse_json(own.json);
    made.json += value.IsString() ? std::string(text_in(value)) : own.json;
    text.remove_prefix(end + 1);
  }
  made.json += text;
  return made;
}

namespace {

// "/FlowLogIds/0" → "/FlowLogId"; "" for what is no place in a list.
std::string in_the_singular(std::string_view pointer) {
  const auto list = pointer.substr(0, pointer.rfind('/'));
  const auto place = pointer.substr(list.size());
  const bool is_place = place.size() > 1 && place.find_first_not_of("0123456789", 1) == std::string_view::npos;
  if (!is_place || !list.ends_with('s')) return {};
  return std::string(list.substr(0, list.size() - 1));
}

std::optional<std::string> at_a_tail(const Json& item, std::string_view pointer) {
  while (!pointer.empty()) {
    if (const auto* found = find(item, pointer); !is_none(found)) return to_text(*found);
    pointer = pointer.substr(std::min(pointer.find('/', 1), pointer.size()));
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> value_in(const std::vector<std::string>& documents,
                                    std::string_view pointer) {
  if (!pointer.starts_with('/') || documents.empty()) return std::nullopt;
  const auto document_of = [](const std::string& text) { return parse_json(text.empty() ? "{}" : text); };
  const Json answer = document_of(documents.front());
  if (const auto* found = find(answer, pointer); !is_none(found)) return to_text(*found);
  for (std::size_t i = 1; i < documents.size(); ++i) {
    const Json item = document_of(documents[i]);
    if (auto found = at_a_tail(item, pointer)) return found;
    if (auto found = at_a_tail(item, in_the_singular(pointer))) return found;
  }
  return std::nullopt;
}

}  // namespace ciswatch
