#include "core/store/part.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/files.h"
#include "core/store/content.h"
#include "core/store/ledger_id.h"
#include "core/store/schema.h"
#include "core/store/seal.h"
#include "core/tables/table_spec.h"

namespace ciswatch {
namespace {

constexpr std::size_t kMostNamed = 12;  // shards in one message

std::string cannot_write(const std::filesystem::path& path, const DatabaseError& error) {
  return fmt::format("cannot write {}: {}", path.string(), error.what());
}

void remove_part(const std::filesystem::path& part) {
  std::error_code ignored;
  // SQLite's own files first: a log without its database is nothing, the other way round it is not.
  for (const auto* beside : {"-wal", "-journal", ""}) {
    std::filesystem::remove(part.string() + beside, ignored);
  }
}

std::optional<Database> open_left(const std::filesystem::path& part, bool resume) {
  try {
    return open_begun(part);
  } catch (const DatabaseError& error) {
    if (!resume && is_no_database(error)) return std::nullopt;  // an import that was killed
    throw Error(fmt::format("cannot go on with {}: {}; delete it to begin anew", part.string(),
                            error.what()));
  }
}

void refuse_left(const std::filesystem::path& part) {
  auto left = open_left(part, false);
  if (!left) return;
  throw Error(fmt::format(
      "{} is there: the collection that was begun at {} did not end; go on with it by ciswatch collect "
      "--resume, or delete it to begin anew",
      part.string(), iso8601(read_begun(*left).at)));
}

void create_tables(Database& database) {
  database.execute(fmt::format("pragma application_id = {}; pragma user_version = {};",
                               kApplicationId, kSchemaVersion));
  database.execute("begin;" + tables_sql());
}

// A row of more than a quarter page gets whole pages besides, and rows with policies are often longer
// than 1,000 bytes.
constexpr const char* kPages = "pragma page_size = 8192;";

Database create_part(const std::filesystem::path& part) {
  refuse_left(part);
  remove_part(part);
  try {
    auto database = Database::create(part.string());
    database.execute(kPages);
    // Nobody reads the part and a crash discards it: durability comes once, from publish().
    database.execute("pragma journal_mode = off; pragma synchronous = off;");
    create_tables(database);
    return database;
  } catch (const DatabaseError& error) {
    remove_part(part);
    throw Error(cannot_write(part, error));
  }
}

void set_journal(Database& database, std::string_view mode) {
  auto now = database.prepare(fmt::format("pragma journal_mode = {}", mode));
  if (now.step() && now.text(0) == mode) return;
  throw DatabaseError(fmt::format("SQLite does not change to journal_mode = {}", mode), 0, -1);
}

// The log is synced whenever it is carried over into the file, not at each commit. Since no other
// process may read the file, SQLite needs no shared memory, which network file systems lack.
void keep_log(Database& database) {
  set_journal(database, "wal");
  database.execute("pragma synchronous = normal; pragma wal_autocheckpoint = 4000;");
}

Database begin_collection(const std::filesystem::path& part, const Begun& begun) {
  remove_part(part);
  try {
    auto database = Database::create(part.string());
    database.execute(kPages);
    database.execute("pragma locking_mode = exclusive");
    keep_log(database);
    create_tables(database);
    write_begun(database, begun);
    database.execute("commit; begin");
    return database;
  } catch (const DatabaseError& error) {
    remove_part(part);
    throw Error(cannot_write(part, error));
  }
}

Database open_collection(const std::filesystem::path& part, const Collection& collection,
                         std::optional<KeptCalls>& kept, UnixSeconds& begun_at) {
  begun_at = collection.begun.at;
  if (!collection.resume) refuse_left(part);
  auto left = collection.resume ? open_left(part, true) : std::nullopt;
  if (!left) return begin_collection(part, collection.begun);
  const auto then = read_begun(*left);
  refuse_other(part, then, collection.begun);
  begun_at = then.at;
  left.reset();  // who closes a file loses all locks on it
  try {
    unseal(part);
    left = open_left(part, true);
    if (!left) throw Error(fmt::format("{} is gone", part.string()));
    keep_log(*left);
    kept = go_on(*left, collection.is_answer);
    left->execute("begin");
    return std::move(*left);
  } catch (const Error& error) {
    throw Error(fmt::format("cannot go on with {}: {}; delete it to begin anew", part.string(),
                            error.what()));
  }
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

SnapshotPart::SnapshotPart(std::filesystem::path path, Collection collection)
    : path_(std::move(path)),
      part_(path_.string() + ".part"),
      batch_(collection.batch),
      database_(open_collection(part_, collection, kept_, begun_at_)) {
  stays_ = kept_.has_value();
}

SnapshotPart::~SnapshotPart() {
  if (!stays_) remove_part(part_);
}

void SnapshotPart::throw_cannot_write(const DatabaseError& error) const {
  auto text = cannot_write(part_, error);
  if (stays_) text += "; what was read is kept there: when that is mended, go on with --resume";
  throw Error(text);
}

void SnapshotPart::count_call() {
  if (batch_ == 0) return;
  if (unsaved_ >= batch_) save();
  save_in_time();
  ++unsaved_;
}

void SnapshotPart::save_in_time() {
  if (unsaved_ > 0 && Clock::now() - saved_at_ >= std::chrono::seconds(1)) save();
}

void SnapshotPart::save() {
  try {
    database_.execute("commit; begin");
  } catch (const DatabaseError& error) {
    throw_cannot_write(error);
  }
  stays_ = true;
  unsaved_ = 0;
  saved_at_ = Clock::now();
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

void SnapshotPart::close(SnapshotInfo info, const TellId& id) {
  try {
    database_.execute(indexes_sql());
    info.id = id ? id(database_) : ledger_id(database_);
    write_info(info);
    write_totals(database_);
    // A scratch snapshot is never the previous one of anything.
    if (durability_ == Durability::synced && !has_content(database_)) {
      write_account_content(database_);
    }
    database_.execute("commit");
    stays_ = batch_ > 0;
    if (batch_ > 0) set_journal(database_, "delete");  // the file is then all there is of it
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
  stays_ = true;
}

std::filesystem::path SnapshotPart::keep() {
  seal(part_);
  stays_ = true;
  return part_;
}

}  // namespace ciswatch
