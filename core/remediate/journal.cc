#include "core/remediate/journal.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/crypto.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

namespace fs = std::filesystem;

constexpr int kApplicationId = 0x63777a6a;  // "cwzj"
constexpr int kVersion = 1;
constexpr int kLongestValue = 512 << 20;  // bytes: a plan of 10,000 changes has some 20 MB

constexpr const char* kTable =
    "create table event (number integer primary key, time text not null, change text not null, "
    "kind text not null, payload text not null, hash text not null) strict";
constexpr const char* kTriggers[] = {
    "create trigger event_is_not_changed before update on event begin select raise(abort, "
    "'a journal is only added to'); end",
    "create trigger event_is_not_removed before delete on event begin select raise(abort, "
    "'a journal is only added to'); end",
    "create trigger event_comes_last before insert on event when new.number is not (select "
    "ifnull(max(number), 0) + 1 from event) begin select raise(abort, 'a journal is only added to'); end"};

// Of all that the event says and the hash before it; lengths keep the parts apart.
std::string hash_of(std::string_view before, const Event& event) {
  std::string text = fmt::format("{} {}", before, event.number);
  for (const auto* part : {&event.time, &event.change, &event.kind, &event.payload}) {
    text += fmt::format(" {} ", part->size());
    text += *part;
  }
  return hex(sha256(text));
}

std::string one_text(Database& database, std::string_view sql) {
  auto row = database.prepare(sql);
  return row.step() ? std::string(row.text(0)) : "";
}

void create(Database& database) {
  std::string sql = fmt::format("pragma application_id = {}; pragma user_version = {}; {};",
                                kApplicationId, kVersion, kTable);
  for (const auto* trigger : kTriggers) sql += fmt::format("{};", trigger);
  database.execute(sql);
}

std::vector<std::string> schema_in(Database& database) {
  std::vector<std::string> schema;
  auto rows = database.prepare("select sql from sqlite_schema order by rowid");
  while (rows.step()) schema.emplace_back(rows.text(0));
  return schema;
}

// Exactly what `create` made: the triggers are part of what it promises. SQLite keeps the text, with its
// first words in upper case.
bool is_journal(Database& database) {
  std::vector<std::string> expected = {kTable};
  expected.insert(expected.end(), std::begin(kTriggers), std::end(kTriggers));
  const auto found = schema_in(database);
  return std::equal(found.begin(), found.end(), expected.begin(), expected.end(),
                    [](const auto& a, const auto& b) { return equal_ignoring_case(a, b); }) &&
         one_text(database, "pragma application_id") == std::to_string(kApplicationId);
}

// The log is synced at each commit. Since no other process may have the file, SQLite needs no shared
// memory, which network file systems lack.
Database open_alone(const fs::path& path) {
  try {
    auto database = fs::exists(path) ? Database::open_to_write(path.string())
                                     : Database::create(path.string());
    database.harden(kLongestValue);
    database.execute("pragma locking_mode = exclusive; begin exclusive; commit");
    if (one_text(database, "pragma journal_mode = wal") != "wal") {
      throw Error(fmt::format("cannot write {}: SQLite keeps no log beside it", path.string()));
    }
    database.execute("pragma synchronous = full");
    return database;
  } catch (const DatabaseError& error) {
    if (is_busy(error)) {
      throw Error(fmt::format("another run is at work with {}: wait until it has ended", path.string()));
    }
    if (is_no_database(error)) {
      throw Error(fmt::format("{} is no journal of ciswatch remediate: {}", path.string(), error.what()));
    }
    throw Error(fmt::format("cannot write {}: {}", path.string(), error.what()));
  }
}

Error damaged(const fs::path& path, std::string_view why) {
  return Error(fmt::format(
      "the journal {} is damaged or was edited: {}. Nothing is done by it; look at the accounts, and plan "
      "again from a new snapshot",
      path.string(), why));
}

}  // namespace

Journal::Journal(fs::path path, Database database, Clock clock)
    : path_(std::move(path)), database_(std::move(database)), clock_(std::move(clock)) {}

Journal Journal::of_plan(const fs::path& path, std::string_view plan, Clock clock) {
  Journal journal(path, open_alone(path), std::move(clock));
  try {
    // What a kill in the midst of `begin` has left.
    if (schema_in(journal.database_).empty()) journal.begin(plan);
  } catch (const DatabaseError& error) {
    throw Error(fmt::format("cannot write {}: {}", path.string(), error.what()));
  }
  journal.read();
  const auto asked = plan_hash(parse_plan(plan, "the plan"));
  if (const auto begun = plan_hash(journal.plan()); begun != asked) {
    throw Error(fmt::format(
        "{} is the journal of another plan ({}…, and this one is {}…); give this one a journal of its own "
        "with --journal",
        path.string(), begun.substr(0, 12), asked.substr(0, 12)));
  }
  return journal;
}

Journal Journal::open(const fs::path& path, Clock clock) {
  if (!fs::exists(path)) throw Error(fmt::format("cannot read {}: it is not there", path.string()));
  Journal journal(path, open_alone(path), std::move(clock));
  journal.read();
  return journal;
}

void Journal::begin(std::string_view plan) {
  write([&] {
    database_.execute("begin");
    noted_ = true;
    create(database_);
  });
  add({}, journal_kind::kPlan, plan);
  events_.clear();
}

void Journal::read() {
  try {
    if (!is_journal(database_)) {
      throw Error(fmt::format("{} is no journal of ciswatch remediate, or of another version",
                              path_.string()));
    }
    std::string before;
    auto rows = database_.prepare(
        "select number, time, change, kind, payload, hash from event order by number");
    while (rows.step()) {
      Event event{rows.integer(0), std::string(rows.text(1)), std::string(rows.text(2)),
                  std::string(rows.text(3)), std::string(rows.text(4)), std::string(rows.text(5))};
      if (event.number != static_cast<std::int64_t>(events_.size()) + 1) {
        throw damaged(path_, fmt::format("event {} does not follow on {}", event.number, events_.size()));
      }
      if (event.hash != hash_of(before, event)) {
        throw damaged(path_, fmt::format("the hash of event {} is not that of what it says", event.number));
      }
      before = event.hash;
      events_.push_back(std::move(event));
    }
  } catch (const DatabaseError& error) {
    throw damaged(path_, error.what());
  }
  if (events_.empty() || events_.front().kind != journal_kind::kPlan) {
    throw damaged(path_, "it does not begin with a plan");
  }
  plan_ = parse_plan(events_.front().payload, fmt::format("the plan in {}", path_.string()));
}

void Journal::write(const std::function<void()>& statements) {
  try {
    statements();
  } catch (const DatabaseError& error) {
    throw Error(fmt::format("cannot write the journal {}: {}", path_.string(), error.what()));
  }
}

void Journal::note(std::string_view change, std::string_view kind, std::string_view payload) {
  Event event{static_cast<std::int64_t>(events_.size()) + 1, iso8601(clock_()), std::string(change),
              std::string(kind), std::string(payload), {}};
  event.hash = hash_of(events_.empty() ? "" : events_.back().hash, event);
  write([&] {
    if (!noted_) database_.execute("begin");
    noted_ = true;
    auto insert = database_.prepare("insert into event values (?1, ?2, ?3, ?4, ?5, ?6)");
    insert.bind(1, event.number);
    insert.bind(2, std::string_view(event.time));
    insert.bind(3, std::string_view(event.change));
    insert.bind(4, std::string_view(event.kind));
    insert.bind(5, std::string_view(event.payload));
    insert.bind(6, std::string_view(event.hash));
    insert.step();
  });
  events_.push_back(std::move(event));
}

void Journal::sync() {
  if (!noted_) return;
  write([&] { database_.execute("commit"); });
  noted_ = false;
}

void Journal::add(std::string_view change, std::string_view kind, std::string_view payload) {
  note(change, kind, payload);
  sync();
}

}  // namespace ciswatch
