#include "rules/head.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/base/text.h"
#include "core/tables/table_spec.h"

namespace ciswatch {
namespace {

struct Sum {
  Verdict worst = Verdict::not_applicable;
  std::size_t findings = 0;
  std::size_t waived = 0;  // of those
};

using Sums = std::map<std::string_view, Sum>;  // of one account, by check

// Verdicts are ordered worst first. A waived finding counts neither for nor against.
void add(Sum& sum, const FindingRange& range) {
  const Counts& counts = range.tally().counts;
  sum.findings += range.size();
  sum.waived += counts.waived;
  for (const auto verdict : kVerdicts) {
    if (counts[verdict] > 0) sum.worst = std::min(sum.worst, verdict);
  }
}

void add(Sum& sum, const Sum& other) {
  sum.worst = std::min(sum.worst, other.worst);
  sum.waived += other.waived;
  sum.findings += other.findings;
}

// A judgement whose only faults are waived counts as waived.
void count(Counts& counts, const Sum& sum) {
  const bool good = sum.worst == Verdict::pass || sum.worst == Verdict::not_applicable;
  if (sum.waived > 0 && good) {
    ++counts.waived;
  } else {
    ++counts[sum.worst];
  }
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

Sum sum_of(const RequirementText& requirement, const Sums& sums) {
  Sum sum;
  for (const auto& id : requirement.checks) {
    if (const auto found = sums.find(id); found != sums.end()) add(sum, found->second);
  }
  return sum;
}

std::vector<RequirementText> requirements_of(const Selection& selection) {
  std::vector<RequirementText> texts;
  for (const auto& pack : selection.packs) {
    for (const auto& requirement : pack.requirements) {
      if (!has_row(requirement, selection)) continue;
      RequirementText text{pack.id, requirement.number, requirement.title, {}, requirement.left_out};
      if (text.left_out.empty()) text.checks = requirement.checks;
      texts.push_back(std::move(text));
    }
  }
  return texts;
}

// The checks that no requirement with a row asks for: each is judged for itself.
std::vector<std::string_view> checks_alone(const ReportHead& head) {
  std::set<std::string_view> in_row;
  for (const auto& text : head.requirement_texts) {
    in_row.insert(text.checks.begin(), text.checks.end());
  }
  std::vector<std::string_view> alone;
  for (const auto& check : head.checks) {
    if (!in_row.contains(check.id)) alone.push_back(check.id);
  }
  return alone;
}

AccountSummary sum_up_account(const std::string& account, const Sums& sums, const ReportHead& head,
                              std::span<const std::string_view> alone) {
  AccountSummary summary{account, {}, {}, {}};
  for (std::size_t i = 0; i < head.requirement_texts.size(); ++i) {
    const auto sum = sum_of(head.requirement_texts[i], sums);
    summary.requirements.push_back({i, sum.worst, sum.findings, sum.waived});
    count(summary.judgements, sum);
  }
  for (const auto check : alone) {
    const auto found = sums.find(check);
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

// Which requirements of the packs a check serves.
std::vector<RequirementRef> served_by(const Check& check, const Selection& selection) {
  std::vector<RequirementRef> served;
  for (const auto& pack : selection.packs) {
    for (const auto& requirement : pack.requirements) {
      const auto& checks = requirement.checks;
      if (!requirement.left_out.empty()) continue;
      if (std::find(checks.begin(), checks.end(), check.id) == checks.end()) continue;
      served.push_back({pack.id, requirement.number});
    }
  }
  return served;
}

std::map<std::string, std::size_t, std::less<>> totals(Database& database) {
  auto rows = sums(database, "snapshot_total", "select name, number from main.snapshot_total",
                   "select outcome, count(*) from main.api_call group by outcome union all"
                   " select 'regions', count(*) from (select distinct account_id, name"
                   " from main.aws_region where opt_in_status is not 'not-opted-in')");
  std::map<std::string, std::size_t, std::less<>> found;
  while (rows.step()) {
    // Nothing is counted below zero, whatever a damaged file says.
    found[shortened(rows.text(0), 60)] = static_cast<std::size_t>(std::max<std::int64_t>(rows.integer(1), 0));
  }
  return found;
}

void read_totals(ReportHead& head, Database& database) {
  const auto by_name = totals(database);
  if (const auto found = by_name.find("regions"); found != by_name.end()) {
    head.regions = found->second;
  }
  for (const auto outcome : kOutcomes) {
    const auto found = by_name.find(outcome);
    if (found == by_name.end()) continue;
    head.outcomes.emplace_back(found->first, found->second);
    head.calls += found->second;
  }
}

}  // namespace

void sum_up(Report& report, const Selection& selection, std::span<const Account> accounts) {
  auto& head = report.head;
  head.accounts = accounts.size();
  head.requirement_texts = requirements_of(selection);
  head.account_summaries.clear();
  head.account_summaries.reserve(accounts.size());
  head.summary = {};
  const auto alone = checks_alone(head);
  auto range = report.findings.ranges().begin();
  for (const auto& account : accounts) {
    Sums sums;
    Counts counts;
    for (; range != report.findings.ranges().end() && range->account_id() == account.id; ++range) {
      add(sums[range->check()], *range);
      add_counts(counts, range->tally().counts);
    }
    auto& summary =
        head.account_summaries.emplace_back(sum_up_account(account.id, sums, head, alone));
    summary.findings = counts;
    add_counts(head.summary, summary.judgements);
  }
}

void describe_source(ReportHead& head, const SnapshotSource& source, const Selection& selection,
                     Database& database) {
  head.tool_version = CISWATCH_VERSION;
  head.snapshot_id = source.info.id;
  head.collected_at = source.info.collected_at;
  head.collected_by = source.info.collected_by;
  for (const auto& pack : selection.packs) {
    if (maps_any(pack, selection)) head.packs.push_back({pack.id, pack.title});
  }
  for (const auto* check : selection.checks) {
    head.checks.push_back({check->id, check->title, check->why, level_of(*check, selection), check->remediation,
                           served_by(*check, selection), check->related});
  }
  read_totals(head, database);
}

std::size_t unread_in(Database& database, const std::set<std::string>& regions) {
  if (regions.empty()) return 0;
  auto rows = database.prepare(
      "select service, operation, region, count(*) from main.api_call"
      " where outcome not in ('ok', 'absent') group by 1, 2, 3");
  std::size_t count = 0;
  while (rows.step()) {
    const auto* table = find_table(rows.text(0), rows.text(1));
    if (table == nullptr || !is_regional(*table)) continue;
    if (regions.contains(std::string(rows.text(2)))) {
      count += static_cast<std::size_t>(rows.integer(3));
    }
  }
  return count;
}

}  // namespace ciswatch
