// What AWS refuses since it does not know everywhere yet what was just made is asked again.

#include "tests/remediate/applied.h"

namespace ciswatch {
namespace {

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
  std::vector<Change> with_others() {
    auto changes = plan().changes;
    for (int i = 3; i <= 9; ++i) {
      const auto name = fmt::format("t{}", i);
      cloud_.add_trail(name, kOff);
      changes.push_back(update_of(fmt::format("c{}", i), name, kOn, kOff));
      changes.back().needs = {"c1"};
    }
    return changes;
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

TEST_F(Settling, OthersGoOnMeanwhile) {
  refuse(1'000'000, "InvalidCloudWatchLogsRoleArnException");
  options_.side_by_side = 1;
  options_.settle_pause = std::chrono::seconds(100);
  options_.stop = [this] { return cloud_.writes.size() == 8; };
  EXPECT_EQ(apply(plan_of(with_others())),
            "c1 done, c2 failed: InvalidCloudWatchLogsRoleArnException: no, c3 done, c4 done, c5 done, c6 done, "
            "c7 done, c8 done, c9 done");
}

TEST_F(Settling, WhatWaitsIsAskedAgainWhileOthersAreOnTheWire) {
  refuse(1, "InvalidCloudWatchLogsRoleArnException");
  options_.settle_pause = std::chrono::milliseconds(0);
  auto changes = with_others();
  std::rotate(changes.begin() + 1, changes.begin() + 2, changes.end());  // what is asked for last is answered first
  apply(plan_of(changes));
  ASSERT_EQ(cloud_.writes.size(), 9U);
  EXPECT_EQ(cloud_.writes.back().find("\"b\""), std::string::npos) << cloud_.writes.back();
}

TEST_F(Settling, ASignalEndsTheWaiting) {
  refuse(1'000'000, "InvalidCloudWatchLogsRoleArnException");
  options_.settle_pause = std::chrono::seconds(100);
  bool stop = false;
  cloud_.after = [&](const ApiCall& call) { stop = stop || call.document.find("\"b\"") != std::string::npos; };
  options_.stop = [&] { return stop; };
  EXPECT_EQ(apply(plan()), "c1 done, c2 failed: InvalidCloudWatchLogsRoleArnException: no");
}

}  // namespace
}  // namespace ciswatch
