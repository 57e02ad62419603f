#include "core/aws/protocols.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/aws/write_request.h"
#include "core/base/crypto.h"
#include "core/base/error.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

// Control characters would end a header or confuse what is signed.
bool can_be_sent(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

void check_texts(const Operation& operation, const NameValues& params) {
  for (const auto& [name, value] : params) {
    if (!can_be_sent(value)) {
      throw Error(
          fmt::format("{}: the parameter {} holds a control character", operation.name, name));
    }
  }
}

std::string json_body(const Operation& operation, const ApiCall& call) {
  std::string body = "{";
  const auto add = [&](std::string_view name, const std::string& value) {
    if (body.size() > 1) body += ',';
    body += json_quote(name) + ':' + value;
  };
  for (const FixedParam& fixed : operation.fixed) {
    add(fixed.name, fixed.quoted ? json_quote(fixed.value) : std::string(fixed.value));
  }
  for (const auto& [name, value] : call.params) add(name, json_quote(value));
  return body + '}';
}

std::string form_body(const Operation& operation, const ApiCall& call) {
  std::string body =
      fmt::format("Action={}&Version={}", operation.name, operation.service->version);
  for (const FixedParam& fixed : operation.fixed) {
    body += fmt::format("&{}={}", fixed.name, form_encode(fixed.value));
  }
  for (const auto& [name, value] : call.params) {
    body += '&' + form_encode(name) + '=' + form_encode(value);
  }
  return body;
}

void add_rest_param(const Operation& operation, std::string_view name, std::string_view value,
                    HttpRequest& request) {
  const std::string place = fmt::format("{{{}}}", name);
  if (const auto at = request.path.find(place); at != std::string::npos) {
    request.path.replace(at, place.size(), percent_encode(value));
    return;
  }
  const auto found = std::find_if(operation.rest.begin(), operation.rest.end(),
                                  [&](const RestParam& each) { return each.member == name; });
  if (found == operation.rest.end()) {
    throw Error(fmt::format("{} has no parameter {}", operation.name, name));
  }
  (found->header ? request.headers : request.query).emplace_back(found->name, value);
}

void fill_rest(const Operation& operation, const NameValues& params, HttpRequest& request) {
  request.path = operation.path;
  if (!operation.sub_resource.empty()) request.query.emplace_back(operation.sub_resource, "");
  for (const FixedParam& fixed : operation.fixed) {
    add_rest_param(operation, fixed.name, fixed.value, request);
  }
  for (const auto& [name, value] : params) {
    if (value.empty())
      throw Error(fmt::format("{}: the parameter {} is empty", operation.name, name));
    add_rest_param(operation, name, value, request);
  }
  if (const auto open = request.path.find('{'); open != std::string::npos) {
    throw Error(
        fmt::format("{}: a parameter is missing: {}", operation.name, request.path.substr(open)));
  }
}

bool is_rest(const Operation& operation) {
  const Protocol protocol = operation.service->protocol;
  return protocol == Protocol::rest_json || protocol == Protocol::rest_xml;
}

NameValues protocol_headers(const Operation& operation) {
  switch (operation.service->protocol) {
    case Protocol::json_1_0:
    case Protocol::json_1_1:
      return {
          {"Content-Type", operation.service->protocol == Protocol::json_1_0
                               ? "application/x-amz-json-1.0"
                               : "application/x-amz-json-1.1"},
          {"X-Amz-Target", fmt::format("{}.{}", operation.service->target_prefix, operation.name)}};
    case Protocol::query:
    case Protocol::ec2:
      return {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
    case Protocol::rest_json:
      // Without it API Gateway answers in HAL, which its API model does not know.
      return {{"Accept", "application/json"}};
    case Protocol::rest_xml:
      break;
  }
  return {};
}

void fill_read(const Operation& operation, const ApiCall& call, HttpRequest& request) {
  if (!call.document.empty()) {
    throw Error(fmt::format("{} reads and takes no document", operation.name));
  }
  const Protocol protocol = operation.service->protocol;
  if (is_rest(operation)) return fill_rest(operation, call.params, request);
  const bool form = protocol == Protocol::query || protocol == Protocol::ec2;
  request.body = form ? form_body(operation, call) : json_body(operation, call);
}

void add_checksum(HttpRequest& request) {
  request.headers.emplace_back("x-amz-sdk-checksum-algorithm", "SHA256");
  request.headers.emplace_back("x-amz-checksum-sha256",
                               base64(bytes_of(sha256(request.body))));
}

// What the call itself completes (s3control's AccountId) stands behind the document.
void fill_write(const Operation& operation, const ApiCall& call, HttpRequest& request) {
  WriteRequest encoded = encode_document(operation, call);
  request.body = std::move(encoded.body);
  request.once = true;
  if (!is_rest(operation)) {
    if (call.params.empty()) return;
    throw Error(fmt::format("{} takes a document and no parameters", operation.name));
  }
  for (const auto& param : call.params) {
    const bool given =
        std::any_of(encoded.rest.begin(), encoded.rest.end(),
                    [&](const auto& each) { return each.first == param.first; });
    if (!given) encoded.rest.push_back(param);
  }
  check_texts(operation, encoded.rest);
  fill_rest(operation, encoded.rest, request);
  if (operation.service->protocol == Protocol::rest_json && !request.body.empty()) {
    request.headers.emplace_back("Content-Type", "application/json");
  }
  if (operation.checksum) add_checksum(request);
}

}  // namespace

void complete(const Operation& operation, ApiCall& call) {
  const auto names = [](std::string_view name) {
    return [name](const auto& each) { return each.first == name; };
  };
  for (const RestParam& param : operation.rest) {
    const bool given = std::any_of(call.params.begin(), call.params.end(), names(param.member));
    if (param.member == "AccountId" && !given && !call.account_id.empty()) {
      call.params.emplace_back(param.member, call.account_id);
    }
  }
}

HttpRequest build_request(const Operation& operation, const ApiCall& call,
                          const Endpoint& endpoint) {
  check_texts(operation, call.params);
  HttpRequest request;
  request.method = operation.method;
  request.endpoint = endpoint.url;
  request.plain_http = endpoint.overridden;
  request.path = "/";
  request.headers = protocol_headers(operation);
  if (operation.writes()) {
    fill_write(operation, call, request);
  } else {
    fill_read(operation, call, request);
  }
  return request;
}

}  // namespace ciswatch
