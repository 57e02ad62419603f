#include "core/remediate/settling.h"

#include <algorithm>

#include "core/aws/retry.h"

namespace ciswatch {

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

std::vector<std::size_t> Settling::take(bool all) {
  const auto end = all ? waiting_.end() : waiting_.upper_bound(Clock::now());
  std::vector<std::size_t> steps;
  for (auto at = waiting_.begin(); at != end; ++at) steps.push_back(at->second);
  waiting_.erase(waiting_.begin(), end);
  return steps;
}

}  // namespace ciswatch
