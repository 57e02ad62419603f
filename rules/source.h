#pragma once

// Where evaluation gets its connections: a snapshot on disk, or a test's rows in memory. One path
// judges both.

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "core/store/snapshot.h"
#include "rules/evaluate.h"

namespace ciswatch {

// Not named Source: core/collect has one, and two types of one name are one to the linker.
struct SnapshotSource {
  std::string name;  // for messages
  std::filesystem::path path;  // "" for none
  SnapshotInfo info;
  std::function<bool(std::string_view)> holds;  // was this table collected? Any thread.
  std::function<Database()> open;                // what is stored; any thread
};

// A snapshot on disk; it may go before.
SnapshotSource source_of(const Snapshot& snapshot);

// With options.compiled.
Report evaluate_source(const SnapshotSource& source, const Selection& selection,
                       const EvaluateOptions& options);

// Throws the Error of a damaged file.
[[noreturn]] void throw_damaged(const SnapshotSource& source, const DatabaseError& error);

}  // namespace ciswatch
