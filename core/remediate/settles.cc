#include "core/remediate/settles.h"

#include <fmt/format.h>

#include <set>

#include "core/base/json.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

// What has become of a change.
struct State {
  bool as_planned = false;
  std::optional<UnixSeconds> called;  // when its call was answered
};

void take(State& state, const Event& event, bool has_rows) {
  if (event.kind == "done" || event.kind == "already") {
    const Json payload = parse_json(event.payload);
    // Found by reading, or without anything to be read.
    state.as_planned = find(payload, "/rows") != nullptr || !has_rows;
    if (event.kind == "done") state.called = parse_iso8601(event.time);
  } else if (event.kind == "seen") {
    const Json payload = parse_json(event.payload);
    const auto* as_planned = find(payload, "/as_planned");
    state.as_planned = as_planned != nullptr && as_planned->IsBool() && as_planned->GetBool();
  } else {
    state = {};  // begun again, failed, undone
  }
}

std::map<std::string, State> states_in(const Journal& journal) {
  std::map<std::string, bool> has_rows;
  for (const auto& change : journal.plan().changes) has_rows[change.id] = !change.rows.empty();
  std::map<std::string, State> states;
  for (const auto& event : journal.events()) {
    const auto known = has_rows.find(event.change);
    if (known != has_rows.end()) take(states[event.change], event, known->second);
  }
  return states;
}

}  // namespace

std::map<std::string, std::string> settling_findings(const Journal& journal, UnixSeconds now) {
  auto states = states_in(journal);
  std::set<std::string> others;  // findings of which something is not as planned, or is to show at once
  std::map<std::string, std::string> settling;
  for (const auto& change : journal.plan().changes) {
    const auto& state = states[change.id];
    if (!state.as_planned || !change.settles) others.insert(change.findings.begin(), change.findings.end());
    if (!change.settles || !state.called) continue;
    const auto until = *state.called + UnixSeconds{60} * change.settles->minutes;
    if (now >= until) continue;
    const auto words = fmt::format("done; {}, which AWS shows by about {}: scan again then",
                                   change.settles->what, iso8601(until));
    for (const auto& finding : change.findings) settling[finding] = words;
  }
  for (const auto& finding : others) settling.erase(finding);
  return settling;
}

}  // namespace ciswatch
