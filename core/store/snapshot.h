#pragma once

// Writing and opening a snapshot: one immutable SQLite file.

#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/closed.h"
#include "core/store/database.h"
#include "core/store/kept.h"
#include "core/store/part.h"
#include "core/store/schema.h"
#include "core/tables/table_spec.h"

namespace ciswatch {

// A row of the ledger `api_call`: one call that was made, or should have been.
struct LedgerRow {
  std::string account_id, region, service, operation, target;
  std::string outcome;  // ok, absent, denied, throttled, disabled, failed, not_tried
  std::string code, message;
  int attempts = 0;
  std::string time;  // ISO 8601; "" when the call was not made
};

// Fills `<path>.part` (core/store/part.h) and makes it the snapshot at `path` when whole; what stood
// there stays until then. One thread. Throws Error (a disk that is full, a folder that cannot be
// written).
class SnapshotWriter {
 public:
  explicit SnapshotWriter(std::filesystem::path path, Durability durability = Durability::synced);
  SnapshotWriter(std::filesystem::path path, Collection collection);

  // Returns its call_id, which is the same for the same call in every snapshot.
  std::int64_t add_call(const LedgerRow& row);

  // When all calls have ended (core/store/closed.h).
  Relabelled close_regions();

  // Values in the order of the spec's columns. A second row with the same key replaces the first.
  void add_row(const TableSpec& table, std::string_view account_id, std::string_view region,
               std::span<const Value> values, std::string_view doc, std::int64_t call_id);

  void add_collected(const TableSpec& table);

  // Of a collection that goes on: what it went on from, and since when it is under way.
  [[nodiscard]] const std::optional<KeptCalls>& kept() const { return part_.kept(); }
  [[nodiscard]] UnixSeconds begun_at() const { return part_.begun_at(); }

  // The calls of an account that are not made again, with the rows of tables that `has_followers`
  // says; none but of a collection that goes on.
  std::vector<KeptCall> kept_calls(std::string_view account_id,
                                   bool (*has_followers)(const TableSpec&));

  // Now and then while no call ends, so that a collection's are saved in time.
  void save_in_time() { part_.save_in_time(); }

  void finish(SnapshotInfo info);  // commits, syncs unless scratch, renames to `path`
  std::filesystem::path keep(SnapshotInfo info);  // commits the incomplete part; returns its path

 private:
  bool insert_call(std::int64_t id);
  void close(SnapshotInfo info);
  Statement& insert_into(const TableSpec& table);

  SnapshotPart part_;
  Statement add_call_;
  std::map<std::string_view, Statement> inserts_;
  bool any_by_scp_ = false;  // since the regions were closed, a call was denied by an SCP
  std::map<std::int64_t, std::int64_t> last_ids_;  // of ids that were taken: the last that was tried
};

// A snapshot on disk, checked to be one. Cheap to make; each thread opens its own database.
class Snapshot {
 public:
  // Throws Error for a file that is missing, not SQLite, not a snapshot, cut short, unfinished,
  // without a table that it names, with anything but tables and indexes, or written by a newer
  // ciswatch.
  explicit Snapshot(std::filesystem::path path);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const SnapshotInfo& info() const { return info_; }
  [[nodiscard]] bool holds(std::string_view table) const { return held_.contains(table); }

  // A connection to what is stored: make_views() shows what is unknown, too. A signal that asks to
  // stop interrupts its statements.
  [[nodiscard]] Database open() const;

 private:
  void read_contents(Database& database);
  [[noreturn]] void throw_damaged(std::string_view why) const;

  std::filesystem::path path_;
  SnapshotInfo info_;
  std::set<std::string, std::less<>> held_;
};

// From now on the name of the ledger and of each of these tables shows its view, at first of all
// accounts.
void make_views(Database& database, const Stored& stored, Slice slice,
                std::span<const TableSpec* const> shown = tables());

// What a snapshot's writer has summed up of it: the rows of one of its tables of sums, or, where there
// are none (an older or a made-up snapshot), those that `otherwise` counts from all of it.
Statement sums(Database& database, std::string_view table, std::string_view sql,
               std::string_view otherwise);

// From now on statements of the connection end with an interrupt when all of them together did more
// than reading the whole file a few dozen times takes (pages of a damaged file may refer to each
// other), or when a signal asks to stop. Counts steps, not time: the same file always ends alike.
void bound_reading(Database& database);

// Which accounts the slice's views show from the next run of a statement on, both ends included.
void show_accounts(Database& database, const std::string& first, const std::string& last);

}  // namespace ciswatch
