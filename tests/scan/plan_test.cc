// How SQLite goes about the shipped checks: a large table is read once for a slice, and no table is
// read from end to end for each row of another.

#include <map>
#include <set>

#include "core/base/text.h"
#include "rules/functions.h"
#include "rules/sandbox.h"
#include "rules/sql_text.h"
#include "tests/scan/rig.h"

namespace ciswatch {
namespace {

struct Step {
  std::int64_t id = 0, parent = 0;
  std::string detail;
};

class Plans : public rig::Scan {
 protected:
  Plans()
      : snapshot_(fleet("fleet.db", three_accounts())),
        answered_(with_views(Slice::answered)),
        any_(with_views(Slice::any)) {}

  static fleet::Options three_accounts() {
    fleet::Options options;
    options.accounts = 3;
    return options;
  }

  std::vector<Step> plan(const Check& check, Slice slice) {
    auto& database = slice == Slice::answered ? answered_ : any_;
    auto rows = database.prepare("explain query plan " + with_org_views(check.sql));
    std::vector<Step> steps;
    while (rows.step()) {
      steps.push_back({rows.integer(0), rows.integer(1), std::string(rows.text(3))});
    }
    return steps;
  }

  Database with_views(Slice slice) const {
    auto database = snapshot_.open();
    const auto stored = [](std::string_view) { return true; };
    make_views(database, stored, slice);
    int offset = 0;
    database.add_function("setting", 1,
                          [](std::span<const Value>) -> Value { return std::string("all"); });
    add_functions(database);
    make_views(database, stored, Slice::none);
    for (const auto& view : shared_views(library_.views.sql(), offset)) {
      database.execute(with_org_views(view.sql));
    }
    return database;
  }

  // Tables that make up more than a twentieth of the rows.
  std::set<std::string> large_tables() const {
    auto database = snapshot_.open();
    std::map<std::string, std::int64_t> counts;
    std::int64_t all = 0;
    std::vector<std::string> names{"api_call"};
    for (const auto* table : tables()) names.emplace_back(table->name);
    for (const auto& name : names) {
      auto rows = database.prepare(fmt::format("select count(*) from main.{}", name));
      rows.step();
      all += counts[name] = rows.integer(0);
    }
    std::set<std::string> large;
    for (const auto& [name, count] : counts) {
      if (count * 20 > all) large.insert(name);
    }
    return large;
  }

  std::vector<const Check*> shipped() const {
    std::vector<const Check*> checks;
    for (const auto* check : choose(library_, {}, {}).checks) {
      if (check->id != "fleet-has-trails") checks.push_back(check);
    }
    return checks;
  }

  Snapshot snapshot_;
  Database answered_, any_;
};

// The table that a step reads from one end of the slice to the other; "" if it looks rows up.
std::string scanned(const std::string& detail) {
  const auto words = split(detail, ' ');
  if (words.size() < 2 || !words[1].starts_with("main.")) return "";
  const bool by_key = detail.find("=?") != std::string::npos;
  // Of the ledger, one operation's calls in the slice are a small part.
  return by_key ? "" : words[1].substr(5);
}

TEST_F(Plans, ReadALargeTableOnceForASlice) {
  const auto large = large_tables();
  EXPECT_TRUE(large.contains("aws_kms_key")) << "nothing is large: the fleet is too small";
  for (const auto* check : shipped()) {
    std::map<std::string, int> times;
    for (const auto& step : plan(*check, Slice::answered)) ++times[scanned(step.detail)];
    for (const auto& table : large) EXPECT_LE(times[table], 1) << check->id << " reads " << table;
  }
}

TEST_F(Plans, ReadNoTableFromEndToEndForEachRowOfAnother) {
  for (const auto* check : shipped()) {
    std::set<std::int64_t> outer;  // loops that have begun, by the step above them
    for (const auto& step : plan(*check, Slice::answered)) {
      const bool loop = step.detail.starts_with("SCAN") || step.detail.starts_with("SEARCH");
      if (!loop) continue;
      const bool inner = !outer.insert(step.parent).second;
      EXPECT_FALSE(inner && !scanned(step.detail).empty()) << check->id << ": " << step.detail;
    }
  }
}

// What a check reads of a slice with unanswered calls is a copy of both halves: made once, then
// looked up by an index that SQLite makes for it.
TEST_F(Plans, LookUpTheCopiesOfASliceWithUnansweredCalls) {
  for (const auto* check : shipped()) {
    const auto large = large_tables();
    std::set<std::int64_t> outer;
    for (const auto& step : plan(*check, Slice::any)) {
      const auto words = split(step.detail, ' ');
      if (words[0] != "SCAN" && words[0] != "SEARCH") continue;
      const bool inner = !outer.insert(step.parent).second;
      EXPECT_FALSE(inner && words[0] == "SCAN" && large.contains(words[1]))
          << check->id << ": " << step.detail;
    }
  }
}

// A subquery that is run for each row of another looks up what it wants: read from end to end, it
// would cost the square of the fleet.
TEST_F(Plans, ReadNoTableFromEndToEndInASubqueryForEachRow) {
  for (const auto* check : shipped()) {
    for (const auto slice : {Slice::answered, Slice::any}) {
      std::set<std::int64_t> repeated;  // the steps of such a subquery, but for what is kept of it
      for (const auto& step : plan(*check, slice)) {
        const bool once = step.detail.starts_with("MATERIALIZE") ||
                          step.detail.starts_with("LIST SUBQUERY") ||
                          step.detail.starts_with("SCALAR SUBQUERY");
        const bool again = step.detail.starts_with("CORRELATED") || repeated.contains(step.parent);
        if (again && !once) repeated.insert(step.id);
        EXPECT_FALSE(repeated.contains(step.id) && step.detail.starts_with("SCAN main."))
            << check->id << ": " << step.detail;
      }
    }
  }
}

}  // namespace
}  // namespace ciswatch
