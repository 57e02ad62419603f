#include "core/policy/request.h"

#include <fmt/format.h>

#include "core/base/json.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr std::size_t kLongest = 2'048;  // bytes of a text
constexpr std::size_t kMostKeys = 100;   // and values of a key

std::string text_of(const JsonValue& value, std::string_view what) {
  if (!value.IsString()) throw PolicyError(fmt::format("the request's {} must be a text", what));
  if (value.GetStringLength() > kLongest) {
    throw PolicyError(fmt::format("the request's {} is longer than 2,048 bytes", what));
  }
  return {value.GetString(), value.GetStringLength()};
}

Principal principal_of(const JsonValue& value) {
  using Kind = Principal::Kind;
  if (value.IsString() && text_of(value, "principal") == "*") return {};
  if (!value.IsObject() || value.MemberCount() != 1) {
    throw PolicyError("the request's principal must be \"*\" or an object with one member");
  }
  const auto& member = *value.MemberBegin();
  const auto kind = text_of(member.name, "kind of principal");
  auto id = text_of(member.value, "principal");
  if (kind == "AWS") return {Kind::aws, std::move(id)};
  if (kind == "Service") return {Kind::service, std::move(id)};
  if (kind == "Federated") return {Kind::federated, std::move(id)};
  if (kind == "CanonicalUser") return {Kind::canonical_user, std::move(id)};
  throw PolicyError("the request's principal is of no kind");
}

std::vector<std::string> values_of(const JsonValue& value) {
  if (value.IsNull()) return {};
  if (value.IsBool() || value.IsNumber()) return {to_text(value)};
  if (!value.IsArray()) return {text_of(value, "context value")};
  if (value.Size() > kMostKeys) throw PolicyError("the request's key has too many values");
  std::vector<std::string> values;
  for (const auto& one : value.GetArray()) values.push_back(text_of(one, "context value"));
  return values;
}

void read_context(Request& request, const JsonValue& context) {
  if (!context.IsObject() || context.MemberCount() > kMostKeys) {
    throw PolicyError("the request's context must be an object of at most 100 keys");
  }
  for (const auto& member : context.GetObject()) {
    request.context[to_lower(text_of(member.name, "key"))] = values_of(member.value);
  }
}

}  // namespace

Request parse_request(std::string_view json) {
  const auto document = parse_json(json);
  if (!document.IsObject()) throw PolicyError("the request must be an object");
  Request request;
  for (const auto& member : document.GetObject()) {
    const auto name = text_of(member.name, "member");
    if (name == "principal") {
      request.principal = principal_of(member.value);
    } else if (name == "action") {
      request.action = text_of(member.value, name);
    } else if (name == "resource") {
      request.resource = text_of(member.value, name);
    } else if (name == "context") {
      read_context(request, member.value);
    } else if (name == "every" && member.value.IsBool()) {
      request.every = member.value.GetBool();
    } else if (name == "some" && member.value.IsBool()) {
      request.some = member.value.GetBool();
    } else if (name == "by_name" && member.value.IsBool()) {
      request.by_name = member.value.GetBool();
    } else {
      throw PolicyError(fmt::format("the request has no member '{}'", shortened(printable(name), 40)));
    }
  }
  if (request.action.empty()) throw PolicyError("the request has no action");
  return request;
}

}  // namespace ciswatch
