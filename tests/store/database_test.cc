// SQLite behind our types: three-valued aggregates, the guard, limits, no clock.

#include "core/store/database.h"

#include <gtest/gtest.h>

#include "tests/store/store_rig.h"

namespace ciswatch {
namespace {

std::string one(const std::string& sql) {
  auto database = Database::in_memory();
  return rows_of(database, sql);
}

TEST(Kleene, KeepsWhatIsNotKnown) {
  const auto of = [](std::string_view function, std::string_view values) {
    return one(fmt::format("select {}(value) from json_each('[{}]')", function, values));
  };
  EXPECT_EQ(of("any_ok", "0,null"), "NULL\n");
  EXPECT_EQ(of("any_ok", "null,1,0"), "1\n");
  EXPECT_EQ(of("any_ok", "0,0"), "0\n");
  EXPECT_EQ(of("any_ok", "null"), "NULL\n");
  EXPECT_EQ(of("any_ok", ""), "0\n");
  EXPECT_EQ(of("all_ok", "1,null"), "NULL\n");
  EXPECT_EQ(of("all_ok", "null,0,1"), "0\n");
  EXPECT_EQ(of("all_ok", "1,1"), "1\n");
  EXPECT_EQ(of("all_ok", "null"), "NULL\n");
  EXPECT_EQ(of("all_ok", ""), "1\n");
}

TEST(Kleene, RefusesOtherValues) {
  for (const auto* value : {"2", "-1", "'x'", "0.5", "x'00'"}) {
    EXPECT_THROW(one(fmt::format("select any_ok({})", value)), DatabaseError) << value;
    EXPECT_THROW(one(fmt::format("select all_ok({})", value)), DatabaseError) << value;
  }
}

TEST(Database, HasNoClock) {
  EXPECT_EQ(one("select datetime('now'), current_timestamp, unixepoch(), unixepoch('2026-11-22')"),
            "NULL|NULL|NULL|1795305600\n");
}

TEST(Database, TellsWhereSqlIsWrong) {
  auto database = Database::in_memory();
  try {
    database.prepare("select a frm b c");
    FAIL() << "prepared";
  } catch (const DatabaseError& error) {
    EXPECT_EQ(error.offset(), 13);
    EXPECT_FALSE(is_damage(error));
  }
}

TEST(Database, AsksTheGuardThroughViews) {
  auto database = Database::in_memory();
  database.execute("create table t (a, b); create temp view v as select a from t");
  std::string asked;
  database.authorize([&](const Access& access) {
    if (access.kind == Access::Kind::read) {
      asked += fmt::format("{}.{}.{} through {}\n", access.database, access.table, access.name,
                           access.through);
    }
    return true;
  });
  database.prepare("select a from v");
  EXPECT_EQ(asked, "main.t.a through v\ntemp.v.a through \n");
  database.authorize([](const Access& access) { return access.kind != Access::Kind::other; });
  EXPECT_THROW(database.prepare("insert into t values (1, 2)"), DatabaseError);
  database.authorize({});
  EXPECT_NO_THROW(database.prepare("insert into t values (1, 2)"));
}

TEST(Database, StopsAStatementWhenAsked) {
  auto database = Database::in_memory();
  int asked = 0;
  database.interrupt_when([&] { return ++asked == 3; });
  auto statement = database.prepare(
      "with recursive n(i) as (select 1 union all select i + 1 from n) select sum(i) from n");
  try {
    statement.step();
    FAIL() << "ended";
  } catch (const DatabaseError& error) {
    EXPECT_TRUE(is_interrupt(error));
  }
  EXPECT_EQ(asked, 3);
}

TEST(Database, HardenedReachesNothingOutside) {
  const StoreFolder folder;
  auto database = Database::in_memory();
  database.harden(10'000);
  EXPECT_THROW(database.execute("attach '" + (folder / "x.db").string() + "' as x"), DatabaseError);
  EXPECT_THROW(database.execute("select load_extension('x')"), DatabaseError);
  EXPECT_THROW(database.execute("select replace(hex(zeroblob(4000)), '0', '0123456789')"),
               DatabaseError);
  EXPECT_FALSE(std::filesystem::exists(folder / "x.db"));
}

TEST(Database, CallsFunctionsOfOurs) {
  auto database = Database::in_memory();
  database.add_function("twice", 1, [](std::span<const Value> values) -> Value {
    const auto& value = values[0];
    if (is_null(value)) throw Error("nothing to double");
    if (const auto* text = std::get_if<std::string>(&value)) return *text + *text;
    return std::get<std::int64_t>(value) * 2;
  });
  EXPECT_EQ(rows_of(database, "select twice('ab'), twice(21)"), "abab|42\n");
  EXPECT_THROW(rows_of(database, "select twice(null)"), DatabaseError);
  database.add_function("sum_of", 2, [](std::span<const Value> values) -> Value {
    return std::get<std::int64_t>(values[0]) + std::get<std::int64_t>(values[1]);
  });
  EXPECT_EQ(rows_of(database, "select sum_of(40, 2)"), "42\n");
  EXPECT_THROW(rows_of(database, "select sum_of(40)"), DatabaseError);
}

TEST(Database, KeepsNullApartFromEmptyText) {
  auto database = Database::in_memory();
  database.execute("create table t (a)");
  auto insert = database.prepare("insert into t values (?1)");
  for (const auto& value : {Value(), Value(std::string()), Value(std::int64_t{7})}) {
    insert.bind(1, value);
    insert.step();
    insert.reset();
  }
  EXPECT_EQ(rows_of(database, "select a, typeof(a) from t"), "NULL|null\n|text\n7|integer\n");
}

}  // namespace
}  // namespace ciswatch
