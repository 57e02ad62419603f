// template_attribute, as functions.h has it.

#include <gtest/gtest.h>

#include "core/store/database.h"
#include "rules/functions.h"

namespace ciswatch {
namespace {

// As SQL would show it: NULL, or the text in quotes.
std::string policy_of(const Value& text) {
  auto database = Database::in_memory();
  add_functions(database);
  auto statement =
      database.prepare("select quote(template_attribute(?1, 'LogBucket', 'DeletionPolicy'))");
  statement.bind(1, text);
  statement.step();
  return std::string(statement.text(0));
}

struct Case {
  const char* name;
  std::string text;
  std::string policy;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class DeletionPolicy : public testing::TestWithParam<Case> {};

TEST_P(DeletionPolicy, OfTheLogBucket) { EXPECT_EQ(policy_of(GetParam().text), GetParam().policy); }

const char* const kYaml = R"(AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Prefix: {Type: String}
Conditions:
  Named: !Not [!Equals [!Ref Prefix, ""]]
Resources:
  Other:
    Type: AWS::S3::Bucket
    DeletionPolicy: Delete
  LogBucket:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    Properties:
      BucketName: !Sub "${Prefix}-logs"
      Tags:
        - Key: k
          Value: !Join
            - "-"
            - - !Ref Prefix
              - !GetAtt Other.Arn
Outputs:
  Name:
    Value: !If [Named, !Ref LogBucket, !Ref AWS::NoValue]
)";

INSTANTIATE_TEST_SUITE_P(
    Told, DeletionPolicy,
    testing::Values(
        Case{"YamlWithShortTags", kYaml, "'Retain'"},
        Case{"Json", R"({"Resources": {"LogBucket": {"Type": "b", "DeletionPolicy": "RetainExceptOnCreate"}}})",
             "'RetainExceptOnCreate'"},
        Case{"JsonThatIsNoYaml",
             "{\t\"Description\": \"\\ud83d\\ude00\",\n\t\"Resources\": {\"LogBucket\":"
             "{\"Type\": \"b\", \"DeletionPolicy\": \"Retain\"}}}",
             "'Retain'"},
        Case{"InQuotes", "Resources:\n  'LogBucket':\n    Type: b\n    \"DeletionPolicy\": 'Snapshot'\n",
             "'Snapshot'"},
        Case{"NotSetInYaml", "Resources:\n  LogBucket:\n    Type: AWS::S3::Bucket\n", "''"},
        Case{"NotSetInJson", R"({"Resources": {"LogBucket": {"Type": "AWS::S3::Bucket"}}})", "''"},
        Case{"SetOfAnotherOnly",
             "Resources:\n  LogBucket: {Type: b}\n  Other: {Type: b, DeletionPolicy: Retain}\n", "''"},
        Case{"SetAsAPropertyOnly",
             "Resources:\n  LogBucket:\n    Type: b\n    Properties: {DeletionPolicy: Retain}\n", "''"}),
    [](const auto& param) { return param.param.name; });

std::string nested(std::size_t levels) {
  std::string text = "Resources: {LogBucket: {Type: b, DeletionPolicy: Retain}}\nDeep: ";
  return text + std::string(levels, '[') + std::string(levels, ']') + "\n";
}

std::string many_values(std::size_t values) {
  std::string text = "Resources: {LogBucket: {Type: b, DeletionPolicy: Retain}}\nMany:\n";
  for (std::size_t i = 0; i < values; ++i) text += "- 1\n";
  return text;
}

INSTANTIATE_TEST_SUITE_P(
    NotTold, DeletionPolicy,
    testing::Values(
        Case{"Empty", "", "NULL"}, Case{"Words", "no template", "NULL"},
        Case{"AList", "[1, 2]", "NULL"}, Case{"BrokenYaml", "Resources: {LogBucket: [", "NULL"},
        Case{"NoResources", "Outputs: {LogBucket: {Type: b, DeletionPolicy: Retain}}", "NULL"},
        Case{"ResourcesThatAreAList", R"({"Resources": ["LogBucket"]})", "NULL"},
        Case{"AnotherResourceOnly", "Resources: {Other: {Type: b, DeletionPolicy: Retain}}", "NULL"},
        Case{"InOtherLetters", "Resources: {logbucket: {Type: b, DeletionPolicy: Retain}}", "NULL"},
        Case{"AResourceThatIsAText", "Resources: {LogBucket: Retain}", "NULL"},
        Case{"AFunctionAsATag", "Resources: {LogBucket: {Type: b, DeletionPolicy: !Ref Policy}}", "NULL"},
        Case{"AFunctionAsAMember", "Resources: {LogBucket: {Type: b, DeletionPolicy: {Ref: Policy}}}",
             "NULL"},
        Case{"AResourceWithATag", "Resources: {LogBucket: !If {Type: b, DeletionPolicy: Retain}}", "NULL"},
        Case{"AResourceWithoutAType", "Resources: {LogBucket: {DeletionPolicy: Retain}}", "NULL"},
        Case{"ANull", "Resources: {LogBucket: {Type: b, DeletionPolicy: }}", "NULL"},
        Case{"ANullInJson", R"({"Resources": {"LogBucket": {"Type": "b", "DeletionPolicy": null}}})", "NULL"},
        Case{"ANumber", "Resources: {LogBucket: {Type: b, DeletionPolicy: 1}}", "NULL"},
        Case{"TwiceInYaml",
             "Resources:\n  LogBucket: {Type: b, DeletionPolicy: Retain, DeletionPolicy: Delete}\n", "NULL"},
        Case{"TwiceInJson",
             R"({"Resources": {"LogBucket": {"Type": "b", "DeletionPolicy": "Retain", "DeletionPolicy": "Delete"}}})",
             "NULL"},
        Case{"ResourceTwiceInJson",
             R"({"Resources": {"LogBucket": {"Type": "b", "DeletionPolicy": "Retain"}, "LogBucket": {"Type": "b"}}})",
             "NULL"},
        Case{"AliasesThatGrow",
             "a: &a [x, x]\nb: &b [*a, *a]\nResources: {LogBucket: {Type: b, DeletionPolicy: Retain}}\n",
             "NULL"},
        Case{"TooDeepForYaml", nested(100), "NULL"},
        Case{"DeepEnoughToEndAParser", nested(200'000), "NULL"},
        Case{"TooManyValues", many_values(60'000), "NULL"},
        Case{"LongerThanATemplate",
             R"({"Resources": {"LogBucket": {"Type": "b", "DeletionPolicy": "Retain"}}})" +
                 std::string(1'000'000, ' '),
             "NULL"},
        Case{"NoUtf8", "Resources: {LogBucket: {Type: b, DeletionPolicy: Retain}} # \xff\n", "NULL"},
        Case{"TwoDocuments",
             "Resources: {LogBucket: {Type: b, DeletionPolicy: Retain}}\n---\nResources: {}\n", "NULL"}),
    [](const auto& param) { return param.param.name; });

TEST(TemplateAttribute, OfNothingIsNull) {
  EXPECT_EQ(policy_of(Value{}), "NULL");
  EXPECT_EQ(policy_of(Value{std::int64_t{1}}), "NULL");
}

}  // namespace
}  // namespace ciswatch
