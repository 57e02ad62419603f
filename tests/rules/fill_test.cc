// What stands in the place of the placeholders of a fix's steps.

#include "rules/fill.h"

#include <gtest/gtest.h>

#include "core/base/error.h"

namespace ciswatch {
namespace {

FixRow row() {
  FixRow made;
  made.values = {{"name", std::string("a \"b\" {{name}} 鍵")},
                 {"days", std::int64_t{365}},
                 {"none", Value()},
                 {"list", std::string(R"([1,{"x":"{{name}}"}])")}};
  made.change_of = [](std::string_view step) {
    if (step == "later") throw Error("not yet");
    return step.empty() ? std::string("c9") : std::string("c1");
  };
  return made;
}

TEST(Fill, PutsTheTextOfAColumnIntoAText) {
  EXPECT_EQ(fill_text("x-{{days}}-{{none}}-{{name}}", row()), "x-365--a \"b\" {{name}} 鍵");
  EXPECT_EQ(fill_text("no placeholder }} here", row()), "no placeholder }} here");
}

TEST(Fill, GivesAColumnAloneItsType) {
  EXPECT_EQ(fill_document(R"({"a":"{{days}}","b":"{{ days }} d","c":"{{name}}"})", row()),
            R"({"a":365,"b":"365 d","c":"a \"b\" {{name}} 鍵"})");
}

TEST(Fill, LeavesOutWhatIsNull) {
  EXPECT_EQ(fill_document(R"({"a":"{{none}}","b":["{{none}}","x"],"c":{"d":"{{json none}}"}})", row()),
            R"({"b":["x"],"c":{}})");
}

TEST(Fill, TakesJsonAsJsonAndLooksIntoItNoMore) {
  EXPECT_EQ(fill_document(R"({"a":"{{json list}}"})", row()), R"({"a":[1,{"x":"{{name}}"}]})");
  EXPECT_THROW(fill_document(R"({"a":"{{json name}}"})", row()), Error);
}

TEST(Fill, NamesTheChangeOfAStep) {
  EXPECT_EQ(fill_document(R"({"a":"{{result make /K/0}}","b":"{{result /Own}}"})", row()),
            R"({"a":{"$result":"c1","pointer":"/K/0"},"b":{"$result":"c9","pointer":"/Own"}})");
  EXPECT_EQ(fill_text("{{result make /K}}", row()), R"({"$result":"c1","pointer":"/K"})");
  EXPECT_THROW(fill_document(R"({"a":"{{result later /K}}"})", row()), Error);
}

TEST(Fill, RefusesAColumnThatTheSqlDoesNotHave) {
  EXPECT_THROW(fill_text("{{other}}", row()), Error);
  EXPECT_THROW(fill_document(R"({"a":"{{other}}"})", row()), Error);
}

TEST(Fill, MakesBytesThatAreNoTextVisible) {
  auto made = row();
  made.values["name"] = std::string("a\xff");
  EXPECT_EQ(fill_document(R"({"a":"{{name}}"})", made), "{\"a\":\"a\xEF\xBF\xBD\"}");
}

}  // namespace
}  // namespace ciswatch
