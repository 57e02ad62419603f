#include "cli/remediation_verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "cli/collecting.h"
#include "core/base/stop.h"
#include "core/base/text.h"
#include "core/remediate/settles.h"
#include "rules/evaluate.h"
#include "rules/plan.h"
#include "rules/settings.h"

namespace ciswatch {
namespace {

// What a check says now of an account.
struct Said {
  std::map<std::string, std::pair<Verdict, std::string>> by_id;  // of findings: verdict and detail
  std::vector<std::pair<std::string, std::string>> failing;      // region and resource, of all
  std::string unknown;                                           // the detail of one that is
};

using Settling = std::map<std::string, std::string>;  // findings that AWS needs time for, and what for
using AllSaid = std::map<std::pair<std::string, std::string>, Said>;  // by check and account

AllSaid said_in(const Report& report) {
  AllSaid all;
  for (const auto& range : report.findings.ranges()) {
    auto& said = all[{std::string(range.check()), std::string(range.account_id())}];
    for (const auto& finding : range) {
      said.by_id[finding.id] = {finding.verdict, finding.detail};
      if (finding.verdict == Verdict::unknown) said.unknown = finding.detail;
      if (has_failed(finding.verdict)) {
        said.failing.emplace_back(finding.region, finding.resource);
      }
    }
  }
  return all;
}

MendedFinding by_verdict(const PlannedFinding& finding, Verdict verdict, const std::string& detail) {
  if (verdict == Verdict::pass) return {&finding, Mended::fixed, ""};
  if (has_failed(verdict)) return {&finding, Mended::not_fixed, detail};
  return {&finding, Mended::unknown, detail.empty() ? std::string(name_of(verdict)) : detail};
}

// A finding that is not there any more is fixed where its check knows all of the account and finds no
// other fault in the region: what was not there at all is found under its own name once it is.
MendedFinding what_became(const PlannedFinding& finding, const AllSaid& all, const Settling& settling) {
  const auto found = all.find({finding.check, finding.account_id});
  if (found == all.end() || found->second.by_id.empty()) {
    return {&finding, Mended::unknown, "the check says nothing of the account any more"};
  }
  const auto& said = found->second;
  const auto same = said.by_id.find(finding.id);
  if (same != said.by_id.end()) {
    const auto made = by_verdict(finding, same->second.first, same->second.second);
    const auto waiting = settling.find(finding.id);
    if (made.mended == Mended::fixed || waiting == settling.end()) return made;
    return {&finding, Mended::pending, fmt::format("{} (now: {})", waiting->second, made.why)};
  }
  if (!said.unknown.empty()) return {&finding, Mended::unknown, said.unknown};
  for (const auto& [region, resource] : said.failing) {
    if (region == finding.region) {
      return {&finding, Mended::not_fixed, fmt::format("the check fails for {}", resource)};
    }
  }
  return {&finding, Mended::fixed, ""};
}

// What is changed in one account may show in others, such as an organization's trail.
std::vector<std::string> accounts_to_read(const ChangePlan& plan, const std::vector<MendedFinding>& findings,
                                          const AccountFlags& flags) {
  const auto changed = accounts_of(plan);
  const bool of_one = flags.role.empty() || flags.role.starts_with("arn:");
  if (of_one && flags.file.empty() && !flags.organization) return changed;
  std::set<std::string> accounts(changed.begin(), changed.end());
  for (const auto& each : findings) accounts.insert(each.finding->account_id);
  return {accounts.begin(), accounts.end()};
}

}  // namespace

std::vector<std::string> accounts_of(const ChangePlan& plan) {
  std::set<std::string> accounts;
  for (const auto& change : plan.changes) accounts.insert(change.account_id);
  return {accounts.begin(), accounts.end()};
}

Verification prepare_verification(const ChangePlan& plan, const RemediationApplyFlags& flags) {
  std::set<std::string> checks;
  for (const auto& finding : plan.findings) checks.insert(finding.check);
  Verification made;
  made.chosen.library = load_checks(flags.library, Tests::leave_out);
  if (checks.empty()) return made;
  made.settings = values_set(flags.settings, "CHECK");
  made.chosen.selection =
      choose(*made.chosen.library, {}, std::vector<std::string>(checks.begin(), checks.end()));
  refuse_wrong_settings(*made.chosen.library, made.settings);
  return made;
}

std::vector<MendedFinding> not_verified(const ChangePlan& plan, const std::string& why) {
  std::set<std::string_view> planned;
  for (const auto& change : plan.changes) planned.insert(change.findings.begin(), change.findings.end());
  std::vector<MendedFinding> findings;
  for (const auto& finding : plan.findings) {
    if (planned.contains(finding.id)) findings.push_back({&finding, Mended::unknown, why});
  }
  return findings;
}

std::vector<MendedFinding> verify(const Journal& journal, const Verification& with, LiveFlags reader,
                                  const std::filesystem::path& snapshot) {
  const auto& plan = journal.plan();
  auto findings = not_verified(plan, "");
  if (findings.empty()) return findings;
  reader.accounts.only = accounts_to_read(plan, findings, reader.accounts);
  std::error_code ignored;
  for (const auto* end : {"-wal", "-journal", ""}) {
    std::filesystem::remove(snapshot.string() + ".part" + end, ignored);  // of a run that was killed
  }
  try {
    const auto compiled = compile(with.chosen.selection.checks, *with.chosen.library);
    if (collect_live(reader, required_tables(with.chosen.selection, compiled, with.settings), snapshot,
                     Durability::synced) != 0) {
      return not_verified(plan, "the accounts were not collected again: stopped by a signal");
    }
    EvaluateOptions options;
    options.settings = with.settings;
    options.compiled = &compiled;
    const Snapshot collected(snapshot);
    const auto said = said_in(evaluate(collected, with.chosen.selection, options));
    const auto settling = settling_findings(journal, now());
    for (auto& each : findings) {
      const auto& read = reader.accounts.only;
      const bool is_read = std::find(read.begin(), read.end(), each.finding->account_id) != read.end();
      each = is_read ? what_became(*each.finding, said, settling)
                     : MendedFinding{each.finding, Mended::unknown, "the account was not collected again"};
    }
  } catch (const Error& error) {
    return not_verified(plan, fmt::format("the accounts could not be collected again: {}", error.what()));
  }
  return findings;
}

}  // namespace ciswatch
