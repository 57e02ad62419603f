#include "core/aws/patience.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/aws/retry.h"

namespace ciswatch {
namespace {

constexpr int kMostTokens = 500;
constexpr int kRetry = 5;
constexpr int kRetryAfterTimeout = 10;
constexpr int kRetryOfThrottled = 1;

std::string in_words(std::chrono::milliseconds time) {
  const auto seconds = std::chrono::duration<double>(time).count();
  return seconds < 120 ? fmt::format("{:g} s", seconds) : fmt::format("{:g} minutes", seconds / 60);
}

}  // namespace

int RetryBudget::take(const ApiError& error) {
  const int usual = error.code == error_code::kTimeout ? kRetryAfterTimeout : kRetry;
  const int cost = is_throttling(error) ? kRetryOfThrottled : usual;
  if (tokens_ < cost) return 0;
  tokens_ -= cost;
  return cost;
}

void RetryBudget::answered(int taken) {
  tokens_ = std::min(kMostTokens, tokens_ + std::max(1, taken));
}

std::string Patience::too_late(const std::string& account_id, Time begun, Time time) {
  Account& account = accounts_[account_id];
  if (account.begun == Time{}) account.begun = time;
  if (time - begun >= call_) {
    return fmt::format("a call may take {}, its pages and retries included", in_words(call_));
  }
  if (time - account.begun >= account_) {
    return fmt::format("the calls of an account may take {}", in_words(account_));
  }
  return {};
}

}  // namespace ciswatch
