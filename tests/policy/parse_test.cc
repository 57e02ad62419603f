#include <gtest/gtest.h>

#include "core/policy/policy.h"

namespace ciswatch {
namespace {

std::string error_of(std::string_view text) {
  try {
    parse_policies(text);
    return "";
  } catch (const PolicyError& error) {
    return error.what();
  }
}

std::string statement_error(const std::string& members) {
  return error_of("{\"Statement\":[{" + members + "}]}");
}

TEST(Policy, TextsAndListsReadTheSame) {
  const auto policy = parse_policy(R"({"Version":"2012-10-17","Id":"x","Statement":{"Sid":"a",
    "Effect":"Allow","Principal":{"AWS":["111111111111","*"],"Service":"ec2.amazonaws.com"},
    "NotAction":["s3:Get*","*"],"NotResource":"arn:aws:s3:::b",
    "Condition":{"Bool":{"aws:SecureTransport":true},"NumericEquals":{"s3:max-keys":[1,"2"]}}}})");
  ASSERT_EQ(policy.statements.size(), 1U);
  const auto& one = policy.statements[0];
  EXPECT_TRUE(policy.has_variables);
  EXPECT_TRUE(one.allows);
  EXPECT_EQ(one.number, 1U);
  EXPECT_EQ(one.action, Listing::all_but);
  EXPECT_EQ(one.resource, Listing::all_but);
  using Kind = Principal::Kind;
  EXPECT_EQ(one.principals, (std::vector<Principal>{{Kind::aws, "111111111111"},
                                                    {Kind::anyone, ""},
                                                    {Kind::service, "ec2.amazonaws.com"}}));
  ASSERT_EQ(one.clauses.size(), 2U);
  EXPECT_EQ(one.clauses[0].values, std::vector<std::string>{"true"});
  EXPECT_EQ(one.clauses[1].values, (std::vector<std::string>{"1", "2"}));
}

TEST(Policy, VariablesComeWithTheNewerVersion) {
  EXPECT_FALSE(parse_policy(R"({"Statement":[]})").has_variables);
  EXPECT_FALSE(parse_policy(R"({"Version":"2008-10-17","Statement":[]})").has_variables);
}

TEST(Policy, AStatementIsNamedByItsSidOrItsNumber) {
  const auto policy = parse_policy(R"({"Statement":[{"Effect":"Deny","Action":"*"},
    {"Sid":"Two","Effect":"Deny","Action":"*"}]})");
  EXPECT_EQ(name_of(policy.statements[0]), "statement 1");
  EXPECT_EQ(name_of(policy.statements[1]), "statement Two");
}

TEST(PolicyErrors, NameTheLineOfTextThatIsNotJson) {
  EXPECT_EQ(error_of("{\n  \"Statement\": [,]}").substr(0, 4), "2:17");
  EXPECT_NE(error_of("nonsense"), "");
  EXPECT_NE(error_of("{\"Statement\":[]} {}"), "");
  EXPECT_NE(error_of(std::string(300, '[')), "");
  EXPECT_EQ(error_of(std::string(140'000, ' ') + "{}"), "1:1: longer than 128 kB");
}

TEST(PolicyErrors, PointToTheElement) {
  const std::pair<const char*, const char*> kCases[] = {
      {R"("Action":"s3:*")", "/Statement/0: has no Effect"},
      {R"("Effect":"Allow")", "/Statement/0: has neither Action nor NotAction"},
      {R"("Effect":"allow","Action":"s3:*")", R"(/Statement/0/Effect: must be "Allow" or "Deny")"},
      {R"("Effect":true,"Action":"s3:*")", R"(/Statement/0/Effect: must be "Allow" or "Deny")"},
      {R"("Effect":"Deny","Action":["s3:*",1])", "/Statement/0/Action/1: must be a text"},
      {R"("Effect":"Deny","Action":"PutObject")",
       "/Statement/0/Action: 'PutObject' is no action such as s3:PutObject"},
      {R"("Effect":"Deny","Action":"s3:")",
       "/Statement/0/Action: 's3:' is no action such as s3:PutObject"},
      {R"("Effect":"Deny","Action":"*","NotAction":"*")",
       "/Statement/0/NotAction: stands beside another Action"},
      {R"("Effect":"Deny","Action":"*","Action":"*")", "/Statement/0/Action: is there twice"},
      {R"("Effect":"Deny","Action":"*","Resource":"bucket")",
       "/Statement/0/Resource: 'bucket' is neither an ARN nor *"},
      {R"("Effect":"Deny","Action":"*","Principal":"root")",
       R"(/Statement/0/Principal: must be "*" or an object)"},
      {R"("Effect":"Deny","Action":"*","Principal":{"User":"x"})",
       "/Statement/0/Principal/User: no kind of principal: AWS, Service, Federated or CanonicalUser"},
      {R"("Effect":"Deny","Action":"*","Condition":{"Bool":{}})",
       "/Statement/0/Condition/Bool: compares nothing"},
      {R"("Effect":"Deny","Action":"*","Principal":["*"])",
       "/Statement/0/Principal: must be an object"},
      {R"("Effect":"Deny","Action":"*","Principal":{})", "/Statement/0/Principal: is empty"},
      {R"("Effect":"Deny","Action":"*","Principal":{"AWS":[]})",
       "/Statement/0/Principal/AWS: is empty"},
      {R"("Effect":"Deny","Action":[])", "/Statement/0/Action: is empty"},
      {R"("Effect":"Deny","Action":"*","Resource":[])", "/Statement/0/Resource: is empty"},
      {R"("Effect":"Deny","Action":"*","Condition":[])",
       "/Statement/0/Condition: must be an object"},
      {R"("Effect":"Deny","Action":"*","Condition":{"Bool":"x"})",
       "/Statement/0/Condition/Bool: must be an object"},
      {R"("Effect":"Deny","Action":"*","Condition":{"Bool":{"a/b~c":null}})",
       "/Statement/0/Condition/Bool/a~1b~0c: must be a text, a number or a boolean"},
      {R"("Effect":"Deny","Action":"*","Sid":7)", "/Statement/0/Sid: must be a text"},
      {R"("Effect":"Deny","Actions":"*")", "/Statement/0/Actions: is no element of a statement"},
      {R"("effect":"Deny","Action":"*")", "/Statement/0/effect: is no element of a statement"},
  };
  for (const auto& [members, error] : kCases) EXPECT_EQ(statement_error(members), error) << members;
}

TEST(PolicyErrors, PointToWhatIsWrongWithTheWhole) {
  EXPECT_EQ(error_of("{}"), "the document: has no Statement");
  EXPECT_EQ(error_of("7"), "the document: must be an object");
  EXPECT_EQ(error_of(R"({"Statement":7})"), "/Statement: must be an object");
  EXPECT_EQ(error_of(R"({"Statement":[[]]})"), "/Statement/0: must be an object");
  EXPECT_EQ(error_of(R"({"Statement":[],"Version":"2012-10-18"})"),
            R"(/Version: must be "2012-10-17" or "2008-10-17")");
  EXPECT_EQ(error_of(R"({"Statement":[],"Id":null})"), "/Id: must be a text");
  EXPECT_EQ(error_of(R"({"Statement":[],"Statements":[]})"), "/Statements: is no element of a policy");
}

TEST(Policies, AreOneOrAList) {
  EXPECT_TRUE(parse_policies("").policies.empty());
  EXPECT_TRUE(parse_policies(" ").complete);
  EXPECT_EQ(parse_policies(R"({"Statement":[]})").policies.size(), 1U);
  const auto list = parse_policies(R"([{"Statement":[]},"{\"Statement\":[]}",""])");
  EXPECT_EQ(list.policies.size(), 2U);
  EXPECT_TRUE(list.complete);
  EXPECT_FALSE(parse_policies(R"([null])").complete);
  EXPECT_EQ(error_of(R"([{"Statement":[]},{"Statement":1}])"),
            "policy 2: /Statement: must be an object");
  EXPECT_EQ(error_of(R"(["{"])").substr(0, 12), "policy 1: 1:");
}

TEST(PolicyErrors, ShowNoControlCharactersAndNoLongTexts) {
  const auto error = statement_error("\"Effect\":\"Deny\",\"Action\":\"\\u001b[2J" +
                                     std::string(1000, 'x') + "\"");
  EXPECT_EQ(error.find('\x1b'), std::string::npos);
  EXPECT_LT(error.size(), 200U);
}

}  // namespace
}  // namespace ciswatch
