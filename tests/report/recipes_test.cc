#include "core/report/recipes.h"

#include <gtest/gtest.h>

namespace ciswatch {
namespace {

using namespace std::string_literals;

CheckText check(std::string text, std::string cli = "") {
  CheckText made;
  made.remediation = {{"text", std::move(text)}};
  if (!cli.empty()) made.remediation.emplace_back("cli", std::move(cli));
  return made;
}

Finding finding() {
  Finding made;
  made.account_id = "111111111111";
  made.region = "eu-west-1";
  made.resource = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/audit";
  made.evidence = {{"bucket", R"("audit-logs")"}, {"days", "90"},   {"key", "null"},
                   {"group", R"("")"},            {"list", "[1]"}, {"hostile", R"("a; rm -rf \"/\"")"}};
  return made;
}

TEST(Recipes, PutInWhatTheFindingTells) {
  const Recipes recipes(check("In {{account_id}}.\n", "aws {{region}} {{resource}} {{bucket}} {{days}}"));
  const auto fitted = recipes.fit(finding());
  ASSERT_EQ(fitted.size(), 2U);
  EXPECT_EQ(fitted[0].second, "In 111111111111.");
  EXPECT_EQ(fitted[1].second,
            "aws eu-west-1 arn:aws:cloudtrail:eu-west-1:111111111111:trail/audit audit-logs 90");
  EXPECT_EQ(recipes.fit("text", finding()), "In 111111111111.");
  EXPECT_EQ(recipes.fit("terraform", finding()), "");
}

TEST(Recipes, KnowThePartitionOfARegion) {
  const Recipes recipes(check("arn:{{partition}}:s3:::b"));
  for (const auto& [region, partition] :
       {std::pair("eu-west-1", "aws"), std::pair("cn-north-1", "aws-cn"), std::pair("us-gov-west-1", "aws-us-gov"),
        std::pair("us-iso-east-1", "aws-iso"), std::pair("us-isob-east-1", "aws-iso-b")}) {
    auto found = finding();
    found.region = region;
    EXPECT_EQ(recipes.fit("text", found), "arn:"s + partition + ":s3:::b");
  }
}

TEST(Recipes, LeaveTheNameInCapitalsAndSayWhy) {
  const Recipes recipes(check("Mend it.", "aws {{hostile}} {{key}} {{group}} {{list}} {{no_column}}"));
  const auto fitted = recipes.fit(finding());
  EXPECT_EQ(fitted[1].second, "aws HOSTILE KEY GROUP LIST NO_COLUMN");
  const std::string& text = fitted[0].second;
  const auto has = [&](std::string_view part) { return text.find(part) != std::string::npos; };
  EXPECT_TRUE(has("\nPut in HOSTILE yourself: its characters are not safe")) << text;
  EXPECT_TRUE(has("\nPut in LIST yourself: its characters are not safe")) << text;
  for (const auto* name : {"KEY", "GROUP", "NO_COLUMN"}) {
    EXPECT_TRUE(has("\nPut in "s + name + " yourself: it is not known here.")) << text;
  }
}

TEST(Recipes, TakeNoOtherBracesForNames) {
  const std::string text = "{{resolve:ssm:x}} {{ region }} {{}} {{Region}} {{1}} {{re-gion}} {{region ${a} }}";
  EXPECT_EQ(Recipes(check(text)).fit("text", finding()), text);
  EXPECT_EQ(Recipes(check("{{{region}}}")).fit("text", finding()), "{eu-west-1}");
  EXPECT_EQ(Recipes(check("{{region}}{{region}}")).fit("text", finding()), "eu-west-1eu-west-1");
}

TEST(Recipes, EscapeWhatTheAuthorWroteAndWhatIsAddedToIt) {
  const Recipes recipes(check("<{{region}}>", "{{key}}"),
                        [](std::string_view text) { return "[" + std::string(text) + "]"; });
  const auto text = recipes.fit(finding())[0].second;
  EXPECT_EQ(text, "[<]eu-west-1[>][\nPut in KEY yourself: it is not known here.]");
}

TEST(Recipes, PutInPlainValuesOnly) {
  for (const auto* plain : {"a", "my-bucket.logs", "arn:aws:iam::111111111111:role/a+b=c,d.e@f-g_h",
                            "/aws/cloudtrail", "0123", "_x", ".x"}) {
    EXPECT_TRUE(is_plain(plain)) << plain;
  }
  const std::string hostile[] = {"", "-x", "--profile", "@x", "=ls", "+x", ",x", ":x", "file:///etc/passwd",
                                 "fileb://x", "https://example.invalid/", "a b", "a\nb", "a'b", "a\"b", "a`b",
                                 "$(a)", "${a}", "%{a}", "a;b", "a|b", "a&b", "a>b", "a<b", "a\\b", "a*b", "a?b",
                                 "a[b]", "{a}", "a#b", "~a", "a!b", "a%b", "\u202Ea", "é", "a\0b"s, "a\tb",
                                 std::string(1025, 'a')};
  for (const auto& value : hostile) EXPECT_FALSE(is_plain(value)) << value;
}

}  // namespace
}  // namespace ciswatch
