#include "core/aws/endpoints.h"

#include <gtest/gtest.h>

#include <set>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/json.h"

namespace ciswatch {
namespace {

constexpr std::string_view kAccount = "111111111111";

std::string url(std::string_view service, std::string_view region,
                const EndpointOverrides& overrides = {}) {
  return endpoint_of(service, region, kAccount, overrides).url;
}

TEST(Endpoints, FollowThePartition) {
  EXPECT_EQ(url("cloudtrail", "us-east-1"), "https://cloudtrail.us-east-1.amazonaws.com");
  EXPECT_EQ(url("s3", "eu-west-1"), "https://s3.eu-west-1.amazonaws.com");
  EXPECT_EQ(url("sts", "us-east-1"), "https://sts.us-east-1.amazonaws.com");
  EXPECT_EQ(url("kms", "cn-north-1"), "https://kms.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(url("config", "us-gov-west-1"), "https://config.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(url("s3control", "cn-northwest-1"),
            "https://111111111111.s3-control.cn-northwest-1.amazonaws.com.cn");
}

// Made by make_endpoint_vectors.py with botocore.
TEST(Endpoints, AreThoseOfBotocore) {
  const Json all = parse_json(
      read_file(CISWATCH_SOURCE_DIR "/tests/aws/vectors/endpoints.json", std::size_t{1} << 20));
  const auto filled = [](std::string_view text, const std::string& region) {
    std::string out(text);
    constexpr std::string_view kPlace = "{region}";
    if (const auto at = out.find(kPlace); at != std::string::npos) {
      out.replace(at, kPlace.size(), region);
    }
    return out;
  };
  std::set<std::string> seen;
  int compared = 0;
  for (const JsonValue& line : all.GetArray()) {
    const std::string service(text_or_empty(line, "service"));
    seen.insert(service);
    EndpointOverrides wanted;
    wanted.fips = line["fips"].GetBool();
    wanted.dual_stack = line["dual_stack"].GetBool();
    for (const JsonValue& each : line["regions"].GetArray()) {
      const std::string region = each.GetString();
      SCOPED_TRACE(service + " " + region);
      ++compared;
      if (line["url"].IsNull()) {
        EXPECT_THROW(endpoint_of(service, region, kAccount, wanted), Error);
        continue;
      }
      const Endpoint endpoint = endpoint_of(service, region, kAccount, wanted);
      EXPECT_EQ(endpoint.url, filled(text_or_empty(line, "url"), region));
      EXPECT_EQ(endpoint.region, filled(text_or_empty(line, "signs"), region));
    }
  }
  EXPECT_GT(compared, 2000);
  for (const auto service : called_services()) {
    EXPECT_TRUE(seen.contains(std::string(service))) << service << ": add it to the vectors";
  }
}

TEST(Endpoints, PartitionsKnowTheirFirstRegion) {
  EXPECT_EQ(partition_of("eu-west-1").name, "aws");
  EXPECT_EQ(partition_of("eu-west-1").first_region, "us-east-1");
  EXPECT_EQ(partition_of("cn-northwest-1").name, "aws-cn");
  EXPECT_EQ(partition_of("cn-northwest-1").first_region, "cn-north-1");
  EXPECT_EQ(partition_of("us-gov-east-1").name, "aws-us-gov");
  EXPECT_EQ(partition_of("us-gov-east-1").first_region, "us-gov-west-1");
}

TEST(Endpoints, AServicesOwnOverrideWins) {
  EndpointOverrides overrides;
  EXPECT_FALSE(endpoint_of("kms", "us-east-1", kAccount, overrides).overridden);
  overrides.all = "http://localhost:5000";
  overrides.services["kms"] = "https://kms.example";
  EXPECT_EQ(url("kms", "us-east-1", overrides), "https://kms.example");
  EXPECT_EQ(url("ec2", "us-east-1", overrides), "http://localhost:5000");
  // No account in front of a host that the user named.
  EXPECT_EQ(url("s3control", "us-east-1", overrides), "http://localhost:5000");
  EXPECT_TRUE(endpoint_of("ec2", "us-east-1", kAccount, overrides).overridden);
  overrides.fips = overrides.dual_stack = true;
  EXPECT_EQ(url("kms", "us-east-1", overrides), "https://kms.example");
  EXPECT_EQ(url("iam", "us-east-1", overrides), "http://localhost:5000");
}

TEST(Endpoints, NothingOddBecomesAHostName) {
  EXPECT_THROW(url("kms", "evil.example/x"), Error);
  EXPECT_THROW(url("kms", ""), Error);
  EXPECT_THROW(url("kms", "us-east-1."), Error);
  EXPECT_THROW(url("kms", std::string(40, 'a')), Error);
  EXPECT_THROW(url("nonsense", "us-east-1"), Error);
  EXPECT_THROW(endpoint_of("s3control", "us-east-1", "", {}), Error);
  EXPECT_THROW(endpoint_of("s3control", "us-east-1", "a.b", {}), Error);
}

TEST(Endpoints, VariablesAreSpelledAsTheSdksDo) {
  EXPECT_EQ(endpoint_variable("s3"), "AWS_ENDPOINT_URL_S3");
  EXPECT_EQ(endpoint_variable("s3control"), "AWS_ENDPOINT_URL_S3_CONTROL");
  EXPECT_EQ(endpoint_variable("elbv2"), "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2");
  EXPECT_EQ(endpoint_variable("apigateway"), "AWS_ENDPOINT_URL_API_GATEWAY");
  EXPECT_EQ(endpoint_variable("apigatewayv2"), "AWS_ENDPOINT_URL_APIGATEWAYV2");
  EXPECT_EQ(endpoint_variable("config"), "AWS_ENDPOINT_URL_CONFIG_SERVICE");
  EXPECT_EQ(endpoint_variable("logs"), "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS");
  EXPECT_EQ(endpoint_variable("cloudtrail"), "AWS_ENDPOINT_URL_CLOUDTRAIL");
  EXPECT_EQ(endpoint_variable("kms"), "AWS_ENDPOINT_URL_KMS");
  EXPECT_EQ(endpoint_variable("ec2"), "AWS_ENDPOINT_URL_EC2");
  EXPECT_EQ(endpoint_variable("sts"), "AWS_ENDPOINT_URL_STS");
}

TEST(Endpoints, AreCheckedBeforeUse) {
  EXPECT_EQ(checked_endpoint("http://127.0.0.1:5000/", "x"), "http://127.0.0.1:5000");
  EXPECT_EQ(checked_endpoint(" https://host/base/ ", "x"), "https://host/base");
  for (const auto* bad : {"", "localhost:5000", "ftp://host", "http://", "http:///x", "http://:80",
                          "http://u:secret@host", "http://host?q", "http://host#f", "http://a b",
                          "file:///etc/passwd"}) {
    try {
      checked_endpoint(bad, "--endpoint-url");
      ADD_FAILURE() << bad;
    } catch (const Error& error) {
      const std::string text = error.what();
      EXPECT_NE(text.find("--endpoint-url"), std::string::npos);
      EXPECT_EQ(text.find("secret"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace ciswatch
