#pragma once

// How often and how long calls are tried, beyond one call's attempts: what keeps an outage from
// multiplying the calls of a run, and a dead account from holding it up.

#include <chrono>
#include <string>
#include <unordered_map>

#include "core/aws/client.h"

namespace ciswatch {

// An account's retries, counted much as the AWS SDKs' standard mode does: 500 tokens, of which a retry
// takes 5, 10 after a timeout, and 1 of what was throttled, which the governor slows down already. What
// is answered gives back what its retries took, or 1: what is spent is spent in vain, so far.
class RetryBudget {
 public:
  // What the retry after this error takes; 0: so much is not left, and the call ends as it is.
  int take(const ApiError& error);
  void answered(int taken);

 private:
  int tokens_ = 500;
};

// The budgets and deadlines of all accounts. Used by one thread.
class Patience {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit Patience(const ClientOptions& options)
      : call_(options.call_deadline), account_(options.account_deadline) {}

  // Stays valid until the account is forgotten.
  RetryBudget& budget(const std::string& account_id) { return accounts_[account_id].budget; }

  // Why a call that was first sent at `begun` is not to be sent at `time`; "": it may be. An
  // account's time begins with the first such question.
  std::string too_late(const std::string& account_id, Time begun, Time time);

  void forget(const std::string& account_id) { accounts_.erase(account_id); }

 private:
  struct Account {
    RetryBudget budget;
    Time begun{};
  };

  std::chrono::milliseconds call_, account_;
  std::unordered_map<std::string, Account> accounts_;
};

}  // namespace ciswatch
