#pragma once

// Where evaluation gets its connections: a snapshot on disk, or a test's rows in memory. One path
// judges both.

#include <functional>
#include <string>
#include <string_view>

#include "core/store/snapshot.h"
#include "rules/evaluate.h"

namespace ciswatch {

struct Source {
  std::string name;  // for messages
  SnapshotInfo info;
  std::function<bool(std::string_view)> holds;  // was this table collected? Any thread.
  std::function<Database()> open;               // with slice views; any thread
};

// The SQL of the checks must compile: `reads` tells.
Report evaluate_source(const Source& source, const Selection& selection,
                       const EvaluateOptions& options);

// Throws the Error of a damaged file.
[[noreturn]] void throw_damaged(const Source& source, const DatabaseError& error);

}  // namespace ciswatch
