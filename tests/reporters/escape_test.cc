#include "reporters/escape.h"

#include <gtest/gtest.h>

#include "core/base/json.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

using namespace std::string_literals;

TEST(Markup, EscapesTheFiveSpecialCharacters) {
  EXPECT_EQ(markup("<a href='x'>\"&\"</a>]]>"),
            "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/a&gt;]]&gt;");
  EXPECT_EQ(markup("plain text, 日本語"), "plain text, 日本語");
}

TEST(Markup, ReplacesWhatXmlCannotHoldAndWhatTurnsTheReadingDirection) {
  EXPECT_EQ(markup("a\0b\x1b"
                   "c\x7f"s),
            "a\uFFFDb\uFFFDc\uFFFD");
  EXPECT_EQ(markup("\u202E\u2066\u2028\u2029\uFFFE\uFFFF\u0085"),
            "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(markup("\xFF\xC3("), "\uFFFD\uFFFD(");
  EXPECT_EQ(markup("a\nb"), "a\uFFFDb");
}

TEST(Markup, KeepsLinesWhereTheyAreWanted) {
  EXPECT_EQ(markup_lines("a <b>\r\n\tc\n"), "a &lt;b&gt;\n    c\n");
  EXPECT_EQ(markup_lines(""), "");
}

TEST(FirstLine, IsOneLineForATerminal) {
  EXPECT_EQ(first_line("\n  one \n two"), "one");
  EXPECT_EQ(first_line("x\x1b[2J"), "x\uFFFD[2J");
}

TEST(PlainValue, ReadsStringsAndLeavesTheRest) {
  EXPECT_EQ(plain_value(R"("a\"b\u00e9")"), "a\"bé");
  EXPECT_EQ(plain_value("12"), "12");
  EXPECT_EQ(plain_value(R"({"a":1})"), R"({"a":1})");
  EXPECT_EQ(plain_value("\"broken"), "\"broken");
  EXPECT_EQ(plain_value(""), "");
}

TEST(QuotedJson, LosesNothingAndShowsNothingThatSteers) {
  EXPECT_EQ(quoted_json("plain"), R"("plain")");
  EXPECT_EQ(quoted_json("a\"\\\n\x1b é\u2066\uFFFE日"), R"("a\"\\\n\u001B é\u2066\ufffe日")");
}

// Texts are looked at eight bytes at a time: no byte hides behind its neighbours.
TEST(QuotedJson, FindsEveryByteAtEveryPlace) {
  for (int byte = 0; byte < 256; ++byte) {
    for (std::size_t at = 0; at < 20; ++at) {
      std::string text(20, '~');
      text[at] = static_cast<char>(byte);
      const std::string json = quoted_json(text);
      const Json read = parse_json(json);
      EXPECT_EQ(std::string(read.GetString(), read.GetStringLength()), valid_utf8(text))
          << byte << " at " << at;
      EXPECT_EQ(printable(json), json) << byte << " at " << at;
      EXPECT_EQ(json.size() == 22, byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\');
    }
  }
}

TEST(SafeJson, EndsWhereTheTextEnds) {
  // A parser that stops at a NUL would take the rest for nothing.
  EXPECT_EQ(safe_json("1\0,\"verdict\":\"pass\""s), R"("1\u0000,\"verdict\":\"pass\"")");
  EXPECT_EQ(safe_json("\xEF\xBB\xBF[1]"), "\"\uFEFF[1]\"");
  for (const auto* no_value : {"-", "01", "1.", "nul", "\"", "'a'", "[1", "1 2", "+1"}) {
    EXPECT_EQ(safe_json(no_value), quoted_json(no_value)) << no_value;
  }
  for (const auto* value : {"-1", "0", "12345678901234567890", "1.5e3", "\"\"", "\"a b\""}) {
    EXPECT_EQ(safe_json(value), value);
  }
}

TEST(SafeJson, LetsOnlyWholeValuesThrough) {
  EXPECT_EQ(safe_json("[1,2]"), "[1,2]");
  EXPECT_EQ(safe_json("null"), "null");
  EXPECT_EQ(safe_json(""), "\"\"");
  EXPECT_EQ(safe_json("1,\"x\":2"), R"("1,\"x\":2")");
  EXPECT_EQ(safe_json("}"), "\"}\"");
  EXPECT_EQ(safe_json("{\n\t\"a\":\r1}"), "{  \"a\": 1}");
  EXPECT_EQ(safe_json("\"\u202E\u009B\x7F\""), R"("\u202e\u009b\u007f")");
  EXPECT_EQ(safe_json("\"\xFF\""), "\"\\\"\uFFFD\\\"\"");
  // Deep nesting is read without recursion.
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_EQ(safe_json(deep), deep);
}

}  // namespace
}  // namespace ciswatch
