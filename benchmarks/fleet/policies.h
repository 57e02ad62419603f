#pragma once

// The policies of the synthetic fleet, as JSON: most do what they should, some lack what is needed.

#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/fleet/account.h"
#include "benchmarks/fleet/buckets.h"
#include "benchmarks/fleet/keys.h"
#include "benchmarks/fleet/trails.h"

namespace ciswatch::fleet {

// Lets CloudTrail and AWS Config deliver, each in its own way.
std::string log_bucket_policy(const Bucket& bucket, const std::vector<Trail>& trails);

std::string key_policy(const Key& key, const Account& account);

// Who may take a delivering role on, and what it may do.
std::string trust_policy(std::string_view service);
std::string delivery_policy(const Account& account, const Dice& dice, std::string_view group);

}  // namespace ciswatch::fleet
