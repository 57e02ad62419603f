#include "core/store/snapshot.h"

#include <fmt/format.h>

#include <fstream>
#include <limits>
#include <utility>

#include "core/base/stop.h"
#include "core/store/call_id.h"
#include "core/store/schema.h"
#include "core/store/seal.h"
#include "core/store/shape.h"

namespace ciswatch {
namespace {

constexpr int kLongestValue = 64 << 20;  // bytes; an API answer is bounded to the same size
constexpr int kCacheKilobytes = 8000;    // of a connection: what a slice of accounts reads
// Asked so often whether to stop, opening a snapshot has done a thousand times what it takes: pages
// refer to each other.
constexpr std::int64_t kMostPauses = 3'000;

constexpr std::string_view kAddCall =
    "insert into api_call values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";

std::int64_t next_id(std::int64_t id) {
  return id == std::numeric_limits<std::int64_t>::max() ? 1 : id + 1;
}

std::uint32_t big_endian(const char* bytes) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

// SQLite reads a file that was cut at a page's end without complaint until it needs the lost pages;
// the header knows how many there were (https://sqlite.org/fileformat2.html, offsets 16 and 28).
void check_header(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(fmt::format("cannot read the snapshot {}: no such file, or no permission",
                                   path.string()));
  // SQLite's own files beside it: what they hold is not in it.
  for (const auto* beside : {"-wal", "-journal"}) {
    if (!std::filesystem::exists(path.string() + beside)) continue;
    throw Error(fmt::format(
        "{} was being written when its run ended; go on with it by ciswatch collect --resume",
        path.string()));
  }
  char header[100] = {};
  in.read(header, sizeof header);
  if (in.gcount() != sizeof header || std::string_view(header, 15) != "SQLite format 3") {
    throw Error(fmt::format("{} is not a snapshot: it is not an SQLite file", path.string()));
  }
  const std::uint64_t word = big_endian(header + 16) >> 16;
  const std::uint64_t expected = (word == 1 ? 65536 : word) * big_endian(header + 28);
  const auto size = std::filesystem::file_size(path);
  if (size < expected) {
    throw Error(fmt::format("the snapshot {} is cut short: {} of {} bytes; collect it again",
                            path.string(), size, expected));
  }
}

std::int64_t pragma(Database& database, std::string_view name) {
  auto statement = database.prepare(fmt::format("pragma {}", name));
  return statement.step() ? statement.integer(0) : 0;
}

// None in a snapshot of an older layout.
std::vector<Shard> read_shards(Database& database) {
  auto there = database.prepare("select 1 from main.sqlite_schema where name = 'snapshot_shard'");
  if (!there.step()) return {};
  std::vector<Shard> shards;
  auto rows = database.prepare("select number, count from main.snapshot_shard order by 1");
  while (rows.step()) {
    const auto number = rows.integer(0), count = rows.integer(1);
    if (number < 1 || number > count || count > kMostShards || shards.size() >= kMostShards) {
      throw damage("it names a shard that there cannot be");
    }
    shards.push_back({static_cast<unsigned>(number), static_cast<unsigned>(count)});
  }
  return shards;
}

SnapshotInfo read_info(Database& database, const std::filesystem::path& path) {
  auto row = database.prepare(
      "select id, collected_at, started_at, collected_by, source, complete from snapshot");
  if (!row.step()) {
    throw Error(fmt::format(
        "the snapshot {} was never finished; go on with ciswatch collect --resume, or collect it again",
        path.string()));
  }
  const auto text = [&](int column) { return std::string(row.text(column)); };
  return {text(0), text(1), text(2), text(3), text(4), row.integer(5) != 0, read_shards(database)};
}

}  // namespace

SnapshotWriter::SnapshotWriter(std::filesystem::path path, Durability durability)
    : part_(std::move(path), durability), add_call_(part_.database().prepare(kAddCall)) {}

SnapshotWriter::SnapshotWriter(std::filesystem::path path, Collection collection)
    : part_(std::move(path), std::move(collection)),
      add_call_(part_.database().prepare(kAddCall)) {}

std::int64_t SnapshotWriter::add_call(const LedgerRow& row) {
  part_.count_call();
  add_call_.reset();
  int at = 2;
  for (const auto* text : {&row.account_id, &row.region, &row.service, &row.operation, &row.target,
                           &row.outcome, &row.code, &row.message}) {
    add_call_.lend(at++, std::string_view(*text));
  }
  any_by_scp_ = any_by_scp_ || is_by_scp(row.message);
  add_call_.bind(at++, std::int64_t{row.attempts});
  add_call_.lend(at, std::string_view(row.time));
  const auto own = call_id_of(row);
  for (auto id = own;;) {
    if (insert_call(id)) return id;
    // A call that is told of many times must not try all ids of those before it.
    auto& last = last_ids_.try_emplace(own, own).first->second;
    id = last = next_id(last);
  }
}

Relabelled SnapshotWriter::close_regions() {
  // The whole ledger is read for it. What was kept may be of that kind, too.
  if (!std::exchange(any_by_scp_, false) && !part_.kept()) return {};
  try {
    return ciswatch::close_regions(part_.database());
  } catch (const DatabaseError& error) {
    part_.throw_cannot_write(error);
  }
}

// False when another call has the id: two calls of one kind, or two in a trillion.
bool SnapshotWriter::insert_call(std::int64_t id) {
  add_call_.bind(1, id);
  try {
    add_call_.step();
    return true;
  } catch (const DatabaseError& error) {
    add_call_.reset();
    if (is_constraint(error)) return false;
    part_.throw_cannot_write(error);
  }
}

Statement& SnapshotWriter::insert_into(const TableSpec& table) {
  auto found = inserts_.find(table.name);
  if (found == inserts_.end()) {
    std::string sql = fmt::format("insert or replace into {} values (?, ?", table.name);
    for (std::size_t i = 0; i < table.columns.size(); ++i) sql += ", ?";
    found = inserts_.emplace(table.name, part_.database().prepare(sql + ", ?, ?)")).first;
  }
  found->second.reset();
  return found->second;
}

void SnapshotWriter::add_row(const TableSpec& table, std::string_view account_id,
                             std::string_view region, std::span<const Value> values,
                             std::string_view doc, std::int64_t call_id) {
  try {
    auto& insert = insert_into(table);
    insert.lend(1, account_id);
    insert.lend(2, region);
    int at = 3;
    for (const auto& value : values) insert.lend(at++, value);
    insert.bind(at++, call_id);
    insert.lend(at, doc);
    insert.step();
  } catch (const DatabaseError& error) {
    part_.throw_cannot_write(error);
  }
}

void SnapshotWriter::add_collected(const TableSpec& table) {
  auto insert = part_.database().prepare("insert or ignore into snapshot_table values (?1)");
  insert.bind(1, table.name);
  insert.step();
}

std::vector<KeptCall> SnapshotWriter::kept_calls(std::string_view account_id,
                                                 bool (*has_followers)(const TableSpec&)) {
  if (!part_.kept() || part_.kept()->count == 0) return {};
  try {
    return ciswatch::kept_calls(part_.database(), account_id, has_followers);
  } catch (const DatabaseError& error) {
    part_.throw_cannot_write(error);
  }
}

void SnapshotWriter::close(SnapshotInfo info) {
  add_call_.reset();
  for (auto& entry : inserts_) entry.second.reset();
  part_.close(std::move(info));
}

void SnapshotWriter::finish(SnapshotInfo info) {
  close(std::move(info));
  part_.publish();
}

std::filesystem::path SnapshotWriter::keep(SnapshotInfo info) {
  info.complete = false;
  close(std::move(info));
  return part_.keep();
}

Snapshot::Snapshot(std::filesystem::path path) : path_(std::move(path)) {
  check_header(path_);
  if (!is_intact(path_)) throw_damaged("its bytes are not those that were written");
  std::int64_t pauses = 0;
  try {
    auto database = Database::open_immutable(path_.string());
    database.harden(kLongestValue);
    database.interrupt_when([&] { return stop_signal() != 0 || ++pauses > kMostPauses; });
    if (pragma(database, "application_id") != kApplicationId) {
      throw Error(fmt::format("{} is an SQLite file, but not a ciswatch snapshot", path_.string()));
    }
    if (const auto version = pragma(database, "user_version"); version > kSchemaVersion) {
      throw Error(fmt::format("{} was written by a newer ciswatch (layout {}, this one reads {})",
                              path_.string(), version, kSchemaVersion));
    }
    read_contents(database);
    // SQLite does without statistics that it cannot read to their end, each time they are read.
    if (pauses > kMostPauses) throw_damaged("reading it has no end");
  } catch (const DatabaseError& error) {
    if (stop_signal() != 0) {
      throw Error(fmt::format("stopped by a signal: {} was not read", path_.string()));
    }
    throw_damaged(is_interrupt(error) ? "reading it has no end" : error.what());
  }
}

void Snapshot::read_contents(Database& database) {
  auto names = database.prepare("select name from main.snapshot_table");
  while (names.step()) {
    if (find_table(names.text(0)) != nullptr) held_.emplace(names.text(0));
  }
  try {
    check_shape(database, held_);
  } catch (const DatabaseError&) {
    throw;
  } catch (const Error& error) {
    throw_damaged(error.what());
  }
  info_ = read_info(database, path_);
}

void Snapshot::throw_damaged(std::string_view why) const {
  throw Error(fmt::format("the snapshot {} is damaged ({}); collect it again", path_.string(), why));
}

Database Snapshot::open() const {
  auto database = Database::open_immutable(path_.string());
  database.harden(kLongestValue);
  database.interrupt_when([] { return stop_signal() != 0; });
  database.set_cache(kCacheKilobytes);
  return database;
}

void make_views(Database& database, const Stored& stored, Slice slice,
                std::span<const TableSpec* const> shown) {
  // Every text is at least the empty one, and none in UTF-8 is above this.
  if (slice != Slice::none) show_accounts(database, "", "\xFF");
  std::string sql = ledger_view_sql(slice);
  for (const auto* table : shown) sql += view_sql(*table, stored, slice);
  database.execute(sql);
}

Statement sums(Database& database, std::string_view table, std::string_view sql,
               std::string_view otherwise) {
  auto there = database.prepare(
      fmt::format("select 1 from main.sqlite_schema where type = 'table' and name = '{}'", table));
  if (!there.step()) return database.prepare(otherwise);
  auto any = database.prepare(fmt::format("select 1 from main.{} limit 1", table));
  return database.prepare(any.step() ? sql : otherwise);
}

void bound_reading(Database& database) {
  const auto bytes = pragma(database, "page_size") * pragma(database, "page_count");
  // A row takes eight bytes at least, and about fifty steps: 2,000 are between two pauses.
  database.interrupt_when([left = kMostPauses + bytes / 300]() mutable {
    return stop_signal() != 0 || --left < 0;
  });
}

void show_accounts(Database& database, const std::string& first, const std::string& last) {
  database.set_constant("slice_first", first);
  database.set_constant("slice_last", last);
}

}  // namespace ciswatch
