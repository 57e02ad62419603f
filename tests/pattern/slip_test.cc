#include "core/pattern/slip.h"

#include <gtest/gtest.h>

#include "core/base/json.h"

namespace ciswatch {
namespace {

constexpr auto kTrails = R"({"eventSource": "cloudtrail.amazonaws.com",
  "eventName": ["CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"]})";
constexpr auto kAll = "$.eventName = CreateTrail || $.eventName = UpdateTrail || "
                      "$.eventName = DeleteTrail || $.eventName = StartLogging || "
                      "$.eventName = StopLogging";

// "pass", "?" where it cannot be told, or the event.
std::string slip(std::string_view pattern, std::string_view required = kTrails) {
  const auto found = find_slip(parse_pattern(pattern), parse_required(required));
  if (!found) return "?";
  if (found->empty()) return "pass";
  // What is shown is missed indeed.
  EXPECT_EQ(matches(parse_pattern(pattern), parse_json(*found)), Truth::no) << pattern << *found;
  return *found;
}

std::string all_and(std::string_view more) {
  return "{ (" + std::string(kAll) + ") && (" + std::string(more) + ") }";
}

std::string all_or(std::string_view more) {
  return "{ " + std::string(kAll) + " || " + std::string(more) + " }";
}

TEST(Slip, APatternThatMatchesAllThatIsRequiredLetsNothingThrough) {
  for (const auto& pattern : {
           "{ " + std::string(kAll) + " }",
           all_and("$.eventSource = cloudtrail.amazonaws.com"),
           all_and("$.eventSource = \"cloudtrail*\""),
           all_and("$.eventSource = %^cloudtrail%"),
           all_and("$.eventType = AwsApiCall"),
           all_and("$.awsRegion = \"*\""),
           all_and("$.userIdentity.type EXISTS"),
           all_and("$.eventCategory = Management"),
           all_and("$.eventName != PutEventSelectors"),
           all_and("$.userIdentity.type != AssumedRole || "
                   "$.userIdentity.sessionContext.sessionIssuer.arn = \"*\""),
           all_and("$.errorCode NOT EXISTS || $.errorCode = \"*\""),
           all_or("$.eventName = PutEventSelectors"),
           all_or("$.awsRegion = eu-west-1"),
           all_or("$.requestParameters.name = x"),
           std::string("{ $.eventName = \"*Trail\" || $.eventName = \"*Logging\" }"),
           std::string("{ $.eventName = \"*\" }"),
           std::string("{ $.eventName = %^CreateTrail$|^UpdateTrail$|^DeleteTrail$|^StartLogging$|"
                       "^StopLogging$% }"),
           std::string("{ $.eventSource = cloudtrail.amazonaws.com }"),
           std::string(""),
       }) {
    EXPECT_EQ(slip(pattern), "pass") << pattern;
  }
}

TEST(Slip, ATermThatNarrowsIsShownByAnEventThatItMisses) {
  const std::pair<std::string, std::string> kCases[] = {
      {"$.awsRegion = eu-west-1", "\"awsRegion\":\"us-east-1\""},
      {"$.awsRegion != sa-east-1", "\"awsRegion\":\"sa-east-1\""},
      {"$.awsRegion != mx-central-1", "\"awsRegion\":\"mx-central-1\""},
      {"$.awsRegion != %^eu-%", "\"awsRegion\":\"eu-west-1\""},
      {"$.userIdentity.sessionContext.sessionIssuer.arn != "
       "\"arn:aws:iam::123456789012:role/Deploy\"", "\"type\":\"IAMUser\""},
      {"$.userIdentity.type = IAMUser || $.userIdentity.type = Root", "\"type\":\"AssumedRole\""},
      {"$.userIdentity.type != AWSService", "\"type\":\"AWSService\""},
      {"$.userIdentity.arn NOT EXISTS || $.userIdentity.arn != \"*:root\"", "\"type\":\"Root\""},
      {"$.userIdentity.invokedBy NOT EXISTS", "\"invokedBy\":"},
      {"$.userIdentity.userName != robot", "\"type\":\"AssumedRole\""},
      {"$.eventName != StopLogging", "\"eventName\":\"StopLogging\""},
      {"$.eventSource != cloudtrail.amazonaws.com", "cloudtrail.amazonaws.com"},
      {"$.eventSource = ec2.amazonaws.com", "cloudtrail.amazonaws.com"},
      {"$.errorCode NOT EXISTS", "\"errorCode\":"},
      {"$.errorCode EXISTS", "eventName"},
      {"$.errorMessage != \"Throttled\"", "eventName"},
      {"$.sourceIPAddress != \"10.*\"", "\"sourceIPAddress\":\"10."},
      {"$.userAgent != \"terraform*\"", "eventName"},
      {"$.requestParameters.name != test", "eventName"},
      {"$.requestParameters.name NOT EXISTS", "\"requestParameters\":{\"name\":"},
      {"$.resources[0].accountId = 123456789012", "eventName"},
      {"$.readOnly IS FALSE", "eventName"},
      {"$.eventName = zzzNever", "eventName"},
  };
  for (const auto& [more, part] : kCases) {
    EXPECT_NE(slip(all_and(more)).find(part), std::string::npos) << more << "\n" << slip(all_and(more));
  }
}

TEST(Slip, AnEventNameThatIsLeftOutIsTheOneShown) {
  EXPECT_EQ(slip("{ $.eventName = \"*Trail\" || $.eventName = StartLogging }"),
            R"({"eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging",)"
            R"("awsRegion":"us-east-1","userIdentity":{"type":"IAMUser"}})");
}

TEST(Slip, ValuesOfOneMemberInAnAndCanNeverMatch) {
  EXPECT_NE(slip("{ $.eventName = CreateTrail && $.eventName = DeleteTrail }").find("CreateTrail"),
            std::string::npos);
}

TEST(Slip, TextInALiteralMatchesNothing) {
  EXPECT_NE(slip("{ $.eventName = \"" + std::string(kAll) + "\" }").find("CreateTrail"),
            std::string::npos);
}

TEST(Slip, WhatAwsLeavesOpenIsNotTold) {
  EXPECT_EQ(slip(all_and("$.awsRegion = \"*-*-*\"")), "?");
  EXPECT_EQ(slip("{ $.eventName = \"*Tr*l\" || $.eventName = \"*Logging\" }"), "?");
  EXPECT_EQ(slip(all_and("$.userIdentity = x || $.awsRegion = \"*\"")), "?");
}

TEST(Slip, TwoKindsOfTextsWhichMayOverlapAreNotCalledComplete) {
  EXPECT_EQ(slip(all_and("$.awsRegion != \"eu-*\" || $.awsRegion != \"*-3\"")), "?");
}

TEST(Slip, MembersThatMayNotNarrowAreBoundByTheirValues) {
  constexpr auto kDenied = R"([{"errorCode": ["AccessDenied", "AccessDeniedException"],
    "eventName": {"not": ["HeadBucket"]}, "sourceIPAddress": {"not": ["delivery.logs.amazonaws.com"]}}])";
  EXPECT_EQ(slip("{ $.errorCode = \"AccessDenied*\" && $.eventName != HeadBucket && "
                 "$.sourceIPAddress != \"delivery.logs.amazonaws.com\" }", kDenied), "pass");
  EXPECT_NE(slip("{ $.errorCode = \"AccessDenied*\" && $.eventName != GetObject }", kDenied)
                .find("GetObject"), std::string::npos);
  EXPECT_NE(slip("{ $.errorCode = \"AccessDenied*\" && $.sourceIPAddress != \"*.amazonaws.com\" }",
                 kDenied).find("cloudformation.amazonaws.com"), std::string::npos);
  EXPECT_NE(slip("{ $.errorCode = AccessDenied }", kDenied).find("AccessDeniedException"),
            std::string::npos);
}

TEST(Slip, AMemberThatIsMissingIsNoValue) {
  constexpr auto kRoot = R"({"userIdentity.type": "Root", "userIdentity.invokedBy": null,
    "eventType": ["AwsApiCall", "AwsConsoleSignIn"]})";
  EXPECT_EQ(slip("{ $.userIdentity.type = Root && $.userIdentity.invokedBy NOT EXISTS && "
                 "$.eventType != AwsServiceEvent }", kRoot), "pass");
  EXPECT_NE(slip("{ $.userIdentity.type = Root && $.eventType = AwsApiCall }", kRoot)
                .find("AwsConsoleSignIn"), std::string::npos);
  EXPECT_NE(slip("{ $.userIdentity.type = Root && $.userIdentity.invokedBy EXISTS }", kRoot)
                .find("Root"), std::string::npos);
}

TEST(Slip, ACallerThatIsNoneIsNotTakenForCovered) {
  EXPECT_EQ(slip("{ $.userIdentity.type = Robot }", R"({"userIdentity.type": "Robot"})"), "?");
}

TEST(Slip, HostilePatternsEndSoon) {
  std::string wide = "{ $.a0 = 1";
  for (int i = 1; wide.size() < 990; ++i) {
    wide += (i % 2 != 0 ? " || $.a" : " && $.a") + std::to_string(i) + " != \"*x*y*\"";
  }
  slip(wide + " }");
  std::string same = "{ $.eventName = \"*a*\"";
  while (same.size() < 990) same += " || $.awsRegion != \"*-*\"";
  slip(same + " }");
  slip("{ $.b = %" + std::string(900, 'a') + "% || $.eventName = x }");
  slip("{ $.b = %[ab]{900}% || $.c = %a?a?a?a?a?a?a?aaaaaaa% || $.eventName = x }");
}

TEST(Required, WhatIsNoneIsRefused) {
  for (const auto* text : {"", "[]", "{}", "3", "[3]", R"({"eventName": []})",
                           R"({"eventName": {"is": "x"}})", R"({"eventName": [["x"]]})",
                           R"({"eventName": {"not": [3]}})"}) {
    EXPECT_THROW(parse_required(text), Error) << text;
  }
}

TEST(Noise, IsWhatMatchesNearlyEveryEvent) {
  for (const auto* pattern :
       {"", "{ $.eventName = \"*\" }", "{ $.eventVersion EXISTS }",
        "{ $.errorCode = \"AccessDenied*\" || $.eventName != HeadBucket }"}) {
    EXPECT_EQ(is_noise(parse_pattern(pattern)), Truth::yes) << pattern;
  }
  for (const auto* pattern : {"{ $.eventName = StopLogging }", "{ $.errorCode = \"*\" }",
                              "{ $.userIdentity.type = Root }", "{ $.eventSource = ec2.amazonaws.com }"}) {
    EXPECT_EQ(is_noise(parse_pattern(pattern)), Truth::no) << pattern;
  }
  EXPECT_EQ(is_noise(parse_pattern("{ $.eventSource = \"*.*.com\" }")), Truth::unknown);
}

}  // namespace
}  // namespace ciswatch
