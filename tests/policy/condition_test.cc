#include "core/policy/condition.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <span>

namespace ciswatch {
namespace {

constexpr Truth kNo = Truth::no, kOpenTruth = Truth::unknown, kYes = Truth::yes;

// What `condition`, an object of one operator, says in a context.
Extent of(const std::string& condition, const std::string& context, bool every = false) {
  const auto policy = parse_policy(fmt::format(
      R"({{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"*","Condition":{}}}}})",
      condition));
  const auto request = parse_request(
      fmt::format(R"({{"action":"a:b","context":{},"every":{}}})", context, every));
  return holds(policy.statements[0].clauses[0], request, policy.has_variables);
}

struct Case {
  const char* condition;
  const char* context;
  Truth expected;
};

void expect(std::span<const Case> cases) {
  for (const auto& one : cases) {
    const auto result = of(one.condition, one.context);
    EXPECT_EQ(result.each, one.expected) << one.condition << " " << one.context;
    EXPECT_EQ(result.any, one.expected) << one.condition << " " << one.context;
  }
}

TEST(Condition, ComparesTexts) {
  constexpr Case kCases[] = {
      {R"({"StringEquals":{"k":"a"}})", R"({"k":"a"})", kYes},
      {R"({"StringEquals":{"K":"a"}})", R"({"k":"a"})", kYes},
      {R"({"StringEquals":{"k":"a"}})", R"({"k":"A"})", kNo},
      {R"({"StringEquals":{"k":["b","a"]}})", R"({"k":"a"})", kYes},
      {R"({"StringEquals":{"k":"*"}})", R"({"k":"a"})", kNo},
      {R"({"StringEquals":{"k":"true"}})", R"({"k":true})", kYes},
      {R"({"StringEquals":{"k":true}})", R"({"k":true})", kOpenTruth},
      {R"({"StringLike":{"k":["a",7]}})", R"({"k":"a"})", kOpenTruth},
      {R"({"StringNotEquals":{"k":["a","b"]}})", R"({"k":"b"})", kNo},
      {R"({"StringNotEquals":{"k":["a","b"]}})", R"({"k":"c"})", kYes},
      {R"({"StringEqualsIgnoreCase":{"k":"a"}})", R"({"k":"A"})", kYes},
      {R"({"StringEqualsIgnoreCase":{"k":"ä"}})", R"({"k":"Ä"})", kOpenTruth},
      {R"({"StringEqualsIgnoreCase":{"k":"a"}})", R"({"k":"b"})", kNo},
      {R"({"StringNotEqualsIgnoreCase":{"k":"a"}})", R"({"k":"A"})", kNo},
      {R"({"StringLike":{"k":"a*c?"}})", R"({"k":"abcd"})", kYes},
      {R"({"StringLike":{"k":"a*c?"}})", R"({"k":"abc"})", kNo},
      {R"({"StringNotLike":{"k":"a*"}})", R"({"k":"abc"})", kNo},
      {R"({"StringNotLike":{"k":"a*"}})", R"({"k":"bc"})", kYes},
      {R"({"StringEquals":{"k":[]}})", R"({"k":"a"})", kOpenTruth},
      {R"({"stringequals":{"k":"a"}})", R"({"k":"a"})", kOpenTruth},
      {R"({"StringMatches":{"k":"a"}})", R"({"k":"a"})", kOpenTruth},
      {R"({"StringEquals":{"other":"a"}})", R"({"k":"a"})", kOpenTruth},
      {R"({"StringEqualsIfExists":{"other":"a"}})", R"({"k":"a"})", kOpenTruth},
  };
  expect(kCases);
}

TEST(Condition, ComparesArnsSegmentBySegment) {
  constexpr Case kCases[] = {
      {R"({"ArnLike":{"k":"arn:aws:sns:*:1:t"}})", R"({"k":"arn:aws:sns:r:1:t"})", kYes},
      {R"({"ArnEquals":{"k":"arn:aws:sns:*:1:t"}})", R"({"k":"arn:aws:sns:r:1:t"})", kYes},
      {R"({"ArnEquals":{"k":"arn:aws:sns:*:1:t"}})", R"({"k":"arn:aws:sns:r:2:t"})", kNo},
      {R"({"ArnNotEquals":{"k":"arn:aws:sns:*:1:t"}})", R"({"k":"arn:aws:sns:r:2:t"})", kYes},
      {R"({"ArnNotLike":{"k":"arn:aws:sns:*:1:t"}})", R"({"k":"arn:aws:sns:r:1:t"})", kNo},
      {R"({"ArnLike":{"k":"arn:aws:sns:*"}})", R"({"k":"arn:aws:sns:r:1:t"})", kOpenTruth},
  };
  expect(kCases);
}

TEST(Condition, ComparesNumbersDatesBooleansAndAddresses) {
  constexpr Case kCases[] = {
      {R"({"NumericEquals":{"k":"10"}})", R"({"k":10.0})", kYes},
      {R"({"NumericNotEquals":{"k":10}})", R"({"k":10})", kNo},
      {R"({"NumericLessThan":{"k":10}})", R"({"k":9})", kYes},
      {R"({"NumericLessThan":{"k":10}})", R"({"k":10})", kNo},
      {R"({"NumericLessThanEquals":{"k":10}})", R"({"k":10})", kYes},
      {R"({"NumericLessThanEquals":{"k":10}})", R"({"k":11})", kNo},
      {R"({"NumericGreaterThan":{"k":10}})", R"({"k":11})", kYes},
      {R"({"NumericGreaterThan":{"k":10}})", R"({"k":10})", kNo},
      {R"({"NumericGreaterThanEquals":{"k":10}})", R"({"k":10})", kYes},
      {R"({"NumericGreaterThanEquals":{"k":10}})", R"({"k":9})", kNo},
      {R"({"NumericEquals":{"k":"ten"}})", R"({"k":10})", kOpenTruth},
      {R"({"DateLessThan":{"k":"2026-01-01T00:00:00Z"}})", R"({"k":"2025-12-31T23:59:59Z"})", kYes},
      {R"({"DateLessThan":{"k":"2026-01-01T00:00:00Z"}})", R"({"k":"2026-01-01T00:00:00Z"})", kNo},
      {R"({"DateLessThanEquals":{"k":"2026-01-01T00:00:00Z"}})", R"({"k":"2026-01-01T00:00:00Z"})",
       kYes},
      {R"({"DateGreaterThan":{"k":1}})", R"({"k":"2026-01-01T00:00:00Z"})", kYes},
      {R"({"DateGreaterThanEquals":{"k":"2026-01-01T00:00:00Z"}})",
       R"({"k":"2025-12-31T23:59:59Z"})", kNo},
      {R"({"DateEquals":{"k":"1970-01-01T00:00:07Z"}})", R"({"k":"7"})", kYes},
      {R"({"DateNotEquals":{"k":"1970-01-01T00:00:07Z"}})", R"({"k":"7"})", kNo},
      {R"({"DateEquals":{"k":"soon"}})", R"({"k":"7"})", kOpenTruth},
      {R"({"Bool":{"k":"True"}})", R"({"k":true})", kYes},
      {R"({"Bool":{"k":false}})", R"({"k":"true"})", kNo},
      {R"({"Bool":{"k":"perhaps"}})", R"({"k":true})", kOpenTruth},
      {R"({"IpAddress":{"k":"10.0.0.0/8"}})", R"({"k":"10.1.2.3"})", kYes},
      {R"({"IpAddress":{"k":"10.0.0.0/8"}})", R"({"k":"11.1.2.3"})", kNo},
      {R"({"IpAddress":{"k":"10.1.2.3"}})", R"({"k":"10.1.2.3"})", kYes},
      {R"({"IpAddress":{"k":"10.1.2.2/31"}})", R"({"k":"10.1.2.4"})", kNo},
      {R"({"IpAddress":{"k":"0.0.0.0/0"}})", R"({"k":"10.1.2.4"})", kYes},
      {R"({"NotIpAddress":{"k":"10.0.0.0/8"}})", R"({"k":"10.1.2.3"})", kNo},
      {R"({"IpAddress":{"k":"2001:db8::/32"}})", R"({"k":"2001:db8:1::1"})", kYes},
      {R"({"IpAddress":{"k":"2001:db8::/32"}})", R"({"k":"10.1.2.3"})", kNo},
      {R"({"IpAddress":{"k":"10.0.0.0/33"}})", R"({"k":"10.1.2.3"})", kOpenTruth},
      {R"({"IpAddress":{"k":"home"}})", R"({"k":"10.1.2.3"})", kOpenTruth},
      {R"({"BinaryEquals":{"k":"aGk="}})", R"({"k":"aGk="})", kYes},
      {R"({"BinaryEquals":{"k":"aGk="}})", R"({"k":"aGk"})", kOpenTruth},
  };
  expect(kCases);
}

TEST(Condition, KnowsWhatAMissingKeyMeans) {
  constexpr auto kWithout = R"({"k":null})";
  constexpr Case kCases[] = {
      {R"({"StringEquals":{"k":"a"}})", kWithout, kNo},
      {R"({"StringNotEquals":{"k":"a"}})", kWithout, kYes},
      {R"({"ArnNotLike":{"k":"arn:aws:iam::*:role/x"}})", kWithout, kYes},
      {R"({"NotIpAddress":{"k":"10.0.0.0/8"}})", kWithout, kYes},
      {R"({"Bool":{"k":"false"}})", kWithout, kNo},
      {R"({"BoolIfExists":{"k":"false"}})", kWithout, kYes},
      {R"({"StringEqualsIfExists":{"k":"a"}})", R"({"k":"b"})", kNo},
      {R"({"Null":{"k":"true"}})", kWithout, kYes},
      {R"({"Null":{"k":"false"}})", kWithout, kNo},
      {R"({"Null":{"k":"true"}})", R"({"k":"a"})", kNo},
      {R"({"Null":{"k":false}})", R"({"k":"a"})", kYes},
      {R"({"Null":{"k":"maybe"}})", R"({"k":"a"})", kOpenTruth},
      {R"({"Null":{"other":"true"}})", R"({"k":"a"})", kOpenTruth},
      {R"({"NullIfExists":{"k":"true"}})", kWithout, kOpenTruth},
      {R"({"ForAllValues:StringEquals":{"k":"a"}})", kWithout, kYes},
      {R"({"ForAnyValue:StringEquals":{"k":"a"}})", kWithout, kNo},
      {R"({"ForAnyValue:StringNotEquals":{"k":"a"}})", kWithout, kNo},
      {R"({"ForAnyValue:StringEqualsIfExists":{"k":"a"}})", kWithout, kOpenTruth},
  };
  expect(kCases);
}

TEST(Condition, LooksAtEachOfSeveralValues) {
  constexpr auto kTwo = R"({"k":["a","b"]})";
  constexpr Case kCases[] = {
      {R"({"ForAllValues:StringEquals":{"k":["a","b","c"]}})", kTwo, kYes},
      {R"({"ForAllValues:StringEquals":{"k":"a"}})", kTwo, kNo},
      {R"({"ForAnyValue:StringEquals":{"k":"a"}})", kTwo, kYes},
      {R"({"ForAnyValue:StringEquals":{"k":"c"}})", kTwo, kNo},
      {R"({"ForAllValues:StringNotEquals":{"k":"a"}})", kTwo, kNo},
      {R"({"ForAnyValue:StringNotEquals":{"k":"a"}})", kTwo, kYes},
      {R"({"ForAnyValue:StringNotEquals":{"k":["a","b"]}})", kTwo, kNo},
      {R"({"StringEquals":{"k":"a"}})", kTwo, kOpenTruth},
      {R"({"StringEquals":{"k":["a","b"]}})", kTwo, kYes},
      {R"({"StringEquals":{"k":"c"}})", kTwo, kNo},
  };
  expect(kCases);
}

TEST(Condition, PutsVariablesIn) {
  constexpr Case kCases[] = {
      {R"({"StringEquals":{"k":"x-${n}"}})", R"({"k":"x-a","n":"a"})", kYes},
      {R"({"StringEquals":{"k":"x-${n}"}})", R"({"k":"x-b","n":"a"})", kNo},
      {R"({"StringEquals":{"k":"x-${n}"}})", R"({"k":"x-b"})", kOpenTruth},
      {R"({"StringEquals":{"k":"x-${n}"}})", R"({"k":"y-b"})", kNo},
      {R"({"StringNotEquals":{"k":"x-${n}"}})", R"({"k":"x-b"})", kOpenTruth},
      {R"({"StringEquals":{"k":"x-${n, 'd'}"}})", R"({"k":"x-d","n":null})", kYes},
      {R"({"StringEquals":{"k":"x-${n}"}})", R"({"k":"x-d","n":null})", kOpenTruth},
      {R"({"StringLike":{"k":"${*}*"}})", R"({"k":"*a"})", kYes},
      {R"({"StringLike":{"k":"${*}*"}})", R"({"k":"ba"})", kNo},
      {R"({"StringLike":{"k":"${n}"}})", R"({"k":"ba","n":"*"})", kNo},
      {R"({"StringEquals":{"k":"${n"}})", R"({"k":"${n"})", kYes},
  };
  expect(kCases);
}

TEST(Condition, OnEveryValueHoldsForSome) {
  EXPECT_EQ(of(R"({"ArnNotLike":{"k":"arn:aws:iam::*:role/x"}})", "{}", true), kSome);
  EXPECT_EQ(of(R"({"Null":{"k":"true"}})", "{}", true), kSome);
  EXPECT_EQ(of(R"({"StringLike":{"k":"*"}})", "{}", true), kUnknown);
  EXPECT_EQ(of(R"({"Bool":{"k":"true"}})", R"({"k":true})", true), kAll);
  EXPECT_EQ(of(R"({"Odd":{"k":"true"}})", "{}", true), kUnknown);
}

}  // namespace
}  // namespace ciswatch
