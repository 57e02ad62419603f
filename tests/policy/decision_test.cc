#include <fmt/format.h>
#include <gtest/gtest.h>

#include <span>

#include "core/policy/evaluate.h"

namespace ciswatch {
namespace {

constexpr Truth kNo = Truth::no, kOpenTruth = Truth::unknown, kYes = Truth::yes;

Decision ask(std::string_view policy, std::string_view request) {
  return decide(parse_policies(policy), parse_request(request));
}

std::string policy(const std::string& statements) {
  return R"({"Version":"2012-10-17","Statement":[)" + statements + "]}";
}

std::string allow(const std::string& members) { return R"({"Effect":"Allow",)" + members + "}"; }
std::string deny(const std::string& members) { return R"({"Effect":"Deny",)" + members + "}"; }

constexpr auto kPut = R"({"action":"s3:PutObject","resource":"arn:aws:s3:::b/k"})";
constexpr auto kEverything = R"("Action":"*","Resource":"*")";

TEST(Decision, DenyWinsAllowComesNextAndNothingIsRefused) {
  EXPECT_EQ(ask("", kPut).allowed, kNo);
  EXPECT_EQ(ask(policy(allow(kEverything)), kPut).allowed, kYes);
  EXPECT_EQ(ask(policy(allow(kEverything)), kPut).denied, kNo);
  const auto both = ask(policy(allow(kEverything) + "," + deny(kEverything)), kPut);
  EXPECT_EQ(both.allowed, kNo);
  EXPECT_EQ(both.denied, kYes);
  EXPECT_EQ(both.reason, "statement 2 denies it");
}

TEST(Decision, ADenyThatMayApplyLeavesItOpen) {
  const auto result = ask(
      policy(allow(kEverything) + "," +
             deny(R"("Sid":"Vpc","Action":"*","Resource":"*","Condition":{"StringNotEquals":
                  {"aws:SourceVpce":"vpce-1"}})")),
      kPut);
  EXPECT_EQ(result.allowed, kOpenTruth);
  EXPECT_EQ(result.denied, kOpenTruth);
  EXPECT_EQ(result.reason,
            "statement Vpc may deny it: its condition StringNotEquals aws:SourceVpce cannot be told");
}

TEST(Decision, APolicyThatWasNotReadLeavesOpenAllButADeny) {
  EXPECT_EQ(ask("[null," + policy(allow(kEverything)) + "]", kPut).allowed, kOpenTruth);
  EXPECT_EQ(ask("[null]", kPut).allowed, kOpenTruth);
  EXPECT_EQ(ask("[null]", kPut).denied, kOpenTruth);
  EXPECT_EQ(ask("[null]", kPut).reason, "a policy was not read");
  const auto denied = ask("[null," + policy(deny(kEverything)) + "]", kPut);
  EXPECT_EQ(denied.allowed, kNo);
  EXPECT_EQ(denied.denied, kYes);
}

TEST(Decision, ADenyInOnePolicyHoldsAgainstAnAllowInAnother) {
  EXPECT_EQ(ask("[" + policy(allow(kEverything)) + "," + policy(deny(kEverything)) + "]", kPut).allowed,
            kNo);
}

struct Case {
  const char* statement;
  const char* request;
  Truth expected;
};

void expect_allowed(std::span<const Case> cases) {
  for (const auto& one : cases) {
    const auto result = ask(policy(allow(one.statement)), one.request);
    EXPECT_EQ(result.allowed, one.expected) << one.statement << "\n" << one.request << "\n"
                                            << result.reason;
    // A Deny of the same reach denies what the Allow allows.
    const auto denied = ask(policy(deny(one.statement)), one.request).denied;
    const bool delegated = one.expected == kOpenTruth && denied == kYes;  // to an account
    EXPECT_TRUE(denied == one.expected || delegated) << one.statement;
  }
}

TEST(Actions, AreComparedWithoutCase) {
  constexpr auto kAsk = R"({"action":"s3:PutObject","resource":"arn:aws:s3:::b/k"})";
  constexpr Case kCases[] = {
      {R"("Action":"S3:putobject","Resource":"*")", kAsk, kYes},
      {R"("Action":["s3:Get*","s3:Put*"],"Resource":"*")", kAsk, kYes},
      {R"("Action":"s3:Get*","Resource":"*")", kAsk, kNo},
      {R"("Action":"s3:Put??ject","Resource":"*")", kAsk, kYes},
      {R"("Action":"s3*:PutObject","Resource":"*")", kAsk, kOpenTruth},
      {R"("NotAction":"s3:Get*","Resource":"*")", kAsk, kYes},
      {R"("NotAction":["s3:Get*","s3:P*"],"Resource":"*")", kAsk, kNo},
      {R"("NotAction":"*","Resource":"*")", kAsk, kNo},
  };
  expect_allowed(kCases);
}

TEST(Actions, ThatAreAskedForWithAWildcardAreAllMeant) {
  constexpr auto kAsk = R"({"action":"s3:*","resource":"arn:aws:s3:::b/k"})";
  constexpr Case kCases[] = {
      {R"("Action":"s3:*","Resource":"*")", kAsk, kYes},
      {R"("Action":"s3:Get*","Resource":"*")", kAsk, kNo},
      {R"("NotAction":"iam:*","Resource":"*")", kAsk, kYes},
      {R"("NotAction":"s3:Get*","Resource":"*")", kAsk, kNo},
  };
  expect_allowed(kCases);
}

TEST(Resources, AreComparedAsArns) {
  constexpr auto kAsk = R"({"action":"s3:PutObject","resource":"arn:aws:s3:::b/AWSLogs/1/x"})";
  constexpr Case kCases[] = {
      {R"("Action":"*","Resource":"arn:aws:s3:::b/AWSLogs/1/*")", kAsk, kYes},
      {R"("Action":"*","Resource":"arn:aws:s3:::b/AWSLogs/2/*")", kAsk, kNo},
      {R"("Action":"*","Resource":"arn:aws:s3:::b")", kAsk, kNo},
      {R"("Action":"*","Resource":["arn:aws:s3:::a","arn:aws:s3:::b*"])", kAsk, kYes},
      {R"("Action":"*","NotResource":"arn:aws:s3:::a/*")", kAsk, kYes},
      {R"("Action":"*","NotResource":["arn:aws:s3:::b/*","arn:aws:s3:::c"])", kAsk, kNo},
      {R"("Action":"*","Resource":"arn:aws:s3:::b/${aws:username}/*")", kAsk, kOpenTruth},
      {R"("Action":"*","Resource":"arn:aws:s3:::a/${aws:username}/*")", kAsk, kNo},
      {R"("Action":"*")", kAsk, kOpenTruth},
  };
  expect_allowed(kCases);
}

TEST(Resources, ThatAreAskedForWithAWildcardAreAllMeant) {
  constexpr auto kAsk = R"({"action":"s3:PutObject","resource":"arn:aws:s3:::b/*"})";
  constexpr Case kCases[] = {
      {R"("Action":"*","Resource":"arn:aws:s3:::b/*")", kAsk, kYes},
      {R"("Action":"*","Resource":"arn:aws:s3:::b")", kAsk, kNo},
      {R"("Action":"*","Resource":"arn:aws:s3:::b/x/*")", kAsk, kNo},
      {R"("Action":"*","Resource":["arn:aws:s3:::b/x/*","arn:aws:s3:::b/y*"])", kAsk, kOpenTruth},
      {R"("Action":"*","NotResource":"arn:aws:s3:::b/x/*")", kAsk, kNo},
  };
  expect_allowed(kCases);
}

TEST(Resources, ADenyOfAPartIsNoDenyOfAllButSpoilsTheAllow) {
  const auto result = ask(policy(allow(kEverything) + "," +
                                 deny(R"("Action":"*","Resource":"arn:aws:s3:::b/x/*")")),
                          R"({"action":"s3:PutObject","resource":"arn:aws:s3:::b/*"})");
  EXPECT_EQ(result.allowed, kNo);
  EXPECT_EQ(result.denied, kNo);
  EXPECT_EQ(result.reason, "statement 2 denies only a part of it, by its Resource");
}

TEST(Resources, MayBeAskedAboutForAtLeastOne) {
  constexpr auto kSomeOf =
      R"({"action":"s3:PutObject","resource":"arn:aws:s3:::b/*","some":true,"every":true})";
  const auto part = R"("Action":"*","Resource":"arn:aws:s3:::b/x/*")";
  const auto other = R"("Action":"*","Resource":"arn:aws:s3:::b")";
  const auto sometimes = R"("Action":"*","Resource":"*","Condition":{"Bool":{"a:b":"true"}})";
  EXPECT_EQ(ask(policy(allow(part)), kSomeOf).allowed, kYes);
  EXPECT_EQ(ask(policy(allow(other)), kSomeOf).allowed, kNo);
  EXPECT_EQ(ask(policy(deny(part)), kSomeOf).denied, kYes);
  EXPECT_EQ(ask(policy(deny(sometimes)), kSomeOf).denied, kYes);
  EXPECT_EQ(ask(policy(allow(kEverything) + "," + deny(part)), kSomeOf).allowed, kOpenTruth);
  EXPECT_EQ(ask(policy(allow(kEverything) + "," + deny(kEverything)), kSomeOf).allowed, kNo);
}

TEST(Conditions, ThatCanHoldApartMayNotHoldTogether) {
  const auto two = deny(R"("Action":"*","Resource":"*","Condition":{"Bool":{"a:b":"true"},
                           "Null":{"a:b":"true"}})");
  EXPECT_EQ(ask(policy(two), R"({"action":"a:b","resource":"*","some":true,"every":true})").denied,
            kOpenTruth);
}

TEST(Principals, OfAServiceAndOfAccounts) {
  constexpr auto kTrail = R"({"principal":{"Service":"cloudtrail.amazonaws.com"},"action":"a:b"})";
  constexpr auto kRole = R"({"principal":{"AWS":"arn:aws:iam::111111111111:role/r"},"action":"a:b"})";
  constexpr auto kRoot = R"({"principal":{"AWS":"arn:aws:iam::111111111111:root"},"action":"a:b"})";
  constexpr auto kAnyone = R"({"principal":"*","action":"a:b"})";
  constexpr Case kCases[] = {
      {R"("Action":"*","Principal":"*")", kTrail, kYes},
      {R"("Action":"*","Principal":{"AWS":"*"})", kTrail, kYes},
      {R"("Action":"*","Principal":{"Service":"cloudtrail.amazonaws.com"})", kTrail, kYes},
      {R"("Action":"*","Principal":{"Service":["ec2.amazonaws.com","cloudtrail.amazonaws.com"]})",
       kTrail, kYes},
      {R"("Action":"*","Principal":{"Service":"config.amazonaws.com"})", kTrail, kNo},
      {R"("Action":"*","Principal":{"AWS":"111111111111"})", kTrail, kNo},
      {R"("Action":"*","Principal":{"AWS":"arn:aws:iam::111111111111:role/r"})", kRole, kYes},
      {R"("Action":"*","Principal":{"AWS":"arn:aws:iam::111111111111:role/s"})", kRole, kNo},
      {R"("Action":"*","Principal":{"AWS":"111111111111"})", kRole, kOpenTruth},
      {R"("Action":"*","Principal":{"AWS":"arn:aws:iam::111111111111:root"})", kRole, kOpenTruth},
      {R"("Action":"*","Principal":{"AWS":"222222222222"})", kRole, kNo},
      {R"("Action":"*","Principal":{"AWS":"AROAEXAMPLEEXAMPLE123"})", kRole, kOpenTruth},
      {R"("Action":"*","Principal":{"AWS":"arn:aws:sts::111111111111:assumed-role/r/s"})", kRole,
       kOpenTruth},
      {R"("Action":"*","Principal":{"CanonicalUser":"c0ffee"})", kRole, kOpenTruth},
      {R"("Action":"*","Principal":{"Federated":"cognito-identity.amazonaws.com"})", kRole, kNo},
      {R"("Action":"*","Principal":{"AWS":"111111111111"})", kRoot, kYes},
      {R"("Action":"*","Principal":{"AWS":"arn:aws:iam::111111111111:role/r"})", kRoot, kNo},
      {R"("Action":"*","Principal":"*")", kAnyone, kYes},
      {R"("Action":"*","Principal":{"AWS":["111111111111","222222222222"]})", kAnyone, kNo},
      {R"("Action":"*")", kAnyone, kOpenTruth},
      {R"("Action":"*","Principal":"*")", R"({"action":"a:b"})", kOpenTruth},
      {R"("Action":"*","Resource":"*")", R"({"action":"a:b"})", kYes},
      {R"("Action":"*","Resource":"arn:aws:s3:::b")", R"({"action":"a:b"})", kOpenTruth},
  };
  expect_allowed(kCases);
}

TEST(Principals, ADenyForAnAccountIsForAllItsIdentities) {
  const auto statement = deny(R"("Action":"*","Principal":{"AWS":"111111111111"})");
  EXPECT_EQ(ask(policy(statement), R"({"principal":{"AWS":"arn:aws:iam::111111111111:role/r"},
                                       "action":"a:b"})")
                .denied,
            kYes);
}

TEST(Principals, AnAllowForAnAccountNamesNoneOfItsIdentities) {
  constexpr auto kRole = R"({"principal":{"AWS":"arn:aws:iam::111111111111:role/r"},"action":"a:b",
                             "by_name":true})";
  const auto account = allow(R"("Action":"*","Principal":{"AWS":"111111111111"})");
  EXPECT_EQ(ask(policy(account), kRole).allowed, kNo);
  const auto role = allow(R"("Action":"*","Principal":{"AWS":"arn:aws:iam::111111111111:role/r"})");
  EXPECT_EQ(ask(policy(account + "," + role), kRole).allowed, kYes);
}

TEST(Principals, NotPrincipalSparesAnIdentityWithItsAccount) {
  const auto denied = [](const std::string& principals, const char* asking) {
    return ask(policy(deny(R"("Action":"*","NotPrincipal":)" + principals)),
               fmt::format(R"({{"principal":{},"action":"a:b"}})", asking))
        .denied;
  };
  constexpr auto kRole = R"({"AWS":"arn:aws:iam::111111111111:role/r"})";
  constexpr auto kTrail = R"({"Service":"cloudtrail.amazonaws.com"})";
  EXPECT_EQ(denied(R"({"AWS":["arn:aws:iam::111111111111:role/r","111111111111"]})", kRole), kNo);
  EXPECT_EQ(denied(R"({"AWS":"arn:aws:iam::111111111111:role/r"})", kRole), kOpenTruth);
  EXPECT_EQ(denied(R"({"AWS":"111111111111"})", kRole), kOpenTruth);
  EXPECT_EQ(denied(R"({"AWS":"222222222222"})", kRole), kYes);
  EXPECT_EQ(denied(R"({"AWS":"222222222222"})", kTrail), kYes);
  EXPECT_EQ(denied(kTrail, kTrail), kNo);
  EXPECT_EQ(denied(R"({"AWS":"222222222222"})", "\"*\""), kNo);
}

TEST(Requests, OfAnotherShapeAreRefused) {
  for (const auto* request :
       {"[]", "{}", R"({"action":""})", R"({"action":null})", R"({"action":"a:b","resource":null})",
        R"({"action":"a:b","principal":"root"})", R"({"action":"a:b","principal":{}})",
        R"({"action":"a:b","principal":{"AWS":"1","Service":"2"}})",
        R"({"action":"a:b","principal":{"AWS":null}})", R"({"action":"a:b","context":[]})",
        R"({"action":"a:b","context":{"k":{}}})", R"({"action":"a:b","context":{"k":[1]}})",
        R"({"action":"a:b","evry":true})", R"({"action":"a:b","every":1})"}) {
    EXPECT_THROW(parse_request(request), PolicyError) << request;
  }
  EXPECT_THROW(parse_request("{\"action\":\"" + std::string(3000, 'a') + "\"}"), PolicyError);
}

}  // namespace
}  // namespace ciswatch
