#include "core/aws/patience.h"

#include <gtest/gtest.h>

#include "core/aws/retry.h"

namespace ciswatch {
namespace {

using namespace std::chrono_literals;

const ApiError kFailed{"InternalFailure", "", 500};
const ApiError kTimeout{std::string(error_code::kTimeout), "", 0};
const ApiError kThrottled{"SlowDown", "", 503};

TEST(RetryBudget, AllowsSoManyRetriesWithoutAnAnswer) {
  const std::pair<ApiError, int> cases[] = {{kFailed, 100}, {kTimeout, 50}, {kThrottled, 500}};
  for (const auto& [error, most] : cases) {
    RetryBudget budget;
    int retries = 0;
    while (budget.take(error) > 0) ++retries;
    EXPECT_EQ(retries, most) << error.code;
  }
}

TEST(RetryBudget, IsEarnedBackByAnswers) {
  RetryBudget budget;
  while (budget.take(kFailed) > 0) {
  }
  for (int i = 0; i < 4; ++i) budget.answered(0);
  EXPECT_EQ(budget.take(kFailed), 0);
  budget.answered(0);
  EXPECT_EQ(budget.take(kFailed), 5);
  budget.answered(10);  // retries that helped
  EXPECT_EQ(budget.take(kTimeout), 10);
  EXPECT_EQ(budget.take(kThrottled), 0);
}

TEST(RetryBudget, NeverHoldsMoreThanAtFirst) {
  RetryBudget budget;
  for (int i = 0; i < 1000; ++i) budget.answered(10);
  int retries = 0;
  while (budget.take(kFailed) > 0) ++retries;
  EXPECT_EQ(retries, 100);
}

ClientOptions deadlines() {
  ClientOptions options;
  options.call_deadline = 10s;
  options.account_deadline = 60min;
  return options;
}

TEST(Patience, EndsACallAtItsDeadline) {
  Patience patience(deadlines());
  const Patience::Time begun{100h};
  EXPECT_EQ(patience.too_late("1", begun, begun), "");
  EXPECT_EQ(patience.too_late("1", begun, begun + 9999ms), "");
  EXPECT_EQ(patience.too_late("1", begun, begun + 10s),
            "a call may take 10 s, its pages and retries included");
}

TEST(Patience, EndsAnAccountAtItsOwnDeadline) {
  Patience patience(deadlines());
  const Patience::Time begun{100h};
  EXPECT_EQ(patience.too_late("dead", begun, begun), "");
  EXPECT_EQ(patience.too_late("late", begun + 59min, begun + 59min), "");
  EXPECT_EQ(patience.too_late("dead", begun + 59min, begun + 59min), "");
  EXPECT_EQ(patience.too_late("dead", begun + 60min, begun + 60min),
            "the calls of an account may take 60 minutes");
  EXPECT_EQ(patience.too_late("late", begun + 60min, begun + 60min), "");
}

TEST(Patience, CountsEachAccountsRetriesByItself) {
  Patience patience(deadlines());
  while (patience.budget("dead").take(kFailed) > 0) {
  }
  EXPECT_EQ(patience.budget("dead").take(kFailed), 0);
  EXPECT_EQ(patience.budget("well").take(kFailed), 5);
}

}  // namespace
}  // namespace ciswatch
