#include "core/remediate/order.h"

#include <algorithm>

namespace ciswatch {

RowPlace place_of(const ChangeStep& step, const RowChange& row) {
  auto made = place_of(step.change->account_id, row);
  if (made.region.empty()) made.region = step.change->region;
  return made;
}

Order::Order(const std::vector<ChangeStep>& steps) : steps_(steps), earlier_(steps.size()) {
  std::map<RowPlace, std::vector<std::size_t>> of_row;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    if (steps_[i].deed == Deed::open) open_.push_back(i);
    for (const auto& row : steps_[i].rows) {
      auto& others = of_row[place_of(steps_[i], row)];
      if (!others.empty() && others.back() == i) continue;
      earlier_[i].insert(earlier_[i].end(), others.begin(), others.end());
      others.push_back(i);
    }
  }
}

Order::Where Order::where(std::size_t step) const {
  const auto& change = *steps_[step].change;
  return {change.account_id, change.region, change.service};
}

std::optional<std::size_t> Order::next(const std::function<bool(std::size_t)>& is_over) {
  auto best = open_.end();
  std::size_t least = 0;
  for (auto at = open_.begin(); at != open_.end() && (best == open_.end() || least > 0); ++at) {
    const auto found = under_way_.find(where(*at));
    const auto others = found == under_way_.end() ? 0 : found->second;
    if (best != open_.end() && others >= least) continue;
    const auto& needs = steps_[*at].needs;
    const auto& earlier = earlier_[*at];
    if (!std::all_of(needs.begin(), needs.end(), is_over)) continue;
    if (!std::all_of(earlier.begin(), earlier.end(), is_over)) continue;
    best = at;
    least = others;
  }
  if (best == open_.end()) return std::nullopt;
  const auto step = *best;
  open_.erase(best);
  ++under_way_[where(step)];
  return step;
}

}  // namespace ciswatch
