// CloudFront, load balancers and API Gateway: REST-JSON with names of its own, one endpoint for all
// regions.

#include <gtest/gtest.h>

#include "core/aws/protocols.h"

namespace ciswatch {
namespace {

using Params = std::vector<std::pair<std::string, std::string>>;

HttpRequest request(std::string_view service, std::string_view name, Params params = {}) {
  const ApiCall call{"111111111111", "us-east-1", std::string(service), std::string(name),
                     std::move(params)};
  return build_request(*find_operation(service, name), call,
                       endpoint_of(service, call.region, call.account_id, {}));
}

std::string decoded(std::string_view service, std::string_view name, std::string body) {
  const Decoded got = decode_response(*find_operation(service, name),
                                      {HttpFailure::none, {}, 200, {}, std::move(body)});
  return got.response ? to_text(*got.response) : got.error.code + ": " + got.error.message;
}

TEST(RestJson, AsksForPlainJson) {
  const auto made = request("apigateway", "GetRestApis", {{"position", "a+/="}});
  EXPECT_EQ(made.method, "GET");
  EXPECT_EQ(url_of(made),
            "https://apigateway.us-east-1.amazonaws.com/restapis?limit=500&position=a%2B%2F%3D");
  EXPECT_EQ(made.headers, (NameValues{{"Accept", "application/json"}}));
  EXPECT_EQ(url_of(request("apigateway", "GetStages", {{"restApiId", "a/b"}})),
            "https://apigateway.us-east-1.amazonaws.com/restapis/a%2Fb/stages");
  EXPECT_EQ(url_of(request("apigatewayv2", "GetStages", {{"ApiId", "a"}, {"NextToken", "t"}})),
            "https://apigateway.us-east-1.amazonaws.com/v2/apis/a/stages?nextToken=t");
}

TEST(RestJson, MembersHaveTheNamesOfTheModelAndMapsKeepTheirKeys) {
  EXPECT_EQ(decoded("apigatewayv2", "GetStages",
                    R"({"items":[{"stageName":"live","news":1,"accessLogSettings":{"format":"f",)"
                    R"("destinationArn":"a"},"tags":{"stageName":"t"},)"
                    R"("routeSettings":{"items":{"loggingLevel":"INFO"}}}],"nextToken":"n"})"),
            R"({"Items":[{"AccessLogSettings":{"DestinationArn":"a","Format":"f"},)"
            R"("RouteSettings":{"items":{"LoggingLevel":"INFO"}},"StageName":"live",)"
            R"("Tags":{"stageName":"t"}}],"NextToken":"n"})");
  EXPECT_EQ(decoded("apigateway", "GetRestApis", R"({"item":[{"id":"a","item":1}],"position":"p"})"),
            R"({"items":[{"id":"a","item":1}],"position":"p"})");
}

TEST(RestJson, WhatIsOfAnotherTypeStaysAsItIs) {
  EXPECT_EQ(decoded("apigatewayv2", "GetStages",
                    R"({"items":[7,{"accessLogSettings":"x","routeSettings":[{"loggingLevel":1}]}]})"),
            R"({"Items":[7,{"AccessLogSettings":"x","RouteSettings":[{"loggingLevel":1}]}]})");
  EXPECT_EQ(decoded("apigatewayv2", "GetApis", R"({"Items":[]})"),
            "MalformedResponse: the answer has no proper /Items");
  EXPECT_EQ(decoded("apigatewayv2", "GetApis", "[]"), "MalformedResponse: the answer is no object");
}

TEST(Cloudfront, IsAskedAtTheEndpointOfItsPartition) {
  const auto endpoint = [](std::string_view region) {
    return endpoint_of("cloudfront", region, "111111111111", {});
  };
  EXPECT_EQ(endpoint("us-east-1").url, "https://cloudfront.amazonaws.com");
  EXPECT_EQ(endpoint("us-east-1").region, "us-east-1");
  EXPECT_EQ(endpoint("cn-north-1").url, "https://cloudfront.cn-northwest-1.amazonaws.com.cn");
  EXPECT_EQ(endpoint("cn-north-1").region, "cn-northwest-1");
  EXPECT_EQ(url_of(request("cloudfront", "GetDistributionConfig", {{"Id", "E/1"}})),
            "https://cloudfront.amazonaws.com/2020-05-31/distribution/E%2F1/config");
  EXPECT_EQ(url_of(request("cloudfront", "ListDistributions", {{"Marker", "m"}})),
            "https://cloudfront.amazonaws.com/2020-05-31/distribution?Marker=m");
}

TEST(Cloudfront, NoDistributionHasNoList) {
  EXPECT_EQ(decoded("cloudfront", "ListDistributions",
                    "<DistributionList><Marker/><MaxItems>100</MaxItems>"
                    "<IsTruncated>false</IsTruncated><Quantity>0</Quantity></DistributionList>"),
            R"({"DistributionList":{"Marker":"","MaxItems":100,"IsTruncated":false,"Quantity":0}})");
  EXPECT_EQ(decoded("cloudfront", "ListDistributions", "<DistributionList/>"),
            "MalformedResponse: the answer has no proper /DistributionList/Quantity");
  EXPECT_EQ(decoded("cloudfront", "GetDistributionConfig",
                    "<DistributionConfig><Logging><Enabled>true</Enabled></Logging>"
                    "</DistributionConfig>"),
            "MalformedResponse: the answer has no proper /DistributionConfig/Enabled");
}

TEST(LoadBalancers, AttributesAreAListOfKeysAndValues) {
  EXPECT_EQ(decoded("elbv2", "DescribeLoadBalancerAttributes",
                    "<DescribeLoadBalancerAttributesResponse><DescribeLoadBalancerAttributesResult>"
                    "<Attributes><member><Value>true</Value><Key>access_logs.s3.enabled</Key></member>"
                    "</Attributes></DescribeLoadBalancerAttributesResult>"
                    "</DescribeLoadBalancerAttributesResponse>"),
            R"({"Attributes":[{"Key":"access_logs.s3.enabled","Value":"true"}]})");
}

}  // namespace
}  // namespace ciswatch
