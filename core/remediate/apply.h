#pragma once

// A plan's changes made, and undone: each row is read just before and after, what is about to be done
// is on the disk before the call leaves, and what became of it as soon as it is known.

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/collect/source.h"
#include "core/remediate/journal.h"
#include "core/remediate/steps.h"

namespace ciswatch {

struct ApplyOptions {
  std::function<bool()> stop;  // whether nothing new is to be begun
  // Why the change must not be made; nullopt where nothing objects. Its rows are read again after it. One
  // that blocks, as `told` too, needs `side_by_side` 1: nothing else is on the wire then.
  std::function<std::optional<std::string>(const Change&)> veto;
  std::function<void(const Change&, const ChangeStep&)> told;  // what has become of it in this run
  std::function<void(std::size_t ended, std::size_t all)> tick;
  std::size_t side_by_side = 16;  // changes
  // How long after a change a call that needs it may be refused for its newness, and how often it is
  // made again (core/remediate/settling.h).
  std::chrono::milliseconds settle{60'000}, settle_pause{5'000};
};

// Makes the changes of the journal's plan that earlier runs have not made: those that need nothing of
// each other side by side, of one row in their order. The first call that fails, or whose end is not
// clear, ends it: what is under way comes to its end, nothing new begins. Returns all changes in the
// plan's order. Throws Error when the journal cannot be written; the source may then only be destroyed.
std::vector<ChangeStep> apply(Source& source, Journal& journal, const ApplyOptions& options);

// The same for the inverse calls of these changes: each only where its rows still are as it left them,
// and when what needs it is undone.
std::vector<ChangeStep> undo(Source& source, Journal& journal, const std::set<std::string>& changes,
                       const ApplyOptions& options);

}  // namespace ciswatch
