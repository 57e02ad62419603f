#include "core/aws/token_bucket.h"

#include <algorithm>
#include <cmath>

namespace ciswatch {
namespace {

constexpr double kLeastShare = 1.0 / 256;
constexpr double kLeastRate = 0.5;
constexpr double kDoublingSeconds = 15;
constexpr double kPauseSeconds = 0.5;
constexpr double kRounding = 1e-6;  // tokens that computing with times may lose

double seconds_of(TokenBucket::Time::duration span) {
  return std::chrono::duration<double>(span).count();
}

TokenBucket::Time::duration span_of(double seconds) {
  return std::chrono::nanoseconds(std::llround(std::ceil(seconds * 1e9)));
}

}  // namespace

TokenBucket::TokenBucket(double rate, double burst, Time now)
    : rate_(rate), burst_(std::max(1.0, burst)), tokens_(burst_), at_(now), halved_(now) {}

double TokenBucket::most() const { return std::max(1.0, burst_ * share_); }

void TokenBucket::fill(Time now) {
  if (now <= at_) return;
  const double span = seconds_of(now - at_);
  // By the share at the beginning: what comes back while it grows is left out.
  tokens_ += rate_ * share_ * span;
  share_ = std::min(1.0, share_ * std::exp2(span / kDoublingSeconds));
  tokens_ = std::min(tokens_, most());
  at_ = now;
}

bool TokenBucket::take(Time now) {
  fill(now);
  if (tokens_ < 1 - kRounding) return false;
  tokens_ = std::max(0.0, tokens_ - 1);
  return true;
}

TokenBucket::Time TokenBucket::next(Time now) {
  fill(now);
  if (tokens_ >= 1 - kRounding) return now;
  return now + span_of((1 - tokens_) / (rate_ * share_));
}

TokenBucket::Time TokenBucket::full(Time now) {
  fill(now);
  if (burst_ - tokens_ < kRounding && share_ > 1 - kRounding) return now;
  const double recovered = -std::log2(share_) * kDoublingSeconds;
  return now + span_of(std::max(recovered, (burst_ - tokens_) / (rate_ * share_)));
}

void TokenBucket::throttled(Time sent, Time now) {
  fill(now);
  if (sent < halved_) return;
  const double least = std::max(kLeastShare, kLeastRate / rate_);
  share_ = std::max(share_ / 2, std::min(share_, least));
  tokens_ = -rate_ * share_ * kPauseSeconds;
  halved_ = now;
}

}  // namespace ciswatch
