#include <fmt/format.h>

#include <cstdio>
#include <future>
#include <map>
#include <memory>
#include <optional>

#include "cli/chosen.h"
#include "cli/collecting.h"
#include "cli/finding_hooks.h"
#include "cli/progress.h"
#include "cli/scratch_folder.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/base/stop.h"
#include "core/base/text.h"
#include "reporters/reporter.h"
#include "rules/evaluate.h"
#include "rules/plan.h"
#include "rules/settings.h"

namespace ciswatch {
namespace {

namespace fs = std::filesystem;

// A report to be written: opened before the work begins, so that a path that cannot be written is
// found out at once.
struct Output {
  const Reporter* reporter;
  std::string path;
  std::unique_ptr<AsideFile> file;
};

std::vector<Output> open_outputs(const std::vector<std::string>& wanted) {
  std::vector<Output> outputs;
  std::size_t on_stdout = 0;
  for (const auto& report : wanted.empty() ? std::vector<std::string>{"text"} : wanted) {
    const auto equals = report.find('=');
    const std::string format = report.substr(0, equals);
    const std::string path = equals == std::string::npos ? "-" : report.substr(equals + 1);
    const Reporter* reporter = find_reporter(format);
    if (reporter == nullptr) {
      std::vector<std::string> names;
      for (const auto& known : reporters()) names.emplace_back(known.name);
      throw Error(fmt::format("--report: there is no format '{}'{} (formats: {})", format,
                              did_you_mean(format, names), join(names, ", ")));
    }
    if (path.empty()) throw Error(fmt::format("--report {}: the path is missing", report));
    if (path == "-" && ++on_stdout > 1) {
      throw Error("--report: only one report can go to stdout; write the others as FORMAT=PATH");
    }
    outputs.push_back({reporter, path, std::make_unique<AsideFile>(path)});
  }
  return outputs;
}

void write_reports(const Report& report, std::vector<Output>& outputs, const ScanFlags& flags) {
  ReportStyle style;
  style.language = flags.language == "ja" ? Language::ja : Language::en;
  const auto write = [&report, &style](Output& output) {
    ReportStyle own = style;
    own.colour = output.path == "-" && colour_wanted();
    output.reporter->write(report, own,
                           [&](std::string_view bytes) { output.file->write(bytes); });
    output.file->commit();
  };
  if (flags.jobs == 1) {  // one thread in all
    for (auto& output : outputs) write(output);
    return;
  }
  // Side by side: most of this is waiting until the disk has it.
  std::vector<std::future<void>> written;
  for (auto& output : outputs) {
    written.push_back(std::async(std::launch::async, [&] { write(output); }));
  }
  for (auto& each : written) each.get();
}

Gate gate_of(const ScanFlags& flags) {
  static const std::map<std::string, FailOn> kNames = {{"critical", FailOn::critical},
                                                       {"warn", FailOn::warn},
                                                       {"unknown", FailOn::unknown},
                                                       {"none", FailOn::none}};
  return {kNames.at(flags.fail_on), flags.allow_unknown, LeastCoverage(flags.min_coverage)};
}

void say_coverage(const Report& report, const Gate& gate, const ScanFlags& flags) {
  const Coverage coverage = coverage_of(report.head);
  const bool met = gate.min_coverage.is_met(coverage);
  if (met && flags.snapshot.empty()) return;  // collecting it has just said so
  fmt::print(stderr, "ciswatch: {} were answered{}\n", in_words(coverage),
             met ? "" : fmt::format(": less than --min-coverage {:g}", flags.min_coverage));
}

void say_gate(const Report& report, const Gate& gate, const std::string& fail_on) {
  const int code = exit_code(report, {gate.fail_on, gate.allow_unknown});  // coverage has its own line
  const Counts& count = report.findings.tally().counts;
  if (count.waived > 0) fmt::print(stderr, "ciswatch: {} findings are waived\n", count.waived);
  if (code == 1) {
    fmt::print(stderr,
               "ciswatch: the gate --fail-on {} is not met: {} critical, {} warn, {} unknown\n",
               fail_on, count[Verdict::critical], count[Verdict::warn], count[Verdict::unknown]);
  } else if (code == 3) {
    fmt::print(stderr,
               "ciswatch: no finding trips the gate --fail-on {}, but evidence for it is missing: "
               "{} unknown\n  (grant what the report names, or accept it with --allow-unknown)\n",
               fail_on, count[Verdict::unknown]);
  } else if (gate.allow_unknown && count[Verdict::unknown] > 0) {
    fmt::print(stderr, "ciswatch: {} unknown findings accepted by --allow-unknown\n",
               count[Verdict::unknown]);
  }
}

EvaluateOptions evaluate_options(const ScanFlags& flags) {
  EvaluateOptions options;
  options.jobs = flags.jobs;
  options.time_limit = std::chrono::seconds(flags.check_seconds);
  options.closed_regions = {flags.closed_regions.begin(), flags.closed_regions.end()};
  options.settings = values_set(flags.settings, "CHECK");
  return options;
}

bool needs_evidence(const Gate& gate) {
  // Of accounts that are not there, nothing was read.
  if (!gate.min_coverage.is_met({1, 0})) return true;
  return gate.fail_on != FailOn::none && !gate.allow_unknown;
}

// What accounts of shards that are not there would say, is evidence that is missing.
int lacking_shards(const Snapshot& snapshot, const Gate& gate, int code) {
  const auto missing = others_than(snapshot.info().shards);
  if (missing.empty()) return code;
  warn(in_words(missing) + " not in the snapshot: nothing is said of their accounts");
  return code == 0 && needs_evidence(gate) ? 3 : code;
}

int judge(const fs::path& path, const Chosen& chosen, const Compiled& compiled,
          std::vector<Output>& outputs, const ScanFlags& flags) {
  const Snapshot snapshot(path);
  EvaluateOptions options = evaluate_options(flags);
  options.compiled = &compiled;
  std::optional<Snapshot> previous;
  if (!flags.previous.empty()) options.previous = &previous.emplace(flags.previous);
  options.waivers = chosen.waivers;
  FindingHooks hooks(chosen.library->hooks, flags.previous);
  Progress progress("judging");
  options.progress = [&](std::size_t done, std::size_t all) { progress.show(done, all); };
  const Report report = evaluate(snapshot, chosen.selection, options);
  progress.clear();
  write_reports(report, outputs, flags);
  const Gate gate = gate_of(flags);
  const int code = exit_code(report, gate);
  say_coverage(report, gate, flags);
  say_gate(report, gate, flags.fail_on);
  hooks.run(report, flags.run_hooks);
  return lacking_shards(snapshot, gate, code);
}

}  // namespace

int scan_command(const ScanFlags& flags) {
  // --set may name any check.
  Chosen chosen = choose_checks(flags.selection, Tests::leave_out,
                                flags.settings.empty() ? Others::leave_out : Others::read);
  // A wrong waiver or --set is told before anything is collected.
  chosen.waivers = load_waivers(flags.waivers, *chosen.library);
  const auto settings = evaluate_options(flags).settings;
  refuse_wrong_settings(*chosen.library, settings);
  if (!flags.previous.empty() && flags.snapshot.empty() && flags.out.empty()) {
    throw Error("--previous: what is found is kept beside the snapshot for the next time, so that it "
                "has to stay; give -o FILE");
  }
  auto outputs = open_outputs(flags.reports);
  const auto compiled = compile(chosen.selection.checks, *chosen.library);
  if (!flags.snapshot.empty()) return judge(flags.snapshot, chosen, compiled, outputs, flags);
  std::optional<ScratchFolder> scratch;
  if (flags.out.empty()) scratch.emplace();
  const fs::path path = scratch ? scratch->path() / "snapshot.db" : flags.out;
  const int collected =
      collect_live(flags.live, required_tables(chosen.selection, compiled, settings), path,
                   scratch ? Durability::scratch : Durability::synced);
  if (collected != 0) {
    if (scratch) scratch->keep();
    return collected;
  }
  return judge(path, chosen, compiled, outputs, flags);
}

}  // namespace ciswatch
