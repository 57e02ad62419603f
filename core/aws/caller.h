#pragma once

// Who is calling: which account credentials are of.

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

// The call that asks.
ApiCall caller_identity_call(std::string_view region);

// Throws Error, in words for who has to mend it, where the answer does not tell.
Caller caller_in(const ApiAnswer& answer);

// The same renewal, whose credentials are asked who they are before they are used: another account's
// are an Error. A file of profiles that has changed must not have another account read in the midst
// of one. `account_id` is read when a renewal is due; "" : whatever account. It outlives the renewal.
Renewal of_same_account(Renewal renew, const std::string& account_id, Sts sts);

}  // namespace ciswatch
