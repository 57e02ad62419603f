#include "core/base/json.h"

#include <gtest/gtest.h>

namespace ciswatch {
namespace {

std::string error_of(std::string_view text) {
  try {
    parse_json(text);
  } catch (const JsonError& error) {
    return error.what();
  }
  return "";
}

TEST(Json, TellsLineAndColumnOfAnError) {
  EXPECT_TRUE(error_of("{\n  \"a\": nope}").starts_with("2:")) << error_of("{\n  \"a\": nope}");
  EXPECT_NE(error_of("{} x"), "");
  EXPECT_NE(error_of(""), "");
}

TEST(Json, RefusesInvalidUtf8AndDeepNesting) {
  EXPECT_NE(error_of("\"\xFF\""), "");
  EXPECT_NE(error_of(std::string(100000, '[')).find("nested deeper"), std::string::npos);
  EXPECT_EQ(error_of("[\"" + std::string(1000, '[') + "\"]"), "");  // brackets in a string
}

TEST(Json, FindsByPointerAndNotThroughOtherTypes) {
  const Json json = parse_json(R"({"a":{"b":[1]},"n":null})");
  EXPECT_TRUE(find(json, "/a/b")->IsArray());
  EXPECT_EQ(find(json, "/a/x"), nullptr);
  EXPECT_EQ(find(json, "/n/x"), nullptr);
  EXPECT_EQ(find(json, ""), &json);
  EXPECT_EQ(find(json, "/a/b/0")->GetInt(), 1);
  for (const char* none : {"/a/b/1", "/a/b/-", "/a/b/", "/a/b/x", "/a/b/0x", "/a/b/-1", "/a/b/0/0",
                           "/a/b/99999999999", "/0"}) {
    EXPECT_EQ(find(json, none), nullptr) << none;
  }
}

TEST(Json, MisuseThrowsInsteadOfBeingUndefined) {
  const Json json = parse_json("{}");
  EXPECT_THROW((void)json.GetArray(), JsonError);
  EXPECT_THROW((void)json["missing"], JsonError);
}

TEST(Json, QuotesHostileText) {
  EXPECT_EQ(json_quote("a\"\n\xFF"), "\"a\\\"\\n\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace ciswatch
