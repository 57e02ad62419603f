#include "cli/finding_hooks.h"

#include <fmt/format.h>

#include <cstdio>
#include <set>

#include "core/base/log.h"
#include "core/base/stop.h"
#include "core/base/text.h"
#include "core/hooks/hooks.h"
#include "reporters/finding_object.h"

namespace ciswatch {
namespace {

constexpr std::size_t kMostHung = 10;

bool is_of_findings(const Hook& hook) {
  return hook.event == HookEvent::on_finding || hook.event == HookEvent::on_new_critical;
}

bool is_failing(Verdict verdict, HookEvent event) {
  return event == HookEvent::on_finding ? has_failed(verdict) : verdict == Verdict::critical;
}

// Hands each finding that the hook is for to `visit(range, finding)`.
template <typename Visit>
void each_finding(const Report& report, const Hook& hook, std::optional<KeptFindings>& earlier,
                  const Visit& visit) {
  for (const auto& range : report.findings.ranges()) {
    const Counts& counts = range.tally().counts;  // without those that are waived
    const auto failing = counts[Verdict::critical] +
                         (hook.event == HookEvent::on_finding ? counts[Verdict::warn] : 0);
    if (failing == 0 || !hook.is_of(range.check())) continue;
    std::set<std::string, std::less<>> known;
    if (hook.event == HookEvent::on_new_critical && earlier) {
      known = earlier->critical_ids(std::string(range.account_id()), std::string(range.check()));
    }
    for (const auto& finding : range) {
      if (finding.waived || !is_failing(finding.verdict, hook.event)) continue;
      if (!known.contains(finding.id)) visit(range, finding);
    }
  }
}

std::string snapshot_member(const ReportHead& head) {
  return fmt::format("\"snapshot\":{{\"id\":{},\"collected_at\":{}}},\"finding\":",
                     quoted_json(head.snapshot_id), quoted_json(head.collected_at));
}

}  // namespace

// One hook on all findings of a report that it is for.
class FindingHooks::Round {
 public:
  // Takes what it runs from `runs_left`.
  Round(const Report& report, const Hook& hook, std::size_t& runs_left)
      : hook_(hook),
        runs_left_(runs_left),
        object_(report),
        snapshot_(snapshot_member(report.head)),
        runs_(hook, [this](const auto& name, const auto& result) { ended(name, result); }) {}

  void visit(const FindingRange& range, const Finding& finding) {
    if (runs_left_ == 0 || !given_up_.empty() || stop_signal() != 0) {
      ++left_out_;
      return;
    }
    --runs_left_;
    ++runs_made_;
    if (range_ != &range) object_.enter(range);
    range_ = &range;
    std::string members = snapshot_;
    object_.append(members, finding);
    runs_.start(fmt::format("{} of {}", finding.check, shortened(finding.resource, 200)),
                hook_document(hook_.event, members));
  }

  void finish() {
    runs_.finish();
    if (runs_made_ == 0 && left_out_ == 0) return;
    const auto program = shown_program(hook_);
    fmt::print(stderr, "ciswatch: {} was run for {}{}\n", program, counted(runs_made_, "finding"),
               failed_ == 0 ? "" : fmt::format(": {} failed", failed_));
    if (left_out_ == 0) return;
    const auto why = stop_signal() != 0   ? std::string("stopped by a signal")
                     : !given_up_.empty() ? given_up_
                                          : fmt::format("at most {} runs a scan", kMostHookRuns);
    warn(fmt::format("not handed to {}: {} ({})", program, counted(left_out_, "finding"), why));
  }

 private:
  void ended(const std::string& name, const HookResult& result) {
    hung_ = result.end == HookResult::End::timed_out ? hung_ + 1 : 0;
    if (result.is_good()) return;
    ++failed_;
    const bool is_missing = result.end == HookResult::End::not_started;
    if (!is_missing || given_up_.empty()) {
      warn(fmt::format("{} for {}: {}", shown_program(hook_), name, in_words(result)));
    }
    if (is_missing) given_up_ = "it cannot be started";
    if (hung_ == kMostHung) given_up_ = fmt::format("its time was up {} times in a row", kMostHung);
  }

  const Hook& hook_;
  std::size_t& runs_left_;
  FindingObject object_;
  const FindingRange* range_ = nullptr;  // that object_ has entered
  std::string snapshot_;
  std::size_t runs_made_ = 0, failed_ = 0, left_out_ = 0;
  std::size_t hung_ = 0;  // in a row
  std::string given_up_;  // why
  HookRuns runs_;
};

FindingHooks::FindingHooks(const std::vector<Hook>& hooks, const std::filesystem::path& previous)
    : hooks_(hooks) {
  if (previous.empty() || !has_event(hooks, HookEvent::on_new_critical)) return;
  const auto kept = kept_beside(previous);
  if (std::filesystem::exists(kept)) earlier_.emplace(kept);
}

void FindingHooks::run(const Report& report, bool for_real) {
  std::size_t runs_left = kMostHookRuns;
  for (const auto& hook : hooks_) {
    if (!is_of_findings(hook)) continue;
    if (for_real) {
      Round round(report, hook, runs_left);
      each_finding(report, hook, earlier_,
                   [&](const auto& range, const auto& finding) { round.visit(range, finding); });
      round.finish();
      continue;
    }
    std::size_t count = 0;
    each_finding(report, hook, earlier_, [&](const auto&, const auto&) { ++count; });
    if (count == 0) continue;
    fmt::print(stderr, "ciswatch: {} would run {}: give --run-hooks\n", counted(count, "finding"),
               shown_program(hook));
  }
}

}  // namespace ciswatch
