#pragma once

// A collection that a kill, a signal or an error ended before its end: what it was begun with, and
// whether another run may go on with it.

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/time.h"
#include "core/store/database.h"

namespace ciswatch {

// What the snapshot of a collection depends on. It stays in the snapshot, as `snapshot_begun`.
struct Begun {
  UnixSeconds at = 0;
  // By what a user calls it: "--region" → "eu-west-1,us-east-1". Words of lists stand between commas.
  std::map<std::string, std::string> with;
};

// Whether a call of the ledger was answered, so that it is not made again.
using IsAnswer = std::function<bool(std::string_view outcome, std::string_view code)>;

// The calls that were answered before.
struct KeptCalls {
  std::int64_t count = 0;
  std::string from, to;  // their times; "" for none
};

// A snapshot does not mix times that are further apart than this.
inline constexpr std::chrono::hours kMostBetween{24};

// What stands at `part`, locked for this process; nullopt: no file, or one of no collection, or in which
// nothing was found out. Throws Error where another process is writing it, DatabaseError for one
// that is damaged, and for what is no database.
std::optional<Database> open_begun(const std::filesystem::path& part);

Begun read_begun(Database& database);
void write_begun(Database& database, const Begun& begun);  // makes the table; in a transaction

// Throws Error, which says what differs, where `now` would have made another snapshot than `then`.
void refuse_other(const std::filesystem::path& part, const Begun& then, const Begun& now);

// Makes of what was left a part that can be filled: without what stands for its end (indexes, sums,
// `snapshot`), and without calls that were not answered, and their rows. All of it or nothing. Throws
// Error for a file that no ciswatch has written, DatabaseError for a damaged one.
KeptCalls go_on(Database& database, const IsAnswer& is_answer);

}  // namespace ciswatch
