#include <fmt/format.h>

#include <set>

#include "cli/chosen.h"
#include "core/base/text.h"
#include "rules/evaluate.h"
#include "rules/waiving.h"

namespace ciswatch {
namespace {

void add_warning(std::vector<Diagnostic>& diagnostics, const WaiverEntry& waiver, std::string text) {
  diagnostics.push_back({waiver.file.string(), waiver.place.line, waiver.place.column,
                         std::move(text), Severity::warning});
}

// What a scan of the snapshot with their checks would find of the waivers.
void judge(const std::filesystem::path& path, Chosen& chosen, std::vector<Diagnostic>& diagnostics) {
  std::set<std::string> ids;
  for (const auto& waiver : chosen.waivers) ids.insert(waiver.checks.begin(), waiver.checks.end());
  if (ids.empty()) return;
  chosen.selection = choose(*chosen.library, {}, std::vector<std::string>(ids.begin(), ids.end()));
  EvaluateOptions options;
  options.waivers = chosen.waivers;
  const Report report = evaluate(Snapshot(path), chosen.selection, options);
  // Theirs come last, one for each.
  auto waiver = chosen.waivers.begin();
  for (const auto& finding : report.findings.ranges().back()) {
    if (finding.verdict != Verdict::pass) add_warning(diagnostics, *waiver, finding.detail);
    ++waiver;
  }
}

void judge_by_today(std::span<const WaiverEntry> waivers, std::vector<Diagnostic>& diagnostics) {
  const auto today = now();
  for (const auto& waiver : waivers) {
    for (auto& fault : faults_at(waiver, today)) add_warning(diagnostics, waiver, std::move(fault));
  }
}

}  // namespace

int waivers_lint_command(const WaiversFlags& flags) {
  Chosen chosen = choose_checks({});
  std::vector<Diagnostic> diagnostics;
  chosen.waivers = read_waivers(flags.files, *chosen.library, diagnostics);
  const std::size_t errors = diagnostics.size();
  if (errors == 0) {
    if (flags.snapshot.empty()) {
      judge_by_today(chosen.waivers, diagnostics);
    } else {
      judge(flags.snapshot, chosen, diagnostics);
    }
  }
  for (const auto& diagnostic : diagnostics) fmt::print("{}\n", to_text(diagnostic));
  fmt::print(stderr, "ciswatch: {}, {}\n", counted(errors, "error"),
             counted(diagnostics.size() - errors, "warning"));
  return errors == 0 ? 0 : kExitUsage;
}

}  // namespace ciswatch
