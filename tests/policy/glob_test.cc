#include "core/policy/glob.h"

#include <gtest/gtest.h>

namespace ciswatch {
namespace {

Extent extent(std::string_view pattern, std::string_view subject) {
  return extent_of(wildcard_text(pattern), wildcard_text(subject));
}

Extent arn_extent(std::string_view pattern, std::string_view subject) {
  return arn_extent_of(wildcard_text(pattern), wildcard_text(subject));
}

TEST(Glob, StandsForATextOrNot) {
  const std::tuple<const char*, const char*, bool> kCases[] = {
      {"", "", true},           {"", "a", false},         {"a", "", false},
      {"a", "a", true},         {"a", "A", false},        {"*", "", true},
      {"*", "a:b/c", true},     {"a*", "a", true},        {"*a", "ba", true},
      {"*a*", "xay", true},     {"a*b*c", "aXbYbZc", true}, {"a*b*c", "aXbYbZ", false},
      {"?", "", false},         {"?", "a", true},         {"?", "ab", false},
      {"a?c", "abc", true},     {"?*", "", false},        {"*?", "x", true},
      {"**", "abc", true},      {"ä?", "äö", true},       {"a.c", "abc", false},
  };
  for (const auto& [pattern, text, expected] : kCases) {
    EXPECT_EQ(extent(pattern, text), expected ? kAll : kNone) << pattern << " " << text;
  }
}

TEST(Glob, CoversEachTextOfASubjectOrSomeOrNone) {
  const std::tuple<const char*, const char*, Extent> kCases[] = {
      {"*", "*", kAll},           {"a*", "*", kSome},        {"a*", "b*", kNone},
      {"a*", "ab*", kAll},        {"ab*", "a*", kSome},      {"b/*", "b/*", kAll},
      {"b", "b/*", kNone},        {"b/x", "b/*", kSome},     {"*b", "a*", kSome},
      {"?*", "*", kSome},         {"?", "?", kAll},          {"a", "?", kSome},
      {"*/x/*", "b/*", kSome},    {"b*", "b/*", kAll},       {"a?c", "ab?", kSome},
      {"a?", "*b", kSome},        {"ax*", "*b", kSome},
  };
  for (const auto& [pattern, subject, expected] : kCases) {
    EXPECT_EQ(extent(pattern, subject), expected) << pattern << " " << subject;
  }
}

TEST(Glob, AVariableMayBeAnything) {
  Glob pattern = plain_text("home/");
  pattern += kOpen;
  EXPECT_EQ(extent_of(pattern, plain_text("home/bob")), kUnknown);
  EXPECT_EQ(extent_of(pattern, plain_text("away/bob")), kNone);
  pattern += kRun;
  EXPECT_EQ(extent_of(pattern, wildcard_text("home/*")), kUnknown);
}

TEST(Glob, SeveralPartsMayMakeAWhole) {
  Union parts;
  EXPECT_EQ(parts.extent(), kNone);
  parts.add(kSome);
  EXPECT_EQ(parts.extent(), kSome);
  parts.add(kNone);
  EXPECT_EQ(parts.extent(), kSome);
  parts.add(kSome);
  EXPECT_EQ(parts.extent(), (Extent{Truth::unknown, Truth::yes}));
  parts.add(kAll);
  EXPECT_EQ(parts.extent(), kAll);
}

TEST(Arn, WildcardsStayWithinASegmentButAtItsEnd) {
  const std::tuple<const char*, const char*, Extent> kCases[] = {
      {"arn:aws:s3:::b/*", "arn:aws:s3:::b/x:y", kAll},
      {"*", "arn:aws:s3:::b", kAll},
      {"arn:aws:logs:*", "arn:aws:logs:us-east-1:1:log-group:g", kAll},
      {"arn:*:s3:::b", "arn:aws-cn:s3:::b", kAll},
      {"arn:aws:logs:*:log-group:g", "arn:aws:logs:us-east-1:1:log-group:g", kAll},
      {"arn:aws:logs:us-*-1:1:log-group:g", "arn:aws:logs:us-east-1:1:log-group:g", kAll},
      {"arn:aws:logs:u*1:log-group:g", "arn:aws:logs:us-east-1:1:log-group:g", kUnknown},
      {"arn:aws:s3?::b", "arn:aws:s3:::b", kUnknown},
      {"arn:aws:s3:::b", "arn:aws:s3:::c", kNone},
      {"arn:aws:s3:::B", "arn:aws:s3:::b", kNone},
      {"arn:aws:s3:::b?", "arn:aws:s3:::bc", kAll},
      {"arn:aws:logs:r:1:log-group:g:*x", "arn:aws:logs:r:1:log-group:g:log-stream:x", kAll},
      {"arn:aws:s3:::b", "*", kSome},
      {"*", "*", kAll},
      {"arn:aws:s3:::b*", "arn:aws:s3:::b/*", kAll},
  };
  for (const auto& [pattern, subject, expected] : kCases) {
    EXPECT_EQ(arn_extent(pattern, subject), expected) << pattern << " " << subject;
  }
}

TEST(Arn, ArnLikeComparesEachSegment) {
  const auto like = [](std::string_view pattern, std::string_view arn) {
    return arn_is_like(wildcard_text(pattern), plain_text(arn));
  };
  constexpr auto kTrail = "arn:aws:cloudtrail:us-east-1:111111111111:trail/t";
  EXPECT_EQ(like("arn:aws:cloudtrail:*:111111111111:trail/*", kTrail), Truth::yes);
  EXPECT_EQ(like("arn:aws:cloudtrail:*:222222222222:trail/*", kTrail), Truth::no);
  EXPECT_EQ(like("arn:aws:cloudtrail:*:trail/t", kTrail), Truth::unknown);
  EXPECT_EQ(like("arn:aws:cloudtrail:*1:trail/t:*", "arn:aws:cloudtrail:a1:trail/t:b:c"), Truth::yes);
  EXPECT_EQ(like("arn:*:x:*:*:*", "arn:aws:x:y:z"), Truth::no);
  EXPECT_EQ(like("*", kTrail), Truth::unknown);
}

}  // namespace
}  // namespace ciswatch
