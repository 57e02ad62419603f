#include "core/collect/decode.h"

#include <gtest/gtest.h>

namespace ciswatch {
namespace {

constexpr Column kColumns[] = {
    {"id", Type::text, "/Id", "key"},
    {"flag", Type::boolean, "/Deep/Flag", "a flag"},
    {"count", Type::integer, "/Count", "a number"},
    {"list", Type::json, "/List", "a list"},
    {"at", Type::timestamp, "/At", "a time"},
    {"name", Type::text, "/Name", "may be left out", ""},
};
constexpr TableSpec kTable{.name = "t", .doc = "", .service = "s", .operation = "Op",
                           .permission = "", .scope = Scope::region, .items = "/Items",
                           .key = "id", .columns = kColumns};

std::string decoded(const std::string& item) {
  const auto rows = decode_page(kTable, parse_json("{\"Items\":[" + item + "]}"), "r", "");
  std::string text;
  for (const auto& value : rows.at(0).values) text += (is_null(value) ? "NULL" : text_of(value)) + "|";
  return text;
}

TEST(Decode, TypedMembersBecomeValues) {
  EXPECT_EQ(decoded(R"({"Id":"a","Deep":{"Flag":true},"Count":7,"List":[1],"At":1795312800.9,"Name":"n"})"),
            "a|1|7|[1]|2026-11-22T02:00:00Z|n|");
  EXPECT_EQ(decoded(R"({"Id":"a","At":"2026-11-22T11:00:00+09:00"})"),
            "a|NULL|NULL|NULL|2026-11-22T02:00:00Z||");
}

TEST(Decode, AWrongTypeIsUnknownAndNotTheOmittedValue) {
  EXPECT_EQ(decoded(R"({"Id":"a","Deep":{"Flag":"true"},"Count":"7","List":"[]","At":"soon","Name":7})"),
            "a|NULL|NULL|NULL|NULL|NULL|");
  EXPECT_EQ(decoded(R"({"Id":"a","Deep":7,"Count":1e30,"At":1e300})"), "a|NULL|NULL|NULL|NULL||");
}

TEST(Decode, NullIsLikeLeftOut) {
  EXPECT_EQ(decoded(R"({"Id":"a","Deep":{"Flag":null},"Name":null})"), "a|NULL|NULL|NULL|NULL||");
}

TEST(Decode, AnAnswerWithoutItsListOrAnItemWithoutItsKeyIsNone) {
  EXPECT_THROW(decode_page(kTable, parse_json("{}"), "r", ""), UnexpectedShape);
  EXPECT_THROW(decode_page(kTable, parse_json(R"({"Items":{}})"), "r", ""), UnexpectedShape);
  EXPECT_THROW(decode_page(kTable, parse_json(R"({"Items":["a"]})"), "r", ""), UnexpectedShape);
  EXPECT_THROW(decode_page(kTable, parse_json(R"({"Items":[{"Id":""}]})"), "r", ""), UnexpectedShape);
  EXPECT_THROW(decode_page(kTable, parse_json(R"({"Items":[{"Id":null}]})"), "r", ""),
               UnexpectedShape);
}

}  // namespace
}  // namespace ciswatch
