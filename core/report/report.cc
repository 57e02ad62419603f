#include "core/report/report.h"

#include <algorithm>
#include <tuple>

namespace ciswatch {
namespace {

// Of the unknown findings, those that would trip the gate if they failed.
std::size_t unknown_that_matter(const Tally& tally, FailOn fail_on) {
  switch (fail_on) {
    case FailOn::critical: return tally.unknown_critical;
    case FailOn::warn:
    case FailOn::unknown: return tally.counts[Verdict::unknown];
    case FailOn::none: return 0;
  }
  return tally.counts[Verdict::unknown];
}

bool trips(Verdict verdict, FailOn fail_on) {
  switch (verdict) {
    case Verdict::critical: return fail_on != FailOn::none;
    case Verdict::warn: return fail_on == FailOn::warn || fail_on == FailOn::unknown;
    case Verdict::unknown: return fail_on == FailOn::unknown;
    case Verdict::pass:
    case Verdict::not_applicable: return false;
  }
  return true;
}

}  // namespace

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::critical: return "critical";
    case Verdict::warn: return "warn";
    case Verdict::unknown: return "unknown";
    case Verdict::pass: return "pass";
    case Verdict::not_applicable: return "not_applicable";
  }
  return "unknown";
}

std::string_view name_of(Level level) { return level == Level::critical ? "critical" : "warn"; }

bool has_failed(Verdict verdict) { return verdict == Verdict::warn || verdict == Verdict::critical; }

bool is_answered(const SourceCall& call) {
  return call.outcome == "ok" || call.outcome == "absent";
}

bool is_before(const SourceCall& a, const SourceCall& b) {
  return std::tie(a.account_id, a.region, a.service, a.operation, a.target) <
         std::tie(b.account_id, b.region, b.service, b.operation, b.target);
}

const CheckText* Report::check(std::string_view id) const {
  const auto found = std::find_if(head.checks.begin(), head.checks.end(),
                                  [&](const CheckText& check) { return check.id == id; });
  return found == head.checks.end() ? nullptr : &*found;
}

Coverage coverage_of(const ReportHead& head) {
  Coverage coverage = coverage_of(OutcomeCounts(head.outcomes));
  coverage.reads -= std::min(head.closed_reads, coverage.reads - coverage.answered);
  return coverage;
}

int exit_code(const Report& report, const Gate& gate) {
  const Tally& tally = report.findings.tally();
  for (const auto verdict : kVerdicts) {
    if (tally.counts[verdict] > 0 && trips(verdict, gate.fail_on)) return 1;
  }
  if (!gate.min_coverage.is_met(coverage_of(report.head))) return 3;
  return unknown_that_matter(tally, gate.fail_on) > 0 && !gate.allow_unknown ? 3 : 0;
}

}  // namespace ciswatch
