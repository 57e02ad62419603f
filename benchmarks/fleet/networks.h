#pragma once

// VPCs and flow logs of the synthetic fleet.

#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/fleet/account.h"
#include "core/base/json.h"

namespace ciswatch::fleet {

enum class FlowLogs {
  none,
  to_group,     // CloudWatch Logs
  to_bucket,    // S3, which tells no state of the delivery
  failing,      // cannot write to its log group
  accept_only,  // does not record what was rejected
  subnet_only,  // watches a subnet, not the VPC
};

struct Vpc {
  std::string id, owner, cidr;
  Dice dice;
  bool is_default = false;
  FlowLogs flow_logs = FlowLogs::none;
};

std::vector<Vpc> vpcs_of(const Account& account, std::string_view region);

Json vpcs_answer(const std::vector<Vpc>& vpcs, const Account& account, std::string_view region);
Json flow_logs_answer(const std::vector<Vpc>& vpcs, const Account& account);
Json subnets_answer(const std::vector<Vpc>& vpcs, const Account& account, std::string_view region);
Json interfaces_answer(const std::vector<Vpc>& vpcs, const Account& account,
                       std::string_view region);

}  // namespace ciswatch::fleet
