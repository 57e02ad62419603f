#include "core/report/report.h"

#include <algorithm>

namespace ciswatch {
namespace {

// Would this finding trip the gate if it failed?
bool reaches(const Finding& finding, FailOn fail_on) {
  switch (fail_on) {
    case FailOn::critical: return finding.level == Level::critical;
    case FailOn::warn:
    case FailOn::unknown: return true;
    case FailOn::none: return false;
  }
  return true;
}

bool trips(const Finding& finding, FailOn fail_on) {
  switch (finding.verdict) {
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

bool is_answered(const SourceCall& call) {
  return call.outcome == "ok" || call.outcome == "absent";
}

const CheckText* Report::check(std::string_view id) const {
  const auto found = std::find_if(head.checks.begin(), head.checks.end(),
                                  [&](const CheckText& check) { return check.id == id; });
  return found == head.checks.end() ? nullptr : &*found;
}

int exit_code(const Report& report, const Gate& gate) {
  bool evidence_missing = false;
  for (const auto& finding : report.findings) {
    if (finding.waived) continue;
    if (trips(finding, gate.fail_on)) return 1;
    if (finding.verdict == Verdict::unknown && reaches(finding, gate.fail_on)) {
      evidence_missing = true;
    }
  }
  return evidence_missing && !gate.allow_unknown ? 3 : 0;
}

}  // namespace ciswatch
