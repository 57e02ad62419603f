#pragma once

// Who is calling: which account credentials are of.

#include <mutex>
#include <string>
#include <string_view>

#include "core/aws/call.h"
#include "core/aws/credentials.h"
#include "core/aws/roles.h"

namespace ciswatch {

struct Caller {
  std::string account_id;
  std::string arn;
};

// Which account the run's own credentials are of. Any thread.
class OwnAccount {
 public:
  void tell(std::string id) {
    const std::lock_guard lock(mutex_);
    id_ = std::move(id);
  }
  [[nodiscard]] std::string id() const {  // "" : not known yet
    const std::lock_guard lock(mutex_);
    return id_;
  }

 private:
  mutable std::mutex mutex_;
  std::string id_;
};

// The call that asks.
ApiCall caller_identity_call(std::string_view region);

// Throws Error, in words for who has to mend it, where the answer does not tell.
Caller caller_in(const ApiAnswer& answer);

// The same renewal, whose credentials are asked who they are before they are used: another account's
// are an Error. A file of profiles that has changed must not have another account read in the midst
// of one. While `own` is not known, any account's are taken. It outlives the renewal.
Renewal of_same_account(Renewal renew, const OwnAccount& own, Sts sts);

}  // namespace ciswatch
