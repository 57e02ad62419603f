// Many accounts in one run: roles taken on among the other calls, sessions that end, and accounts that
// cannot be got into.

#include "core/collect/live.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "core/aws/caller.h"
#include "core/base/text.h"
#include "tests/aws/scripted_server.h"

namespace ciswatch {
namespace {

constexpr const char* kOne = "111111111111";
constexpr const char* kTwo = "222222222222";

std::string error_xml(const std::string& code) {
  return fmt::format("<ErrorResponse><Error><Code>{}</Code><Message>no</Message></Error>"
                     "</ErrorResponse>", code);
}

// STS and one service. A role's key is ASIA, its account and how often it was taken on; the caller's
// own is of 999999999999.
class World : public testing::Test {
 protected:
  ScriptReply reply(const ScriptRequest& request) {
    const auto& authorization = request.headers.at("authorization");
    const auto key = authorization.substr(authorization.find("Credential=") + 11, 17);
    const auto account = key.starts_with("ASIA") ? key.substr(4, 12) : "999999999999";
    if (request.body.find("Action=AssumeRole") != std::string::npos) return assume(request.body);
    if (request.body.find("Action=GetCallerIdentity") != std::string::npos) {
      return {200, fmt::format("<GetCallerIdentityResponse><GetCallerIdentityResult><Account>{}"
                               "</Account><Arn>a</Arn></GetCallerIdentityResult>"
                               "</GetCallerIdentityResponse>",
                               identities_.contains(key) ? identities_.at(key) : account), {}};
    }
    used_.push_back(key);
    if (!expired_.contains(key)) return {200, R"({"trailList":[]})", {}};
    return {400, R"({"__type":"ExpiredTokenException","message":"old"})", {}};
  }

  ScriptReply assume(const std::string& body) {
    const auto at = body.find("iam%3A%3A");
    const auto account = body.substr(at + 9, 12);
    if (refused_.contains(account)) return {403, error_xml("AccessDenied"), {}};
    if (failing_[account] > 0) {
      --failing_[account];
      return {500, error_xml("InternalFailure"), {}};
    }
    const auto key = fmt::format("ASIA{}{}", account, ++taken_on_[account]);
    return {200, fmt::format("<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>{}"
                             "</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t"
                             "</SessionToken><Expiration>{}</Expiration></Credentials>"
                             "</AssumeRoleResult></AssumeRoleResponse>",
                             key, iso8601(time_ + lifetime_)), {}};
  }

  LiveAccount with_role(const std::string& id) {
    Role role;
    role.arn = fmt::format("arn:aws:iam::{}:role/audit", id);
    return {id, role};
  }

  LiveSource& source(std::vector<LiveAccount> accounts) {
    ClientOptions options;
    options.endpoints.all = server_.url();
    options.clock = [this] { return time_; };
    options.attempts = options.max_requests = attempts_;
    options.backoff = {std::chrono::milliseconds(1), std::chrono::milliseconds(1),
                       std::chrono::milliseconds(1)};
    options.account_deadline = account_deadline_;
    client_.emplace(Credentials{"AKIDOFTHECALLER01", "s", ""}, options);
    return source_.emplace(*client_, "us-east-1", own_, std::move(accounts));
  }

  // Sends the call and then, in its answer, `then`.
  void ask(const std::string& account, const std::string& operation,
           std::function<void()> then = {}) {
    const bool identity = operation == "GetCallerIdentity";
    source_->send({account, "us-east-1", identity ? "sts" : "cloudtrail", operation, {}},
                  [this, account, operation, then = std::move(then)](const ApiAnswer& answer) {
                    constexpr const char* kEnds[] = {"ok", "error", "not_tried"};
                    answers_.push_back(fmt::format(
                        "{} {} {} {}{}", account.substr(0, 1), operation,
                        kEnds[static_cast<int>(answer.end)], answer.error.code,
                        answer.error.message.empty() ? "" : ": " + answer.error.message));
                    if (then) then();
                  });
  }

  void ask_as_the_collector_does(const std::string& account) {
    ask(account, "GetCallerIdentity", [this, account] {
      ask(account, "DescribeTrails", [this, account] { ask(account, "DescribeTrails"); });
    });
  }

  std::vector<std::string> run() {
    source_->run([] {});
    std::sort(answers_.begin(), answers_.end());
    return answers_;
  }

  using Lines = std::vector<std::string>;

  UnixSeconds time_ = 1'800'000'000;
  UnixSeconds lifetime_ = 3600;
  int attempts_ = 1;
  std::chrono::milliseconds account_deadline_ = std::chrono::minutes(60);
  std::set<std::string> refused_;                 // accounts whose role is not given
  std::map<std::string, int> failing_;            // how often that of an account fails
  std::set<std::string> expired_;                 // keys
  std::map<std::string, std::string> identities_; // of a key, where it is not its account's
  std::map<std::string, int> taken_on_;
  std::vector<std::string> used_, answers_;       // keys of calls but for STS's
  OwnAccount own_;
  ScriptedServer server_{[this](const ScriptRequest& request) { return reply(request); }};
  std::optional<Client> client_;
  std::optional<LiveSource> source_;
};

using Live = World;

TEST_F(Live, AsksEachAccountWithItsOwnRoleAndTheCallersWithItsOwnCredentials) {
  source({with_role(kOne), with_role(kTwo), {"999999999999", std::nullopt}});
  for (const auto& id : source_->accounts()) ask_as_the_collector_does(id);
  EXPECT_EQ(run().size(), 9U);
  std::sort(used_.begin(), used_.end());
  EXPECT_EQ(used_, (Lines{"AKIDOFTHECALLER01", "AKIDOFTHECALLER01", "ASIA1111111111111",
                          "ASIA1111111111111", "ASIA2222222222221", "ASIA2222222222221"}));
  EXPECT_EQ(source_->opened(), 3U);
  EXPECT_EQ(taken_on_, (std::map<std::string, int>{{kOne, 1}, {kTwo, 1}}));
}

TEST_F(Live, ARoleThatIsRefusedEndsItsAccountAloneAndSaysWhyOfEachCall) {
  refused_ = {kOne};
  source({with_role(kOne), with_role(kTwo)});
  for (const auto& id : source_->accounts()) ask_as_the_collector_does(id);
  const std::string why =
      "AccessDenied: cannot take on the role arn:aws:iam::111111111111:role/audit: no";
  EXPECT_EQ(run(), (Lines{"1 DescribeTrails not_tried " + why, "1 DescribeTrails not_tried " + why,
                          "1 GetCallerIdentity error " + why, "2 DescribeTrails ok ",
                          "2 DescribeTrails ok ", "2 GetCallerIdentity ok "}));
  ASSERT_EQ(source_->refused().size(), 1U);
  EXPECT_EQ(source_->refused().front().id, kOne);
  EXPECT_EQ(source_->refused().front().why, why);
  EXPECT_EQ(source_->opened(), 1U);
}

TEST_F(Live, RolesThatAreNotGivenTakeNoRetriesFromTheOthers) {
  attempts_ = 5;
  std::vector<LiveAccount> accounts;
  for (int i = 0; i < 40; ++i) {  // four retries each would be 160: more than one budget has
    accounts.push_back(with_role(fmt::format("3333333333{:02}", i)));
    failing_[accounts.back().id] = 1000;
  }
  accounts.push_back(with_role(kOne));
  failing_[kOne] = 4;
  source(std::move(accounts));
  for (const auto& id : source_->accounts()) ask(id, "GetCallerIdentity");
  const auto answers = run();
  EXPECT_EQ(source_->opened(), 1U);
  EXPECT_EQ(answers.front(), "1 GetCallerIdentity ok ");
  for (const auto& answer : answers) {
    EXPECT_EQ(answer.find("too much of this account fails"), std::string::npos) << answer;
  }
}

TEST_F(Live, TheTimeOfAnAccountBeginsWithItsOwnRole) {
  account_deadline_ = std::chrono::milliseconds(2000);
  source({with_role(kOne), with_role(kTwo)});
  ask(kOne, "GetCallerIdentity", [this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(2100));  // until the first one's is over
    ask(kTwo, "GetCallerIdentity");
    ask(kOne, "DescribeTrails");
  });
  EXPECT_EQ(run(), (Lines{"1 DescribeTrails not_tried DeadlinePassed: the calls of an account may "
                          "take 2 s",
                          "1 GetCallerIdentity ok ", "2 GetCallerIdentity ok "}));
}

TEST_F(Live, AnAccountThatIsNotTheExpectedOneIsNotAsked) {
  identities_ = {{"ASIA1111111111111", kTwo}};
  source({with_role(kOne)});
  ask_as_the_collector_does(kOne);
  const auto answers = run();
  EXPECT_TRUE(answers.back().starts_with("1 GetCallerIdentity error WrongAccount: will not use"))
      << answers.back();
  EXPECT_EQ(used_, Lines{});
}

TEST_F(Live, ASessionThatAwsCallsEndedIsTakenOnAnewAndTheCallMadeAgain) {
  expired_ = {"ASIA1111111111111"};
  source({with_role(kOne)});
  ask_as_the_collector_does(kOne);
  EXPECT_EQ(run(), (Lines{"1 DescribeTrails ok ", "1 DescribeTrails ok ", "1 GetCallerIdentity ok "}));
  EXPECT_EQ(used_, (Lines{"ASIA1111111111111", "ASIA1111111111112", "ASIA1111111111112"}));
}

TEST_F(Live, ManyCallsOfASessionThatHasEndedTakeItOnAnewOnce) {
  source({with_role(kOne)});
  ask(kOne, "GetCallerIdentity", [this] {
    expired_ = {"ASIA1111111111111"};
    for (int i = 0; i < 30; ++i) ask(kOne, "DescribeTrails");
  });
  EXPECT_EQ(run().size(), 31U);
  EXPECT_EQ(taken_on_[kOne], 2);
  EXPECT_EQ(answers_.at(29), "1 DescribeTrails ok ");
}

TEST_F(Live, ASessionIsTakenOnAnewBeforeItEnds) {
  source({with_role(kOne)});
  ask(kOne, "GetCallerIdentity", [this] {
    time_ += lifetime_ - 299;
    ask(kOne, "DescribeTrails");
  });
  run();
  EXPECT_EQ(used_, Lines{"ASIA1111111111112"});
}

TEST_F(Live, SessionsThatEndAtOnceAreNotTakenOnForEachCall) {
  lifetime_ = 0;
  source({with_role(kOne)});
  ask_as_the_collector_does(kOne);
  EXPECT_EQ(run().size(), 3U);
  EXPECT_EQ(taken_on_[kOne], 2);
}

TEST_F(Live, ASessionThatCannotBeRenewedLeavesItsCallsRefusedAndSaysWhy) {
  source({with_role(kOne)});
  ask(kOne, "GetCallerIdentity", [this] {
    expired_ = {"ASIA1111111111111"};
    refused_ = {kOne};
    ask(kOne, "DescribeTrails");
    ask(kOne, "DescribeTrails");
  });
  EXPECT_EQ(run().front(),
            "1 DescribeTrails error ExpiredTokenException: old (and cannot be renewed: AccessDenied: "
            "cannot take on the role arn:aws:iam::111111111111:role/audit: no)");
  EXPECT_EQ(answers_.at(1), answers_.front());
  EXPECT_TRUE(source_->refused().empty());  // something of it was read
}

TEST_F(Live, ASessionThatBecomesAnotherAccountsIsNotUsed) {
  source({with_role(kOne)});
  ask(kOne, "GetCallerIdentity", [this] {
    expired_ = {"ASIA1111111111111"};
    identities_ = {{"ASIA1111111111112", kTwo}};
    ask(kOne, "DescribeTrails");
  });
  EXPECT_NE(run().front().find("cannot be renewed: WrongAccount"), std::string::npos);
  EXPECT_EQ(used_, (Lines{"ASIA1111111111111", "ASIA1111111111111"}));
}

TEST_F(Live, AStopEndsAccountsThatAreStillBeingOpened) {
  source({with_role(kOne), with_role(kTwo)});
  for (const auto& id : source_->accounts()) ask_as_the_collector_does(id);
  client_->cancel("stopped");
  EXPECT_EQ(run(), (Lines{"1 DescribeTrails not_tried : stopped", "1 DescribeTrails not_tried : stopped",
                          "1 GetCallerIdentity not_tried : stopped",
                          "2 DescribeTrails not_tried : stopped", "2 DescribeTrails not_tried : stopped",
                          "2 GetCallerIdentity not_tried : stopped"}));
  EXPECT_TRUE(source_->refused().empty());
}

TEST_F(Live, WithoutAccountsTheOneOfTheCredentialsTellsItself) {
  source({});
  ask("", "GetCallerIdentity");
  run();
  EXPECT_EQ(own_.id(), "999999999999");
}

TEST_F(Live, ARenewalThatGivesAnotherAccountsCredentialsIsAnError) {
  source({});
  const Sts sts{"us-east-1", {}};
  Sts here = sts;
  here.options.endpoints.all = server_.url();
  OwnAccount own;
  const auto renew = of_same_account(
      [] { return Credentials{"ASIA1111111111111", "s", "t", 0}; }, own, here);
  EXPECT_NO_THROW(renew());  // not known yet
  own.tell(kOne);
  EXPECT_EQ(renew().access_key_id, "ASIA1111111111111");
  own.tell(kTwo);
  EXPECT_THROW(renew(), Error);
  EXPECT_FALSE(of_same_account({}, own, here));
}

}  // namespace
}  // namespace ciswatch
