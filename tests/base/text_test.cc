#include "core/base/text.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace ciswatch {
namespace {

TEST(Text, CountsInTheSingularOfOneAlone) {
  EXPECT_EQ(counted(0, "error") + counted(1, "error") + counted(2, "error"), "0 errors1 error2 errors");
}

TEST(Text, PercentEncodesAllButUnreserved) {
  EXPECT_EQ(percent_encode("a b/ü~*"), "a%20b%2F%C3%BC~%2A");
  EXPECT_EQ(percent_encode("a/b c", true), "a/b%20c");
}

TEST(Text, PercentDecodesWhatIsEncodedAndLeavesTheRest) {
  EXPECT_EQ(percent_decode("%7B%22a%22%3A%201%7d"), R"({"a": 1})");
  EXPECT_EQ(percent_decode("%C3%BC%00+"), std::string("ü\0+", 4));
  EXPECT_EQ(percent_decode("100%, %4, %zz, %-1, %"), "100%, %4, %zz, %-1, %");
  EXPECT_EQ(percent_decode("%2541"), "%41");  // once
  EXPECT_EQ(percent_decode(percent_encode("a b/ü~*%")), "a b/ü~*%");
}

TEST(Text, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(valid_utf8("a\xFFz"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(valid_utf8("\xC0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD");          // overlong NUL
  EXPECT_EQ(valid_utf8("\xED\xA0\x80").find("\xED"), std::string::npos);  // a lone surrogate
  EXPECT_EQ(valid_utf8("\xE6\xAD"), "\xEF\xBF\xBD\xEF\xBF\xBD");          // cut short
  EXPECT_EQ(valid_utf8("正常"), "正常");
  for (const auto* bad : {"a\xFFz", "\xC0\x80", "\xED\xA0\x80", "ab\xE6\xAD"}) EXPECT_FALSE(is_utf8(bad));
  for (const auto* good : {"", "a\n\x7F", "正常", "a\xF0\x9F\x98\x80"}) EXPECT_TRUE(is_utf8(good));
}

TEST(Text, PrintableNeutralisesTerminalSequencesAndDirectionOverrides) {
  EXPECT_EQ(printable("a\x1b[31mb"), "a\xEF\xBF\xBD[31mb");
  EXPECT_EQ(printable("a\nb\x7f"), "a\xEF\xBF\xBD" "b\xEF\xBF\xBD");
  EXPECT_EQ(printable("\xC2\x9B"), "\xEF\xBF\xBD");      // C1 CSI
  EXPECT_EQ(printable("\xE2\x80\xAE"), "\xEF\xBF\xBD");  // right-to-left override
}

// Plain text is copied eight bytes at a time: whatever stands at any place of a word is seen.
TEST(Text, PrintableSeesEveryByteAtEveryPlace) {
  for (int byte = 0; byte < 256; ++byte) {
    for (std::size_t at = 0; at < 19; ++at) {
      std::string text(19, 'a');
      text[at] = static_cast<char>(byte);
      std::string expected = text;
      if (byte < 0x20 || byte > 0x7E) expected.replace(at, 1, "\xEF\xBF\xBD");
      ASSERT_EQ(printable(text), expected) << byte << " at " << at;
    }
  }
}

TEST(Text, ShortensAtACharacter) {
  EXPECT_EQ(shortened("正常です", 4), "正…");
  EXPECT_EQ(shortened("abc", 3), "abc");
}

TEST(Text, SuggestsTheNearestWordAndNothingFarOff) {
  const std::vector<std::string> words = {"severity", "title", "level"};
  EXPECT_EQ(nearest_word("sevrity", words), "severity");
  EXPECT_EQ(nearest_word("Titel", words), "title");
  EXPECT_EQ(nearest_word("remediation", words), "");
  EXPECT_EQ(did_you_mean("levl", words), ", did you mean 'level'?");
}

TEST(Text, MatchesAPatternInWhichAStarStandsForAnyText) {
  struct Case {
    std::string_view pattern, text;
    bool matches;
  };
  const Case cases[] = {
      {"", "", true},          {"", "a", false},          {"a", "a", true},
      {"a", "b", false},       {"a", "A", false},         {"*", "", true},
      {"*", "a*b", true},      {"**", "", true},          {"**", "a", true},
      {"a*", "a", true},       {"a*", "ba", false},       {"*a", "ba", true},
      {"*a", "ab", false},     {"a*a", "a", false},       {"a*a", "aa", true},
      {"ab*ba", "aba", false}, {"a*b*c", "axbxc", true},  {"a*b*c", "axcxb", false},
      {"*ab*", "aab", true},   {"*ab*ab*", "abab", true}, {"*ab*ab*", "abxa", false},
      {"*ab*ab*", "aba", false}, {"a**b", "ab", true},    {"a?", "ab", false},
      {"eu-*", "eu-west-1", true}, {"arn:*:key/1*", "arn:aws:kms:x:1:key/12", true},
  };
  for (const auto& [pattern, text, matches] : cases) {
    EXPECT_EQ(matches_glob(pattern, text), matches) << pattern << " " << text;
  }
}

// A matcher that goes back takes hours for these.
TEST(Text, MatchesPatternsMadeToHurtInLinearTime) {
  const std::string many(1'000'000, 'a');
  std::string stars;
  for (int i = 0; i < 10'000; ++i) stars += "a*";
  EXPECT_TRUE(matches_glob(stars, many));
  EXPECT_FALSE(matches_glob(stars + "b", many));
  EXPECT_FALSE(matches_glob("*" + std::string(100'000, 'a') + "b*", many));
  EXPECT_FALSE(matches_glob("*b" + std::string(100'000, 'a') + "*", many));
}

// Of patterns one is all that another is when it matches it as a text; tried on every short pattern.
TEST(Text, MatchesAPatternThatSaysLess) {
  std::vector<std::string> all = {""}, texts = {""};
  for (std::size_t i = 0; i < all.size() && all[i].size() < 3; ++i) {
    for (const char c : {'a', 'b', '*'}) all.push_back(all[i] + c);
  }
  for (std::size_t i = 0; i < texts.size() && texts[i].size() < 5; ++i) {
    for (const char c : {'a', 'b', 'c'}) texts.push_back(texts[i] + c);
  }
  for (const auto& pattern : all) {
    for (const auto& other : all) {
      const bool covers = std::all_of(texts.begin(), texts.end(), [&](const std::string& text) {
        return !matches_glob(other, text) || matches_glob(pattern, text);
      });
      EXPECT_EQ(matches_glob(pattern, other), covers) << pattern << " " << other;
    }
  }
}

TEST(Text, SplitsAndTrims) {
  EXPECT_EQ(split("a::b", ':'), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(split("", ':'), (std::vector<std::string>{""}));
  EXPECT_EQ(trim(" \t a b \n"), "a b");
}

}  // namespace
}  // namespace ciswatch
