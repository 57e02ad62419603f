#pragma once

// The file in which a snapshot comes into being.

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/store/begun.h"
#include "core/store/database.h"

namespace ciswatch {

// One of `count` parts of the accounts, counted from 1.
struct Shard {
  unsigned number = 1;
  unsigned count = 1;
};

// No more parts than these.
inline constexpr unsigned kMostShards = 10'000;

// The other parts of what these, which have one count, are parts of; in their order.
std::vector<Shard> others_than(std::span<const Shard> shards);

// "shards 3 and 7 of 8 are", the first dozen by number. Not for none.
std::string in_words(std::span<const Shard> shards);

struct SnapshotInfo {
  std::string id;  // hash of the ledger, the same for the same answers; filled in when it is closed
  std::string collected_at, started_at, collected_by;
  std::string source;  // "live" or "recording"
  bool complete = true;
  std::vector<Shard> shards = {};  // what it is of, in their order; empty: all accounts
};

// Tells the id of what is in the database (core/store/ledger_id.h), by a shorter way.
using TellId = std::function<std::string(Database&)>;

// Whether the snapshot has to survive a power failure, or only the program.
enum class Durability { synced, scratch };

// How a collection writes: so that another run can go on with what a kill leaves.
struct Collection {
  Begun begun;
  IsAnswer is_answer;
  bool resume = false;          // go on with what stands there; begin anew where nothing does
  std::int64_t batch = 1'000;   // calls that are saved at once
};

// `<path>.part` with the tables of a snapshot, in a transaction. One thread. Throws Error (a disk that
// is full, a folder that cannot be written). What stood at `path` stays until publish(). The part is
// locked: a second process that would write it gets an Error.
//
// Of a Collection, SQLite's write-ahead log stands beside the part, and each `batch` of calls with their
// rows is saved, or what there is once a second. Killed at any point, it loses no more than what was
// not saved, and by a power failure no more than what was written since the log was last synced
// (32 MB); it is sound in both cases. The destructor leaves it where anything was saved.
//
// Without a Collection a kill leaves rubbish, which the next run replaces. Destroyed without publish()
// or keep(), the part is removed. Both refuse to begin anew where a collection has left its part.
class SnapshotPart {
 public:
  SnapshotPart(std::filesystem::path path, Durability durability);
  SnapshotPart(std::filesystem::path path, Collection collection);
  ~SnapshotPart();
  SnapshotPart(const SnapshotPart&) = delete;
  SnapshotPart& operator=(const SnapshotPart&) = delete;

  [[nodiscard]] Database& database() { return database_; }

  [[nodiscard]] const std::optional<KeptCalls>& kept() const { return kept_; }  // if it goes on
  [[nodiscard]] UnixSeconds begun_at() const { return begun_at_; }  // of a Collection

  // Before a call's row is written, when all rows of those before it are.
  void count_call();
  void save_in_time();  // what there is, when a second has passed

  // When all rows are there, and no statement runs: indexes, sums, `info` with its id; then commits.
  // `account_content` is filled unless it has rows already, or the snapshot is a scratch one.
  void close(SnapshotInfo info, const TellId& id = {});

  // After close().
  void publish();                // syncs unless scratch, renames to `path`
  std::filesystem::path keep();  // leaves the part, for who wants to look into it; returns its path

  [[noreturn]] void throw_cannot_write(const DatabaseError& error) const;

 private:
  using Clock = std::chrono::steady_clock;

  void save();
  void write_info(const SnapshotInfo& info);

  std::filesystem::path path_, part_;
  Durability durability_ = Durability::synced;
  std::int64_t batch_ = 0;  // 0: no collection
  std::int64_t unsaved_ = 0;  // calls
  Clock::time_point saved_at_ = Clock::now();
  bool stays_ = false;  // whatever becomes of this object
  std::optional<KeptCalls> kept_;
  UnixSeconds begun_at_ = 0;
  Database database_;
};

}  // namespace ciswatch
