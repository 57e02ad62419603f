#include "core/remediate/settling.h"

#include <algorithm>
#include <thread>

#include "core/aws/retry.h"

namespace ciswatch {
namespace {

constexpr std::chrono::milliseconds kLook{20};

}  // namespace

bool Settling::may_be_early(const std::vector<std::size_t>& needs, const ApiAnswer& answer) const {
  const bool refused = answer.end == CallEnd::error && !answer.may_be_done &&
                       answer.error.status >= 400 && answer.error.status < 500;
  if (!refused || outcome_of(answer.error) != Outcome::failed) return false;
  const auto now = Clock::now();
  return std::any_of(needs.begin(), needs.end(), [&](std::size_t need) {
    const auto found = made_.find(need);
    return found != made_.end() && now < found->second + limit_;
  });
}

std::vector<std::size_t> Settling::wait_for_next(const std::function<bool()>& stop) {
  std::vector<std::size_t> steps;
  while (steps.empty() && !waiting_.empty()) {
    const auto end = stop() ? waiting_.end() : waiting_.upper_bound(Clock::now());
    for (auto at = waiting_.begin(); at != end; ++at) steps.push_back(at->second);
    waiting_.erase(waiting_.begin(), end);
    if (steps.empty()) std::this_thread::sleep_for(kLook);
  }
  return steps;
}

}  // namespace ciswatch
