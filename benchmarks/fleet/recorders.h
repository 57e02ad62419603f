#pragma once

// AWS Config and Security Hub of the synthetic fleet.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/fleet/account.h"
#include "core/base/json.h"

namespace ciswatch::fleet {

enum class RecorderState { recording, stopped, failing, pending };
enum class Recorded { everything, without_iam, some_excluded, iam_excluded, some_types };

struct Recorder {
  std::string name, region;
  Dice dice;
  RecorderState state = RecorderState::recording;
  Recorded recorded = Recorded::everything;
  bool of_service = false;  // an AWS service keeps it for itself
  bool daily = false, own_role = false;
};

struct Channel {
  std::string bucket, topic;  // "" for none
  bool failing = false;       // nothing arrives in the bucket
};

// What one region of an account has.
struct ConfigRegion {
  std::vector<Recorder> recorders;
  std::optional<Channel> channel;
};

ConfigRegion config_of(const Account& account, std::string_view region);

Json recorders_answer(const ConfigRegion& config, const Account& account);
Json recorder_status_answer(const ConfigRegion& config, const Account& account);
Json channels_answer(const ConfigRegion& config);
Json channel_status_answer(const ConfigRegion& config);

// Whether Security Hub is on in a region.
bool has_hub(const Account& account, std::string_view region);
Json hub_answer(const Account& account, std::string_view region);

}  // namespace ciswatch::fleet
