#include "core/aws/sigv4.h"

#include <gtest/gtest.h>

#include "core/base/files.h"
#include "core/base/json.h"

namespace ciswatch {
namespace {

// Made by make_vectors.py with botocore.
const Json& vectors() {
  static const Json kVectors = parse_json(
      read_file(CISWATCH_SOURCE_DIR "/tests/aws/vectors/sigv4.json", std::size_t{4} << 20));
  return kVectors;
}

std::string text(const JsonValue& object, std::string_view member) {
  return std::string(text_or_empty(object, member));
}

NameValues pairs(const JsonValue& object, std::string_view member) {
  NameValues out;
  for (const auto& pair : find(object, "/" + std::string(member))->GetArray()) {
    out.emplace_back(pair[0].GetString(), pair[1].GetString());
  }
  return out;
}

HttpRequest request_of(const JsonValue& vector) {
  HttpRequest request;
  request.method = text(vector, "method");
  request.endpoint = text(vector, "endpoint");
  request.path = text(vector, "path");
  request.query = pairs(vector, "query");
  request.headers = pairs(vector, "headers");
  request.body = text(vector, "body");
  return request;
}

SigningScope scope_of(const JsonValue& vector) {
  return {parse_iso8601(text(vector, "time")).value(), text(vector, "region"),
          text(vector, "service")};
}

std::string header(const HttpRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return {};
}

class SigV4Vectors : public testing::TestWithParam<std::size_t> {};

TEST_P(SigV4Vectors, EveryStageIsBotocores) {
  const Json& all = vectors();
  const JsonValue& vector = find(all, "/vectors")->GetArray()[static_cast<unsigned>(GetParam())];
  SCOPED_TRACE(text(vector, "name"));
  const std::string secret = text(all, "secret_access_key");
  const SigningScope scope = scope_of(vector);

  HttpRequest request = request_of(vector);
  Signer signer({text(all, "access_key_id"), secret, text(vector, "token")});
  signer.sign(request, scope);

  const std::string canonical = canonical_request(request, scope.service);
  EXPECT_EQ(canonical, text(vector, "canonical_request"));
  const std::string to_sign = string_to_sign(canonical, scope);
  EXPECT_EQ(to_sign, text(vector, "string_to_sign"));
  EXPECT_EQ(signature(signing_key(secret, scope), to_sign), text(vector, "signature"));
  EXPECT_EQ(header(request, "Authorization"), text(vector, "authorization"));
}

INSTANTIATE_TEST_SUITE_P(All, SigV4Vectors,
                         testing::Range(std::size_t{0},
                                        std::size_t{find(vectors(), "/vectors")->Size()}));

TEST(SigV4, HasVectorsForAllKindsOfServices) {
  EXPECT_GE(find(vectors(), "/vectors")->Size(), 40U);
}

TEST(SigV4, KeptKeysAreThoseOfDateRegionAndService) {
  const Credentials credentials{"AKID", "secret", ""};
  Signer kept(credentials);
  for (const UnixSeconds time : {0, 86399, 86400}) {
    for (const auto* region : {"us-east-1", "eu-west-1"}) {
      for (const auto* service : {"kms", "s3", "kms"}) {
        const SigningScope scope{time, region, service};
        HttpRequest by_kept;
        by_kept.endpoint = "https://x.example";
        by_kept.path = "/";
        HttpRequest by_new = by_kept;
        kept.sign(by_kept, scope);
        Signer(credentials).sign(by_new, scope);
        EXPECT_EQ(header(by_kept, "Authorization"), header(by_new, "Authorization"));
      }
    }
  }
}

TEST(SigV4, AValuelessSubResourceIsSentBareAndSignedWithAnEqualsSign) {
  HttpRequest request;
  request.endpoint = "https://s3.us-east-1.amazonaws.com";
  request.path = "/bucket";
  request.query = {{"acl", ""}};
  EXPECT_EQ(url_of(request), "https://s3.us-east-1.amazonaws.com/bucket?acl");
  EXPECT_NE(canonical_request(request, "s3").find("\nacl=\n"), std::string::npos);
}

TEST(SigV4, OnlyS3SendsTheHashOfTheBody) {
  for (const auto* service : {"s3", "kms"}) {
    HttpRequest request;
    request.endpoint = "https://x.example";
    request.path = "/";
    Signer({"AKID", "secret", ""}).sign(request, {0, "us-east-1", service});
    EXPECT_EQ(header(request, "X-Amz-Content-Sha256").empty(), std::string_view(service) != "s3");
  }
}

}  // namespace
}  // namespace ciswatch
