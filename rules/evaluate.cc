#include "rules/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "core/base/cores.h"
#include "core/base/stop.h"
#include "rules/head.h"
#include "rules/judge.h"
#include "rules/plan.h"
#include "rules/schedule.h"
#include "rules/settings.h"
#include "rules/source.h"

namespace ciswatch {
namespace {

// The level that chosen packs give a check: the worst of theirs.
Level level_of(const Check& check, const Selection& selection) {
  std::optional<Level> level;
  if (!selection.whole_packs) return check.level;
  for (const auto* pack : selection.packs) {
    for (const auto& requirement : pack->requirements) {
      const auto& checks = requirement.checks;
      if (std::find(checks.begin(), checks.end(), check.id) == checks.end()) continue;
      if (requirement.level) level = std::max(level.value_or(Level::warn), *requirement.level);
    }
  }
  return level.value_or(check.level);
}

std::vector<Job> make_jobs(const Selection& selection, const EvaluateOptions& options) {
  refuse_wrong_settings(*selection.library, options.settings);
  std::vector<Job> jobs;
  for (const auto* check : selection.checks) {
    jobs.push_back({check, level_of(*check, selection), settings_of(*check, options.settings)});
  }
  return jobs;
}

// What a worker needs: a connection for slices in which every call was answered, one for the others.
class Worker {
 public:
  explicit Worker(const Ground& ground) : ground_(ground) {}

  Bench& bench(bool answered) {
    auto& bench = answered ? answered_ : any_;
    if (!bench) bench.emplace(ground_, answered ? Slice::answered : Slice::any);
    return *bench;
  }

 private:
  const Ground& ground_;
  std::optional<Bench> answered_, any_;
};

using Batches = std::vector<FindingBatch>;

// Runs each job on each slice and hands the slices on in their order.
class Run {
 public:
  // `done` takes what the jobs found on a slice; one caller at a time, in the slices' order.
  using Done = std::function<void(std::size_t slice, std::vector<Batches> by_job)>;

  Run(std::vector<const Job*> jobs, const Ground& ground, std::span<const AccountSlice> slices,
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

  void run() {
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

 private:
  static std::vector<std::size_t> costs_of(std::span<const AccountSlice> slices) {
    std::vector<std::size_t> costs;
    for (const auto& slice : slices) costs.push_back(slice.cost);
    return costs;
  }

  void work(unsigned number) noexcept {
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

  void do_task(Task task, Worker& worker) {
    const auto started = std::chrono::steady_clock::now();
    const auto& slice = slices_[task.slice];
    auto found = run_check(*jobs_[task.check], ground_, slice, worker.bench(slice.answered),
                           time_left_[task.check]);
    const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - started;
    {
      const std::lock_guard lock(mutex_);
      auto& results = results_[task.slice];
      results.resize(jobs_.size());
      results[task.check] = std::move(found);
    }
    if (schedule_.finish(task, took.count())) hand_on(task.slice);
  }

  // The slices that are finished up to the first that is not.
  void hand_on(std::size_t finished) {
    const std::lock_guard lock(mutex_);
    finished_.insert(finished);
    while (finished_.erase(next_) > 0) {
      auto results = results_.extract(next_);
      done_(next_, std::move(results.mapped()));
      ++next_;
    }
    schedule_.hand_on(next_);
  }

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

// Gathers the findings in their final order.
class Gatherer {
 public:
  Gatherer(const std::vector<Job>& jobs, const Ground& ground)
      : jobs_(jobs), ground_(ground), ahead_(jobs.size()), used_(jobs.size()) {
    Bench bench(ground, Slice::any);
    for (const auto& job : jobs) {
      (bench.prepare(*job.check).reads.every_account ? whole_ : sliced_).push_back(&job);
    }
  }

  Findings gather(unsigned workers) {
    // A check that reads the whole fleet would read it once for each slice.
    const AccountSlice everything{ground_.accounts, false, 1};
    const auto keep = [&](std::size_t, std::vector<Batches> found) {
      for (std::size_t i = 0; i < whole_.size(); ++i) ahead_[place(whole_[i])] = std::move(found[i]);
    };
    if (!whole_.empty()) {
      Run(whole_, ground_, {&everything, 1}, most(workers, whole_.size()), keep).run();
    }
    const auto slices = cut(ground_.accounts, ground_.options->slice_cost);
    const auto add = [&](std::size_t slice, std::vector<Batches> found) {
      for (std::size_t i = 0; i < sliced_.size(); ++i) {
        ahead_[place(sliced_[i])] = std::move(found[i]);
        used_[place(sliced_[i])] = 0;
      }
      for (const auto& account : slices[slice].accounts) add_account(account.id);
      tell_progress(slices[slice].accounts.size());
    };
    if (sliced_.empty()) {
      for (const auto& account : ground_.accounts) add_account(account.id);
    } else {
      Run(sliced_, ground_, slices, most(workers, slices.size() * sliced_.size()), add).run();
    }
    return std::move(findings_);
  }

 private:
  static unsigned most(unsigned workers, std::size_t tasks) {
    return static_cast<unsigned>(std::min<std::size_t>(workers, tasks));
  }

  [[nodiscard]] std::size_t place(const Job* job) const {
    return static_cast<std::size_t>(job - jobs_.data());
  }

  // Each check's batches are in the order of the accounts: those of this one are next, or not there.
  void add_account(const std::string& id) {
    for (std::size_t job = 0; job < jobs_.size(); ++job) {
      auto& at = used_[job];
      if (at >= ahead_[job].size() || ahead_[job][at].account_id != id) continue;
      findings_.add(ahead_[job][at]);
      ahead_[job][at++].bytes = {};
    }
  }

  void tell_progress(std::size_t accounts) {
    accounts_done_ += accounts;
    const auto& progress = ground_.options->progress;
    if (progress) progress(accounts_done_, ground_.accounts.size());
  }

  const std::vector<Job>& jobs_;
  const Ground& ground_;
  std::vector<const Job*> whole_, sliced_;
  std::vector<Batches> ahead_;      // by job: of the slice, or of all accounts
  std::vector<std::size_t> used_;   // by job: how many of those are added
  std::size_t accounts_done_ = 0;
  Findings findings_;
};

unsigned workers_of(const EvaluateOptions& options) {
  return options.jobs == 0 ? available_cores() : options.jobs;
}

std::function<CallReader()> call_readers(const SnapshotSource& source) {
  return [source]() -> CallReader {
    struct Reader {
      Reader(const SnapshotSource& from) : sandbox(from.open(Slice::any), ""), ledger(sandbox, from) {}
      Sandbox sandbox;
      Ledger ledger;
    };
    auto reader = std::make_shared<Reader>(source);
    return [reader](std::int64_t id) { return reader->ledger.find(id); };
  };
}

Report judge_all(const SnapshotSource& source, const Selection& selection,
                 const EvaluateOptions& options) {
  const auto jobs = make_jobs(selection, options);
  Ground ground{&source, &options, selection.library, {}};
  Report report;
  {
    auto database = source.open(Slice::any);
    ground.accounts = read_accounts(database);
    describe_source(report.head, source, selection, database);
  }
  if (ground.accounts.empty()) {
    throw Error(fmt::format("{} names no account: nothing to judge", source.name));
  }
  report.findings = Gatherer(jobs, ground).gather(workers_of(options));
  report.open_calls = call_readers(source);
  sum_up(report, selection, ground.accounts);
  return report;
}

}  // namespace

void throw_damaged(const SnapshotSource& source, const DatabaseError& error) {
  throw Error(fmt::format("{} is damaged ({}); collect it again", source.name, error.what()));
}

Report evaluate_source(const SnapshotSource& source, const Selection& selection,
                       const EvaluateOptions& options) {
  try {
    return judge_all(source, selection, options);
  } catch (const DatabaseError& error) {
    if (is_damage(error)) throw_damaged(source, error);
    throw error.within("cannot read " + source.name);
  }
}

Report evaluate(const Snapshot& snapshot, const Selection& selection,
                const EvaluateOptions& options) {
  // SQL that does not compile is a mistake to mend, not a finding.
  if (!options.compiled) required_tables(selection);
  const SnapshotSource source{"the snapshot " + snapshot.path().string(), snapshot.info(),
                              [snapshot](std::string_view table) { return snapshot.holds(table); },
                              [snapshot](Slice slice) { return snapshot.open(slice); }};
  return evaluate_source(source, selection, options);
}

}  // namespace ciswatch
