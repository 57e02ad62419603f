#include "core/aws/retry.h"

#include <gtest/gtest.h>


namespace ciswatch {
namespace {

using std::chrono::milliseconds;

struct Case {
  ApiError error;
  Outcome outcome;
  bool retried;
  bool credentials;
};

TEST(Retry, DecidesByCodeAndStatus) {
  const Case cases[] = {
      {{"AccessDenied", "", 403}, Outcome::denied, false, false},
      {{"AccessDeniedException", "", 400}, Outcome::denied, false, false},
      {{"UnauthorizedOperation", "", 403}, Outcome::denied, false, false},
      {{"403", "", 403}, Outcome::denied, false, false},
      {{"SomethingNew", "", 403}, Outcome::denied, false, false},
      {{"AuthFailure", "", 401}, Outcome::denied, false, true},
      {{"UnrecognizedClientException", "", 400}, Outcome::denied, false, true},
      {{"InvalidClientTokenId", "", 403}, Outcome::denied, false, true},
      {{"ExpiredToken", "", 403}, Outcome::denied, false, true},
      {{"SignatureDoesNotMatch", "", 403}, Outcome::denied, false, true},
      {{"OptInRequired", "", 403}, Outcome::disabled, false, false},
      {{"SubscriptionRequiredException", "", 400}, Outcome::disabled, false, false},
      {{"ThrottlingException", "", 400}, Outcome::throttled, true, false},
      {{"Throttling", "", 400}, Outcome::throttled, true, false},
      {{"RequestLimitExceeded", "", 503}, Outcome::throttled, true, false},
      {{"SlowDown", "", 503}, Outcome::throttled, true, false},
      {{"TooManyRequestsException", "", 429}, Outcome::throttled, true, false},
      {{"429", "", 429}, Outcome::throttled, true, false},
      {{"500", "", 500}, Outcome::failed, true, false},
      {{"InternalError", "", 200}, Outcome::failed, true, false},
      {{"ServiceUnavailable", "", 503}, Outcome::failed, true, false},
      {{"ConnectionFailed", "", 0}, Outcome::failed, true, false},
      {{"RequestTimeout", "", 0}, Outcome::failed, true, false},
      {{"RequestTimeout", "", 400}, Outcome::failed, true, false},
      {{"TlsFailed", "", 0}, Outcome::failed, false, false},
      {{"ResponseTooLarge", "", 0}, Outcome::failed, false, false},
      {{"MalformedResponse", "", 200}, Outcome::failed, false, false},
      {{"NoSuchBucketPolicy", "", 404}, Outcome::failed, false, false},
      {{"ValidationException", "", 400}, Outcome::failed, false, false},
      {{"InvalidAction", "", 400}, Outcome::failed, false, false},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.error.code);
    EXPECT_EQ(outcome_of(each.error), each.outcome);
    EXPECT_EQ(worth_retrying(each.error), each.retried);
    EXPECT_EQ(is_credential_problem(each.error), each.credentials);
  }
}

TEST(Retry, WaitsAsLongAsAskedButNoMoreThanAMinute) {
  const UnixSeconds aws = 1'800'003'600;  // Fri, 15 Jan 2027 09:00:00 GMT
  const std::pair<const char*, int> cases[] = {
      {"", 0}, {"0", 0}, {"7", 7}, {"60", 60}, {"61", 60}, {"86400", 60},
      {"99999999999999999999", 60}, {"-5", 0}, {"-99999999999999999999", 0}, {"7 s", 0}, {"soon", 0},
      {"1.5", 0},
      {"Fri, 15 Jan 2027 09:00:09 GMT", 9}, {"Fri, 15 Jan 2027 10:00:00 GMT", 60},
      {"Fri, 15 Jan 2027 08:59:00 GMT", 0}, {"Fri, 45 Jan 2027 09:00:09 GMT", 0}};
  for (const auto& [text, seconds] : cases) {
    EXPECT_EQ(asked_pause(text, aws), std::chrono::seconds(seconds)) << text;
  }
  // A date means nothing beside a clock that may be wrong.
  EXPECT_EQ(asked_pause("Fri, 15 Jan 2027 09:00:09 GMT", std::nullopt), milliseconds(0));
  EXPECT_EQ(asked_pause("7", std::nullopt), milliseconds(7000));
}

TEST(Retry, KnowsARefusalForTheSakeOfTheClock) {
  EXPECT_TRUE(is_clock_problem({"RequestTimeTooSkewed", "", 403}));
  EXPECT_TRUE(is_clock_problem({"RequestExpired", "", 400}));
  EXPECT_TRUE(is_clock_problem({"InvalidSignatureException", "Signature expired: x", 400}));
  EXPECT_TRUE(is_clock_problem({"SignatureDoesNotMatch", "Signature not yet current: x", 403}));
  EXPECT_FALSE(is_clock_problem({"SignatureDoesNotMatch", "The signature we calculated", 403}));
  EXPECT_FALSE(is_clock_problem({"AccessDenied", "expired", 403}));
}

TEST(Retry, PausesStayWithinFullJitter) {
  const Backoff backoff{milliseconds(100), milliseconds(500), milliseconds(20'000)};
  EXPECT_EQ(pause_before_retry(1, false, 1.0, backoff), milliseconds(100));
  EXPECT_EQ(pause_before_retry(4, false, 1.0, backoff), milliseconds(800));
  EXPECT_EQ(pause_before_retry(1, true, 1.0, backoff), milliseconds(500));
  EXPECT_EQ(pause_before_retry(4, true, 0.5, backoff), milliseconds(2000));
  EXPECT_EQ(pause_before_retry(3, true, 0.0, backoff), milliseconds(0));
  EXPECT_EQ(pause_before_retry(1000, true, 1.0, backoff), milliseconds(20'000));
  EXPECT_EQ(pause_before_retry(2, true, 7.0, backoff), milliseconds(1000));
  EXPECT_EQ(pause_before_retry(0, false, 1.0, backoff), milliseconds(100));
}

}  // namespace
}  // namespace ciswatch
