#pragma once

// What of a plan is to be done, or undone, and how far earlier runs came with it.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/plan/plan.h"
#include "core/remediate/journal.h"
#include "core/remediate/rows.h"

namespace ciswatch {

// What has become of a change.
//   open     nothing: it was not come to
//   done     the call was made
//   already  it was so: no call
//   skipped  no call: the rows are not as planned, could not be read, or what it needs was not done
//   vetoed   no call: a hook said no
//   failed   the call was refused
//   unclear  the call may have been made, and its rows do not tell: people have to look
//   undone   it was done and undone
//   stays    it is not undone, by design: there is no call that does, or such a thing rests on it
enum class Deed { open, done, already, skipped, vetoed, failed, unclear, undone, stays };
std::string_view name_of(Deed deed);
inline bool is_good(Deed deed) { return deed == Deed::done || deed == Deed::already; }

enum class Direction { forth, back };

// The kind of a journal's event about a change: "intent", "undo-intent".
std::string kind_of(Direction direction, std::string_view kind);

// What an earlier run has journalled of a change.
struct Made {
  Deed deed = Deed::open;
  bool begun = false;  // a call may have left, and what became of it is not journalled
  std::vector<std::string> documents;  // its answer, then its rows' items: what $result refers to
  std::vector<LiveRow> left;           // its rows after it; one each, or none
};

// By change; one for each of the plan.
std::map<std::string, Made> made_in(const Journal& journal, Direction direction);

// One call that is to be made.
struct ChangeStep {
  const Change* change = nullptr;
  UndoCall call;                // also of one that is no undo
  std::vector<RowChange> rows;  // from before to after it
  std::vector<LiveRow> left;    // as it may be instead of before; one for each of `rows`, or none
  std::vector<std::size_t> needs;  // steps that are to be done before
  std::optional<Lookup> lookup;
  bool begun = false;
  Deed deed = Deed::open;
  std::string why;
};

// In the order of the plan, which the journal has. Those that an earlier run has done, or undone, are
// so; all else is open.
std::vector<ChangeStep> steps_forth(const Journal& journal);

// The inverse of those of `changes` that were done, or may have been, in reverse order.
std::vector<ChangeStep> steps_back(const Journal& journal, const std::set<std::string>& changes);

// All changes of the journal that were done, or may have been, and not undone.
std::set<std::string> done_in(const Journal& journal);

// The part of those that helped none of `fixed` findings, and that nothing needs which stays.
std::set<std::string> useless_in(const Journal& journal, const std::set<std::string>& kept_findings);

}  // namespace ciswatch
