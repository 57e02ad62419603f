#include "rules/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <tuple>

#include "core/base/stop.h"
#include "rules/head.h"
#include "rules/judge.h"
#include "rules/plan.h"
#include "rules/settings.h"
#include "rules/source.h"

namespace ciswatch {
namespace {

// The requirements that a check serves, and the level that chosen packs give it: the worse of two.
void map_to_packs(Job& job, const Selection& selection) {
  std::optional<Level> level;
  for (const auto* pack : selection.packs) {
    for (const auto& requirement : pack->requirements) {
      const auto& checks = requirement.checks;
      if (std::find(checks.begin(), checks.end(), job.check->id) == checks.end()) continue;
      job.requirements.push_back({pack->id, requirement.number});
      if (selection.whole_packs && requirement.level) {
        level = std::max(level.value_or(Level::warn), *requirement.level);
      }
    }
  }
  job.level = level.value_or(job.check->level);
}

std::vector<Job> make_jobs(const Selection& selection, const EvaluateOptions& options) {
  refuse_wrong_settings(*selection.library, options.settings);
  std::vector<Job> jobs;
  for (const auto* check : selection.checks) {
    Job job;
    job.check = check;
    job.settings = settings_of(*check, options.settings);
    map_to_packs(job, selection);
    jobs.push_back(std::move(job));
  }
  return jobs;
}

// Accounts that were to be read, with the region in which their account-wide calls are made.
std::map<std::string, std::string> read_accounts(Sandbox& sandbox, const SnapshotSource& source) {
  std::map<std::string, std::string> accounts;
  for (const auto* sql :
       {"select account_id, coalesce(max(iif(service = 'sts', region, null)), 'us-east-1')"
        " from main.api_call group by account_id",
        "select account_id, region from main.aws_account"}) {
    auto rows = sandbox.prepare_trusted(sql);
    while (rows.step()) accounts[std::string(rows.text(0))] = std::string(rows.text(1));
  }
  if (accounts.empty()) throw Error(fmt::format("{} names no account: nothing to judge", source.name));
  return accounts;
}

// A connection with all that a worker needs.
struct Bench {
  Bench(const SnapshotSource& source, const Library& library)
      : sandbox(source.open(), library.views), ledger(sandbox, source) {}
  Sandbox sandbox;
  Ledger ledger;
};

class Run {
 public:
  Run(const std::vector<Job>& jobs, const Ground& ground, const Library& library)
      : jobs_(jobs), ground_(ground), library_(library), results_(jobs.size()) {}

  std::vector<std::vector<Finding>> results() && { return std::move(results_); }

  void run() {
    const auto& wanted = ground_.options->jobs;
    const std::size_t cores = std::max(1U, wanted == 0 ? std::thread::hardware_concurrency() : wanted);
    {
      std::vector<std::jthread> workers;
      for (std::size_t i = 0; i < std::min(cores, jobs_.size()); ++i) {
        workers.emplace_back([this] { work(); });
      }
    }
    if (failure_) std::rethrow_exception(failure_);
    if (stop_signal() != 0) throw Error("stopped by a signal: the checks did not all run");
  }

 private:
  void work() noexcept {
    try {
      std::unique_ptr<Bench> bench;
      for (auto i = next_++; i < jobs_.size() && stop_signal() == 0 && !failed_; i = next_++) {
        if (!bench) bench = std::make_unique<Bench>(*ground_.source, library_);
        results_[i] = run_check(jobs_[i], ground_, bench->sandbox, bench->ledger);
        tell_progress();
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      failed_ = true;
    }
  }

  void tell_progress() {
    const std::lock_guard lock(mutex_);
    ++done_;
    if (ground_.options->progress) ground_.options->progress(done_, jobs_.size());
  }

  const std::vector<Job>& jobs_;
  const Ground& ground_;
  const Library& library_;
  std::vector<std::vector<Finding>> results_;  // one slot a check: no order between threads
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;  // of what follows
  std::size_t done_ = 0;
  std::exception_ptr failure_;
};

// By account, then check in its order; each check's own are in order already.
std::vector<Finding> merge(std::vector<std::vector<Finding>> results) {
  std::vector<std::pair<std::size_t, Finding>> all;
  for (std::size_t i = 0; i < results.size(); ++i) {
    for (auto& finding : results[i]) all.emplace_back(i, std::move(finding));
    results[i] = {};
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::tie(a.second.account_id, a.first) < std::tie(b.second.account_id, b.first);
  });
  std::vector<Finding> findings;
  findings.reserve(all.size());
  for (auto& entry : all) findings.push_back(std::move(entry.second));
  return findings;
}

Report judge_all(const SnapshotSource& source, const Selection& selection,
                 const EvaluateOptions& options) {
  const auto jobs = make_jobs(selection, options);
  Report report;
  Ground ground{&source, &options, {}};
  {
    Sandbox sandbox(source.open(), "");
    ground.accounts = read_accounts(sandbox, source);
    describe_source(report.head, source, selection, sandbox);
  }
  Run run(jobs, ground, *selection.library);
  run.run();
  report.findings = merge(std::move(run).results());
  std::vector<std::string> accounts;
  for (const auto& entry : ground.accounts) accounts.push_back(entry.first);
  report.head.accounts = accounts.size();
  sum_up(report, selection, accounts);
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
                      [&](std::string_view table) { return snapshot.holds(table); },
                      [&] { return snapshot.open(); }};
  return evaluate_source(source, selection, options);
}

}  // namespace ciswatch
