#pragma once

// CloudTrail of the synthetic fleet.

#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/fleet/account.h"
#include "core/base/json.h"

namespace ciswatch::fleet {

// Which events a trail records. The first five record all management events.
enum class Selectors {
  plain,     // the default selector
  data_too,  // and some data events
  advanced,  // the same said with advanced selectors
  split,     // reads and writes by a selector each
  advanced_split,
  without_kms,
  advanced_without_kms,
  write_only,
  advanced_read_only,
  data_only,
  advanced_narrowed,  // to the events of one source
};

enum class CloudWatch { none, fresh, late, never, starting, failing, ahead };
enum class TrailKey { none, own, disabled, pending_deletion, gone, foreign };

struct Trail {
  std::string name, arn, home, owner, bucket, prefix;
  std::string key;        // ARN; "" for none
  std::string log_group;  // ARN; "" for none, or for none that a member is shown
  Dice dice;
  bool multi_region = true, organization = false, validation = true, logging = true, topic = false;
  Selectors selectors = Selectors::plain;
  CloudWatch cloudwatch = CloudWatch::none;
  TrailKey key_state = TrailKey::none;  // of a key of this account: own, disabled, pending_deletion
};

// All trails that the account is shown in any region.
std::vector<Trail> trails_of(const Account& account);

std::string trail_bucket_of(const Organization& organization);
std::string config_bucket_of(const Organization& organization);

// The answers. `region` is the one that is asked: a multi-region trail shows in each.
Json describe_trails(const std::vector<Trail>& trails, std::string_view region);
Json trail_status(const Trail& trail, const Options& options);
Json event_selectors(const Trail& trail);

}  // namespace ciswatch::fleet
