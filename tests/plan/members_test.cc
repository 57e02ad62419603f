// The small language of a change's rows: which members, with which values.

#include "core/plan/members.h"

#include <gtest/gtest.h>

#include "core/base/json.h"

namespace ciswatch {
namespace {

constexpr const char* kTrail =
    R"({"Name":"t","Multi":true,"Nested":{"A":1,"B":{"C":"x"}},"List":[{"K":1},{"K":2}],"Null":null})";

TEST(Members, OnlyThoseThatAreNamedCount) {
  for (const auto* same : {"{}", R"({"Name":"t"})", R"({"Nested":{"B":{"C":"x"}}})", R"({"Nested":{"A":1}})",
                           R"({"List":[{"K":1},{"K":2}]})", R"({"Other":null})", R"({"Null":null})",
                           R"({"Nested":{"D":null}})", R"({"Other":{"A":null}})"}) {
    EXPECT_TRUE(has_members(kTrail, same)) << same;
  }
  for (const auto* other : {R"({"Name":"u"})", R"({"Name":null})", R"({"Nested":{"B":{"C":"y"}}})",
                            R"({"Nested":null})", R"({"Nested":1})", R"({"List":[{"K":1}]})",
                            R"({"List":[{"K":2},{"K":1}]})", R"({"Other":{}})", R"({"Multi":"true"})",
                            R"({"List":[{"K":1},{}]})", R"({"Null":0})"}) {
    EXPECT_FALSE(has_members(kTrail, other)) << other;
  }
}

TEST(Members, ADocumentInATextIsComparedAsOne) {
  const auto* item = R"({"Policy":"{ \"A\": [\"x\"], \"B\": {\"C\": [1, 2]} }"})";
  EXPECT_TRUE(has_members(item, R"({"Policy":"{\"B\":{\"C\":[1,2]},\"A\":\"x\"}"})"));
  EXPECT_TRUE(has_members(item, R"({"Policy":{"A":["x"],"B":{"C":[1,2]}}})"));
  EXPECT_FALSE(has_members(item, R"({"Policy":"{\"B\":{\"C\":[1]},\"A\":\"x\"}"})"));
  EXPECT_FALSE(has_members(item, R"({"Policy":"{\"A\":\"x\"}"})"));
  EXPECT_FALSE(has_members(item, R"({"Policy":"{ not JSON"})"));
  EXPECT_FALSE(has_members(R"({"A":"x"})", R"({"A":["x"]})"));  // not in a document
}

TEST(Members, ADifferenceIsToldByItsPlace) {
  EXPECT_EQ(first_difference(kTrail, R"({"Nested":{"B":{"C":"y"}}})"), R"(Nested/B/C is "x" instead of "y")");
  EXPECT_EQ(first_difference(kTrail, R"({"Other":1})"), "Other is not there instead of 1");
}

TEST(Members, LaterValuesTakeThePlaceOfEarlierOnes) {
  const auto* names = R"({"A":1,"B":{"C":2,"D":3}})";
  const auto* over = R"({"B":{"D":4,"E":5},"F":6})";
  EXPECT_EQ(with_values(names, over, Rest::stays), R"({"A":1,"B":{"C":2,"D":4}})");
  EXPECT_EQ(with_values(names, over, Rest::left_out), R"({"B":{"D":4}})");
}

TEST(Members, AnItemIsCutToWhatIsNamed) {
  EXPECT_EQ(members_of(kTrail, R"({"Name":1,"Nested":{"B":{"C":0}},"Other":2})"),
            R"({"Name":"t","Nested":{"B":{"C":"x"}},"Other":null})");
}

TEST(Members, ChangesAreToldMemberByMember) {
  EXPECT_EQ(changes_in_words(R"({"A":1,"B":{"C":2},"D":null})", R"({"A":3,"B":{"C":2,"E":4},"D":{"F":5}})"),
            (std::vector<std::string>{"A: 1 → 3", "B/C: 2 → 2", "B/E: not there → 4", "D/F: not there → 5"}));
  EXPECT_EQ(changes_in_words("", R"({"A":1})"), (std::vector<std::string>{"A: not there → 1"}));
  EXPECT_EQ(changes_in_words("{\"A\":\"\\u001b[31m\"}", ""),
            (std::vector<std::string>{"A: \"\\u001B[31m\" → not there"}));
}

TEST(Members, ReferencesAreReplacedWhereverTheyStand) {
  const auto known = [](const std::string& change, const std::string& pointer) -> std::optional<std::string> {
    if (change != "c1") return std::nullopt;
    return value_in({R"({"Key":{"Arn":"arn"}})", R"({"Arn":"other","Id":7})"}, pointer);
  };
  const auto all = resolve(R"({"A":{"$result":"c1","pointer":"/Key/Arn"},"B":[{"$result":"c1","pointer":"/X/Id"}]})", known);
  EXPECT_EQ(all.json, R"({"A":"arn","B":[7]})");
  EXPECT_EQ(all.missing, "");
  EXPECT_EQ(resolve(R"({"A":{"$result":"c2","pointer":"/Key/Arn"}})", known).missing,
            "/Key/Arn of the answer to c2");
  EXPECT_EQ(resolve(R"({"A":{"$result":"c1","pointer":"/Key/No"}})", known).missing,
            "/Key/No of the answer to c1");
  EXPECT_EQ(resolve(R"({"$result":"c1"})", known).json, R"({"$result":"c1"})");
}

TEST(Members, ReferencesInATextBecomeTheValuesText) {
  const auto known = [](const std::string& change, const std::string&) -> std::optional<std::string> {
    if (change == "c1") return "\"fl-1\"";
    return std::nullopt;
  };
  const auto own = [](const char* change) { return std::string("{\"$result\":\"") + change + "\",\"pointer\":\"/A\"}"; };
  EXPECT_EQ(resolve_text("role " + own("c1") + " of " + own("c1"), known).json, "role fl-1 of fl-1");
  EXPECT_EQ(resolve_text("{plain} }", known).json, "{plain} }");
  EXPECT_EQ(resolve_text(own("c2"), known).missing, "/A of the answer to c2");
}

TEST(Members, AnItemIsNamedLikeAPlaceInAnAnswersList) {
  EXPECT_EQ(value_in({"", R"({"FlowLogId":"fl-1"})"}, "/FlowLogIds/0"), "\"fl-1\"");
  EXPECT_EQ(value_in({R"({"FlowLogIds":["fl-2"]})", R"({"FlowLogId":"fl-1"})"}, "/FlowLogIds/0"), "\"fl-2\"");
  EXPECT_FALSE(value_in({"", R"({"FlowLogId":"fl-1"})"}, "/FlowLogIds"));
}

TEST(Members, WhatIsNoPointerNamesNothing) {
  for (const auto* pointer : {"", "Arn", "/", "//", "/Key/Arn/x", "/Key/Arn/"}) {
    EXPECT_FALSE(value_in({R"({"Key":{"Arn":"arn"}})", R"({"Arn":"a"})"}, pointer)) << pointer;
  }
}

TEST(Members, ThatAreAnotherCallsAnswerAreToldSo) {
  const auto lines = changes_in_words("", R"({"Id":{"$result":"c4","pointer":"/Ids/0"}})");
  EXPECT_EQ(lines, std::vector<std::string>{"Id: not there → what c4 answers"});
}

}  // namespace
}  // namespace ciswatch
