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
    if (!read_) return {};
    std::size_t count = 0;
    for (const auto id : finding.call_ids) {
      const SourceCall* call = read_(id);
      if (call == nullptr) continue;
      // Over the texts of a call before, whose memory serves again.
      if (count == calls_.size()) calls_.emplace_back();
      calls_[count++] = *call;
    }
    const auto calls = std::span(calls_).first(count);
    const auto before = [](const SourceCall& a, const SourceCall& b) {
      const auto key = [](const SourceCall& call) {
        return std::tie(call.account_id, call.region, call.service, call.operation, call.target);
      };
      return key(a) < key(b);
    };
    if (!std::is_sorted(calls.begin(), calls.end(), before)) {
      std::stable_sort(calls.begin(), calls.end(), before);
    }
    return calls;
  }

 private:
  CallReader read_;
  std::vector<SourceCall> calls_;  // those of the finding first, then some of earlier ones
};

}  // namespace ciswatch
