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

// A template in which the bucket has these members beside its type.
std::string bucket(const std::string& members) {
  return "Resources: {LogBucket: {Type: b, " + members + "}}\n";
}

std::string json_bucket(const std::string& members) {
  return R"({"Resources": {"LogBucket": {"Type": "b", )" + members + "}}}";
}

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
        Case{"Json", json_bucket(R"("DeletionPolicy": "RetainExceptOnCreate")"),
             "'RetainExceptOnCreate'"},
        Case{"JsonThatIsNoYaml",
             "{\t\"Description\": \"\\ud83d\\ude00\",\n\t\"Resources\": {\"LogBucket\":"
             "{\"Type\": \"b\", \"DeletionPolicy\": \"Retain\"}}}",
             "'Retain'"},
        Case{"InQuotes", "Resources: {'LogBucket': {Type: b, \"DeletionPolicy\": 'Snapshot'}}",
             "'Snapshot'"},
        Case{"NotSetInYaml", "Resources:\n  LogBucket:\n    Type: AWS::S3::Bucket\n", "''"},
        Case{"NotSetInJson", R"({"Resources": {"LogBucket": {"Type": "AWS::S3::Bucket"}}})", "''"},
        Case{"SetOfAnotherOnly",
             "Resources: {LogBucket: {Type: b}, Other: {Type: b, DeletionPolicy: Retain}}", "''"},
        Case{"SetAsAPropertyOnly",
             "Resources: {LogBucket: {Type: b, Properties: {DeletionPolicy: Retain}}}", "''"}),
    [](const auto& param) { return param.param.name; });

std::string nested(std::size_t levels) {
  return bucket("DeletionPolicy: Retain") + "Deep: " + std::string(levels, '[') +
         std::string(levels, ']');
}

std::string many_values(std::size_t values) {
  auto text = bucket("DeletionPolicy: Retain") + "Many:\n";
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
        Case{"AnotherOnly", "Resources: {Other: {Type: b, DeletionPolicy: Retain}}", "NULL"},
        Case{"InOtherLetters", "Resources: {logbucket: {Type: b, DeletionPolicy: Retain}}", "NULL"},
        Case{"AResourceThatIsAText", "Resources: {LogBucket: Retain}", "NULL"},
        Case{"AFunctionAsATag", bucket("DeletionPolicy: !Ref Policy"), "NULL"},
        Case{"AFunctionAsAMember", bucket("DeletionPolicy: {Ref: Policy}"),
             "NULL"},
        Case{"AResourceWithATag", "Resources: {LogBucket: !If {Type: b, DeletionPolicy: Retain}}",
             "NULL"},
        Case{"AResourceWithoutAType", "Resources: {LogBucket: {DeletionPolicy: Retain}}", "NULL"},
        Case{"ANull", bucket("DeletionPolicy: "), "NULL"},
        Case{"ANullInJson", json_bucket(R"("DeletionPolicy": null)"), "NULL"},
        Case{"ANumber", bucket("DeletionPolicy: 1"), "NULL"},
        Case{"TwiceInYaml",
             bucket("DeletionPolicy: Retain, DeletionPolicy: Delete"), "NULL"},
        Case{"TwiceInJson",
             json_bucket(R"("DeletionPolicy": "Retain", "DeletionPolicy": "Delete")"),
             "NULL"},
        Case{"ResourceTwiceInJson",
             R"({"Resources": {"LogBucket": {"Type": "b", "DeletionPolicy": "Retain"},
                               "LogBucket": {"Type": "b"}}})",
             "NULL"},
        Case{"AliasesThatGrow",
             "a: &a [x, x]\nb: &b [*a, *a]\n" + bucket("DeletionPolicy: Retain"), "NULL"},
        Case{"TooDeepForYaml", nested(100), "NULL"},
        Case{"DeepEnoughToEndAParser", nested(200'000), "NULL"},
        Case{"TooManyValues", many_values(60'000), "NULL"},
        Case{"LongerThanATemplate",
             json_bucket(R"("DeletionPolicy": "Retain")") +
                 std::string(1'000'000, ' '),
             "NULL"},
        Case{"NoUtf8", bucket("DeletionPolicy: Retain") + "# \xff\n", "NULL"},
        Case{"TwoDocuments",
             bucket("DeletionPolicy: Retain") + "---\nResources: {}\n", "NULL"}),
    [](const auto& param) { return param.param.name; });

TEST(TemplateAttribute, OfNothingIsNull) {
  EXPECT_EQ(policy_of(Value{}), "NULL");
  EXPECT_EQ(policy_of(Value{std::int64_t{1}}), "NULL");
}

}  // namespace
}  // namespace ciswatch
