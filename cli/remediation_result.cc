#include "cli/remediation_result.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/base/json.h"
#include "core/base/text.h"
#include "core/plan/members.h"

namespace ciswatch {
namespace {

constexpr std::string_view kMended[] = {"fixed", "pending", "not_fixed", "unknown"};  // by Mended
constexpr std::size_t kLongestShown = 2000;  // bytes of a request

std::string shown(std::string_view text) { return printable(shortened(text, kLongestShown)); }

std::string step_json(const ChangeStep& step) {
  const auto& change = *step.change;
  return fmt::format(
      R"({{"id":{},"title":{},"account_id":{},"region":{},"service":{},"operation":{},"outcome":{},"why":{}}})",
      json_quote(change.id), json_quote(change.title), json_quote(change.account_id),
      json_quote(change.region), json_quote(step.call.service), json_quote(step.call.operation),
      json_quote(name_of(step.deed)), json_quote(step.why));
}

std::string finding_json(const MendedFinding& each) {
  const auto& finding = *each.finding;
  return fmt::format(
      R"({{"id":{},"check":{},"account_id":{},"region":{},"resource":{},"was":{},"outcome":{},"why":{}}})",
      json_quote(finding.id), json_quote(finding.check), json_quote(finding.account_id),
      json_quote(finding.region), json_quote(finding.resource), json_quote(finding.verdict),
      json_quote(name_of(each.mended)), json_quote(each.why));
}

template <typename Item, typename Write>
std::string list_of(const std::vector<Item>& items, Write write) {
  std::string list;
  for (const auto& item : items) list += (list.empty() ? "" : ",") + write(item);
  return '[' + list + ']';
}

std::string step_text(const ChangeStep& step) {
  const auto& change = *step.change;
  return fmt::format("  {:<8} {}  {} {}  {} {}  {}\n{}", name_of(step.deed), printable(change.id),
                     printable(change.account_id), printable(change.region), printable(step.call.service),
                     printable(step.call.operation), printable(change.title),
                     step.why.empty() ? "" : fmt::format("           {}\n", shown(step.why)));
}

std::string finding_text(const MendedFinding& each) {
  const auto& finding = *each.finding;
  return fmt::format("  {:<9} {}  {} {}  {}\n{}", name_of(each.mended), printable(finding.check),
                     printable(finding.account_id), printable(finding.region), printable(finding.resource),
                     each.why.empty() ? "" : fmt::format("            {}\n", shown(each.why)));
}

std::string in_words(const std::vector<MendedFinding>& findings) {
  std::map<Mended, std::size_t> counts;
  for (const auto& each : findings) ++counts[each.mended];
  const auto pending = counts[Mended::pending];
  return fmt::format("{} fixed, {}{} not fixed, {} unknown", counts[Mended::fixed],
                     pending == 0 ? "" : fmt::format("{} pending, ", pending), counts[Mended::not_fixed],
                     counts[Mended::unknown]);
}

void tell_row(std::string& text, const RowChange& row) {
  const auto name = printable(row.key.empty() ? row.target : row.key);
  text += fmt::format("    {} {}{}\n", printable(row.table), name,
                      row.before.empty() ? ": is made" : row.after.empty() ? ": is deleted" : "");
  for (const auto& line : changes_in_words(row.before, row.after)) {
    text += fmt::format("      {}\n", shown(line));
  }
}

void tell_change(std::string& text, const Change& change) {
  text += fmt::format("\n{}  {} {}  {}\n    {} {} {}\n", printable(change.id), printable(change.account_id),
                      printable(change.region), printable(change.title), printable(change.service),
                      printable(change.operation), shown(change.params));
  for (const auto& row : change.rows) tell_row(text, row);
  text += change.undo ? fmt::format("    undone by: {} {} {}\n", printable(change.undo->service),
                                    printable(change.undo->operation), shown(change.undo->params))
                      : fmt::format("    cannot be undone: {}\n", shown(change.no_undo));
  if (!change.needs.empty()) text += fmt::format("    after: {}\n", printable(join(change.needs, ", ")));
  if (change.settles) {
    text += fmt::format("    shows later: {}, within about {} minutes\n", shown(change.settles->what),
                        change.settles->minutes);
  }
  if (!change.cost.empty()) text += fmt::format("    cost: {}\n", shown(change.cost));
  if (!change.risk.empty()) text += fmt::format("    risk: {}\n", shown(change.risk));
  for (const auto& other : change.touches) text += fmt::format("    touches: {}\n", shown(other));
}

}  // namespace

std::string_view name_of(Mended mended) { return kMended[static_cast<std::size_t>(mended)]; }

int exit_code(const RemediationResult& result) {
  int code = 0;
  for (const auto* steps : {&result.made, &result.undone}) {
    for (const auto& step : *steps) {
      if (step.deed == Deed::failed || step.deed == Deed::unclear) return 2;
      if (!is_good(step.deed) && step.deed != Deed::stays) code = 1;
    }
  }
  bool is_pending = false;
  for (const auto& each : result.findings) {
    if (each.mended == Mended::not_fixed || each.mended == Mended::unknown) code = 1;
    is_pending = is_pending || each.mended == Mended::pending;
  }
  return code == 0 && is_pending ? 3 : code;
}

std::string to_json(const RemediationResult& result) {
  return fmt::format(
      "{{\"schema_version\":1,\"plan\":{},\"journal\":{},\"changes\":{},\n\"undone\":{},\n\"findings\":{}}}\n",
      json_quote(plan_hash(*result.plan)), json_quote(result.journal), list_of(result.made, step_json),
      list_of(result.undone, step_json), list_of(result.findings, finding_json));
}

std::string to_text(const RemediationResult& result) {
  std::string text;
  if (!result.made.empty()) {
    text += fmt::format("changes: {}\n", counts_in_words(result.made));
    for (const auto& step : result.made) text += step_text(step);
  }
  if (!result.undone.empty()) {
    text += fmt::format("undone: {}\n", counts_in_words(result.undone));
    for (const auto& step : result.undone) text += step_text(step);
  }
  if (!result.findings.empty()) {
    text += fmt::format("findings: {}\n", in_words(result.findings));
    for (const auto& each : result.findings) text += finding_text(each);
  }
  return text;
}

std::string in_words(const ChangePlan& plan) {
  std::set<std::string_view> accounts;
  for (const auto& change : plan.changes) accounts.insert(change.account_id);
  std::string text = fmt::format("plan {}\nof snapshot {}, collected at {}: {} in {}\n",
                                 plan_hash(plan), printable(plan.snapshot_id), printable(plan.collected_at),
                                 counted(plan.changes.size(), "change"), counted(accounts.size(), "account"));
  for (const auto& change : plan.changes) tell_change(text, change);
  return text;
}

std::string counts_in_words(const std::vector<ChangeStep>& steps) {
  std::map<Deed, std::size_t> counts;
  for (const auto& step : steps) ++counts[step.deed];
  std::vector<std::string> words;
  for (const auto& [deed, count] : counts) {
    words.push_back(fmt::format("{} {}", count, deed == Deed::open ? "not begun" : name_of(deed)));
  }
  return words.empty() ? "nothing to do" : join(words, ", ");
}

}  // namespace ciswatch
