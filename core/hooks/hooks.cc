#include "core/hooks/hooks.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/json.h"
#include "core/base/text.h"

namespace ciswatch {

Hooks::Hooks(std::vector<Hook> hooks, const ChangePlan& plan)
    : hooks_(std::move(hooks)), plan_hash_(plan_hash(plan)) {
  for (const auto& finding : plan.findings) checks_[finding.id] = finding.check;
}

bool Hooks::is_any() const {
  return has_event(hooks_, HookEvent::before_apply) || has_event(hooks_, HookEvent::after_apply);
}

std::optional<std::string> Hooks::veto(const Change& change) const {
  const auto document = hook_document(HookEvent::before_apply, members_of(change));
  for (const auto* hook : hooks_of(HookEvent::before_apply, change)) {
    const auto result = run_hook(*hook, document);
    if (!result.is_good()) return fmt::format("{}: {}", shown_program(*hook), in_words(result));
  }
  return std::nullopt;
}

std::vector<std::string> Hooks::tell(const Change& change, std::string_view outcome,
                                     std::string_view why) const {
  const auto document =
      hook_document(HookEvent::after_apply,
                    fmt::format("{},\"outcome\":{},\"why\":{}", members_of(change),
                                json_quote(outcome), json_quote(why)));
  std::vector<std::string> failed;
  for (const auto* hook : hooks_of(HookEvent::after_apply, change)) {
    const auto result = run_hook(*hook, document);
    if (result.is_good()) continue;
    failed.push_back(fmt::format("{}: {}", shown_program(*hook), in_words(result)));
  }
  return failed;
}

std::vector<const Hook*> Hooks::hooks_of(HookEvent event, const Change& change) const {
  std::vector<const Hook*> wanted;
  for (const auto& hook : hooks_) {
    const auto is_its = [&](const std::string& finding) {
      const auto check = checks_.find(finding);
      return check != checks_.end() && hook.is_of(check->second);
    };
    const bool any = hook.checks.empty() ||
                     std::any_of(change.findings.begin(), change.findings.end(), is_its);
    if (hook.event == event && any) wanted.push_back(&hook);
  }
  return wanted;
}

std::string Hooks::members_of(const Change& change) const {
  return fmt::format("\"plan\":{{\"hash\":{}}},\"change\":{}", json_quote(plan_hash_),
                     to_json(change));
}

bool has_event(const std::vector<Hook>& hooks, HookEvent event) {
  return std::any_of(hooks.begin(), hooks.end(),
                     [&](const Hook& hook) { return hook.event == event; });
}

std::string hook_document(HookEvent event, std::string_view members) {
  return fmt::format(
      R"({{"schema_version":1,"event":"{}","tool":{{"name":"ciswatch","version":"{}"}},{}}})"
      "\n",
      name_of(event), CISWATCH_VERSION, members);
}

std::string shown_program(const Hook& hook) {
  return shortened(printable(hook.run.front()), 80);
}

}  // namespace ciswatch
