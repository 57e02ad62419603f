#pragma once

// Who does what next, when a number of checks is to run on each of many slices. Finished slices are
// handed on in their order, so that no worker may run far ahead of the first that is not finished.

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <random>
#include <span>
#include <vector>

namespace ciswatch {

struct Task {
  std::size_t slice = 0;
  std::size_t check = 0;
};

class Schedule {
 public:
  // `costs` of the slices. `shuffle` other than 0 makes the choices random, for tests.
  Schedule(std::span<const std::size_t> costs, std::size_t checks, unsigned workers,
           std::uint64_t shuffle);

  // The next task of a worker: of the slice that it is at (its pages are warm), else of the next
  // slice, else of any that another worker is at. Of a slice the check that took longest so far.
  // Waits while all that may start has started. nullopt: there is nothing left, or stop().
  std::optional<Task> take(std::size_t worker);

  // Returns true when it was the slice's last check.
  bool finish(Task task, std::int64_t nanoseconds);

  // The slices before this one have been handed on.
  void hand_on(std::size_t slices);

  void stop();

 private:
  struct Open {
    std::vector<std::size_t> waiting;  // checks that nobody has taken
    std::size_t unfinished = 0;
  };

  std::optional<Task> choose(std::size_t worker);
  std::optional<Task> choose_randomly();
  [[nodiscard]] bool may_start() const;
  std::size_t start_next();
  std::size_t take_check(Open& slice);
  std::size_t random_below(std::size_t n) { return random_() % n; }

  const std::size_t checks_, window_;
  std::vector<std::size_t> order_;   // of starting: the large slices first
  std::size_t large_ = 0;            // how many those are
  std::vector<Open> slices_;
  std::vector<std::size_t> at_;      // of each worker: its slice
  std::vector<std::int64_t> spent_;  // by check
  std::size_t started_ = 0;          // of order_
  std::size_t handed_on_ = 0;
  std::size_t oldest_ = 0;           // no slice before it has a check waiting
  std::size_t left_;                 // tasks that nobody has taken
  bool stopped_ = false;
  const bool shuffled_;
  std::mt19937_64 random_;
  std::mutex mutex_;
  std::condition_variable changed_;
};

}  // namespace ciswatch
