#include "core/aws/patience.h"

#include <gtest/gtest.h>

namespace ciswatch {
namespace {

using namespace std::chrono_literals;

TEST(RetryBudget, AllowsAHundredRetriesWithoutAnAnswerAndHalfAsManyAfterTimeouts) {
  for (const bool timed_out : {false, true}) {
    RetryBudget budget;
    int retries = 0;
    while (budget.take(timed_out) > 0) ++retries;
    EXPECT_EQ(retries, timed_out ? 50 : 100);
  }
}

TEST(RetryBudget, IsEarnedBackByAnswers) {
  RetryBudget budget;
  while (budget.take(false) > 0) {
  }
  for (int i = 0; i < 4; ++i) budget.answered(0);
  EXPECT_EQ(budget.take(false), 0);
  budget.answered(0);
  EXPECT_EQ(budget.take(false), 5);
  budget.answered(10);  // a retry that helped
  EXPECT_EQ(budget.take(true), 10);
  EXPECT_EQ(budget.take(false), 0);
}

TEST(RetryBudget, NeverHoldsMoreThanAtFirst) {
  RetryBudget budget;
  for (int i = 0; i < 1000; ++i) budget.answered(10);
  int retries = 0;
  while (budget.take(false) > 0) ++retries;
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
  while (patience.budget("dead").take(false) > 0) {
  }
  EXPECT_EQ(patience.budget("dead").take(false), 0);
  EXPECT_EQ(patience.budget("well").take(false), 5);
}

}  // namespace
}  // namespace ciswatch
