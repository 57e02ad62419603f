#include <fmt/format.h>

#include <cstdio>

#include "cli/connection.h"
#include "cli/progress.h"
#include "cli/remediation_result.h"
#include "cli/remediation_verify.h"
#include "core/base/files.h"
#include "core/base/json.h"
#include "core/base/log.h"
#include "core/base/stop.h"
#include "core/base/text.h"
#include "core/hooks/hooks.h"
#include "core/remediate/apply.h"

namespace ciswatch {
namespace {

constexpr std::size_t kLongestPlan = 256u << 20;  // bytes
constexpr std::size_t kHashDigits = 64;

int show(const ChangePlan& plan, const RemediationApplyFlags& flags) {
  fmt::print("{}", in_words(plan));
  const auto file = flags.plan.string();
  fmt::print(stderr, "ciswatch: nothing was changed; to do exactly this:\n  ciswatch remediate apply {} "
                     "--approve {}\n", file, plan_hash(plan));
  return 0;
}

void refuse_unapproved(const ChangePlan& plan, const RemediationApplyFlags& flags) {
  if (flags.approve != plan_hash(plan)) {
    const bool whole = flags.approve.size() == kHashDigits;
    throw Error(fmt::format(
        "--approve: this is not the hash of {}{}; read what it would do, and its hash, with: ciswatch "
        "remediate apply {}",
        flags.plan.string(), whole ? "" : fmt::format(" (that has {} digits)", kHashDigits),
        flags.plan.string()));
  }
  if (plan.changes.size() > flags.max_changes) {
    throw Error(fmt::format("the plan has {} changes, more than the {} of --max-changes; plan for fewer "
                            "checks or accounts, or allow more",
                            plan.changes.size(), flags.max_changes));
  }
  const auto collected = parse_iso8601(plan.collected_at);
  if (!collected) throw Error(fmt::format("{}: the snapshot's time cannot be read", flags.plan.string()));
  const double hours = static_cast<double>(now() - *collected) / 3600;
  if (hours >= flags.max_age) {
    throw Error(fmt::format("the plan is of a snapshot that was collected {:.0f} hours ago, at {}; --max-age "
                            "allows {:g}: collect and plan again",
                            hours, plan.collected_at, flags.max_age));
  }
}

// A veto that is not asked for is none.
void refuse_unasked_veto(const std::vector<Hook>& hooks, const RemediationApplyFlags& flags) {
  if (flags.run_hooks || !has_event(hooks, HookEvent::before_apply)) return;
  throw Error("the configuration names programs that may object to a change (before_apply): have them asked "
              "with --run-hooks, or give another --config");
}

LiveFlags reader_of(const RemediationApplyFlags& flags) {
  LiveFlags reader = flags.live;
  if (!flags.reader_profile.empty()) reader.profile = flags.reader_profile;
  if (!flags.reader_role.empty()) reader.accounts.role = flags.reader_role;
  return reader;
}

ApplyOptions options_for(Progress& progress) {
  ApplyOptions options;
  options.stop = [] { return stop_signal() != 0; };
  options.tick = [&](std::size_t ended, std::size_t all) { progress.show(ended, all); };
  return options;
}

void add_hooks(ApplyOptions& options, const Hooks& hooks) {
  if (!hooks.is_any()) return;
  options.side_by_side = 1;  // while a program runs, nobody looks after what is on the wire
  options.veto = [&](const Change& change) { return hooks.veto(change); };
  options.told = [&](const Change& change, const ChangeStep& step) {
    for (const auto& line : hooks.tell(change, name_of(step.deed), step.why)) warn(line);
  };
}

void journal_run(Journal& journal, std::string_view command, const Connection& connection) {
  std::string roles;
  for (const auto& [id, arn] : connection.roles()) {
    roles += fmt::format("{}{}:{}", roles.empty() ? "" : ",", json_quote(id), json_quote(arn));
  }
  journal.add("", journal_kind::kRun,
              fmt::format(R"({{"command":{},"caller":{},"roles":{{{}}},"ciswatch":{}}})", json_quote(command),
                          json_quote(connection.caller()), roles, json_quote(CISWATCH_VERSION)));
}

void journal_findings(Journal& journal, const std::vector<MendedFinding>& findings) {
  for (const auto& each : findings) {
    journal.note(each.finding->id, journal_kind::kFinding,
                 fmt::format(R"({{"outcome":{},"why":{}}})", json_quote(name_of(each.mended)),
                             json_quote(each.why)));
  }
  journal.sync();
}

bool is_stuck(const std::vector<ChangeStep>& steps) {
  for (const auto& step : steps) {
    if (step.deed == Deed::failed || step.deed == Deed::unclear) return true;
  }
  return false;
}

int finish(Journal& journal, const RemediationResult& result, const std::string& format) {
  fmt::print("{}", format == "json" ? to_json(result) : to_text(result));
  const int signal = stop_signal();
  const int code = signal != 0 ? 128 + signal : exit_code(result);
  journal.add("", journal_kind::kEnd, fmt::format(R"({{"exit_code":{}}})", code));
  if (signal != 0) {
    fmt::print(stderr, "ciswatch: stopped by a signal; what was done is in {}; the same command goes on\n",
               journal.path().string());
  }
  return code;
}

void say_next(const RemediationResult& result, const std::filesystem::path& journal) {
  fmt::print(stderr, "ciswatch: {}; journal {}\n", counts_in_words(result.made), journal.string());
  if (is_stuck(result.made)) {
    fmt::print(stderr, "  (mend what is said above, then the same command goes on; or: ciswatch remediate undo "
                       "{})\n", journal.string());
  }
}

std::vector<MendedFinding> kept_of(const std::vector<MendedFinding>& findings) {
  std::vector<MendedFinding> kept;
  for (const auto& each : findings) {
    if (each.mended != Mended::not_fixed) kept.push_back(each);
  }
  return kept;
}

void undo_useless(Source& source, Journal& journal, ApplyOptions options, RemediationResult& result) {
  options.veto = nullptr;  // asked before a change is made, not before it is taken back
  std::set<std::string> kept;
  for (const auto& each : kept_of(result.findings)) kept.insert(each.finding->id);
  const auto useless = useless_in(journal, kept);
  if (!useless.empty()) result.undone = undo(source, journal, useless, options);
}

int apply_plan(Journal& journal, const Verification& with, const RemediationApplyFlags& flags) {
  const auto& plan = journal.plan();
  const auto& hooks_named = with.chosen.library->hooks;
  refuse_unasked_veto(hooks_named, flags);
  LiveFlags writer = flags.live;
  writer.accounts.only = accounts_of(plan);
  Connection connection(writer, Writes::yes);
  journal_run(journal, "apply", connection);
  Progress progress("applying");
  auto options = options_for(progress);
  const Hooks hooks(flags.run_hooks ? hooks_named : std::vector<Hook>(), plan);
  if (flags.run_hooks) add_hooks(options, hooks);
  RemediationResult result{&plan, journal.path().string(), {}, {}, {}};
  result.made = apply(connection.source(), journal, options);
  progress.clear();
  say_next(result, journal.path());
  if (stop_signal() != 0 || is_stuck(result.made)) {
    result.findings = not_verified(plan, "the accounts were not collected again: not all was done");
    return finish(journal, result, flags.format);
  }
  result.findings = verify(journal, with, reader_of(flags), journal.path().string() + ".after.db");
  journal_findings(journal, result.findings);
  if (flags.auto_undo && stop_signal() == 0) undo_useless(connection.source(), journal, options, result);
  return finish(journal, result, flags.format);
}

}  // namespace

int remediation_apply_command(const RemediationApplyFlags& flags) {
  const auto text = read_file(flags.plan, kLongestPlan);
  const auto plan = parse_plan(text, flags.plan.string());
  if (flags.approve.empty()) return show(plan, flags);
  refuse_unapproved(plan, flags);
  if (plan.changes.empty()) throw Error(fmt::format("{} has no changes", flags.plan.string()));
  const auto with = prepare_verification(plan, flags);  // a check that is not there is told before any call
  const auto path = flags.journal.empty() ? flags.plan.string() + ".journal" : flags.journal.string();
  auto journal = Journal::of_plan(path, text, now);
  return apply_plan(journal, with, flags);
}

int remediation_undo_command(const RemediationUndoFlags& flags) {
  auto journal = Journal::open(flags.journal, now);
  RemediationResult result{&journal.plan(), journal.path().string(), {}, {}, {}};
  const auto changes = done_in(journal);
  if (changes.empty()) {
    fmt::print(stderr, "ciswatch: nothing of {} is left to be undone\n", flags.journal.string());
    return 0;
  }
  LiveFlags writer = flags.live;
  writer.accounts.only = accounts_of(journal.plan());
  Connection connection(writer, Writes::yes);
  journal_run(journal, "undo", connection);
  Progress progress("undoing");
  result.undone = undo(connection.source(), journal, changes, options_for(progress));
  progress.clear();
  return finish(journal, result, flags.format);
}

}  // namespace ciswatch
