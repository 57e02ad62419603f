#include "core/plan/patch.h"

#include <gtest/gtest.h>

namespace ciswatch {
namespace {

TEST(Patch, ReplacesThoseOfTheItemAndRemovesWhereTheyAreNull) {
  EXPECT_EQ(with_members(R"({"a":1,"b":{"c":2,"d":3},"e":[1,2]})", R"({"a":null,"b":{"d":4},"e":[3],"f":{"g":1}})"),
            R"({"b":{"c":2,"d":4},"e":[3],"f":{"g":1}})");
}

TEST(Patch, ContradictsWhereBothNameOneWithAnotherValue) {
  EXPECT_FALSE(contradicts(R"({"a":1,"b":{"c":1}})", R"({"b":{"d":1},"e":2,"a":1})"));
  EXPECT_TRUE(contradicts(R"({"b":{"c":1}})", R"({"b":{"c":2}})"));
  EXPECT_TRUE(contradicts(R"({"b":{"c":1}})", R"({"b":null})"));
}

}  // namespace
}  // namespace ciswatch
