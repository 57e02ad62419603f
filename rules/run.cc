#include "rules/run.h"

#include <chrono>
#include <iterator>
#include <optional>
#include <thread>

#include "core/base/stop.h"
#include "rules/kept.h"

namespace ciswatch {

// What a worker needs: a connection for slices in which every call was answered, one for the others,
// and the findings of an earlier scan.
class Worker {
 public:
  explicit Worker(const Ground& ground) : ground_(ground) {
    if (ground.previous) kept_.emplace(ground.previous->kept);
  }

  Bench& bench(bool answered) {
    auto& bench = answered ? answered_ : any_;
    if (!bench) bench.emplace(ground_, answered ? Slice::answered : Slice::any);
    return *bench;
  }

  // The findings of the earlier scan, if nothing has changed that they depend on. Not those that lack
  // an answer: they say when it was asked for, which is another time now.
  std::optional<FindingBatch> unchanged(const Job& job, const Account& account) {
    if (!kept_) return std::nullopt;
    const auto& reads = bench(true).prepare(job).reads;
    if (!ground_.previous->changes.none(account.id, reads)) return std::nullopt;
    auto found = kept_->find(account.id, job.check->id, ground_.fingerprints.at(job.check->id));
    if (found && found->tally.lacking > 0) return std::nullopt;
    return found;
  }

 private:
  const Ground& ground_;
  std::optional<Bench> answered_, any_;
  std::optional<KeptFindings> kept_;
};

namespace {

std::vector<std::size_t> costs_of(std::span<const AccountSlice> slices) {
  std::vector<std::size_t> costs;
  for (const auto& slice : slices) costs.push_back(slice.cost);
  return costs;
}

}  // namespace

Run::Run(std::vector<const Job*> jobs, const Ground& ground, std::span<const AccountSlice> slices,
         unsigned workers, Done done)
    : jobs_(std::move(jobs)),
      ground_(ground),
      slices_(slices),
      workers_(workers),
      done_(std::move(done)),
      schedule_(costs_of(slices), jobs_.size(), workers, ground.options->shuffle),
      time_left_(jobs_.size()) {
  for (auto& left : time_left_) {
    left = std::chrono::nanoseconds(ground.options->time_limit).count();
  }
}

void Run::run() {
  if (workers_ == 1) {
    work(0);
  } else {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < workers_; ++i) {
      threads.emplace_back([this, i] { work(i); });
    }
  }
  if (failure_) std::rethrow_exception(failure_);
  if (stop_signal() != 0) throw Error("stopped by a signal: the checks did not all run");
}

void Run::work(unsigned number) noexcept {
  try {
    Worker worker(ground_);
    while (const auto task = schedule_.take(number)) {
      if (stop_signal() != 0) return schedule_.stop();
      do_task(*task, worker);
    }
  } catch (...) {
    schedule_.stop();
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
  }
}

void Run::do_task(Task task, Worker& worker) {
  const auto started = std::chrono::steady_clock::now();
  auto found = judge(*jobs_[task.check], slices_[task.slice], worker, time_left_[task.check]);
  const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - started;
  {
    const std::lock_guard lock(mutex_);
    auto& results = results_[task.slice];
    results.resize(jobs_.size());
    results[task.check] = std::move(found);
  }
  if (schedule_.finish(task, took.count())) hand_on(task.slice);
}

// Runs the check on the accounts of which nothing can be taken over.
Batches Run::judge(const Job& job, const AccountSlice& slice, Worker& worker,
                   std::atomic<std::int64_t>& time_left) const {
  Batches all;
  const auto& accounts = slice.accounts;
  for (std::size_t first = 0; first < accounts.size();) {
    std::optional<FindingBatch> kept;
    std::size_t next = first;
    while (next < accounts.size() && !(kept = worker.unchanged(job, accounts[next]))) ++next;
    if (next > first) {
      const AccountSlice part{accounts.subspan(first, next - first), slice.answered, slice.cost};
      auto found = run_check(job, ground_, part, worker.bench(slice.answered), time_left);
      std::move(found.begin(), found.end(), std::back_inserter(all));
    }
    if (kept) all.push_back(std::move(*kept));
    first = next + 1;
  }
  // Here, since what was kept knows nothing of today's waivers.
  if (ground_.waiving != nullptr) {
    for (auto& batch : all) ground_.waiving->mark(batch);
  }
  return all;
}

// The slices that are finished up to the first that is not.
void Run::hand_on(std::size_t finished) {
  const std::lock_guard lock(mutex_);
  finished_.insert(finished);
  while (finished_.erase(next_) > 0) {
    auto results = results_.extract(next_);
    done_(next_, std::move(results.mapped()));
    ++next_;
  }
  schedule_.hand_on(next_);
}

}  // namespace ciswatch
