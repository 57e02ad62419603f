// What is sent to change something, beside what botocore sends for the same.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <pugixml.hpp>
#include <set>
#include <sstream>

#include "core/aws/protocols.h"
#include "core/aws/write_operations.h"
#include "core/base/crypto.h"
#include "core/base/files.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

// Made by make_request_vectors.py with botocore.
const Json& vectors() {
  static const Json kVectors = parse_json(
      read_file(CISWATCH_SOURCE_DIR "/tests/aws/vectors/requests.json", std::size_t{4} << 20));
  return kVectors;
}

std::string text(const JsonValue& object, std::string_view member) {
  return std::string(text_or_empty(object, member));
}

HttpRequest ours(const JsonValue& vector) {
  ApiCall call{"111111111111", "us-east-1", text(vector, "service"), text(vector, "operation"), {}};
  call.document = to_text(vector["document"]);
  const Operation& operation = *find_operation(call.service, call.operation);
  complete(operation, call);
  return build_request(operation, call, endpoint_of(call.service, call.region, call.account_id, {}));
}

NameValues sorted_pairs(const JsonValue& vector, std::string_view member) {
  NameValues out;
  for (const auto& pair : find(vector, "/" + std::string(member))->GetArray()) {
    out.emplace_back(pair[0].GetString(), pair[1].GetString());
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string form_decode(std::string text) {
  std::replace(text.begin(), text.end(), '+', ' ');
  return percent_decode(text);
}

NameValues form_of(const std::string& body) {
  NameValues out;
  for (const std::string& pair : split(body, '&')) {
    const auto equals = pair.find('=');
    out.emplace_back(form_decode(pair.substr(0, equals)), form_decode(pair.substr(equals + 1)));
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string canonical_xml(const std::string& text) {
  pugi::xml_document document;
  EXPECT_TRUE(document.load_string(text.c_str(), pugi::parse_full | pugi::parse_ws_pcdata)) << text;
  std::ostringstream out;
  document.save(out, "", pugi::format_raw | pugi::format_no_declaration);
  return out.str();
}

// Those that the operation itself asks for. A checksum is of our own bytes: an empty element can be
// written in two ways.
void expect_same_headers(const HttpRequest& request, const JsonValue& vector) {
  std::set<std::string> names;
  for (const auto& [name, value] : request.headers) {
    const std::string lower = to_lower(name);
    if (lower == "content-type" || lower == "accept") continue;
    names.insert(lower);
    if (lower == "x-amz-checksum-sha256") {
      EXPECT_EQ(value, base64(bytes_of(sha256(request.body))));
    } else if (lower != "x-amz-target" || text(vector, "service") != "cloudwatch") {
      EXPECT_EQ(value, text(vector["headers"], lower)) << name;
    }
  }
  for (const auto& header : vector["headers"].GetObject()) {
    EXPECT_TRUE(names.contains(header.name.GetString())) << header.name.GetString();
  }
}

TEST(WriteRequests, AreBotocores) {
  for (const JsonValue& vector : vectors().GetArray()) {
    SCOPED_TRACE(text(vector, "operation") + ' ' + to_text(vector["document"]));
    const HttpRequest request = ours(vector);
    EXPECT_EQ(request.method, text(vector, "method"));
    EXPECT_EQ(request.path, text(vector, "path"));
    NameValues query = request.query;
    std::sort(query.begin(), query.end());
    EXPECT_EQ(query, sorted_pairs(vector, "query"));
    expect_same_headers(request, vector);
    if (vector.HasMember("form")) {
      EXPECT_EQ(form_of(request.body), sorted_pairs(vector, "form"));
    } else if (vector.HasMember("json")) {
      EXPECT_TRUE(parse_json(request.body) == vector["json"]) << request.body;
    } else if (vector.HasMember("xml")) {
      EXPECT_EQ(canonical_xml(request.body), canonical_xml(text(vector, "xml")));
    } else {
      EXPECT_EQ(request.body, text(vector, "text"));
    }
  }
}

TEST(WriteRequests, AreComparedForEveryOperation) {
  std::set<std::string> compared;
  for (const JsonValue& vector : vectors().GetArray()) {
    compared.insert(text(vector, "service") + ' ' + text(vector, "operation"));
  }
  for (const Operation& each : write_operations()) {
    EXPECT_TRUE(compared.contains(fmt::format("{} {}", each.service->name, each.name))) << each.name;
  }
}

TEST(WriteRequests, ToS3ControlAreAboutTheCallsAccountUnlessTheyNameAnother) {
  const Operation& operation = *find_operation("s3control", "DeletePublicAccessBlock");
  for (const auto& [document, account] :
       {std::pair("", "111111111111"), std::pair(R"({"AccountId":"222222222222"})", "222222222222")}) {
    ApiCall call{"111111111111", "us-east-1", "s3control", "DeletePublicAccessBlock", {}};
    call.document = document;
    complete(operation, call);
    const HttpRequest request = build_request(operation, call, {"https://h", false});
    EXPECT_EQ(request.headers, (NameValues{{"x-amz-account-id", account}}));
  }
}

}  // namespace
}  // namespace ciswatch
