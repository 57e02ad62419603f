#pragma once

// Checks on slices, by several threads.

#include <atomic>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <span>
#include <vector>

#include "rules/judge.h"
#include "rules/schedule.h"

namespace ciswatch {

using Batches = std::vector<FindingBatch>;

class Worker;

// Runs each job on each slice and hands the slices on in their order.
class Run {
 public:
  // Takes what the jobs found on a slice; one caller at a time, in the slices' order.
  using Done = std::function<void(std::size_t slice, std::vector<Batches> by_job)>;

  Run(std::vector<const Job*> jobs, const Ground& ground, std::span<const AccountSlice> slices,
      unsigned workers, Done done);

  // One worker is the calling thread. Throws what a worker threw, and Error when a signal asked to
  // stop.
  void run();

 private:
  void work(unsigned number) noexcept;
  void do_task(Task task, Worker& worker);
  Batches judge(const Job& job, const AccountSlice& slice, Worker& worker,
                std::atomic<std::int64_t>& time_left) const;
  void hand_on(std::size_t finished);

  const std::vector<const Job*> jobs_;
  const Ground& ground_;
  const std::span<const AccountSlice> slices_;
  const unsigned workers_;
  const Done done_;
  Schedule schedule_;
  std::vector<std::atomic<std::int64_t>> time_left_;  // by job, in nanoseconds
  std::mutex mutex_;  // of what follows
  std::map<std::size_t, std::vector<Batches>> results_;
  std::set<std::size_t> finished_;
  std::size_t next_ = 0;  // the first slice that is not handed on
  std::exception_ptr failure_;
};

}  // namespace ciswatch
