#include "core/aws/governor.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

#include "core/aws/operations.h"
#include "core/aws/quotas.h"
#include "core/aws/retry.h"

namespace ciswatch {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Time = Governor::Time;

constexpr Time kStart = Time(seconds(1000));

TEST(TokenBucket, TakesNoMoreThanBurstAndRateInAnySpan) {
  struct Row {
    double rate, burst;
  };
  for (const auto& [rate, burst] : {Row{1, 2}, {2.5, 2.5}, {20, 100}, {300, 300}, {0.5, 1}}) {
    std::mt19937 random(7);
    TokenBucket bucket(rate, burst, kStart);
    std::vector<double> taken;  // seconds
    Time now = kStart;
    for (int i = 0; i < 5000; ++i) {
      now += std::chrono::microseconds(random() % 40'000);
      if (random() % 50 == 0) now += seconds(random() % 60);
      if (bucket.take(now)) taken.push_back(std::chrono::duration<double>(now - kStart).count());
    }
    ASSERT_GT(taken.size(), 20U);
    for (std::size_t first = 0; first < taken.size(); ++first) {
      for (std::size_t last = first; last < taken.size(); last += 1 + last / 7) {
        const auto count = static_cast<double>(last - first + 1);
        EXPECT_LE(count, burst + rate * (taken[last] - taken[first]) + 0.01) << rate << ' ' << burst;
      }
    }
  }
}

TEST(TokenBucket, GivesAllOfTheQuotaToWhoAsksWhenItIsDue) {
  TokenBucket bucket(10, 4, kStart);
  Time now = kStart;
  int taken = 0;
  while (now < kStart + seconds(10)) {
    now = bucket.next(now);
    EXPECT_TRUE(bucket.take(now));
    ++taken;
  }
  EXPECT_NEAR(taken, 10 * 10 + 4, 1);
}

TEST(TokenBucket, HalvesOnAThrottleAndComesBack) {
  TokenBucket bucket(10, 10, kStart);
  bucket.throttled(kStart, kStart);
  EXPECT_DOUBLE_EQ(bucket.share(), 0.5);
  EXPECT_FALSE(bucket.take(kStart));
  EXPECT_EQ(bucket.next(kStart), kStart + milliseconds(500 + 200));
  // What had left before it tells nothing new; what left afterwards does.
  bucket.throttled(kStart - milliseconds(1), kStart + milliseconds(1));
  EXPECT_NEAR(bucket.share(), 0.5, 0.01);
  bucket.throttled(kStart + milliseconds(2), kStart + milliseconds(2));
  EXPECT_NEAR(bucket.share(), 0.25, 0.01);
  for (int i = 3; i < 20; ++i) {
    bucket.throttled(kStart + milliseconds(i), kStart + milliseconds(i));
  }
  EXPECT_NEAR(bucket.share(), 0.05, 0.001) << "never nothing";
  EXPECT_FALSE(bucket.take(kStart + milliseconds(500)));
  EXPECT_GT(bucket.next(kStart + seconds(15)), kStart);
  EXPECT_NEAR(bucket.share(), 0.1, 0.001);
  EXPECT_TRUE(bucket.take(kStart + seconds(15 * 6)));
  EXPECT_DOUBLE_EQ(bucket.share(), 1.0);
}

TEST(TokenBucket, OfEachQuotaLetsACallThatIsThrottledTwentyTimesHaveItsAnswerWithinItsDeadline) {
  for (const Quota& quota : quotas()) {
    TokenBucket bucket(quota.rate, quota.burst, kStart);
    Time now = kStart;
    for (int attempt = 1; attempt <= 20; ++attempt) {
      now = bucket.next(now);
      ASSERT_TRUE(bucket.take(now));
      bucket.throttled(now, now + milliseconds(100));
      now += milliseconds(100) + pause_before_retry(attempt, true, 1.0, Backoff());
    }
    EXPECT_LT(bucket.next(now) - kStart, ClientOptions().call_deadline / 2) << bucket_name(quota, "X");
  }
}

TEST(TokenBucket, OfAHighRateKeepsA256th) {
  TokenBucket bucket(600, 600, kStart);
  for (int i = 0; i < 20; ++i) bucket.throttled(kStart, kStart);
  EXPECT_DOUBLE_EQ(bucket.share(), 1.0 / 256);
}

TEST(TokenBucket, OfARateBelowTheLeastIsNotSlowedDownFurther) {
  TokenBucket bucket(0.25, 1, kStart);
  bucket.throttled(kStart, kStart);
  EXPECT_DOUBLE_EQ(bucket.share(), 1);
  EXPECT_EQ(bucket.next(kStart), kStart + milliseconds(500 + 4000));
}

TEST(TokenBucket, IsFullWhenItSaysSo) {
  TokenBucket bucket(10, 10, kStart);
  EXPECT_EQ(bucket.full(kStart), kStart);
  bucket.take(kStart);
  bucket.take(kStart);
  const Time full = bucket.full(kStart);
  EXPECT_NEAR(std::chrono::duration<double>(full - kStart).count(), 0.2, 1e-6);
  EXPECT_EQ(bucket.full(full), full);
  bucket.throttled(full, full);
  const Time again = bucket.full(full);
  EXPECT_NEAR(std::chrono::duration<double>(again - full).count(), 15, 1e-6);
  EXPECT_EQ(bucket.full(again), again);
}

TEST(Quotas, EveryServiceHasOneAndEveryRowIsOfAKnownOperation) {
  for (const Service& service : services()) {
    EXPECT_EQ(quota_of(service.name, "NoSuchOperation").service, service.name);
  }
  for (const Quota& quota : quotas()) {
    EXPECT_GT(quota.rate, 0) << quota.service;
    EXPECT_GE(quota.burst, 1) << quota.service;
    EXPECT_FALSE(quota.source.empty()) << quota.service;
    if (quota.operation.empty() || quota.operation == "ListAccounts") continue;
    EXPECT_NE(find_operation(quota.service, quota.operation), nullptr) << quota.operation;
  }
}

TEST(Quotas, AreThoseThatAwsPublishes) {
  struct Row {
    std::string_view service, operation;
    double requests_per_second;  // rate; with the burst the quota where AWS tells no burst
    double rate;
    std::string_view bucket;
  };
  const Row rows[] = {
      {"cloudtrail", "DescribeTrails", 10, 5, "cloudtrail"},
      {"cloudtrail", "UpdateTrail", 2, 1, "cloudtrail:other"},
      {"cloudwatch", "PutMetricAlarm", 3, 1.5, "cloudwatch:PutMetricAlarm"},
      {"logs", "DescribeMetricFilters", 5, 2.5, "logs:DescribeMetricFilters"},
      {"logs", "DescribeLogGroups", 10, 5, "logs:DescribeLogGroups"},
      {"cloudwatch", "DescribeAlarms", 9, 4.5, "cloudwatch:DescribeAlarms"},
      {"kms", "ListKeys", 500, 250, "kms:ListKeys"},
      {"kms", "GetKeyRotationStatus", 1000, 500, "kms:GetKeyRotationStatus"},
      {"ec2", "DescribeVpcs", 120, 20, "ec2:DescribeVpcs"},
      {"sts", "AssumeRole", 600, 300, "sts"},
      {"organizations", "ListRoots", 3, 1, "organizations:ListRoots"},
      {"organizations", "ListAccountsForParent", 13, 5, "organizations:List*ForParent"},
      {"organizations", "ListOrganizationalUnitsForParent", 13, 5, "organizations:List*ForParent"},
      {"apigatewayv2", "GetApis", 50, 10, "apigateway"},
      {"apigateway", "GetStages", 50, 10, "apigateway"},
      {"elbv2", "DescribeListeners", 50, 10, "elbv2"},
      {"securityhub", "DescribeHub", 40, 10, "securityhub"},
  };
  for (const Row& row : rows) {
    const Quota& quota = quota_of(row.service, row.operation);
    EXPECT_DOUBLE_EQ(quota.rate + quota.burst, row.requests_per_second) << row.operation;
    EXPECT_DOUBLE_EQ(quota.rate, row.rate) << row.operation;
    EXPECT_TRUE(quota.published) << row.operation;
    EXPECT_EQ(bucket_name(quota, row.operation), row.bucket);
  }
}

FlightPtr flight_of(std::string account, std::string region, std::string service,
                    std::string operation) {
  auto flight = std::make_unique<Flight>();
  flight->call = {std::move(account), std::move(region), std::move(service), std::move(operation),
                  {}};
  return flight;
}

FlightPtr keys(std::string account, std::string region = "us-east-1") {
  return flight_of(std::move(account), std::move(region), "kms", "ListKeys");
}
FlightPtr filters(std::string account, std::string region = "us-east-1") {
  return flight_of(std::move(account), std::move(region), "logs", "DescribeMetricFilters");
}

// How many may go at once.
int going(Governor& governor, Time now) {
  int count = 0;
  while (governor.next(now)) ++count;
  return count;
}

TEST(Governor, CountsByAccountRegionAndApi) {
  Governor governor({});
  for (int i = 0; i < 10; ++i) {
    for (const auto* account : {"1", "2"}) {
      for (const auto* region : {"us-east-1", "eu-west-1"}) {
        governor.add(filters(account, region), kStart);
        governor.add(flight_of(account, region, "logs", "DescribeLogGroups"), kStart);
      }
    }
  }
  // 2 of the quota of 5, 5 of that of 10.
  EXPECT_EQ(going(governor, kStart), 4 * (2 + 5));
  EXPECT_EQ(governor.due(kStart), kStart + milliseconds(200));
  EXPECT_EQ(going(governor, kStart + milliseconds(200)), 4 * (1 + 1));
}

TEST(Governor, OperationsOfOneQuotaAndRegionsOfAGlobalServiceShareABucket) {
  Governor governor({});
  for (int i = 0; i < 10; ++i) {
    governor.add(flight_of("1", "us-east-1", "cloudtrail", "DescribeTrails"), kStart);
    governor.add(flight_of("1", "us-east-1", "cloudtrail", "GetTrailStatus"), kStart);
  }
  EXPECT_EQ(going(governor, kStart), 5);
  Governor other({});
  for (const auto* region : {"us-east-1", "eu-west-1"}) {
    for (int i = 0; i < 10; ++i) {
      other.add(flight_of("1", region, "iam", i < 5 ? "GetRole" : "GetPolicy"), kStart);
    }
  }
  EXPECT_EQ(going(other, kStart), 10);
}

TEST(Governor, KeepsTheOrderOfQueueingWithinAnAccountAlsoForThoseThatComeBack) {
  Governor governor({});
  for (const auto* region : {"a", "b", "c", "d"}) governor.add(keys("1", region), kStart);
  auto first = governor.next(kStart);
  EXPECT_EQ(first->call.region, "a");
  governor.landed(*first, false, kStart);
  governor.add(std::move(first), kStart);  // its next page
  for (const auto* region : {"a", "b", "c", "d"}) {
    EXPECT_EQ(governor.next(kStart)->call.region, region);
  }
  EXPECT_EQ(governor.waiting(), 0U);
}

TEST(Governor, ARedirectGoesToAnotherBucketInItsOldPlace) {
  Governor governor({});
  governor.add(flight_of("1", "us-east-1", "s3", "GetBucketAcl"), kStart);
  governor.add(keys("1"), kStart);
  auto first = governor.next(kStart);
  governor.landed(*first, false, kStart);
  first->call.region = "eu-west-1";
  governor.add(std::move(first), kStart);
  EXPECT_EQ(governor.next(kStart)->call.region, "eu-west-1");
}

TEST(Governor, OneGiantAccountHoldsNoMoreThanItsShareWhileOthersWait) {
  Governor governor({0, 4});
  for (int i = 0; i < 100; ++i) governor.add(keys("giant"), kStart);
  for (const auto* account : {"2", "3"}) {
    for (int i = 0; i < 6; ++i) governor.add(keys(account), kStart);
  }
  std::map<std::string, int> on_wire;
  for (int i = 0; i < 12; ++i) ++on_wire[governor.next(kStart)->call.account_id];
  EXPECT_EQ(on_wire, (std::map<std::string, int>{{"giant", 4}, {"2", 4}, {"3", 4}}));
  for (int i = 0; i < 8; ++i) ++on_wire[governor.next(kStart)->call.account_id];
  EXPECT_EQ(on_wire.at("giant"), 8) << "nobody waits for nothing";
  EXPECT_EQ(on_wire.at("2") + on_wire.at("3"), 12);
  EXPECT_EQ(going(governor, kStart), 92);
}

TEST(Governor, WhatHasLandedLeavesItsPlaceOnTheWire) {
  Governor governor({0, 4});
  for (int i = 0; i < 10; ++i) governor.add(keys("giant"), kStart);
  std::vector<FlightPtr> flying;
  for (int i = 0; i < 8; ++i) flying.push_back(governor.next(kStart));
  governor.add(keys("2"), kStart);
  for (auto& flight : flying) governor.landed(*flight, false, kStart);
  EXPECT_EQ(governor.next(kStart)->call.account_id, "giant") << "it came first";
}

TEST(Governor, AnAccountThatWasBegunGoesOnBeforeTheNextOne) {
  Governor governor({0, 4});
  for (const auto* account : {"1", "2", "3"}) governor.add(keys(account), kStart);
  auto first = governor.next(kStart);
  EXPECT_EQ(first->call.account_id, "1");
  governor.landed(*first, false, kStart);
  governor.add(filters("1"), kStart);  // what follows from its answer
  EXPECT_EQ(governor.next(kStart)->call.account_id, "1");
  EXPECT_EQ(governor.next(kStart)->call.account_id, "2");
}

TEST(Governor, OpensFurtherAccountsFirstButForAnAccountThatHasNothingOnTheWire) {
  Governor governor({0, 4});
  for (int i = 0; i < 6; ++i) governor.add(keys("1"), kStart);
  for (int i = 0; i < 6; ++i) governor.add(flight_of("", "us-east-1", "sts", "AssumeRole"), kStart);
  std::vector<std::string> operations;
  while (auto flight = governor.next(kStart)) operations.push_back(flight->call.operation);
  const std::string key = "ListKeys", role = "AssumeRole";
  EXPECT_EQ(operations, (std::vector<std::string>{role, key, role, role, role, key, key, key, role,
                                                  role, key, key}));
}

TEST(Governor, WhatAnAccountAsksFirstWaitsForNoneThatHasMuchToSend) {
  Governor governor({});
  for (int i = 0; i < 100; ++i) governor.add(keys("1"), kStart);
  for (int i = 0; i < 20; ++i) governor.next(kStart);
  governor.add(keys("2"), kStart);
  governor.add(keys("2"), kStart);
  EXPECT_EQ(governor.next(kStart)->call.account_id, "2");
  EXPECT_EQ(governor.next(kStart)->call.account_id, "1");
}

TEST(Governor, AnApiThatIsEmptyHoldsUpNoOther) {
  Governor governor({});
  for (int i = 0; i < 50; ++i) governor.add(filters("1"), kStart);
  governor.add(keys("1"), kStart);
  std::vector<std::string> operations;
  while (auto flight = governor.next(kStart)) operations.push_back(flight->call.operation);
  EXPECT_EQ(operations, (std::vector<std::string>{"DescribeMetricFilters", "DescribeMetricFilters",
                                                  "ListKeys"}));
}

TEST(Governor, BoundsTheWholeRun) {
  Governor governor({100, 64});
  for (int i = 0; i < 1000; ++i) governor.add(keys(std::to_string(i)), kStart);
  int gone = 0;
  Time now = kStart;
  while (governor.waiting() > 0) {
    if (governor.next(now)) {
      ++gone;
    } else {
      ASSERT_GT(governor.due(now), now);
      now = governor.due(now);
    }
  }
  EXPECT_EQ(gone, 1000);
  EXPECT_NEAR(std::chrono::duration<double>(now - kStart).count(), 10, 0.2);
}

TEST(Governor, KeepsNothingOfABucketThatIsAsNew) {
  Governor governor({});
  for (int i = 0; i < 100; ++i) governor.add(keys(std::to_string(i)), kStart);
  std::vector<FlightPtr> flying;
  while (auto flight = governor.next(kStart)) flying.push_back(std::move(flight));
  for (auto& flight : flying) governor.landed(*flight, false, kStart);
  EXPECT_EQ(governor.buckets(), 100U);
  EXPECT_EQ(governor.accounts(), 100U);
  EXPECT_EQ(governor.due(kStart), Time::max());
  EXPECT_EQ(governor.next(kStart + seconds(1)), nullptr);
  EXPECT_EQ(governor.buckets(), 0U);
  EXPECT_EQ(governor.accounts(), 0U);
}

TEST(Governor, GivesBackWhatWaitsInItsOrder) {
  Governor governor({});
  for (const auto* region : {"a", "b", "c"}) governor.add(filters("1", region), kStart);
  auto flying = governor.next(kStart);
  const auto rest = governor.take_all(kStart);
  ASSERT_EQ(rest.size(), 2U);
  EXPECT_EQ(rest[0]->call.region, "b");
  EXPECT_EQ(rest[1]->call.region, "c");
  EXPECT_EQ(governor.waiting(), 0U);
  governor.landed(*flying, false, kStart);
  EXPECT_EQ(governor.next(kStart + seconds(10)), nullptr);
}

// Calls of one API against a service whose real quota is lower than the one that is published, each
// answered after 100 ms; a refused one comes back after half a second.
struct Driven {
  std::size_t sent = 0, throttled = 0, throttled_late = 0;
  int most_attempts = 0;
  double seconds = 0;
};

Driven drive(double real_rate, int calls) {
  Governor governor({});
  TokenBucket service(real_rate, real_rate, kStart);
  std::multimap<Time, FlightPtr> answers, returns;
  for (int i = 0; i < calls; ++i) {
    governor.add(flight_of("1", "us-east-1", "s3", "GetBucketAcl"), kStart);
  }
  Driven outcome;
  Time now = kStart;
  while (governor.waiting() + answers.size() + returns.size() > 0) {
    while (auto flight = governor.next(now)) {
      ++outcome.sent;
      outcome.most_attempts = std::max(outcome.most_attempts, ++flight->page_attempts);
      answers.emplace(now + milliseconds(100), std::move(flight));
    }
    Time then = std::min(governor.due(now), answers.empty() ? Time::max() : answers.begin()->first);
    if (!returns.empty()) then = std::min(then, returns.begin()->first);
    now = std::max(then, now);
    while (!returns.empty() && returns.begin()->first <= now) {
      governor.add(std::move(returns.begin()->second), now);
      returns.erase(returns.begin());
    }
    while (!answers.empty() && answers.begin()->first <= now) {
      FlightPtr flight = std::move(answers.begin()->second);
      answers.erase(answers.begin());
      const bool throttled = !service.take(now);
      governor.landed(*flight, throttled, now);
      if (!throttled) continue;
      ++outcome.throttled;
      if (now > kStart + seconds(20)) ++outcome.throttled_late;
      returns.emplace(now + milliseconds(500), std::move(flight));
    }
  }
  outcome.seconds = std::chrono::duration<double>(now - kStart).count();
  return outcome;
}

TEST(Governor, SettlesBelowAQuotaThatIsLowerThanThePublishedOne) {
  const Driven outcome = drive(40, 2000);
  EXPECT_LT(outcome.seconds, 2000 / 40.0 * 1.7);
  EXPECT_LT(static_cast<double>(outcome.throttled_late), 0.1 * 2000) << "of those after settling";
  EXPECT_LE(outcome.most_attempts, 5);
  const Driven enough = drive(400, 2000);
  EXPECT_EQ(enough.throttled, 0U);
  EXPECT_LT(enough.seconds, 2000 / 100.0 * 1.1);
}

}  // namespace
}  // namespace ciswatch
