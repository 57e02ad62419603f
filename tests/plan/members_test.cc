#include "core/plan/members.h"

#include <gtest/gtest.h>

namespace ciswatch {
namespace {

TEST(Members, AreThoseThatAreNamedAndNullWhereTheItemHasNone) {
  EXPECT_EQ(members_of(R"({"a":1,"b":{"c":2,"d":3},"e":[1]})", R"({"a":9,"b":{"d":0,"x":0},"z":1})"),
            R"({"a":1,"b":{"d":3,"x":null},"z":null})");
}

TEST(Members, ReplaceThoseOfTheItemAndRemoveWhereTheyAreNull) {
  EXPECT_EQ(with_members(R"({"a":1,"b":{"c":2,"d":3},"e":[1,2]})", R"({"a":null,"b":{"d":4},"e":[3],"f":{"g":1}})"),
            R"({"b":{"c":2,"d":4},"e":[3],"f":{"g":1}})");
}

TEST(Members, OfAnItemAreThereWhenEachIs) {
  const auto* item = R"({"a":1,"b":{"c":2},"p":"{\"x\":1,\"y\":[2]}"})";
  EXPECT_TRUE(has_members(item, R"({"a":1,"b":{"c":2}})"));
  EXPECT_TRUE(has_members(item, R"({"z":null,"b":{"z":null}})"));
  EXPECT_FALSE(has_members(item, R"({"a":null})"));
  EXPECT_FALSE(has_members(item, R"({"b":{"c":3}})"));
  EXPECT_FALSE(has_members(item, R"({"z":0})"));
}

TEST(Members, ThatArePoliciesAreComparedAsDocuments) {
  const auto* item = R"({"p":"{\"x\":1,\"y\":[2]}"})";
  EXPECT_TRUE(has_members(item, R"({"p":"{ \"y\": [2], \"x\": 1 }"})"));
  EXPECT_FALSE(has_members(item, R"({"p":"{\"x\":1,\"y\":[3]}"})"));
  EXPECT_FALSE(has_members(R"({"p":"{broken"})", R"({"p":"{broke"})"));
  EXPECT_FALSE(has_members(R"({"p":"1"})", R"({"p":"1.0"})"));
}

TEST(Members, ContradictWhereBothNameOneWithAnotherValue) {
  EXPECT_FALSE(contradicts(R"({"a":1,"b":{"c":1}})", R"({"b":{"d":1},"e":2,"a":1})"));
  EXPECT_TRUE(contradicts(R"({"b":{"c":1}})", R"({"b":{"c":2}})"));
  EXPECT_TRUE(contradicts(R"({"b":{"c":1}})", R"({"b":null})"));
}

}  // namespace
}  // namespace ciswatch
