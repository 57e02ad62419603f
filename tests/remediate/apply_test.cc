// Exactly the plan is done, only where nothing has changed since, and once.

#include "core/remediate/apply.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/remediate/cloud.h"

namespace ciswatch {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOff = R"("V":false)";
constexpr const char* kOn = R"("V":true)";

class Applied : public testing::Test {
 protected:
  Applied()
      : path_(fs::path(testing::TempDir()) /
              (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + ".applied")) {
    remove();
  }
  ~Applied() override { remove(); }
  void remove() {
    for (const auto* end : {"", "-wal"}) fs::remove(path_.string() + end);
  }

  // "c1 done, c2 skipped: why", in the plan's order.
  std::string apply(const ChangePlan& plan) {
    auto journal = Journal::of_plan(path_, to_json(plan), [] { return UnixSeconds{1'800'000'000}; });
    return in_words(ciswatch::apply(cloud_, journal, options_));
  }
  std::string undo(std::optional<std::set<std::string>> only = {}) {
    auto journal = Journal::open(path_, [] { return UnixSeconds{1'800'000'000}; });
    return in_words(ciswatch::undo(cloud_, journal, only ? *only : done_in(journal), options_));
  }
  static std::string in_words(const std::vector<ChangeStep>& steps) {
    std::string text;
    for (const auto& step : steps) {
      text += fmt::format("{}{} {}{}{}", text.empty() ? "" : ", ", step.change->id, name_of(step.deed),
                          step.why.empty() ? "" : ": ", step.why);
    }
    return text;
  }
  std::string kinds() {
    const auto journal = Journal::open(path_, [] { return UnixSeconds{0}; });
    std::string text;
    for (const auto& event : journal.events()) text += (text.empty() ? "" : " ") + event.kind;
    return text;
  }

  Cloud cloud_;
  ApplyOptions options_;
  fs::path path_;
};

TEST_F(Applied, ACallIsMadeBetweenItsJournalledIntentAndEnd) {
  cloud_.add_trail("t", kOff);
  std::string at_the_call;
  std::vector<std::string> events;
  const auto plan = plan_of({update_of("c1", "t", kOn, kOff)});
  EXPECT_EQ(apply(plan), "c1 done");
  EXPECT_EQ(cloud_.writes, (std::vector<std::string>{R"(UpdateTrail {"Name":"t","V":true})"}));
  EXPECT_EQ(cloud_.calls, (std::vector<std::string>{"DescribeTrails", "UpdateTrail", "DescribeTrails"}));
  EXPECT_EQ(kinds(), "plan intent done seen");
}

TEST_F(Applied, RunAgainItDoesNothing) {
  cloud_.add_trail("t", kOff);
  const auto plan = plan_of({update_of("c1", "t", kOn, kOff)});
  apply(plan);
  cloud_.calls.clear();
  EXPECT_EQ(apply(plan), "c1 done");
  EXPECT_TRUE(cloud_.calls.empty());
}

TEST_F(Applied, WhatIsSoAlreadyIsNotCalled) {
  cloud_.add_trail("t", kOn);
  EXPECT_EQ(apply(plan_of({update_of("c1", "t", kOn, kOff)})), "c1 already");
  EXPECT_TRUE(cloud_.writes.empty());
}

TEST_F(Applied, WhatHasChangedSinceIsSkippedAndSoIsWhatNeedsIt) {
  cloud_.add_trail("t", R"("V":"third")");
  cloud_.add_trail("u", kOff);
  auto second = update_of("c2", "u", kOn, kOff);
  second.needs = {"c1"};
  EXPECT_EQ(apply(plan_of({update_of("c1", "t", kOn, kOff), second, update_of("c3", "u", kOn, kOff)})),
            "c1 skipped: changed since the plan: aws_cloudtrail_trail t V is \"third\" instead of false, "
            "c2 skipped: it needs c1, which is skipped, c3 done");
}

TEST_F(Applied, ARowThatIsGoneOrThereAgainHasChanged) {
  cloud_.add_trail("made", R"("V":"else")");
  EXPECT_EQ(apply(plan_of({update_of("c1", "gone", kOn, kOff), creation_of("c2", "made", kOn)})),
            "c1 skipped: changed since the plan: aws_cloudtrail_trail gone is not there, "
            "c2 skipped: changed since the plan: aws_cloudtrail_trail made is there");
  EXPECT_TRUE(cloud_.writes.empty());
}

TEST_F(Applied, WhatCannotBeReadIsNotChanged) {
  cloud_.add_trail("t", kOff);
  cloud_.fault = [](const ApiCall& call) -> std::optional<ApiAnswer> {
    if (call.operation == "DescribeTrails") return Cloud::error("AccessDenied", 403);
    return std::nullopt;
  };
  EXPECT_EQ(apply(plan_of({update_of("c1", "t", kOn, kOff)})),
            "c1 skipped: aws_cloudtrail_trail t could not be read: AccessDenied: no");
  EXPECT_TRUE(cloud_.writes.empty());
}

TEST_F(Applied, WhatIsSkippedOrFailedIsTriedAgainByTheNextRun) {
  cloud_.add_trail("t", R"("V":1)");
  const auto plan = plan_of({update_of("c1", "t", kOn, kOff)});
  apply(plan);
  cloud_.add_trail("t", kOff);
  cloud_.fault = [](const ApiCall& call) -> std::optional<ApiAnswer> {
    if (call.operation == "UpdateTrail") return Cloud::error("AccessDenied", 403);
    return std::nullopt;
  };
  EXPECT_EQ(apply(plan), "c1 failed: AccessDenied: no");
  EXPECT_EQ(kinds(), "plan skipped intent failed");
  cloud_.fault = nullptr;
  EXPECT_EQ(apply(plan), "c1 done");
  EXPECT_EQ(cloud_.writes.size(), 1U);
}

TEST_F(Applied, ChangesOfOneRowSeeEachOther) {
  cloud_.add_trail("t", R"("V":false,"W":1)");
  const auto plan = plan_of({update_of("c1", "t", kOn, kOff), update_of("c2", "t", R"("V":2)", kOff),
                             update_of("c3", "t", R"("W":3)", R"("W":1)")});
  EXPECT_EQ(apply(plan), "c1 done, c2 done, c3 done");
  EXPECT_EQ(cloud_.trail("t"), R"({"TrailARN":"t","Name":"t","V":2,"W":3})");
  EXPECT_EQ(undo(), "c3 done, c2 done, c1 already");
  EXPECT_EQ(cloud_.trail("t"), R"({"TrailARN":"t","Name":"t","V":false,"W":1})");
}

TEST_F(Applied, ARowThatWasMadeCanBeChangedAndAllUndone) {
  auto change = update_of("c2", "t", R"("W":1)", R"("W":"")");
  change.rows.front().before = "";
  const auto plan = plan_of({creation_of("c1", "t", kOn), change});
  EXPECT_EQ(apply(plan), "c1 done, c2 done");
  EXPECT_EQ(undo(), "c2 done, c1 done");
  EXPECT_EQ(cloud_.trail("t"), "");
}

TEST_F(Applied, TheFirstErrorStopsWhatHasNotBegun) {
  std::vector<Change> changes;
  for (int i = 1; i <= 9; ++i) {
    const auto name = fmt::format("t{}", i);
    cloud_.add_trail(name, kOff);
    changes.push_back(update_of(fmt::format("c{}", i), name, kOn, kOff));
  }
  cloud_.fault = [](const ApiCall& call) -> std::optional<ApiAnswer> {
    if (call.document.find("\"t3\"") != std::string::npos) return Cloud::error("AccessDenied", 403);
    return std::nullopt;
  };
  options_.side_by_side = 3;
  const auto plan = plan_of(changes);
  const auto first = apply(plan);
  EXPECT_NE(first.find("c3 failed: AccessDenied: no"), std::string::npos) << first;
  EXPECT_NE(first.find("c9 open"), std::string::npos) << first;
  EXPECT_EQ(cloud_.most_at_once, 3U);
  const auto made = cloud_.writes.size();
  EXPECT_LT(made, 8U);
  cloud_.fault = nullptr;
  const auto second = apply(plan);
  EXPECT_EQ(second.find("open"), std::string::npos) << second;
  EXPECT_EQ(cloud_.writes.size(), 9U);
}

// A role that was just made is not known everywhere.
class Settling : public Applied {
 protected:
  Settling() {
    cloud_.add_trail("a", kOff);
    cloud_.add_trail("b", kOff);
    options_.settle_pause = std::chrono::milliseconds(1);
  }
  ApiAnswer refusal(std::string code) {
    ApiAnswer answer;
    answer.end = CallEnd::error;
    answer.error = {std::move(code), "no", 400};
    return answer;
  }
  ChangePlan plan() {
    auto second = update_of("c2", "b", kOn, kOff);
    second.needs = {"c1"};
    return plan_of({update_of("c1", "a", kOn, kOff), second});
  }
  // The first `refusals` calls for b are refused.
  void refuse(int refusals, std::string code) {
    cloud_.fault = [this, refusals, code, asked = 0](const ApiCall& call) mutable -> std::optional<ApiAnswer> {
      if (call.operation != "UpdateTrail" || call.document.find("\"b\"") == std::string::npos) return {};
      if (asked++ >= refusals) return {};
      return refusal(code);
    };
  }
};

TEST_F(Settling, WhatRestsOnAChangeIsAskedAgainWhileItIsNew) {
  refuse(2, "InvalidCloudWatchLogsRoleArnException");
  EXPECT_EQ(apply(plan()), "c1 done, c2 done");
  EXPECT_EQ(kinds(), "plan intent done seen intent refused intent refused intent done seen");
}

TEST_F(Settling, ARefusalThatStaysFailsIt) {
  refuse(1'000'000, "InvalidCloudWatchLogsRoleArnException");
  options_.settle = std::chrono::milliseconds(60);
  EXPECT_EQ(apply(plan()), "c1 done, c2 failed: InvalidCloudWatchLogsRoleArnException: no");
}

TEST_F(Settling, ADenialIsNotAskedAgain) {
  refuse(1, "AccessDeniedException");
  EXPECT_EQ(apply(plan()), "c1 done, c2 failed: AccessDeniedException: no");
}

TEST_F(Settling, WhatNeedsNothingNewIsNotAskedAgain) {
  refuse(1, "InvalidCloudWatchLogsRoleArnException");
  EXPECT_EQ(apply(plan_of({update_of("c2", "b", kOn, kOff)})),
            "c2 failed: InvalidCloudWatchLogsRoleArnException: no");
}

TEST_F(Settling, ASignalEndsTheWaiting) {
  refuse(1'000'000, "InvalidCloudWatchLogsRoleArnException");
  options_.settle_pause = std::chrono::seconds(100);
  bool stop = false;
  cloud_.after = [&](const ApiCall& call) { stop = stop || call.document.find("\"b\"") != std::string::npos; };
  options_.stop = [&] { return stop; };
  EXPECT_EQ(apply(plan()), "c1 done, c2 failed: InvalidCloudWatchLogsRoleArnException: no");
}

TEST_F(Applied, ASignalLetsWhatIsUnderWayEnd) {
  cloud_.add_trail("t", kOff);
  cloud_.add_trail("u", kOff);
  bool stop = false;
  cloud_.after = [&](const ApiCall& call) { stop = stop || call.operation == "UpdateTrail"; };
  options_.stop = [&] { return stop; };
  auto second = update_of("c2", "u", kOn, kOff);
  second.rows.front().region = "eu-west-1";  // by another call
  const auto plan = plan_of({update_of("c1", "t", kOn, kOff), second});
  EXPECT_EQ(apply(plan), "c1 open, c2 done");
  stop = false;
  cloud_.after = nullptr;
  EXPECT_EQ(apply(plan), "c1 done, c2 done");
  EXPECT_EQ(cloud_.writes.size(), 2U);
}

TEST_F(Applied, RowsOfOneCallAreReadByOneAndAnewAfterACall) {
  std::vector<Change> changes;
  for (int i = 1; i <= 9; ++i) {
    const auto name = fmt::format("t{}", i);
    cloud_.add_trail(name, kOff);
    changes.push_back(update_of(fmt::format("c{}", i), name, kOn, kOff));
  }
  const auto result = apply(plan_of(changes));
  EXPECT_EQ(result.find("open"), std::string::npos) << result;
  EXPECT_EQ(std::count(cloud_.calls.begin(), cloud_.calls.end(), "UpdateTrail"), 9);
  EXPECT_EQ(std::count(cloud_.calls.begin(), cloud_.calls.end(), "DescribeTrails"), 1 + 9);
  const auto journal = Journal::open(path_, [] { return UnixSeconds{0}; });
  for (const auto& event : journal.events()) {
    const bool is_seen = event.kind == "seen";
    EXPECT_TRUE(!is_seen || event.payload.find("\"as_planned\":true") != std::string::npos);
  }
}

TEST_F(Applied, AVetoStopsThatChangeAndWhatNeedsIt) {
  cloud_.add_trail("t", kOff);
  cloud_.add_trail("u", kOff);
  options_.veto = [](const Change& change) -> std::optional<std::string> {
    if (change.id == "c1") return "not on a Friday";
    return std::nullopt;
  };
  std::string told;
  options_.told = [&](const Change& change, const ChangeStep& step) {
    told += fmt::format("{} {} ", change.id, name_of(step.deed));
  };
  auto third = creation_of("c3", "v");
  third.needs = {"c1"};
  EXPECT_EQ(apply(plan_of({update_of("c1", "t", kOn, kOff), update_of("c2", "u", kOn, kOff), third})),
            "c1 vetoed: not on a Friday, c2 done, c3 skipped: it needs c1, which is vetoed");
  EXPECT_EQ(told, "c1 vetoed c3 skipped c2 done ");
}

TEST_F(Applied, WhatChangesWhileAVetoIsAskedForIsSeen) {
  cloud_.add_trail("t", kOff);
  options_.veto = [&](const Change&) -> std::optional<std::string> {
    cloud_.add_trail("t", kOn);
    return std::nullopt;
  };
  EXPECT_EQ(apply(plan_of({update_of("c1", "t", kOn, kOff)})), "c1 already");
  EXPECT_TRUE(cloud_.writes.empty());
}

Change key_creation() {
  auto change = change_of("c1", "CreateKey", "", R"("Description":"for t")");
  change.service = "kms";
  change.params = R"({"Description":"for t"})";
  change.lookup = Lookup{"aws_kms_key", {{"description", "for t"}}};
  change.no_undo = "a key is not deleted";
  return change;
}

Change key_use() {
  auto change = update_of("c2", "t", R"("KmsKeyId":"")", R"("KmsKeyId":"")");
  const std::string reference = R"({"$result":"c1","pointer":"/KeyMetadata/Arn"})";
  change.params = fmt::format(R"({{"Name":"t","KmsKeyId":{}}})", reference);
  change.rows.front().before = R"({"KmsKeyId":null})";
  change.rows.front().after = fmt::format(R"({{"KmsKeyId":{}}})", reference);
  return change;
}

TEST_F(Applied, WhatAWSNamesIsUsedByWhatComesAfter) {
  cloud_.add_trail("t");
  EXPECT_EQ(apply(plan_of({key_creation(), key_use()})), "c1 done, c2 done");
  EXPECT_EQ(cloud_.trail("t"), R"({"TrailARN":"t","Name":"t","KmsKeyId":"arn:key-1"})");
  EXPECT_EQ(undo(), "c2 done, c1 skipped: it cannot be undone: a key is not deleted");
  EXPECT_EQ(cloud_.trail("t"), R"({"TrailARN":"t","Name":"t"})");
}

TEST_F(Applied, WhatIsThereByTheLookupIsNotMadeAgain) {
  cloud_.add_trail("t");
  cloud_.put("keys", "KeyId",
             R"({"KeyId":"k9","KeyArn":"arn:k9","Arn":"arn:k9","Description":"for t"})");
  EXPECT_EQ(apply(plan_of({key_creation(), key_use()})), "c1 already, c2 done");
  EXPECT_EQ(cloud_.trail("t"), R"({"TrailARN":"t","Name":"t","KmsKeyId":"arn:k9"})");
}

TEST_F(Applied, AnAnswerThatIsNotKnownIsNotUsed) {
  cloud_.add_trail("t");
  auto use = key_use();
  use.params = R"({"Name":"t","KmsKeyId":{"$result":"c1","pointer":"/No"}})";
  EXPECT_EQ(apply(plan_of({key_creation(), use})),
            "c1 done, c2 skipped: what it refers to is not known: /No of the answer to c1");
}

// A key whose row is named by the answer to its own creation, and that can be deleted.
Change named_key() {
  auto change = key_creation();
  const std::string name = R"({"$result":"c1","pointer":"/KeyMetadata/KeyId"})";
  change.rows = {{"aws_kms_key", kRegion, name, name, false, "", R"({"KeyMetadata":{"Description":"for t"}})"}};
  change.no_undo.clear();
  change.undo = UndoCall{"kms", "DeleteKey", fmt::format(R"({{"KeyId":{}}})", name)};
  return change;
}

TEST_F(Applied, ARowThatAWSNamesIsFoundByTheAnswer) {
  EXPECT_EQ(apply(plan_of({named_key()})), "c1 done");
  EXPECT_EQ(kinds(), "plan intent done seen");
  EXPECT_EQ(undo(), "c1 done");
  EXPECT_TRUE(cloud_.state["keys"].empty());
  EXPECT_EQ(cloud_.writes.back(), R"(DeleteKey {"KeyId":"key-1"})");
}

// Answers that are lost, with the call made or not.
class Lost : public Applied {
 protected:
  void lose(const std::string& operation, bool made) {
    cloud_.fault = [this, operation, made](const ApiCall& call) -> std::optional<ApiAnswer> {
      if (call.operation != operation) return std::nullopt;
      if (made) cloud_.answer_to(call);
      return Cloud::error("AnswerLost", 0, true);
    };
  }
};

TEST_F(Lost, TheRowsTellThatItWasMade) {
  cloud_.add_trail("t", kOff);
  lose("UpdateTrail", true);
  EXPECT_EQ(apply(plan_of({update_of("c1", "t", kOn, kOff)})), "c1 done");
  EXPECT_EQ(kinds(), "plan intent lost done");
}

TEST_F(Lost, WithoutATraceItIsUnclearAndTheNextRunLooks) {
  cloud_.add_trail("t", kOff);
  lose("UpdateTrail", false);
  const auto plan = plan_of({update_of("c1", "t", kOn, kOff)});
  EXPECT_EQ(apply(plan), "c1 unclear: AnswerLost: no; whether it was done is not known: run it again to look");
  cloud_.fault = nullptr;
  EXPECT_EQ(apply(plan), "c1 done");
  EXPECT_EQ(cloud_.writes.size(), 1U);
}

TEST_F(Lost, TheLookupFindsWhatWasMade) {
  cloud_.add_trail("t");
  lose("CreateKey", true);
  EXPECT_EQ(apply(plan_of({key_creation(), key_use()})), "c1 done, c2 done");
  EXPECT_EQ(cloud_.writes.size(), 2U);
  EXPECT_EQ(cloud_.trail("t"), R"({"TrailARN":"t","Name":"t","KmsKeyId":"arn:key-1"})");
}

TEST_F(Lost, WhatTheLookupFoundCanBeUndone) {
  lose("CreateKey", true);
  EXPECT_EQ(apply(plan_of({named_key()})), "c1 done");
  cloud_.fault = nullptr;
  EXPECT_EQ(undo(), "c1 done");
  EXPECT_TRUE(cloud_.state["keys"].empty());
}

TEST_F(Lost, WhoseNameIsNotKnownIsNotTakenAsGone) {
  auto blind = named_key();
  blind.lookup.reset();
  lose("CreateKey", true);
  apply(plan_of({blind}));
  cloud_.fault = nullptr;
  EXPECT_EQ(undo(), "c1 skipped: aws_kms_key {\"$result\":\"c1\",\"pointer\":\"/KeyMetadata/KeyId\"} could "
                    "not be read: NotKnown: how it is named was not answered");
  EXPECT_EQ(cloud_.state["keys"].size(), 1U);
}

TEST_F(Lost, WithNeitherRowsNorLookupItStaysUnclear) {
  auto blind = key_creation();
  blind.lookup.reset();
  lose("CreateKey", false);
  apply(plan_of({blind}));
  cloud_.fault = nullptr;
  EXPECT_EQ(apply(plan_of({blind})), "c1 unclear: an earlier run may have made the call, and no row tells");
  EXPECT_TRUE(cloud_.writes.empty());
}

TEST_F(Applied, UndoneIsWhatIsStillAsItWasLeft) {
  cloud_.add_trail("t", kOff);
  cloud_.add_trail("u", kOff);
  const auto plan = plan_of({update_of("c1", "t", kOn, kOff), update_of("c2", "u", kOn, kOff)});
  apply(plan);
  cloud_.add_trail("t", R"("V":"other")");
  EXPECT_EQ(undo(), "c2 done, c1 skipped: changed since it was done: aws_cloudtrail_trail t V is \"other\" "
                    "instead of true");
  EXPECT_EQ(cloud_.trail("u"), R"({"TrailARN":"u","Name":"u","V":false})");
  EXPECT_EQ(apply(plan), "c1 done, c2 undone: it was undone; plan again to do it again");
}

TEST_F(Applied, UndoGoesBackwardsThroughWhatNeedsEachOther) {
  auto second = creation_of("c2", "u");
  second.needs = {"c1"};
  apply(plan_of({creation_of("c1", "t"), second}));
  cloud_.writes.clear();
  EXPECT_EQ(undo(), "c2 done, c1 done");
  EXPECT_EQ(cloud_.writes, (std::vector<std::string>{R"(DeleteTrail {"Name":"u"})", R"(DeleteTrail {"Name":"t"})"}));
  EXPECT_EQ(undo(), "");
}

TEST_F(Applied, WhatIsNeededByWhatStaysIsNotUndone) {
  auto second = creation_of("c2", "u");
  second.needs = {"c1"};
  second.undo.reset();
  second.no_undo = "it stays";
  apply(plan_of({creation_of("c1", "t"), second}));
  EXPECT_EQ(undo(), "c2 skipped: it cannot be undone: it stays, c1 skipped: it needs c2, which is skipped");
  EXPECT_NE(cloud_.trail("t"), "");
}

TEST_F(Applied, WhatHelpedNothingIsFoundForUndo) {
  auto shared = creation_of("c1", "t");
  shared.findings = {"f-1", "f-2"};
  auto second = creation_of("c2", "u");
  second.needs = {"c1"};
  second.findings = {"f-2"};
  auto third = creation_of("c3", "v");
  third.findings = {"f-3"};
  auto fourth = creation_of("c4", "w");
  fourth.needs = {"c3"};
  fourth.findings = {"f-1"};
  apply(plan_of({shared, second, third, fourth}));
  const auto journal = Journal::open(path_, [] { return UnixSeconds{0}; });
  EXPECT_EQ(useless_in(journal, {"f-1"}), (std::set<std::string>{"c2"}));
  EXPECT_EQ(useless_in(journal, {"f-2"}), (std::set<std::string>{"c3", "c4"}));
  EXPECT_EQ(useless_in(journal, {"f-3"}), (std::set<std::string>{"c1", "c2", "c4"}));
  EXPECT_TRUE(useless_in(journal, {"f-1", "f-2"}).empty());
}

TEST_F(Applied, AJournalThatCannotBeWrittenEndsItBeforeTheCall) {
  cloud_.add_trail("t", kOff);
  const auto plan = plan_of({update_of("c1", "t", kOn, kOff)});
  auto journal = Journal::of_plan(path_, to_json(plan), [] { return UnixSeconds{1'800'000'000}; });
  journal.add("", "run", "{}");
  int reads = 0;
  cloud_.before = [&](const ApiCall&) {
    if (++reads == 1) throw Error("the disk is full");
  };
  EXPECT_THROW(ciswatch::apply(cloud_, journal, options_), Error);
  EXPECT_TRUE(cloud_.writes.empty());
}

}  // namespace
}  // namespace ciswatch
