#pragma once

// The ledger as one reporter reads it.

#include <algorithm>
#include <span>
#include <tuple>
#include <vector>

#include "core/report/report.h"

namespace ciswatch {

class AnsweredCalls {
 public:
  explicit AnsweredCalls(const Report& report) {
    if (report.open_calls) read_ = report.open_calls();
  }

  // Those that the finding rests on, by account, region, service, operation and target: ids tell
  // in which order the answers came in, which differs between two runs. Those that the ledger does
  // not have are left out. Valid until the next call.
  std::span<const SourceCall> of(const Finding& finding) {
    calls_.clear();
    if (!read_) return {};
    for (const auto id : finding.call_ids) {
      if (const SourceCall* call = read_(id); call != nullptr) calls_.push_back(*call);
    }
    const auto key = [](const SourceCall& call) {
      return std::tie(call.account_id, call.region, call.service, call.operation, call.target);
    };
    std::stable_sort(calls_.begin(), calls_.end(), [&](const SourceCall& a, const SourceCall& b) {
      return key(a) < key(b);
    });
    return calls_;
  }

 private:
  CallReader read_;
  std::vector<SourceCall> calls_;
};

}  // namespace ciswatch
