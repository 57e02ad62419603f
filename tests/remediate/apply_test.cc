// Exactly the plan is done, only where nothing has changed since, and once.

#include "tests/remediate/applied.h"
#include "core/base/error.h"

namespace ciswatch {
namespace {

namespace fs = std::filesystem;

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

TEST_F(Applied, WhatIsToldIsOnTheDisk) {
  cloud_.add_trail("t", kOff);
  std::string told;
  options_.told = [&](const Change&, const ChangeStep&) {
    const auto aside = fs::path(path_.string() + ".copy");
    for (const auto* end : {"", "-wal"}) {
      fs::copy_file(path_.string() + end, aside.string() + end, fs::copy_options::overwrite_existing);
    }
    told = Journal::open(aside, [] { return UnixSeconds{0}; }).events().back().kind;
  };
  apply(plan_of({update_of("c1", "t", kOn, kOff)}));
  EXPECT_EQ(told, "seen");
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
