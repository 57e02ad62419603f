#include <fmt/format.h>

#include <cstdio>
#include <map>

#include "cli/chosen.h"
#include "cli/scratch_folder.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/remediate/simulate.h"
#include "rules/evaluate.h"

namespace ciswatch {
namespace {

// What is told of a finding whose verdict another one takes the place of.
struct Flip {
  std::string check, account_id, region, resource, detail;
  std::string before, after;  // verdicts; "": there is no such finding
  bool worse = false;
};

bool is_good(Verdict verdict) {
  return verdict == Verdict::pass || verdict == Verdict::not_applicable;
}

using Judgements = std::map<std::string, Finding>;

// All that are not good, by their ids: most findings of a fleet are.
Judgements bad_ones(const Report& report) {
  Judgements found;
  for (const auto& range : report.findings.ranges()) {
    for (const auto& finding : range) {
      if (!is_good(finding.verdict)) found.emplace(finding.id, finding);
    }
  }
  return found;
}

Flip flip_of(const Finding& finding, std::string_view before, std::string_view after) {
  return {finding.check, finding.account_id, finding.region, finding.resource, finding.detail,
          std::string(before), std::string(after)};
}

// Worse is what stands before the old verdict in their order: of what was good, or not there, also unknown.
std::vector<Flip> compare(Judgements before, const Report& after) {
  std::vector<Flip> flips;
  for (const auto& range : after.findings.ranges()) {
    for (const auto& finding : range) {
      const auto old = before.extract(finding.id);
      if (old.empty() && is_good(finding.verdict)) continue;
      const auto old_verdict = old.empty() ? Verdict::pass : old.mapped().verdict;
      if (!old.empty() && old_verdict == finding.verdict) continue;
      flips.push_back(flip_of(finding, old.empty() ? "" : name_of(old_verdict), name_of(finding.verdict)));
      flips.back().worse = finding.verdict < old_verdict;
    }
  }
  for (const auto& [id, finding] : before) {
    flips.push_back(flip_of(finding, name_of(finding.verdict), ""));
  }
  return flips;
}

void print_text(const std::vector<Flip>& flips) {
  for (const auto& flip : flips) {
    fmt::print("{:<8} {} {} {} {}: {} → {}\n", flip.worse ? "WORSE" : "", flip.check, flip.account_id,
               flip.region, printable(flip.resource), flip.before.empty() ? "good" : flip.before,
               flip.after.empty() ? "gone" : flip.after);
    if (flip.worse) fmt::print("           {}\n", printable(flip.detail));
  }
}

void print_json(const ChangePlan& plan, const std::vector<Flip>& flips) {
  fmt::print("{{\"schema_version\":1,\"plan\":{},\"flips\":[", json_quote(plan_hash(plan)));
  for (std::size_t i = 0; i < flips.size(); ++i) {
    const auto& flip = flips[i];
    fmt::print("{}{{\"check\":{},\"account_id\":{},\"region\":{},\"resource\":{},\"before\":{},\"after\":{},"
               "\"worse\":{},\"detail\":{}}}",
               i == 0 ? "\n" : ",\n", json_quote(flip.check), json_quote(flip.account_id),
               json_quote(flip.region), json_quote(flip.resource), json_quote(flip.before),
               json_quote(flip.after), flip.worse, json_quote(flip.detail));
  }
  fmt::print("]}}\n");
}

// What is chosen, or every check: another one than the plan is about may get worse.
Chosen checks_of(const SelectionFlags& flags) {
  if (!flags.packs.empty() || !flags.checks.empty()) return choose_checks(flags);
  Chosen chosen{load_checks(flags.library, Tests::leave_out), {}, {}};
  chosen.selection = choose(*chosen.library, {}, {});
  return chosen;
}

}  // namespace

int remediation_simulate_command(const RemediationSimulateFlags& flags) {
  const auto plan = read_plan(flags.plan);
  const auto chosen = checks_of(flags.selection);
  const ScratchFolder scratch;
  const auto out = flags.out.empty() ? scratch.path() / "simulated.db" : flags.out;
  const Snapshot snapshot(flags.snapshot);
  simulate(plan, snapshot, out);
  EvaluateOptions options;
  auto before = bad_ones(evaluate(snapshot, chosen.selection, options));
  const auto flips = compare(std::move(before), evaluate(Snapshot(out), chosen.selection, options));
  flags.format == "json" ? print_json(plan, flips) : print_text(flips);
  std::size_t worse = 0;
  for (const auto& flip : flips) worse += flip.worse ? 1 : 0;
  fmt::print(stderr, "ciswatch: {} changes would flip {} findings; {} would be worse\n",
             plan.changes.size(), flips.size(), worse);
  return worse == 0 ? 0 : 1;
}

}  // namespace ciswatch
