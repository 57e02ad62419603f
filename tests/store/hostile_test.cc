// A file that says it is a snapshot and that no ciswatch wrote: refused with what is wrong, soon.

#include <gtest/gtest.h>

#include <vector>

#include "core/store/snapshot.h"
#include "tests/store/endless.h"
#include "tests/store/store_rig.h"

namespace ciswatch {
namespace {

class HostileSnapshot : public ::testing::Test {
 protected:
  HostileSnapshot() {
    SnapshotWriter writer(path_);
    const auto& table = *find_table("aws_vpc");
    const auto call = writer.add_call(ledger_row("aws_vpc", "us-east-1", "ok"));
    std::vector<Value> values(table.columns.size());
    values[0] = std::string("vpc-1");
    writer.add_row(table, "111111111111", "us-east-1", values, "{}", call);
    writer.add_collected(table);
    SnapshotInfo info;
    info.collected_at = info.started_at = "2026-11-22T00:00:00Z";
    writer.finish(info);
  }

  void change(const std::string& sql) {
    auto database = Database::create(path_.string());
    database.execute("pragma writable_schema = on");
    database.execute(sql);
  }

  // What opening says; "" if nothing.
  [[nodiscard]] std::string refusal() const {
    try {
      const Snapshot snapshot(path_);
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  }

  void expect_refusal(std::string_view part) {
    const auto text = refusal();
    EXPECT_NE(text.find(path_.string()), std::string::npos) << text;
    EXPECT_NE(text.find("is damaged"), std::string::npos) << text;
    EXPECT_NE(text.find(part), std::string::npos) << text;
  }

  StoreFolder folder_;
  std::filesystem::path path_ = folder_ / "s.db";
};

TEST_F(HostileSnapshot, LacksATableThatItNames) {
  change("drop table aws_vpc");
  expect_refusal("lacks its table aws_vpc");
}

TEST_F(HostileSnapshot, MayLackTablesThatItDoesNotName) {
  change("drop table aws_kms_key; drop table snapshot_total; drop table account_content");
  EXPECT_EQ(refusal(), "");
}

TEST_F(HostileSnapshot, LacksTheLedger) {
  change("drop table api_call");
  expect_refusal("lacks its table api_call");
}

TEST_F(HostileSnapshot, LacksAColumn) {
  change("alter table aws_vpc rename column is_default to gone");
  expect_refusal("lacks the column aws_vpc.is_default");
}

TEST_F(HostileSnapshot, LacksTheKeyThatCallsAreLookedUpBy) {
  change(
      "update sqlite_schema set sql = replace(sql, 'call_id integer primary key', 'call_id "
      "integer')"
      " where name = 'api_call'");
  expect_refusal("has no key of its calls");
}

// Of another version, or loose: what its values are is told when they are read.
TEST_F(HostileSnapshot, MayHaveAnotherTypeOfColumn) {
  change(
      "update sqlite_schema set sql = replace(sql, 'is_default integer', 'is_default blob')"
      " where name = 'aws_vpc'");
  EXPECT_EQ(refusal(), "");
}

TEST_F(HostileSnapshot, HasAColumnThatIsComputed) {
  change(
      "update sqlite_schema set sql = replace(sql, 'state text', 'state text as "
      "(hex(zeroblob(9)))')"
      " where name = 'aws_vpc'");
  expect_refusal("computed column");
}

TEST_F(HostileSnapshot, HasAViewWithoutAnEnd) {
  change(
      "alter table aws_vpc rename to hidden; create view aws_vpc as with recursive r (x) as"
      " (select 1 union all select x + 1 from r) select x from r");
  expect_refusal("neither a table nor an index: view aws_vpc");
}

TEST_F(HostileSnapshot, NamesItsTablesInAViewWithoutAnEnd) {
  change(
      "drop table snapshot_table; create view snapshot_table as with recursive r (x) as"
      " (select 1 union all select x + 1 from r) select x as name from r");
  expect_refusal("reading it has no end");
}

TEST_F(HostileSnapshot, HasAVirtualTable) {
  change("drop table aws_vpc; create virtual table aws_vpc using fts5 (doc)");
  expect_refusal("neither a table nor an index: table aws_vpc");
}

TEST_F(HostileSnapshot, NamesThingsThatATerminalWouldObey) {
  change("update sqlite_schema set name = cast(x'1b5b324aa00a' as text) where name = 'aws_vpc'");
  const auto text = refusal();
  EXPECT_NE(text.find("is damaged"), std::string::npos) << text;
  for (const char c : text) EXPECT_TRUE(c >= 0x20 || c < 0) << text;
  EXPECT_EQ(text.find('\xA0'), std::string::npos) << text;
}

TEST_F(HostileSnapshot, HasATrigger) {
  change("create trigger t after insert on aws_vpc begin select 1; end");
  expect_refusal("neither a table nor an index: trigger t");
}

TEST_F(HostileSnapshot, NamesItsTablesWithoutAnEnd) {
  change(
      "create table t (name text); insert into t values ('aws_vpc');"
      "delete from sqlite_schema where name = 'snapshot_table';"
      "update sqlite_schema set name = 'snapshot_table', tbl_name = 'snapshot_table',"
      " sql = 'create table snapshot_table (name text)' where name = 't'");
  make_endless(path_, "snapshot_table");
  expect_refusal("reading it has no end");
}

// SQLite does without statistics that it cannot read, and would try again for each connection.
TEST_F(HostileSnapshot, HasStatisticsWithoutAnEnd) {
  make_endless(path_, "sqlite_stat1");
  expect_refusal("reading it has no end");
}

TEST_F(HostileSnapshot, EndsStatementsThatReadWithoutAnEnd) {
  make_endless(path_, "api_call");
  auto database = Snapshot(path_).open();
  bound_reading(database);
  auto count = database.prepare("select count(*) from main.api_call where message <> 'x'");
  try {
    count.step();
    FAIL() << "it has an end";
  } catch (const DatabaseError& error) {
    EXPECT_TRUE(is_interrupt(error)) << error.what();
  }
}

}  // namespace
}  // namespace ciswatch
