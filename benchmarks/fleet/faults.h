#pragma once

// Which calls of an account are not answered, and what comes instead.

#include <optional>
#include <string>

#include "benchmarks/fleet/account.h"
#include "core/aws/call.h"

namespace ciswatch::fleet {

struct Refusal {
  CallEnd end = CallEnd::error;
  ApiError error;
  int attempts = 1;
};

// `number` counts the account's calls from 0. What the account itself would not answer (a bucket of
// somebody else) is not meant here.
std::optional<Refusal> refusal(const Account& account, const ApiCall& call, std::size_t number);

// The pages after the first are lost.
bool loses_pages(const Account& account, const ApiCall& call);

// Whether the outcome depends on how many calls came before, so that their order must not change.
bool depends_on_order(const Account& account);

ApiError denied(const Account& account, const ApiCall& call);
std::string auditor_arn(const Account& account);

}  // namespace ciswatch::fleet
