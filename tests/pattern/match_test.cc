#include "core/pattern/match.h"

#include <gtest/gtest.h>

#include <chrono>

namespace ciswatch {
namespace {

constexpr auto kEvent = R"({"eventType": "UpdateTrail", "sourceIPAddress": "111.111.111.111",
  "arrayKey": ["value", "another value"], "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}],
  "SomeObject": null, "cluster.name": "c", "ThisFlag": true, "off": false, "number": 400, "small": 0.001,
  "text400": "400", "empty": "", "user": {"id": 1, "email": "John.Stiles@example.com"},
  "coordinates": [[0, 1], [2, 3]], "big": 9007199254740993, "quote": "say \"x\""})";

Truth match(std::string_view pattern) { return matches(parse_pattern(pattern), parse_json(kEvent)); }

TEST(Match, SaysYesWhereTheDocumentationDoes) {
  for (const auto* pattern :
       {"{ $.eventType = \"UpdateTrail\" }", "{ $.eventType = UpdateTrail }", "{ $.eventType = *Trail }",
        "{ $.eventType = Update* }", "{ $.eventType = \"*dateTr*\" }", "{ $.eventType = \"*\" }",
        "{ $.sourceIPAddress != 123.123.* }", "{ $.arrayKey[0] = \"value\" }",
        "{ $.objectList[1].id = 2 }", "{ $.SomeObject IS NULL }", "{ $.SomeOtherObject NOT EXISTS }",
        "{ $.ThisFlag IS TRUE }", "{ $.off IS FALSE }", "{ $.user EXISTS }", "{ $.SomeObject EXISTS }",
        "{ $.number = 400 }", "{ $.number = 4e2 }", "{ $.number != 500 }", "{ $.number > 399 }",
        "{ $.number >= 400 }", "{ $.number <= 400 }", "{ $.number < 401 }", "{ $.small = 1e-3 }",
        "{ $.number = * }", "{ $.coordinates[1][0] = 2 }", "{ $.['cluster.name'] = c }",
        "{ $.eventType = %^Update% }", "{ $.eventType = %Trail$% }", "{ $.eventType = %^[A-Z]\\w+$% }",
        "{ $.eventType = %Delete|Update% }", "{ $.arrayKey[0] = %val.{2}% }",
        "{ $.quote = \"say \\\"x\\\"\" }",
        "{ $.eventType = UpdateTrail || $.eventType = x && $.eventType = y }",
        "{ ($.user.id = 1) && ($.user.email = \"John.Stiles@example.com\") }"}) {
    EXPECT_EQ(match(pattern), Truth::yes) << pattern;
  }
}

TEST(Match, SaysNoOfWhatIsNotThere) {
  for (const auto* pattern :
       {"{ $.eventType = updatetrail }", "{ $.eventType != UpdateTrail }", "{ $.eventType = Update }",
        "{ $.missing = x }", "{ $.missing != x }", "{ $.missing > 1 }", "{ $.missing = \"*\" }",
        "{ $.missing IS NULL }", "{ $.eventType NOT EXISTS }", "{ $.SomeObject NOT EXISTS }",
        "{ $.ThisFlag IS FALSE }", "{ $.eventType IS NULL }", "{ $.number > 400 }", "{ $.number < 400 }",
        "{ $.number != 400 }", "{ $.arrayKey[2] EXISTS }", "{ $.arrayKey[1] = value }",
        "{ $.arrayKey.x EXISTS }", "{ $.eventType[0] EXISTS }", "{ $.user = x }", "{ $.SomeObject = x }",
        "{ $.eventType = %^Trail% }", "{ $.eventType = %trail% }", "{ $.number = abc }",
        "{ ($.eventType = UpdateTrail || $.eventType = x) && $.eventType = y }",
        "{ $.eventType = UpdateTrail && $.number = 1 }", "{ $.eventType < 5 }"}) {
    EXPECT_EQ(match(pattern), Truth::no) << pattern;
  }
}

TEST(Match, LeavesOpenWhatTheDocumentationDoes) {
  for (const auto* pattern :
       {"{ $.eventType = \"Up*Trail\" }", "{ $.text400 = 400 }", "{ $.text400 > 399 }",
        "{ $.number = \"400\" && $.number = \"*0\" }", "{ $.SomeObject != x }", "{ $.ThisFlag = true }",
        "{ $.big = 9007199254740992 }", "{ $.user = x || $.number = 400 }", "{ $.ThisFlag != x }"}) {
    EXPECT_EQ(match(pattern), Truth::unknown) << pattern;
  }
  EXPECT_EQ(matches(parse_pattern("{ $.a = x }"), parse_json("[1]")), Truth::unknown);
}

TEST(Match, WhatIsNotKnownIsNotTold) {
  const auto pattern = parse_pattern("{ $.a = x && $.b = y }");
  const EventField unknown{.kind = EventField::Kind::not_known};
  const EventField x{.kind = EventField::Kind::text, .text = "x"};
  const EventField z{.kind = EventField::Kind::text, .text = "z"};
  const EventField both[] = {x, unknown}, none[] = {z, unknown};
  EXPECT_EQ(matches(pattern, both), Truth::unknown);
  EXPECT_EQ(matches(pattern, none), Truth::no);
}

TEST(Match, HostilePatternsAndEventsTakeLinearTime) {
  const auto start = std::chrono::steady_clock::now();
  const std::string text(200'000, 'a');
  const auto event = parse_json("{\"a\": \"" + text + "\"}");
  EXPECT_EQ(matches(parse_pattern("{ $.a = %a?a?a?a?a?a?a?a?a?a?aaaaaaaaaab% }"), event), Truth::no);
  EXPECT_EQ(matches(parse_pattern("{ $.a = %^a*a*a*a*a*a*$% }"), event), Truth::yes);
  EXPECT_EQ(matches(parse_pattern("{ $.a = \"*a*a*a*a*a*a*a*b\" }"), event), Truth::no);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

}  // namespace
}  // namespace ciswatch
