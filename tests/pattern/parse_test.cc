#include "core/pattern/pattern.h"

#include <gtest/gtest.h>

namespace ciswatch {
namespace {

std::string error(std::string_view pattern) {
  try {
    parse_pattern(pattern);
    return "";
  } catch (const PatternError& failed) {
    return failed.what();
  }
}

TEST(Parse, TakesWhatTheDocumentationShows) {
  for (const auto* pattern :
       {"", " ", "{ $.eventType = \"UpdateTrail\" }", "{ $.sourceIPAddress != 123.123.* }",
        "{ $.arrayKey[0] = \"value\" }", "{ $.objectList[1].id = 2 }", "{ $.SomeObject IS NULL }",
        "{ $.SomeOtherObject NOT EXISTS }", "{ $.ThisFlag IS TRUE }", "{ $.x IS FALSE }",
        "{ ($.user.id = 1) && ($.users[0].email = \"John.Doe@example.com\") }",
        "{ $.user.email = \"John.Stiles@example.com\" || $.coordinates[0][1] = nonmatch && "
        "$.actions[2] = nomatch }",
        "{ $.bandwidth > 75 }", "{ $.latency < 50 }", "{ $.refreshRate >= 60 }",
        "{ $.responseTime <= 5 }", "{ $.errorCode = 400 }", "{ $.errorCode != 500 }",
        "{ $.number[0] = 1e-3 }", "{ $.number[0] != 1e+3 }", "{ $.x = -1.5 }", "{ $.x = +2 }",
        "{ $.eventType = %Trail% }", "{ $.arrayKey[0] = %val.{2}% }",
        "{ $.['my-key'] = x }", "{ $.[\"a b\"].c = x }", "{$.a=b}", "{\n$.a\t=\n\"b\"\n}",
        "{ $.a exists && $.b not exists && $.c is true }", "{ ((($.a = b))) }",
        "{ $.a = %^x|y$% || $.b = %\\d+[^a-c]?% }", "{ $.a = \"say \\\"x\\\"\" }"}) {
    EXPECT_EQ(error(pattern), "") << pattern;
  }
}

TEST(Parse, TellsWhereSomethingIsWrong) {
  const std::pair<std::string, std::string> kCases[] = {
      {"ERROR", "not a JSON pattern"},
      {"[ip, user]", "not a JSON pattern"},
      {"{ $eventName = x }", "character 4: expected '.'"},
      {"{ eventName = x }", "character 3: expected a selector"},
      {"{ }", "character 3: expected a selector"},
      {"{ $.a = }", "character 9: expected a value"},
      {"{ $.a x }", "character 7: expected an operator"},
      {"{ $.a == x }", "character 8: expected a value"},
      {"{ $.a = x", "expected '&&', '||' or '}'"},
      {"{ $.a = x } y", "text after the closing '}'"},
      {"{ ($.a = x }", "character 3: this '(' is not closed"},
      {"{ $.a = x) }", "expected '&&', '||' or '}'"},
      {"{ $.a = \"x }", "the quote is not closed"},
      {"{ $.a = %x }", "the '%' is not closed"},
      {"{ $.a = %% }", "an empty regular expression"},
      {"{ $.a = %(x)% }", "character 10: parentheses"},
      {"{ $.a = %a% || $.b = %b% || $.c = %c% }", "more than the two"},
      {"{ $.a > x }", "compare with a number"},
      {"{ $.a > \"5\" }", "compare with a number"},
      {"{ $.a IS x }", "expected NULL, TRUE or FALSE"},
      {"{ $.a NOT x }", "expected EXISTS"},
      {"{ $.a = x & $.b = y }", "expected '&&'"},
      {"{ $.a[x] = 1 }", "expected the number of an element"},
      {"{ $.a[9999999] = 1 }", "too large"},
      {"{ $.a[0 = 1 }", "expected ']'"},
      {"{ $[0] = 1 }", "stands after a name"},
      {"{ $.\xC3\xA4 = \"\xC3\xA4\" && }", "character 16: expected a selector"},
      {"{ $.a = %a{2,1}% }", "most is below its least"},
      {"{ $.a = %a**% }", "a repetition of a repetition"},
      {"{ $.a = %[b-a]% }", "ends before it begins"},
      {"{ $.a = %[a% }", "the '[' is not closed"},
      {"{ $.a = %!% }", "a character that a regular expression does not support"},
      {"{ $.a = %a{1001}% }", "too many repetitions"},
  };
  for (const auto& [pattern, words] : kCases) {
    EXPECT_NE(error(pattern).find(words), std::string::npos) << pattern << ": " << error(pattern);
  }
}

TEST(Parse, BoundsWhatItTakes) {
  EXPECT_EQ(error("{ $.a = \"" + std::string(1000, 'x') + "\" }"), "");
  EXPECT_NE(error("{ $.a = \"" + std::string(1020, 'x') + "\" }").find("longer than"), std::string::npos);
  EXPECT_NE(error("{" + std::string(400, '(') + "$.a = x" + std::string(400, ')') + "}")
                .find("too many parentheses"), std::string::npos);
}

}  // namespace
}  // namespace ciswatch
