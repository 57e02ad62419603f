#include "rules/head.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/base/text.h"

namespace ciswatch {
namespace {

using CheckAccount = std::pair<std::string, std::string>;

struct Sum {
  Verdict worst = Verdict::not_applicable;
  bool waived = false;  // all that failed or is unknown is waived
  std::size_t findings = 0;
};

using Sums = std::map<CheckAccount, Sum>;

// Verdicts are ordered worst first. A waived finding counts neither for nor against.
void add(Sum& sum, const Finding& finding) {
  ++sum.findings;
  if (finding.waived) {
    sum.waived = true;
  } else {
    sum.worst = std::min(sum.worst, finding.verdict);
  }
}

void add(Sum& sum, const Sum& other) {
  sum.worst = std::min(sum.worst, other.worst);
  sum.waived = sum.waived || other.waived;
  sum.findings += other.findings;
}

// A judgement whose only faults are waived counts as waived.
void count(Counts& counts, const Sum& sum) {
  const bool good = sum.worst == Verdict::pass || sum.worst == Verdict::not_applicable;
  if (sum.waived && good) {
    ++counts.waived;
  } else {
    ++counts[sum.worst];
  }
}

Sums sums_of(const Report& report) {
  Sums sums;
  for (const auto& finding : report.findings) {
    add(sums[{finding.check, finding.account_id}], finding);
  }
  return sums;
}

// Whether a requirement is judged as a whole: of a pack that was not chosen, only if all its checks
// ran.
bool has_row(const Requirement& requirement, const Selection& selection) {
  if (selection.whole_packs) return true;
  return !requirement.checks.empty() &&
         std::all_of(requirement.checks.begin(), requirement.checks.end(), [&](const auto& id) {
           return std::any_of(selection.checks.begin(), selection.checks.end(),
                              [&](const Check* check) { return check->id == id; });
         });
}

RequirementRow add_requirement(const Pack& pack, const Requirement& requirement,
                               const std::string& account, const Sums& sums, Counts& counts) {
  Sum sum;
  for (const auto& id : requirement.checks) {
    const auto found = sums.find({id, account});
    if (found != sums.end()) add(sum, found->second);
  }
  count(counts, sum);
  return {pack.id,   requirement.number, requirement.title, account,
          sum.worst, requirement.checks, sum.findings};
}

AccountSummary sum_up_account(Report& report, const Selection& selection, const Sums& sums,
                              const std::string& account) {
  AccountSummary summary{account, {}, {}};
  std::set<std::string_view> in_row;
  for (const auto* pack : selection.packs) {
    for (const auto& requirement : pack->requirements) {
      if (!has_row(requirement, selection)) continue;
      report.head.requirements.push_back(
          add_requirement(*pack, requirement, account, sums, summary.judgements));
      in_row.insert(requirement.checks.begin(), requirement.checks.end());
    }
  }
  for (const auto* check : selection.checks) {
    if (in_row.contains(check->id)) continue;
    const auto found = sums.find({check->id, account});
    count(summary.judgements, found == sums.end() ? Sum{} : found->second);
  }
  return summary;
}

void add_counts(Counts& to, const Counts& from) {
  for (const auto verdict : kVerdicts) to[verdict] += from[verdict];
  to.waived += from.waived;
}

bool maps_any(const Pack& pack, const Selection& selection) {
  if (selection.whole_packs) return true;
  return std::any_of(pack.requirements.begin(), pack.requirements.end(), [&](const auto& r) {
    return std::any_of(selection.checks.begin(), selection.checks.end(), [&](const Check* check) {
      return std::find(r.checks.begin(), r.checks.end(), check->id) != r.checks.end();
    });
  });
}

void count_calls(ReportHead& head, Sandbox& sandbox) {
  auto rows =
      sandbox.prepare_trusted("select outcome, count(*) from main.api_call group by outcome");
  std::map<std::string, std::size_t> by_outcome;
  while (rows.step()) {
    by_outcome[std::string(rows.text(0))] = static_cast<std::size_t>(rows.integer(1));
  }
  for (const auto* outcome :
       {"ok", "absent", "denied", "throttled", "disabled", "failed", "not_tried"}) {
    const auto found = by_outcome.find(outcome);
    if (found == by_outcome.end()) continue;
    head.outcomes.emplace_back(found->first, found->second);
    head.calls += found->second;
  }
}

}  // namespace

void sum_up(Report& report, const Selection& selection, std::span<const std::string> accounts) {
  report.head.requirements.clear();
  report.head.account_summaries.clear();
  report.head.summary = {};
  const auto sums = sums_of(report);
  std::map<std::string_view, std::size_t> index;
  for (const auto& account : accounts) {
    index.emplace(account, report.head.account_summaries.size());
    report.head.account_summaries.push_back(sum_up_account(report, selection, sums, account));
    add_counts(report.head.summary, report.head.account_summaries.back().judgements);
  }
  for (const auto& finding : report.findings) {
    auto& counts = report.head.account_summaries[index.at(finding.account_id)].findings;
    ++(finding.waived ? counts.waived : counts[finding.verdict]);
  }
}

void describe_source(ReportHead& head, const SnapshotSource& source, const Selection& selection,
                     Sandbox& sandbox) {
  head.tool_version = CISWATCH_VERSION;
  head.snapshot_id = source.info.id;
  head.collected_at = source.info.collected_at;
  head.collected_by = source.info.collected_by;
  for (const auto* pack : selection.packs) {
    if (maps_any(*pack, selection)) head.packs.push_back({pack->id, pack->title});
  }
  for (const auto* check : selection.checks) {
    head.checks.push_back({check->id, check->title, check->why, check->level, check->remediation});
  }
  auto regions = sandbox.prepare_trusted(
      "select count(*) from (select distinct account_id, name from main.aws_region"
      " where opt_in_status is not 'not-opted-in')");
  if (regions.step()) head.regions = static_cast<std::size_t>(regions.integer(0));
  count_calls(head, sandbox);
}

}  // namespace ciswatch
