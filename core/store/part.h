#pragma once

// The file in which a snapshot comes into being.

#include <filesystem>
#include <span>
#include <string>
#include <vector>

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

// Whether the snapshot has to survive a power failure, or only the program.
enum class Durability { synced, scratch };

// `<path>.part` with the tables of a snapshot, in a transaction. One thread. Throws Error (a disk that
// is full, a folder that cannot be written). Destroyed without publish() or keep(), the part is
// removed; what stood at `path` stays as it was.
class SnapshotPart {
 public:
  SnapshotPart(std::filesystem::path path, Durability durability);
  ~SnapshotPart();
  SnapshotPart(const SnapshotPart&) = delete;
  SnapshotPart& operator=(const SnapshotPart&) = delete;

  [[nodiscard]] Database& database() { return database_; }

  // When all rows are there, and no statement runs: indexes, sums, `info` with its id; then commits.
  // `account_content` is filled unless it has rows already, or the snapshot is a scratch one.
  void close(SnapshotInfo info);

  // After close().
  void publish();                // syncs unless scratch, renames to `path`
  std::filesystem::path keep();  // leaves the part, for who wants to look into it; returns its path

  [[noreturn]] void throw_cannot_write(const DatabaseError& error) const;

 private:
  void write_info(const SnapshotInfo& info);

  std::filesystem::path path_, part_;
  Durability durability_;
  bool done_ = false;
  Database database_;
};

}  // namespace ciswatch
