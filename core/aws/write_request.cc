#include "core/aws/write_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "core/aws/xml.h"
#include "core/base/error.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

std::string_view view_of(const JsonValue& text) {
  return {text.GetString(), text.GetStringLength()};
}

const Field* field_named(std::span<const Field> fields, std::string_view member) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const Field& each) { return each.member == member; });
  return found == fields.end() ? nullptr : &*found;
}

const RestParam* rest_named(const Operation& operation, std::string_view member) {
  const auto found = std::find_if(operation.rest.begin(), operation.rest.end(),
                                  [&](const RestParam& each) { return each.member == member; });
  return found == operation.rest.end() ? nullptr : &*found;
}

// The members of an object, each once, as `take(name, value)`.
template <typename Take>
void for_each_member(const JsonValue& object, const Take& take) {
  std::set<std::string_view> names;
  for (const auto& [key, value] : object.GetObject()) {
    const std::string_view name = view_of(key);
    if (!names.insert(name).second) throw Error(fmt::format("{} is there twice", printable(name)));
    take(name, value);
  }
}

void check_members(const JsonValue& object, std::span<const Field> fields);

void check_item(const JsonValue& item, const Field& field) {
  const Kind kind = field.fields.empty() ? Kind::text : Kind::structure;
  if (!is_of_kind(item, kind)) {
    throw Error(fmt::format("an item of {} is of another kind", field.member));
  }
  if (kind == Kind::structure) check_members(item, field.fields);
}

void check_value(const JsonValue& value, const Field& field) {
  const Kind kind = field.kind == Kind::attribute ? Kind::text : field.kind;
  if (!is_of_kind(value, kind)) throw Error(fmt::format("{} is of another kind", field.member));
  if (kind == Kind::structure) check_members(value, field.fields);
  if (kind == Kind::list) {
    for (const auto& item : value.GetArray()) check_item(item, field);
  }
  if (kind == Kind::map) {
    for_each_member(value, [&](std::string_view, const JsonValue& entry) {
      check_item(entry, field);
    });
  }
}

void check_member(std::string_view name, const JsonValue& value, std::span<const Field> fields) {
  const Field* field = field_named(fields, name);
  if (field == nullptr) throw Error(fmt::format("there is no member {}", printable(name)));
  check_value(value, *field);
}

void check_members(const JsonValue& object, std::span<const Field> fields) {
  for_each_member(object, [&](std::string_view name, const JsonValue& value) {
    check_member(name, value, fields);
  });
}

std::string scalar_text(const JsonValue& value) {
  return value.IsString() ? std::string(view_of(value)) : to_text(value);
}

// Structures and lists as names with dots: Tags.member.1.Key.
class Form {
 public:
  NameValues pairs;

  void add_members(const JsonValue& object, std::span<const Field> fields,
                   const std::string& prefix) {
    for (const auto& [key, value] : object.GetObject()) {
      const Field& field = *field_named(fields, view_of(key));
      add(value, field, prefix + std::string(field.element));
    }
  }

 private:
  void add(const JsonValue& value, const Field& field, const std::string& name) {
    if (field.kind == Kind::structure) return add_members(value, field.fields, name + '.');
    if (field.kind == Kind::list) return add_list(value, field, name);
    if (field.kind == Kind::map) return add_map(value, field, name);
    pairs.emplace_back(name, scalar_text(value));
  }

  // An empty list is told, where the name of an item is not the list's own: it takes all away.
  void add_list(const JsonValue& list, const Field& field, const std::string& name) {
    const std::string items = field.item.empty() ? name : fmt::format("{}.{}", name, field.item);
    if (list.Empty() && !field.item.empty()) pairs.emplace_back(name, "");
    int number = 0;
    for (const auto& item : list.GetArray()) {
      const std::string place = fmt::format("{}.{}", items, ++number);
      if (field.fields.empty()) {
        pairs.emplace_back(place, scalar_text(item));
      } else {
        add_members(item, field.fields, place + '.');
      }
    }
  }

  void add_map(const JsonValue& map, const Field& field, const std::string& name) {
    int number = 0;
    for (const auto& [key, value] : map.GetObject()) {
      const std::string place = fmt::format("{}.{}.{}", name, field.item, ++number);
      pairs.emplace_back(place + ".key", scalar_text(key));
      pairs.emplace_back(place + ".value", scalar_text(value));
    }
  }
};

std::string form_of(const Operation& operation, const JsonValue& document) {
  Form form;
  form.add_members(document, operation.request, "");
  std::string body =
      fmt::format("Action={}&Version={}", operation.name, operation.service->version);
  for (const auto& [name, value] : form.pairs) {
    body += '&' + form_encode(name) + '=' + form_encode(value);
  }
  return body;
}

std::string rest_text(const JsonValue& value, Kind kind, std::string_view name) {
  if (!is_of_kind(value, kind)) throw Error(fmt::format("{} is of another kind", name));
  return scalar_text(value);
}

std::string payload_of(const Operation& operation, const Field& field, const JsonValue& value) {
  if (field.kind == Kind::text) return scalar_text(value);
  return encode_xml(value, field, operation.service->xml_namespace);
}

WriteRequest rest_of(const Operation& operation, const Json& document) {
  WriteRequest request;
  const bool json = operation.service->protocol == Protocol::rest_json;
  Json body(rapidjson::kObjectType);
  for_each_member(document, [&](std::string_view name, const JsonValue& value) {
    const RestParam* rest = rest_named(operation, name);
    if (rest != nullptr || operation.path.find(fmt::format("{{{}}}", name)) != std::string::npos) {
      const Kind kind = rest == nullptr ? Kind::text : rest->kind;
      request.rest.emplace_back(name, rest_text(value, kind, name));
      return;
    }
    check_member(name, value, operation.request);
    if (json) {
      set_member(body, name, JsonValue(value, body.GetAllocator()), body);
    } else {
      request.body = payload_of(operation, *field_named(operation.request, name), value);
    }
  });
  if (json && operation.method != "DELETE") request.body = to_text(body);
  return request;
}

WriteRequest encoded(const Operation& operation, const ApiCall& call) {
  const Json document = parse_json(call.document.empty() ? "{}" : call.document);
  if (!document.IsObject()) throw Error("the request is no JSON object");
  const Protocol protocol = operation.service->protocol;
  if (protocol == Protocol::rest_xml || protocol == Protocol::rest_json) {
    return rest_of(operation, document);
  }
  check_members(document, operation.request);
  const bool form = protocol == Protocol::query || protocol == Protocol::ec2;
  return {{}, form ? form_of(operation, document) : to_text(document)};
}

}  // namespace

std::string form_encode(std::string_view text) {
  std::vector<std::string> words = split(text, ' ');
  for (std::string& word : words) word = percent_encode(word);
  return join(words, "+");
}

bool is_of_kind(const JsonValue& value, Kind kind) {
  switch (kind) {
    case Kind::boolean:
      return value.IsBool();
    case Kind::integer:
      return value.IsInt64();
    case Kind::real:
      return value.IsNumber();
    case Kind::structure:
    case Kind::map:
      return value.IsObject();
    case Kind::list:
      return value.IsArray();
    default:
      return value.IsString();
  }
}

WriteRequest encode_document(const Operation& operation, const ApiCall& call) {
  try {
    return encoded(operation, call);
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", operation.name, error.what()));
  }
}

}  // namespace ciswatch
