#include "core/store/begun.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "core/base/text.h"
#include "core/store/schema.h"
#include "core/store/shape.h"
#include "core/tables/table_spec.h"

namespace ciswatch {
namespace {

constexpr int kLongestValue = 1'000'000'000;  // bytes: what SQLite allows where a part is begun
constexpr std::size_t kMostNamed = 5;    // words of a list that differs
constexpr std::string_view kTime = "started_at";

bool is_any(Database& database, std::string_view from) {
  return database.prepare(fmt::format("select 1 from main.{} limit 1", from)).step();
}

bool holds_calls(Database& database) {
  auto mark = database.prepare("pragma application_id");
  if (!mark.step() || mark.integer(0) != kApplicationId) return false;
  return is_any(database, "sqlite_schema where name = 'snapshot_begun'") &&
         is_any(database, "snapshot_begun") &&
         is_any(database, "api_call where outcome in ('ok', 'absent')");
}

// The words of the list `one` that `other` lacks, the first few by name.
std::string only_in(const std::string& one, const std::string& other) {
  const auto theirs = split(other, ',');
  const std::set<std::string> known(theirs.begin(), theirs.end());
  std::vector<std::string> words;
  for (auto& word : split(one, ',')) {
    if (!word.empty() && !known.contains(word)) words.push_back(printable(word));
  }
  if (words.empty()) return "none";
  const auto more = words.size() - std::min(words.size(), kMostNamed);
  words.resize(std::min(words.size(), kMostNamed));
  return join(words, ", ") + (more == 0 ? "" : fmt::format(" and {} more", more));
}

std::string differences(const Begun& then, const Begun& now) {
  std::set<std::string> names;
  for (const auto& entry : then.with) names.insert(entry.first);
  for (const auto& entry : now.with) names.insert(entry.first);
  const auto value = [](const Begun& begun, const std::string& name) {
    const auto found = begun.with.find(name);
    return found == begun.with.end() ? std::string() : found->second;
  };
  std::string text;
  for (const auto& name : names) {
    const auto before = value(then, name), after = value(now, name);
    if (before == after) continue;
    text += fmt::format("{}{} (then {}, now {})", text.empty() ? "" : "; ", printable(name),
                        only_in(before, after), only_in(after, before));
  }
  return text;
}

void drop_indexes(Database& database) {
  std::vector<std::string> names;
  {
    auto rows = database.prepare(
        "select replace(name, '\"', '\"\"') from main.sqlite_schema"
        " where type = 'index' and sql is not null");
    while (rows.step()) names.emplace_back(rows.text(0));
  }
  for (const auto& name : names) database.execute(fmt::format("drop index main.\"{}\"", name));
}

// Who asks is told to anybody: where that was refused, it was the account's role that was.
void drop_unanswered(Database& database) {
  constexpr std::string_view kUnanswered =
      "from main.api_call where not is_answer(outcome, code) or (service = 'sts' and outcome <> 'ok')";
  if (!is_any(database, kUnanswered.substr(kUnanswered.find("api_call")))) return;
  for (const auto* table : tables()) {
    database.execute(fmt::format("delete from main.{} where call_id in (select call_id {})",
                                 table->name, kUnanswered));
  }
  database.execute(fmt::format("delete {}", kUnanswered));
}

void refuse_damage(Database& database) {
  auto check = database.prepare("pragma main.quick_check(1)");
  if (check.step() && check.text(0) != "ok") throw damage(std::string(check.text(0)));
}

}  // namespace

std::optional<Database> open_begun(const std::filesystem::path& part) {
  if (!std::filesystem::exists(part)) return std::nullopt;
  try {
    auto database = Database::open_to_write(part.string());
    database.harden(kLongestValue);
    // No other process may write it meanwhile, and none has to see what is being written.
    database.execute("pragma locking_mode = exclusive; begin exclusive; commit");
    if (!holds_calls(database)) return std::nullopt;
    return database;
  } catch (const DatabaseError& error) {
    if (!is_busy(error)) throw;
    throw Error(fmt::format("another run is writing {}", part.string()));
  }
}

Begun read_begun(Database& database) {
  Begun begun;
  auto rows = database.prepare("select name, value from main.snapshot_begun");
  while (rows.step()) {
    if (rows.text(0) == kTime) {
      begun.at = parse_iso8601(rows.text(1)).value_or(0);
    } else {
      begun.with.emplace(rows.text(0), rows.text(1));
    }
  }
  return begun;
}

void write_begun(Database& database, const Begun& begun) {
  database.execute(
      "create table snapshot_begun (name text primary key, value text not null) strict, without rowid");
  auto insert = database.prepare("insert into snapshot_begun values (?1, ?2)");
  auto all = begun.with;
  all.emplace(kTime, iso8601(begun.at));
  for (const auto& [name, value] : all) {
    insert.reset();
    insert.bind(1, std::string_view(name));
    insert.bind(2, std::string_view(value));
    insert.step();
  }
}

void refuse_other(const std::filesystem::path& part, const Begun& then, const Begun& now) {
  if (const auto text = differences(then, now); !text.empty()) {
    throw Error(fmt::format(
        "cannot go on with {}, which was begun otherwise: {}; give what it was begun with, or delete "
        "it to begin anew",
        part.string(), text));
  }
  const std::chrono::seconds between(now.at - then.at);
  if (between > kMostBetween) {
    throw Error(fmt::format(
        "cannot go on with {}: it was begun at {}, and a snapshot does not mix times more than {} hours "
        "apart; delete it to begin anew",
        part.string(), iso8601(then.at), kMostBetween.count()));
  }
}

KeptCalls go_on(Database& database, const IsAnswer& is_answer) {
  std::set<std::string, std::less<>> all;
  for (const auto* table : tables()) all.emplace(table->name);
  refuse_damage(database);
  check_shape(database, all);
  database.add_function("is_answer", 2, [is_answer](std::span<const Value> call) -> Value {
    const auto* outcome = std::get_if<std::string>(&call[0]);
    const auto* code = std::get_if<std::string>(&call[1]);
    return std::int64_t{outcome != nullptr && code != nullptr && is_answer(*outcome, *code)};
  });
  database.execute("begin");
  drop_indexes(database);
  database.execute(
      "delete from main.snapshot; delete from main.snapshot_shard; delete from main.snapshot_total;"
      " delete from main.account_content; delete from main.snapshot_table");
  drop_unanswered(database);
  KeptCalls kept;
  {
    auto row = database.prepare("select count(*), min(time), max(time) from main.api_call");
    if (row.step()) {
      kept = {row.integer(0), std::string(row.text(1)), std::string(row.text(2))};
    }
  }
  database.execute("commit");
  return kept;
}

}  // namespace ciswatch
