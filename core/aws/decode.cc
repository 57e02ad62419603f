#include <fmt/format.h>

#include <algorithm>

#include "core/aws/protocols.h"
#include "core/aws/retry.h"
#include "core/aws/write_request.h"
#include "core/aws/xml.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr std::size_t kLongestMessage = 2000;
constexpr std::size_t kLongestCode = 200;
constexpr std::string_view kBucketRegion = "x-amz-bucket-region";

ApiError network_error(const HttpResponse& response) {
  std::string_view code = error_code::kUnreachable;
  if (response.failure == HttpFailure::timeout) code = error_code::kTimeout;
  if (response.failure == HttpFailure::tls) code = error_code::kTls;
  if (response.failure == HttpFailure::too_large) code = error_code::kTooLarge;
  return {std::string(code), response.failure_text, 0};
}

// "com.amazonaws.kms#NotFoundException:http://…" → "NotFoundException".
std::string plain_code(std::string_view code) {
  code = code.substr(0, code.find(':'));
  if (const auto hash = code.rfind('#'); hash != std::string_view::npos)
    code.remove_prefix(hash + 1);
  return std::string(trim(code));
}

std::string first_text(const Json& document, std::initializer_list<std::string_view> members) {
  for (const auto member : members) {
    const auto text = text_or_empty(document, member);
    if (!text.empty()) return std::string(text);
  }
  return {};
}

void read_json_error(std::string_view body, ApiError& error) {
  try {
    const Json document = parse_json(body);
    if (!document.IsObject()) return;
    if (error.code.empty())
      error.code = plain_code(first_text(document, {"__type", "code", "Code"}));
    error.message = first_text(document, {"message", "Message", "errorMessage"});
  } catch (const JsonError&) {
    // A body that is not legible leaves the status to tell the error.
  }
}

// Services answer in another format than their own when something in front of them refuses.
void read_error_body(const HttpResponse& response, Decoded& decoded) {
  ApiError& error = decoded.error;
  error.code = plain_code(header_of(response, "x-amzn-errortype"));
  const std::string_view body = trim(response.body);
  if (body.starts_with('{')) {
    read_json_error(body, error);
  } else if (const auto xml = decode_xml_error(body)) {
    if (error.code.empty()) error.code = plain_code(xml->code);
    error.message = xml->message;
    decoded.region = xml->region;
  }
}

Decoded decode_error(const HttpResponse& response) {
  Decoded decoded;
  decoded.error.status = response.status;
  try {
    read_error_body(response, decoded);
  } catch (const MalformedAnswer&) {
    // The same.
  }
  ApiError& error = decoded.error;
  if (error.code.empty()) error.code = fmt::format("{}", response.status);
  if (error.message.empty()) {
    error.message = fmt::format("HTTP {} without an explanation", response.status);
  }
  error.code = shortened(error.code, kLongestCode);
  error.message = shortened(error.message, kLongestMessage);
  return decoded;
}

Json decode_headers(const Operation& operation, const HttpResponse& response) {
  Json answer(rapidjson::kObjectType);
  for (const Field& field : operation.fields) {
    const auto value = header_of(response, field.element);
    if (value.empty()) continue;
    JsonValue member = field.kind == Kind::boolean ? JsonValue(equal_ignoring_case(value, "true"))
                                                   : json_text(valid_utf8(value), answer);
    set_member(answer, field.member, std::move(member), answer);
  }
  return answer;
}

// A null says the same as leaving the member out; boto3 leaves it out, too.
void drop_nulls(JsonValue& value) {
  if (value.IsObject()) {
    for (auto member = value.MemberBegin(); member != value.MemberEnd();) {
      if (member->value.IsNull()) {
        member = value.EraseMember(member);
      } else {
        drop_nulls(member->value);
        ++member;
      }
    }
  } else if (value.IsArray()) {
    for (auto& item : value.GetArray()) drop_nulls(item);
  }
}

JsonValue renamed(JsonValue& object, std::span<const Field> fields, Json& document);

void rename_within(JsonValue& value, const Field& field, Json& document) {
  const auto rename = [&](JsonValue& each) {
    if (!each.IsObject()) return;
    JsonValue members = renamed(each, field.fields, document);
    each.Swap(members);
  };
  if (field.kind == Kind::structure) rename(value);
  if (field.kind == Kind::list && value.IsArray()) {
    for (auto& item : value.GetArray()) rename(item);
  }
  if (field.kind == Kind::map && value.IsObject()) {
    for (auto& entry : value.GetObject()) rename(entry.value);
  }
}

// The object's members under their names in the API model. What `object` held moves out of it.
JsonValue renamed(JsonValue& object, std::span<const Field> fields, Json& document) {
  JsonValue members(rapidjson::kObjectType);
  for (const Field& field : fields) {
    const auto found = object.FindMember(
        rapidjson::StringRef(field.element.data(), field.element.size()));
    if (found == object.MemberEnd()) continue;
    if (!field.fields.empty()) rename_within(found->value, field, document);
    set_member(members, field.member, std::move(found->value), document);
  }
  return members;
}

Json decode_json(std::string_view body, std::span<const Field> fields) {
  try {
    Json document = parse_json(body);
    drop_nulls(document);
    if (!fields.empty() && document.IsObject()) {
      JsonValue members = renamed(document, fields, document);
      static_cast<JsonValue&>(document).Swap(members);
    }
    return document;
  } catch (const JsonError& error) {
    throw MalformedAnswer(fmt::format("the answer is no well-formed JSON ({})", error.what()),
                          true);
  }
}

// A policy: half of one, or what a portal shows in its place, is none.
Json decode_policy(const Operation& operation, std::string_view body) {
  Json answer(rapidjson::kObjectType);
  if (trim(body).empty()) return answer;
  const Json policy = decode_json(body, {});
  if (!policy.IsObject() || !policy.HasMember("Statement")) {
    throw MalformedAnswer("the answer is no policy", false);
  }
  set_member(answer, operation.root, json_text(body, answer), answer);
  return answer;
}

Json decode_body(const Operation& operation, const HttpResponse& response) {
  Json answer(rapidjson::kObjectType);
  // What changes something often answers with no word; an emulator then says null.
  const std::string_view body = trim(response.body);
  const bool silent = operation.writes() && (body.empty() || body == "null");
  switch (operation.answer) {
    case Answer::headers:
      return decode_headers(operation, response);
    case Answer::nothing:
      if (!silent && body != operation.root) decode_xml(body, operation.root, {});
      return answer;
    case Answer::text:
      return decode_policy(operation, response.body);
    case Answer::payload: {
      const Json payload = decode_xml(response.body, operation.root, operation.fields);
      set_member(answer, operation.root, JsonValue(payload, answer.GetAllocator()), answer);
      return answer;
    }
    case Answer::document:
      break;
  }
  const Protocol protocol = operation.service->protocol;
  if (protocol == Protocol::json_1_0 || protocol == Protocol::json_1_1 ||
      protocol == Protocol::rest_json) {
    if (silent) return answer;
    return decode_json(response.body, operation.fields);
  }
  return decode_xml(response.body, operation.root, operation.fields);
}

// S3 may begin to answer before it knows that it fails.
bool hides_an_error(const Operation& operation, std::string_view body) {
  if (operation.service->protocol != Protocol::rest_xml) return false;
  return trim(body).starts_with('<') && body.find("<Error>") != std::string_view::npos &&
         decode_xml_error(body).has_value();
}

void check_required(const Operation& operation, const Json& answer) {
  if (!answer.IsObject()) throw MalformedAnswer("the answer is no object", false);
  if (operation.required.empty()) return;
  const JsonValue* required = find(answer, operation.required);
  if (required == nullptr || !is_of_kind(*required, operation.required_kind)) {
    throw MalformedAnswer(fmt::format("the answer has no proper {}", operation.required), false);
  }
}

// Of the items of a request some may fail while the answer as a whole tells of success.
void find_unsuccessful(const Operation& operation, Decoded& decoded) {
  if (operation.unsuccessful.empty()) return;
  const JsonValue* items = find(*decoded.response, operation.unsuccessful);
  if (items == nullptr || !items->IsArray() || items->Empty()) return;
  const JsonValue& item = (*items)[0];
  const JsonValue* error = find(item, "/Error");
  const JsonValue none(rapidjson::kObjectType);
  const JsonValue& told = error == nullptr ? none : *error;
  const auto code = text_or_empty(told, "Code");
  decoded.error.code = shortened(code.empty() ? "Unsuccessful" : code, kLongestCode);
  decoded.error.message =
      shortened(fmt::format("{}: {}", text_or_empty(item, "ResourceId"), text_or_empty(told, "Message")),
                kLongestMessage);
  decoded.error.status = 200;
}

Decoded decode_success(const Operation& operation, const HttpResponse& response) {
  if (hides_an_error(operation, response.body)) return decode_error(response);
  // AWS sends nothing else: it was spoilt on the way, and read on it would pass for other names.
  if (!is_utf8(response.body)) {
    throw MalformedAnswer("the answer is no UTF-8", true);
  }
  Decoded decoded;
  decoded.response = decode_body(operation, response);
  check_required(operation, *decoded.response);
  find_unsuccessful(operation, decoded);
  return decoded;
}

Decoded malformed(const MalformedAnswer& what, int status) {
  Decoded decoded;
  decoded.error = {std::string(error_code::kMalformed), what.what(), status};
  decoded.cut_off = what.cut_off();
  return decoded;
}

}  // namespace

Decoded decode_response(const Operation& operation, const HttpResponse& response) {
  Decoded decoded;
  if (response.failure != HttpFailure::none) {
    decoded.error = network_error(response);
    return decoded;
  }
  const bool done = response.status == 200 || (operation.writes() && response.status == 204);
  if (!done) {
    decoded = decode_error(response);
  } else {
    try {
      decoded = decode_success(operation, response);
    } catch (const MalformedAnswer& error) {
      decoded = malformed(error, response.status);
    }
  }
  if (const auto told = header_of(response, kBucketRegion); !told.empty()) decoded.region = told;
  return decoded;
}

}  // namespace ciswatch
