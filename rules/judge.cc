#include "rules/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <new>
#include <tuple>

#include "core/base/crypto.h"
#include "core/base/stop.h"
#include "core/base/text.h"
#include "rules/net.h"
#include "rules/row.h"
#include "rules/settings.h"

namespace ciswatch {
namespace {

auto place_of(const Finding& finding) {
  return std::tie(finding.account_id, finding.region, finding.resource);
}

// Mostly they are in order already, as the tables' keys are.
void sort_findings(std::vector<Finding>& findings) {
  const auto before = [](const Finding& a, const Finding& b) { return place_of(a) < place_of(b); };
  if (std::is_sorted(findings.begin(), findings.end(), before)) return;
  std::sort(findings.begin(), findings.end(), before);
}

void refuse_duplicates(const std::vector<Finding>& sorted) {
  const auto twice = std::adjacent_find(
      sorted.begin(), sorted.end(),
      [](const Finding& a, const Finding& b) { return place_of(a) == place_of(b); });
  if (twice == sorted.end()) return;
  throw Error(fmt::format("two rows for {} in {} of account {}", twice->resource, twice->region,
                          twice->account_id));
}

std::string stable_id(const Job& job, const Finding& finding) {
  std::string text = job.check->id;
  for (const auto* part : {&finding.account_id, &finding.region, &finding.resource}) {
    text.append(1, '\0').append(*part);
  }
  return hex(bytes_of(sha256(text)).substr(0, 16));
}

// Whether the row is about an account outside of the slice: the slice that has it says the same.
bool is_elsewhere(const Bench::Prepared& check, const Ground& ground, const AccountSlice& slice) {
  const auto id = check.rows.text(check.columns.account_id);
  return find_account(slice.accounts, id) == nullptr && find_account(ground.accounts, id) != nullptr;
}

std::vector<Finding> read_rows(const Job& job, const Ground& ground, const AccountSlice& slice,
                               Bench::Prepared& check, Ledger& ledger) {
  RowReader reader(job, slice.accounts, check.columns, ledger, ground.unanswered);
  std::vector<Finding> findings;
  while (check.rows.step()) {
    if (check.reads.every_account && is_elsewhere(check, ground, slice)) continue;
    if (findings.size() >= ground.options->most_rows) {
      throw Error(fmt::format("more than {} rows", ground.options->most_rows));
    }
    findings.push_back(reader.read(check.rows));
  }
  sort_findings(findings);
  refuse_duplicates(findings);
  return findings;
}

// What a policy closes cannot be read, and need not be. A judgement of the whole account stands,
// although its region is one: that of the account's own calls.
void close_regions(std::vector<Finding>& findings, const Job& job,
                   const std::set<std::string>& closed) {
  if (job.check->scope == Scope::account) return;
  for (auto& finding : findings) {
    if (finding.verdict != Verdict::unknown || !closed.contains(finding.region)) continue;
    finding.verdict = Verdict::not_applicable;
    finding.detail = "region closed by policy, as set";
  }
}

// The findings in order, as bytes, by account.
std::vector<FindingBatch> batches(std::vector<Finding> findings, const Job& job) {
  sort_findings(findings);
  std::vector<FindingBatch> by_account;
  for (auto& finding : findings) {
    finding.id = stable_id(job, finding);
    if (by_account.empty() || by_account.back().account_id != finding.account_id) {
      by_account.push_back({finding.account_id, job.check->id, "", {}, false});
    }
    by_account.back().add(finding);
  }
  return by_account;
}

std::vector<FindingBatch> judge(const Job& job, const Ground& ground, const AccountSlice& slice,
                                Bench& bench) {
  auto& sandbox = bench.sandbox();
  auto& ledger = bench.ledger();
  sandbox.use_settings(job.settings);
  sandbox.show_accounts(slice.accounts.front().id, slice.accounts.back().id);
  auto& check = bench.prepare(job);
  check.rows.reset();
  ledger.show(slice.accounts, slice.answered);
  auto findings = read_rows(job, ground, slice, check, ledger);
  check.rows.reset();
  const Net net(job, slice.accounts, check.reads.tables, ledger);
  net.add_missing(findings);
  for (auto& finding : findings) {
    if (finding.verdict == Verdict::unknown) net.say_why(finding);
  }
  close_regions(findings, job, ground.options->closed_regions);
  return batches(std::move(findings), job);
}

std::string too_long(const Ground& ground) {
  return fmt::format("took longer than the limit of {} ms", ground.options->time_limit.count());
}

std::string why_stopped(const DatabaseError& error, const Ground& ground, const Sandbox& sandbox) {
  if (!is_interrupt(error)) return fmt::format("failed: {}", error.what());
  if (stop_signal() != 0 || !sandbox.out_of_time()) return "was stopped";
  return too_long(ground);
}

std::vector<FindingBatch> failed_check(const Job& job, const AccountSlice& slice,
                                       const std::string& why) {
  std::vector<Finding> findings;
  for (const auto& account : slice.accounts) {
    Finding finding;
    finding.level = job.level;
    finding.account_id = account.id;
    finding.region = account.region;
    finding.resource = account.id;
    finding.detail = shortened(printable("this check " + why), kLongestDetail);
    findings.push_back(std::move(finding));
  }
  auto failed = batches(std::move(findings), job);
  for (auto& batch : failed) batch.failed = true;
  return failed;
}

std::vector<FindingBatch> judge_or_fail(const Job& job, const Ground& ground,
                                        const AccountSlice& slice, Bench& bench);

// What one account's rows make the check fail with is no reason to doubt the others.
std::vector<FindingBatch> judge_each(const Job& job, const Ground& ground, const AccountSlice& slice,
                                     Bench& bench) {
  std::vector<FindingBatch> all;
  for (std::size_t i = 0; i < slice.accounts.size(); ++i) {
    auto found = judge_or_fail(
        job, ground, {slice.accounts.subspan(i, 1), slice.answered, slice.cost}, bench);
    std::move(found.begin(), found.end(), std::back_inserter(all));
  }
  return all;
}

std::vector<FindingBatch> judge_or_fail(const Job& job, const Ground& ground,
                                        const AccountSlice& slice, Bench& bench) {
  const bool may_retry = ground.options->retry_accounts && slice.accounts.size() > 1;
  try {
    return judge(job, ground, slice, bench);
  } catch (const DatabaseError& error) {
    if (is_damage(error)) throw;
    if (is_interrupt(error) || !may_retry) {
      return failed_check(job, slice, why_stopped(error, ground, bench.sandbox()));
    }
  } catch (const Error& error) {
    if (!may_retry) {
      return failed_check(job, slice, fmt::format("failed: {}", error.what()));
    }
  } catch (const std::bad_alloc&) {
    return failed_check(job, slice, "ran out of memory");
  }
  return judge_each(job, ground, slice, bench);
}

}  // namespace

Bench::Prepared& Bench::prepare(const Job& job) {
  const auto& check = *job.check;
  const bool reads_by_setting =
      std::any_of(check.settings.begin(), check.settings.end(),
                  [](const Setting& setting) { return !setting.reads.empty(); });
  const std::pair key(std::string_view(check.sql), reads_by_setting ? &check : nullptr);
  auto found = prepared_.find(key);
  if (found == prepared_.end()) {
    auto rows = sandbox_.prepare(check.sql);
    auto columns = find_columns(rows);
    auto reads = sandbox_.reads();
    leave_out_unread(check, job.settings, reads.tables);
    found = prepared_.emplace(key, Prepared{std::move(rows), std::move(columns), std::move(reads)})
                .first;
  }
  return found->second;
}

std::vector<FindingBatch> run_check(const Job& job, const Ground& ground, const AccountSlice& slice,
                                    Bench& bench, std::atomic<std::int64_t>& nanoseconds_left) {
  using Clock = std::chrono::steady_clock;
  const auto started = Clock::now();
  bench.sandbox().start_clock(std::chrono::nanoseconds(nanoseconds_left));
  if (nanoseconds_left <= 0) return failed_check(job, slice, too_long(ground));
  auto found = judge_or_fail(job, ground, slice, bench);
  const std::chrono::nanoseconds took = Clock::now() - started;
  nanoseconds_left -= took.count();
  return found;
}

}  // namespace ciswatch
