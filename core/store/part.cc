#include "core/store/part.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/crypto.h"
#include "core/base/files.h"
#include "core/store/content.h"
#include "core/store/schema.h"
#include "core/store/seal.h"
#include "core/tables/table_spec.h"

namespace ciswatch {
namespace {

constexpr std::size_t kMostNamed = 12;  // shards in one message
constexpr int kSortingKilobytes = 64'000;  // of memory, for the indexes and the ledger's order

std::string cannot_write(const std::filesystem::path& path, const DatabaseError& error) {
  return fmt::format("cannot write {}: {}", path.string(), error.what());
}

Database create_part(const std::filesystem::path& part) {
  std::filesystem::remove(part);
  try {
    auto database = Database::create(part.string());
    // Nobody reads the part and a crash discards it: durability comes once, from publish().
    // A row of more than a quarter page gets whole pages besides, and rows with policies are often
    // longer than 1,000 bytes.
    database.execute("pragma journal_mode = off; pragma synchronous = off; pragma page_size = 8192;");
    database.execute(fmt::format("pragma application_id = {}; pragma user_version = {};",
                                 kApplicationId, kSchemaVersion));
    database.execute("begin;" + tables_sql());
    return database;
  } catch (const DatabaseError& error) {
    std::error_code ignored;
    std::filesystem::remove(part, ignored);
    throw Error(cannot_write(part, error));
  }
}

// The same answers give the same id, in whatever order they came.
std::string ledger_hash(Database& database) {
  auto rows = database.prepare(
      "select account_id, service, operation, region, target, outcome, code, time from api_call"
      " order by 1, 2, 3, 4, 5, 6, 7, 8");
  std::string digest;
  while (rows.step()) {
    std::string line = digest;
    for (int i = 0; i < rows.columns(); ++i) line.append(rows.text(i)).push_back('\0');
    digest = bytes_of(sha256(line));
  }
  return hex(digest).substr(0, 16);
}

bool has_content(Database& database) {
  return database.prepare("select 1 from account_content limit 1").step();
}

}  // namespace

std::vector<Shard> others_than(std::span<const Shard> shards) {
  std::set<unsigned> there;
  for (const auto& shard : shards) there.insert(shard.number);
  std::vector<Shard> others;
  const auto count = shards.empty() ? 0 : shards.front().count;
  for (unsigned number = 1; number <= count; ++number) {
    if (!there.contains(number)) others.push_back({number, count});
  }
  return others;
}

std::string in_words(std::span<const Shard> shards) {
  std::string words;
  const auto named = std::min(shards.size(), kMostNamed);
  for (std::size_t i = 0; i < named; ++i) {
    const bool last = i + 1 == shards.size();
    words += fmt::format("{}{}", i == 0 ? "" : last ? " and " : ", ", shards[i].number);
  }
  if (named < shards.size()) words += fmt::format(" and {} more", shards.size() - named);
  return fmt::format("{} {} of {} {}", shards.size() == 1 ? "shard" : "shards", words,
                     shards.front().count, shards.size() == 1 ? "is" : "are");
}

SnapshotPart::SnapshotPart(std::filesystem::path path, Durability durability)
    : path_(std::move(path)),
      part_(path_.string() + ".part"),
      durability_(durability),
      database_(create_part(part_)) {}

SnapshotPart::~SnapshotPart() {
  if (done_) return;
  std::error_code ignored;
  std::filesystem::remove(part_, ignored);
}

void SnapshotPart::throw_cannot_write(const DatabaseError& error) const {
  throw Error(cannot_write(part_, error));
}

void SnapshotPart::write_info(const SnapshotInfo& info) {
  auto insert = database_.prepare("insert into snapshot values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
  int at = 1;
  for (const auto* text :
       {&info.id, &info.collected_at, &info.started_at, &info.collected_by, &info.source}) {
    insert.bind(at++, std::string_view(*text));
  }
  insert.bind(at++, std::int64_t{info.complete});
  insert.bind(at++, std::string_view(CISWATCH_VERSION));
  insert.bind(at, spec_version());
  insert.step();
  auto shard = database_.prepare("insert into snapshot_shard values (?1, ?2)");
  for (const auto& [number, count] : info.shards) {
    shard.reset();
    shard.bind(1, std::int64_t{number});
    shard.bind(2, std::int64_t{count});
    shard.step();
  }
}

void SnapshotPart::close(SnapshotInfo info) {
  try {
    database_.set_cache(kSortingKilobytes);
    database_.execute(indexes_sql());
    info.id = ledger_hash(database_);
    write_info(info);
    write_totals(database_);
    // A scratch snapshot is never the previous one of anything.
    if (durability_ == Durability::synced && !has_content(database_)) {
      write_account_content(database_);
    }
    database_.execute("commit");
  } catch (const DatabaseError& error) {
    throw_cannot_write(error);
  }
}

void SnapshotPart::publish() {
  if (durability_ == Durability::synced) {
    seal(part_);
    ciswatch::publish(part_, path_);
  } else {
    std::error_code failed;
    std::filesystem::rename(part_, path_, failed);
    if (failed) throw Error(fmt::format("cannot write {}: {}", path_.string(), failed.message()));
  }
  done_ = true;
}

std::filesystem::path SnapshotPart::keep() {
  seal(part_);
  done_ = true;
  return part_;
}

}  // namespace ciswatch
