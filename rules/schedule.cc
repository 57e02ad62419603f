#include "rules/schedule.h"

#include <algorithm>
#include <numeric>

namespace ciswatch {
namespace {

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
constexpr std::size_t kAheadOfOneWorker = 4;  // slices

// More than half of what one worker has to do in all: what the others would wait for at the end.
std::size_t large_cost(std::span<const std::size_t> costs, unsigned workers) {
  return std::accumulate(costs.begin(), costs.end(), std::size_t{0}) / (2 * std::size_t{workers});
}

}  // namespace

Schedule::Schedule(std::span<const std::size_t> costs, std::size_t checks, unsigned workers,
                   std::uint64_t shuffle)
    : checks_(checks),
      window_(kAheadOfOneWorker * workers),
      order_(costs.size()),
      slices_(costs.size()),
      at_(workers, kNowhere),
      spent_(checks),
      left_(costs.size() * checks),
      shuffled_(shuffle != 0),
      random_(shuffle) {
  std::iota(order_.begin(), order_.end(), 0U);
  const auto large = large_cost(costs, workers);
  const auto rest = std::stable_partition(order_.begin(), order_.end(),
                                          [&](std::size_t slice) { return costs[slice] > large; });
  large_ = static_cast<std::size_t>(rest - order_.begin());
}

// Random choices need not be warm, only allowed.
std::optional<Task> Schedule::choose_randomly() {
  while (may_start() && random_below(2) == 0) start_next();
  std::vector<std::size_t> with_work;
  for (std::size_t i = oldest_; i < slices_.size(); ++i) {
    if (!slices_[i].waiting.empty()) with_work.push_back(i);
  }
  if (with_work.empty()) {
    if (!may_start()) return std::nullopt;
    with_work.push_back(start_next());
  }
  const auto slice = with_work[random_below(with_work.size())];
  return Task{slice, take_check(slices_[slice])};
}

std::optional<Task> Schedule::choose(std::size_t worker) {
  if (shuffled_) return choose_randomly();
  auto& at = at_[worker];
  if (at == kNowhere || slices_[at].waiting.empty()) {
    if (may_start()) {
      at = start_next();
    } else {
      while (oldest_ < slices_.size() && slices_[oldest_].waiting.empty() && oldest_ < handed_on_) {
        ++oldest_;
      }
      const auto found = std::find_if(slices_.begin() + static_cast<std::ptrdiff_t>(oldest_),
                                      slices_.end(), [](const Open& o) { return !o.waiting.empty(); });
      if (found == slices_.end()) return std::nullopt;
      at = static_cast<std::size_t>(found - slices_.begin());
    }
  }
  return Task{at, take_check(slices_[at])};
}

bool Schedule::may_start() const {
  return started_ < order_.size() && started_ < large_ + handed_on_ + window_;
}

std::size_t Schedule::start_next() {
  const auto slice = order_[started_++];
  slices_[slice].waiting.resize(checks_);
  std::iota(slices_[slice].waiting.begin(), slices_[slice].waiting.end(), 0U);
  slices_[slice].unfinished = checks_;
  return slice;
}

std::size_t Schedule::take_check(Open& slice) {
  auto& waiting = slice.waiting;
  auto chosen = std::max_element(waiting.begin(), waiting.end(), [&](std::size_t a, std::size_t b) {
    return spent_[a] < spent_[b];
  });
  if (shuffled_) chosen = waiting.begin() + static_cast<std::ptrdiff_t>(random_below(waiting.size()));
  const auto check = *chosen;
  waiting.erase(chosen);
  --left_;
  return check;
}

std::optional<Task> Schedule::take(std::size_t worker) {
  std::unique_lock lock(mutex_);
  while (!stopped_ && left_ > 0) {
    if (auto task = choose(worker)) return task;
    changed_.wait(lock);
  }
  return std::nullopt;
}

bool Schedule::finish(Task task, std::int64_t nanoseconds) {
  const std::lock_guard lock(mutex_);
  spent_[task.check] += nanoseconds;
  return --slices_[task.slice].unfinished == 0;
}

void Schedule::hand_on(std::size_t slices) {
  {
    const std::lock_guard lock(mutex_);
    handed_on_ = slices;
  }
  changed_.notify_all();
}

void Schedule::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
}

}  // namespace ciswatch
