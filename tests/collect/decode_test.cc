#include "core/collect/decode.h"

#include <fmt/format.h>
#include <fmt/format.h>
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

TEST(Decode, WhereNullMeansNoneAnotherTypeIsNoAnswer) {
  constexpr Column columns[] = {{"id", Type::text, "/Id", "key"},
                                {"until", Type::timestamp, "/Until", "may be left out", kNullIsNone}};
  TableSpec table = kTable;
  table.columns = columns;
  const auto decode = [&](const char* item) {
    return decode_page(table, parse_json(fmt::format(R"({{"Items":[{}]}})", item)), "r", "");
  };
  EXPECT_TRUE(is_null(decode(R"({"Id":"a"})").at(0).values.at(1)));
  EXPECT_TRUE(is_null(decode(R"({"Id":"a","Until":null})").at(0).values.at(1)));
  EXPECT_THROW(decode(R"({"Id":"a","Until":"soon"})"), UnexpectedShape);
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

constexpr Column kTyped[] = {
    {"id", Type::text, kTarget, "key"},
    {"short_name", Type::text, kTargetName, "after the last /"},
    {"version", Type::text, kSecond, "second key"},
    {"there", Type::boolean, kAnswered, "answered"},
    {"digits", Type::digits, "/Digits", "an integer as text"},
    {"real", Type::real, "/Real", "a number"},
    {"enabled", Type::enabled, "/Enabled", "Enabled or Disabled"},
    {.name = "document", .type = Type::document, .from = "/Document", .doc = "a policy", .absent = ""},
};
constexpr std::string_view kVersionKey[] = {"version"};
constexpr TableSpec kOne{.name = "t", .doc = "", .service = "s", .operation = "Op",
                         .permission = "", .scope = Scope::resource, .parameter = "Id",
                         .second_parameter = "Version", .key = "id", .also_key = kVersionKey,
                         .columns = kTyped};

std::string text_of_row(const DecodedRow& row) {
  std::string text;
  for (const auto& value : row.values) text += (is_null(value) ? "NULL" : text_of(value)) + "|";
  return text;
}

std::string one(const std::string& answer) {
  return text_of_row(decode_page(kOne, parse_json(answer), "r", "a:b/c/d v 1").at(0));
}

TEST(Decode, AListMayBeLeftOutOnlyWhereThePageSaysThatItIsEmpty) {
  TableSpec table = kTable;
  table.count = "/Quantity";
  const auto rows = [&](const char* page) {
    return decode_page(table, parse_json(page), "r", "").size();
  };
  EXPECT_EQ(rows(R"({"Quantity":0})"), 0U);
  EXPECT_EQ(rows(R"({"Quantity":0,"Items":[]})"), 0U);
  EXPECT_EQ(rows(R"({"Quantity":1,"Items":[{"Id":"a"}]})"), 1U);
  EXPECT_EQ(rows(R"({"Quantity":1,"Items":[{"Id":"a"},{"Id":"b"}]})"), 2U);  // of all pages
  EXPECT_THROW(rows(R"({"Quantity":2,"Items":[{"Id":"a"}]})"), UnexpectedShape);
  EXPECT_THROW(rows(R"({"Quantity":1})"), UnexpectedShape);
  EXPECT_THROW(rows(R"({"Quantity":-1,"Items":[]})"), UnexpectedShape);
  EXPECT_THROW(rows(R"({"Quantity":"0"})"), UnexpectedShape);
  EXPECT_THROW(rows(R"({"Items":[{"Id":"a"}]})"), UnexpectedShape);
  EXPECT_THROW(rows("{}"), UnexpectedShape);
}

TEST(Decode, TakesBothKeysFromTheRequest) {
  EXPECT_EQ(one("{}"), "a:b/c/d|d|v 1|1|NULL|NULL|NULL|NULL|");
  EXPECT_EQ(text_of_row(absent_row(kOne, "r", "a:b/c/d v1")),
            "a:b/c/d|d|v1|0|NULL|NULL|NULL||");
}

TEST(Decode, DigitsAreAWholeNumberAsText) {
  const auto digits = [](const std::string& value) {
    const auto row = decode_page(kOne, parse_json("{\"Digits\":" + value + "}"), "r", "k v").at(0);
    return is_null(row.values[4]) ? "NULL" : text_of(row.values[4]);
  };
  EXPECT_EQ(digits("\"0\""), "0");
  EXPECT_EQ(digits("\"17\""), "17");
  for (const char* other : {"17", "\"\"", "\" 1\"", "\"1.0\"", "\"1x\"", "\"99999999999999999999\"",
                            "null", "true", "[]"}) {
    EXPECT_EQ(digits(other), "NULL") << other;
  }
}

TEST(Decode, ARealIsAnyNumberAndNoText) {
  const auto real = [](const std::string& value) {
    const auto row = decode_page(kOne, parse_json("{\"Real\":" + value + "}"), "r", "k v").at(0);
    return is_null(row.values[5]) ? "NULL" : text_of(row.values[5]);
  };
  EXPECT_EQ(real("1"), "1");
  EXPECT_EQ(real("0.1"), "0.1");
  EXPECT_EQ(real("1e300"), "1e+300");
  EXPECT_EQ(real("\"1\""), "NULL");
  EXPECT_EQ(real("true"), "NULL");
}

TEST(Decode, EnabledIsOneOfTwoWords) {
  EXPECT_EQ(one(R"({"Enabled":"Enabled"})"), "a:b/c/d|d|v 1|1|NULL|NULL|1|NULL|");
  EXPECT_EQ(one(R"({"Enabled":"Disabled"})"), "a:b/c/d|d|v 1|1|NULL|NULL|0|NULL|");
  for (const char* other : {R"("enabled")", R"("")", "true", "1", "null"}) {
    EXPECT_EQ(one(fmt::format(R"({{"Enabled":{}}})", other)),
              "a:b/c/d|d|v 1|1|NULL|NULL|NULL|NULL|")
        << other;
  }
}

TEST(Decode, ADocumentIsTextOrAnObjectAndNothingElse) {
  const auto document = [](const std::string& value) {
    const auto row =
        decode_page(kOne, parse_json("{\"Document\":" + value + "}"), "r", "k v").at(0);
    return is_null(row.values[7]) ? "NULL" : text_of(row.values[7]);
  };
  EXPECT_EQ(document(R"("{\"a\":1}")"), R"({"a":1})");
  EXPECT_EQ(document(R"({"a": 1})"), R"({"a":1})");
  EXPECT_EQ(document(R"("no json {")"), "no json {");
  for (const char* other : {"[]", "1", "true", "null"}) EXPECT_EQ(document(other), "NULL") << other;
}

constexpr Column kTexts[] = {{"parent", Type::text, kTarget, "key"},
                             {"name", Type::text, kItem, "the item"}};
constexpr std::string_view kName[] = {"name"};
constexpr TableSpec kListOfTexts{.name = "t", .doc = "", .service = "s", .operation = "Op",
                                 .permission = "", .scope = Scope::resource, .parameter = "P",
                                 .items = "/Names", .key = "parent", .also_key = kName,
                                 .columns = kTexts};

TEST(Decode, AnItemMayBeAText) {
  const auto rows = decode_page(kListOfTexts, parse_json(R"({"Names":["a","b"]})"), "r", "p");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(text_of_row(rows[1]), "p|b|");
  EXPECT_THROW(decode_page(kListOfTexts, parse_json(R"({"Names":["a",{}]})"), "r", "p"),
               UnexpectedShape);
  EXPECT_THROW(decode_page(kListOfTexts, parse_json(R"({"Names":[1]})"), "r", "p"), UnexpectedShape);
}

constexpr Column kOwned[] = {{"id", Type::text, kTarget, "key"},
                             {"stack", Type::text, "/Stack", "the stack"}};
constexpr TableSpec kOnlyOne{.name = "t", .doc = "", .service = "s", .operation = "Op",
                             .permission = "", .scope = Scope::resource, .parameter = "Id",
                             .items = "/All", .only = "/Id", .key = "id", .columns = kOwned};

TEST(Decode, OnlyWhatWasAskedForIsARowAndMustBeThere) {
  const auto rows = decode_page(
      kOnlyOne, parse_json(R"({"All":[{"Id":"x","Stack":"1"},{"Id":"k","Stack":"2"},{}]})"), "r", "k");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(text_of_row(rows[0]), "k|2|");
  for (const char* other : {R"({"All":[]})", R"({"All":[{"Id":"K"}]})", R"({"All":[{"Id":7}]})"}) {
    EXPECT_THROW(decode_page(kOnlyOne, parse_json(other), "r", "k"), UnexpectedShape) << other;
  }
}

}  // namespace
}  // namespace ciswatch
