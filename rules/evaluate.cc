#include "rules/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>

#include "core/base/cores.h"
#include "core/base/crypto.h"
#include "core/base/log.h"
#include "core/base/time.h"
#include "rules/head.h"
#include "rules/judge.h"
#include "rules/run.h"
#include "rules/settings.h"
#include "rules/source.h"

namespace ciswatch {
namespace {

std::vector<Job> make_jobs(const Selection& selection, const EvaluateOptions& options) {
  refuse_wrong_settings(*selection.library, options.settings);
  std::vector<Job> jobs;
  for (const auto* check : selection.checks) {
    jobs.push_back({check, level_of(*check, selection), settings_of(*check, options.settings)});
  }
  return jobs;
}

// Gathers the findings in their final order.
class Gatherer {
 public:
  // `reads`: what each job reads.
  Gatherer(const std::vector<Job>& jobs, const Ground& ground, const std::vector<Reads>& reads)
      : jobs_(jobs), ground_(ground), ahead_(jobs.size()), used_(jobs.size()) {
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      (reads[i].every_account && !reads[i].slice ? whole_ : sliced_).push_back(&jobs[i]);
    }
  }

  Findings gather(unsigned workers) {
    // A check that reads nothing but the whole fleet would read it once for each slice.
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
  // A worker compiles the checks first, which takes longer than to judge few rows with them.
  [[nodiscard]] unsigned most(unsigned workers, std::size_t tasks) const {
    std::size_t cost = 0;
    for (const auto& account : ground_.accounts) cost += account.cost;
    return static_cast<unsigned>(
        std::min<std::size_t>({workers, tasks, 1 + cost / ground_.options->slice_cost}));
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
      Reader(const SnapshotSource& from)
          : sandbox(from.open(), Slice::any, {}, from.holds), ledger(sandbox, from) {}
      Sandbox sandbox;
      Ledger ledger;
    };
    // Until now nobody may have read these pages.
    const auto or_damaged = [source](const auto& read) {
      try {
        return read();
      } catch (const DatabaseError& error) {
        throw_damaged(source, error);
      }
    };
    auto reader = or_damaged([&] { return std::make_shared<Reader>(source); });
    return [reader, or_damaged](std::int64_t id) {
      return or_damaged([&] { return reader->ledger.find(id); });
    };
  };
}

// What the findings of a check depend on, beside what the snapshot says.
std::string fingerprint_of(const Job& job, const Ground& ground) {
  std::string text;
  const auto add = [&](std::string_view part) { (text += std::to_string(part.size()) += ':') += part; };
  for (const auto part : {std::string_view(CISWATCH_VERSION), spec_version(),
                          std::string_view(ground.library->views.sql()),
                          std::string_view(job.check->id), std::string_view(job.check->sql),
                          name_of(job.level)}) {
    add(part);
  }
  add(std::to_string(static_cast<int>(job.check->scope)));
  for (const auto* table : tables()) add(ground.source->holds(table->name) ? "held" : "");
  for (const auto& [name, value] : job.settings) {
    add(name);
    const auto* number = std::get_if<std::int64_t>(&value);
    const auto* words = std::get_if<std::string>(&value);
    add(number != nullptr ? std::to_string(*number) : words != nullptr ? *words : "");
  }
  for (const auto& region : ground.options->closed_regions) add(region);
  return hex(sha256(text)).substr(0, 32);
}

// Without findings that were kept there is nothing to take over: everything is judged.
std::optional<Previous> previous_of(const Snapshot* snapshot, Database& now) {
  if (snapshot == nullptr) return std::nullopt;
  const auto kept = kept_beside(snapshot->path());
  if (!std::filesystem::exists(kept)) {
    warn(fmt::format("{} is not there yet: all accounts are judged anew", kept.string()));
    return std::nullopt;
  }
  auto before = snapshot->open();
  return Previous{Changes(before, now), kept};
}

UnixSeconds time_of(const SnapshotSource& source) {
  if (const auto time = parse_iso8601(source.info.collected_at)) return *time;
  throw Error(fmt::format("{} does not tell when it was made: no waiver can be judged", source.name));
}

// With the jobs' settings.
std::vector<Reads> reads_of(const std::vector<Job>& jobs, const Compiled& compiled) {
  auto reads = compiled.reads;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    leave_out_unread(*jobs[i].check, jobs[i].settings, reads[i].tables);
  }
  return reads;
}

std::set<const TableSpec*> tables_of(const std::vector<Reads>& reads) {
  std::set<const TableSpec*> tables;
  for (const auto& each : reads) tables.insert(each.tables.begin(), each.tables.end());
  return tables;
}

Report judge_all(const SnapshotSource& source, const Selection& selection,
                 const EvaluateOptions& options) {
  const auto jobs = make_jobs(selection, options);
  Ground ground;
  ground.source = &source;
  ground.options = &options;
  ground.library = selection.library;
  ground.shown = options.compiled->shown;
  const auto reads = reads_of(jobs, *options.compiled);
  Report report;
  {
    auto database = source.open();
    ground.accounts = read_accounts(database, tables_of(reads));
    if (!options.verify_calls) ground.unanswered = read_unanswered_ids(database);
    describe_source(report.head, source, selection, database);
    report.head.closed_reads = unread_in(database, options.closed_regions);
    ground.previous = previous_of(options.previous, database);
  }
  if (options.previous != nullptr) {
    for (const auto& job : jobs) ground.fingerprints[job.check->id] = fingerprint_of(job, ground);
  }
  if (ground.accounts.empty()) {
    throw Error(fmt::format("{} names no account: nothing to judge", source.name));
  }
  std::optional<Waiving> waiving;
  if (!options.waivers.empty()) ground.waiving = &waiving.emplace(options.waivers, time_of(source));
  report.findings = Gatherer(jobs, ground, reads).gather(workers_of(options));
  if (options.previous != nullptr) {
    keep_findings(report.findings, ground.fingerprints, kept_beside(source.path));
  }
  report.open_calls = call_readers(source);
  sum_up(report, selection, ground.accounts);
  if (waiving) waiving->report(report, selection, ground.accounts);
  return report;
}

}  // namespace

SnapshotSource source_of(const Snapshot& snapshot) {
  return {"the snapshot " + snapshot.path().string(), snapshot.path(), snapshot.info(),
          [snapshot](std::string_view table) { return snapshot.holds(table); },
          [snapshot] { return snapshot.open(); }};
}

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
  if (options.compiled != nullptr) return evaluate_source(source_of(snapshot), selection, options);
  // SQL that does not compile is a mistake to mend, not a finding.
  const auto compiled = compile(selection.checks, *selection.library);
  auto with_compiled = options;
  with_compiled.compiled = &compiled;
  return evaluate_source(source_of(snapshot), selection, with_compiled);
}

}  // namespace ciswatch
