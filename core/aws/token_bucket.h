#pragma once

#include <chrono>

namespace ciswatch {

// A bucket of tokens, one a request: `burst` when full, `rate` coming back in a second. What is taken
// in any span of t seconds is at most burst + rate × t. A throttled request halves both, after a pause
// of half a second in which nothing is taken, but never to less than a 256th or than a request in two
// seconds, which is where the AWS SDKs' adaptive mode ends, too; a quarter of a minute without another
// doubles them, up to what they were. The time is the caller's and never goes back.
class TokenBucket {
 public:
  using Time = std::chrono::steady_clock::time_point;

  TokenBucket(double rate, double burst, Time now);

  bool take(Time now);                  // false: empty
  [[nodiscard]] Time next(Time now);    // when there is a token; `now` if there is one
  [[nodiscard]] Time full(Time now);    // when it is as new, if nothing is taken

  // A request that left at `sent` was refused. Those that left before the last halving tell nothing
  // new.
  void throttled(Time sent, Time now);

  [[nodiscard]] double share() const { return share_; }  // of `rate` and `burst`, 1 at most

 private:
  void fill(Time now);
  [[nodiscard]] double most() const;

  double rate_;
  double burst_;
  double share_ = 1;
  double tokens_;
  Time at_;      // for which `tokens_` and `share_` hold
  Time halved_;  // last
};

}  // namespace ciswatch
