#include "core/remediate/steps.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/json.h"
#include "core/plan/members.h"

namespace ciswatch {
namespace {

constexpr std::string_view kDeeds[] = {"open",   "done",   "already", "skipped",
                                       "vetoed", "failed", "unclear", "undone", "stays"};  // by Deed

void add_rows(Made& made, const JsonValue& payload) {
  const auto* rows = find(payload, "/rows");
  if (rows == nullptr || !rows->IsArray()) return;
  made.left.clear();
  for (const auto& row : rows->GetArray()) {
    made.left.push_back(row_in(to_text(row)));
    made.documents.push_back(made.left.back().item);
  }
}

void take(Made& made, std::string_view kind, const Json& payload) {
  if (kind == "seen") return add_rows(made, payload);
  made.begun = kind == "intent" || kind == "lost" || kind == "unclear";
  const bool is_good = kind == "done" || kind == "already";
  made.deed = kind == "done" ? Deed::done : kind == "already" ? Deed::already : Deed::open;
  if (!is_good) return;
  const auto* answer = find(payload, "/answer");
  made.documents = {answer == nullptr ? "" : to_text(*answer)};
  add_rows(made, payload);
}

// Steps of changes that a text of one of the change's refers to, and that it names itself.
void add_needs(ChangeStep& step, const std::map<std::string, std::size_t>& places) {
  std::set<std::size_t> needs;
  for (const auto& id : step.change->needs) needs.insert(places.at(id));
  const auto note = [&](const std::string& change, const std::string&) -> std::optional<std::string> {
    const auto found = places.find(change);
    if (found != places.end()) needs.insert(found->second);
    return std::nullopt;
  };
  static_cast<void>(resolve(step.call.params, note));
  step.needs.assign(needs.begin(), needs.end());
}

std::set<std::string> needed_by(const Change& change) {
  std::set<std::string> ids(change.needs.begin(), change.needs.end());
  static_cast<void>(resolve(change.params, [&](const std::string& id, const std::string&) {
    ids.insert(id);
    return std::optional<std::string>();
  }));
  return ids;
}

ChangeStep step_back(const Change& change, const Made& made) {
  ChangeStep step;
  step.change = &change;
  for (auto row : change.rows) {
    std::swap(row.before, row.after);
    step.rows.push_back(std::move(row));
  }
  if (made.left.size() == step.rows.size()) step.left = made.left;
  if (change.undo) {
    step.call = *change.undo;
  } else {
    step.deed = Deed::stays;
    step.why = "it cannot be undone: " + change.no_undo;
  }
  if (made.begun && change.rows.empty()) {
    step.deed = Deed::skipped;
    step.why = "whether it was done is not known";
  }
  return step;
}

}  // namespace

std::string_view name_of(Deed deed) { return kDeeds[static_cast<std::size_t>(deed)]; }

std::string kind_of(Direction direction, std::string_view kind) {
  return fmt::format("{}{}", direction == Direction::back ? "undo-" : "", kind);
}

std::map<std::string, Made> made_in(const Journal& journal, Direction direction) {
  std::map<std::string, Made> all;
  for (const auto& change : journal.plan().changes) all[change.id];
  for (const auto& event : journal.events()) {
    const bool is_back = event.kind.starts_with("undo-");
    const auto found = all.find(event.change);
    if (found == all.end() || is_back != (direction == Direction::back)) continue;
    take(found->second, std::string_view(event.kind).substr(is_back ? 5 : 0), parse_json(event.payload));
  }
  return all;
}

std::vector<ChangeStep> steps_forth(const Journal& journal) {
  const auto made = made_in(journal, Direction::forth);
  const auto undone = made_in(journal, Direction::back);
  std::vector<ChangeStep> steps;
  std::map<std::string, std::size_t> places;
  for (const auto& change : journal.plan().changes) {
    ChangeStep step;
    step.change = &change;
    step.call = {change.service, change.operation, change.params};
    step.rows = change.rows;
    step.lookup = change.lookup;
    step.begun = made.at(change.id).begun;
    step.deed = made.at(change.id).deed;
    const auto& back = undone.at(change.id);
    if (back.begun || back.deed == Deed::done) {
      step.deed = Deed::undone;
      step.why = "it was undone; plan again to do it again";
    }
    add_needs(step, places);
    places.emplace(change.id, steps.size());
    steps.push_back(std::move(step));
  }
  return steps;
}

std::vector<ChangeStep> steps_back(const Journal& journal, const std::set<std::string>& changes) {
  const auto made = made_in(journal, Direction::forth);
  const auto undone = made_in(journal, Direction::back);
  std::vector<ChangeStep> steps;
  std::map<std::string, std::vector<std::size_t>> needing;  // steps of the changes that need one
  const auto& all = journal.plan().changes;
  for (auto change = all.rbegin(); change != all.rend(); ++change) {
    if (!changes.contains(change->id)) continue;
    auto step = step_back(*change, made.at(change->id));
    const auto& back = undone.at(change->id);
    step.begun = back.begun;
    if (back.deed != Deed::open) step.deed = back.deed;
    step.needs = needing[change->id];
    for (const auto& id : needed_by(*change)) needing[id].push_back(steps.size());
    steps.push_back(std::move(step));
  }
  return steps;
}

std::set<std::string> done_in(const Journal& journal) {
  const auto undone = made_in(journal, Direction::back);
  std::set<std::string> ids;
  for (const auto& [id, made] : made_in(journal, Direction::forth)) {
    const auto back = undone.at(id).deed;
    if ((made.deed == Deed::done || made.begun) && back == Deed::open) ids.insert(id);
  }
  return ids;
}

std::set<std::string> useless_in(const Journal& journal, const std::set<std::string>& kept_findings) {
  const auto done = done_in(journal);
  std::set<std::string> useless, needed;
  const auto& all = journal.plan().changes;
  for (auto change = all.rbegin(); change != all.rend(); ++change) {
    if (!done.contains(change->id)) continue;
    const bool helped = std::any_of(change->findings.begin(), change->findings.end(), [&](const auto& id) {
      return kept_findings.contains(id);
    });
    if (!helped && !needed.contains(change->id)) {
      useless.insert(change->id);
    } else {
      needed.merge(needed_by(*change));
    }
  }
  return useless;
}

}  // namespace ciswatch
