// How often one page is asked for: what is throttled, and what fails.

#include "core/aws/flight.h"

#include <gtest/gtest.h>

#include "tests/aws/client_rig.h"

namespace ciswatch {
namespace {

HttpResponse response(int status, std::string body) {
  HttpResponse made;
  made.status = status;
  made.body = std::move(body);
  return made;
}

const HttpResponse kThrottled = response(400, R"({"__type":"ThrottlingException","message":"slow"})");
const HttpResponse kFailed = response(500, "{}");
const HttpResponse kFirstPage = response(200, R"({"Keys":[],"Truncated":true,"NextMarker":"m"})");
const HttpResponse kLastPage = response(200, R"({"Keys":[]})");

class FlightTest : public testing::Test {
 protected:
  FlightTest() {
    flight_.call = call_of("kms", "ListKeys");
    flight_.operation = find_operation("kms", "ListKeys");
    flight_.budget = &budget_;
  }

  // Takes in as many such answers; the last one's consequence.
  Next meet(const HttpResponse& answer, int times = 1) {
    Next next = Next::ended;
    for (int i = 0; i < times; ++i) {
      ++flight_.page_attempts;
      next = advance(flight_, answer, options_, kTime);
    }
    return next;
  }

  // What is left for retries.
  int tokens() {
    int left = 0;
    while (budget_.take({"SlowDown", "", 503}) > 0) ++left;
    return left;
  }

  RetryBudget budget_;
  ClientOptions options_;
  Flight flight_;
};

TEST_F(FlightTest, ThrottledAttemptsAreNotCountedAmongTheFive) {
  EXPECT_EQ(meet(kThrottled, 10), Next::retry);
  EXPECT_EQ(meet(kFailed, 4), Next::retry);
  EXPECT_EQ(meet(kThrottled, 10), Next::retry);
  EXPECT_EQ(meet(kLastPage), Next::ended);
  EXPECT_EQ(flight_.answer.end, CallEnd::answered);
}

TEST_F(FlightTest, TheFifthFailureIsTheLastHoweverOftenItWasThrottled) {
  EXPECT_EQ(meet(kThrottled, 20), Next::retry);
  EXPECT_EQ(meet(kFailed, 4), Next::retry);
  EXPECT_EQ(meet(kFailed), Next::ended);
  EXPECT_EQ(flight_.answer.error.code, "500");
}

TEST_F(FlightTest, EachPageHasItsOwnAttempts) {
  meet(kThrottled, 3);
  meet(kFailed, 4);
  EXPECT_EQ(meet(kFirstPage), Next::page);
  EXPECT_EQ(meet(kFailed, 4), Next::retry);
  EXPECT_EQ(meet(kFailed), Next::ended);
}

// Such a call would keep its account, and with it the run, open until its deadline.
TEST_F(FlightTest, APageIsThrottledTwentyTimesAndOnceMore) {
  EXPECT_EQ(meet(kThrottled, 20), Next::retry);
  EXPECT_EQ(meet(kThrottled), Next::ended);
  EXPECT_EQ(flight_.answer.end, CallEnd::error);
  EXPECT_EQ(flight_.answer.error.message, "slow");
  EXPECT_EQ(outcome_of(flight_.answer.error), Outcome::throttled);
}

TEST_F(FlightTest, ThrottlingWithoutEndEndsWithTheAccountsBudget) {
  options_.throttled_retries = 1'000;
  EXPECT_EQ(meet(kThrottled, 500), Next::retry);
  EXPECT_EQ(meet(kThrottled), Next::ended);
  EXPECT_EQ(flight_.answer.end, CallEnd::error);
  EXPECT_EQ(flight_.answer.error.code, "ThrottlingException");
  EXPECT_EQ(flight_.answer.error.message, "slow (not tried again: too much of this account fails)");
}

TEST_F(FlightTest, WhatIsReadAtLastGivesBackAllThatItsRetriesTook) {
  meet(kThrottled, 20);
  meet(kFailed, 4);
  meet(kLastPage);
  EXPECT_EQ(tokens(), 500);
}

TEST_F(FlightTest, WhatIsNotReadGivesNothingBack) {
  meet(kThrottled, 20);
  meet(kFailed, 5);
  EXPECT_EQ(tokens(), 500 - 20 - 4 * 5);
}

TEST_F(FlightTest, ThrottledRequestsCountWhereTheUserBoundsThem) {
  options_.max_requests = 3;
  EXPECT_EQ(meet(kThrottled, 2), Next::retry);
  EXPECT_EQ(meet(kThrottled), Next::ended);
  EXPECT_EQ(flight_.answer.error.message, "slow");
}

}  // namespace
}  // namespace ciswatch
