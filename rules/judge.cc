#include "rules/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <tuple>

#include "core/base/crypto.h"
#include "core/base/stop.h"
#include "core/base/text.h"
#include "rules/net.h"
#include "rules/row.h"

namespace ciswatch {
namespace {

auto place_of(const Finding& finding) {
  return std::tie(finding.account_id, finding.region, finding.resource);
}

void sort_findings(std::vector<Finding>& findings) {
  std::sort(findings.begin(), findings.end(),
            [](const Finding& a, const Finding& b) { return place_of(a) < place_of(b); });
}

void refuse_duplicates(const std::vector<Finding>& sorted) {
  const auto twice = std::adjacent_find(
      sorted.begin(), sorted.end(),
      [](const Finding& a, const Finding& b) { return place_of(a) == place_of(b); });
  if (twice == sorted.end()) return;
  throw Error(fmt::format("two rows for {} in {} of account {}", twice->resource, twice->region,
                          twice->account_id));
}

std::string stable_id(const Finding& finding) {
  std::string text = finding.check;
  for (const auto* part : {&finding.account_id, &finding.region, &finding.resource}) {
    text.append(1, '\0').append(*part);
  }
  return hex(bytes_of(sha256(text)).substr(0, 16));
}

std::vector<Finding> read_rows(const Job& job, const Ground& ground, Statement& rows,
                               Ledger& ledger) {
  const RowReader reader(job, ground, find_columns(rows), ledger);
  std::vector<Finding> findings;
  while (rows.step()) {
    if (findings.size() >= ground.options->most_rows) {
      throw Error(fmt::format("more than {} rows", ground.options->most_rows));
    }
    findings.push_back(reader.read(rows));
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

void finish(std::vector<Finding>& findings, const Job& job, const Ground& ground) {
  sort_findings(findings);
  for (auto& finding : findings) {
    finding.id = stable_id(finding);
    finding.requirements = job.requirements;
    finding.first_seen = ground.source->info.collected_at;
  }
}

std::vector<Finding> judge(const Job& job, const Ground& ground, Sandbox& sandbox, Ledger& ledger) {
  sandbox.use_settings(job.settings);
  sandbox.start_clock(ground.options->time_limit);
  auto rows = sandbox.prepare(job.check->sql);
  const auto tables = sandbox.tables_read();
  auto findings = read_rows(job, ground, rows, ledger);
  const Net net(job, ground, tables, ledger);
  net.add_missing(findings);
  for (auto& finding : findings) {
    if (finding.verdict == Verdict::unknown) net.say_why(finding);
  }
  close_regions(findings, job, ground.options->closed_regions);
  finish(findings, job, ground);
  return findings;
}

std::string why_stopped(const DatabaseError& error, const Ground& ground, const Sandbox& sandbox) {
  if (!is_interrupt(error)) return fmt::format("failed: {}", error.what());
  if (stop_signal() != 0 || !sandbox.out_of_time()) return "was stopped";
  return fmt::format("took longer than the limit of {} ms", ground.options->time_limit.count());
}

}  // namespace

std::vector<Finding> failed_check(const Job& job, const Ground& ground, const std::string& why) {
  std::vector<Finding> findings;
  for (const auto& [account, region] : ground.accounts) {
    Finding finding;
    finding.check = job.check->id;
    finding.level = job.level;
    finding.account_id = account;
    finding.region = region;
    finding.resource = account;
    finding.detail = shortened(printable("this check " + why), kLongestDetail);
    findings.push_back(std::move(finding));
  }
  finish(findings, job, ground);
  return findings;
}

std::vector<Finding> run_check(const Job& job, const Ground& ground, Sandbox& sandbox,
                               Ledger& ledger) {
  try {
    return judge(job, ground, sandbox, ledger);
  } catch (const DatabaseError& error) {
    if (is_damage(error)) throw;
    return failed_check(job, ground, why_stopped(error, ground, sandbox));
  } catch (const Error& error) {
    return failed_check(job, ground, fmt::format("failed: {}", error.what()));
  } catch (const std::bad_alloc&) {
    return failed_check(job, ground, "ran out of memory");
  }
}

}  // namespace ciswatch
