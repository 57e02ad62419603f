// A snapshot on disk: written whole or not at all, and refused when it is not one.

#include "core/store/snapshot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include <fstream>

#include "core/store/content.h"
#include "core/store/ledger_id.h"
#include "core/store/schema.h"
#include "tests/store/store_rig.h"

namespace ciswatch {
namespace {

SnapshotInfo info() {
  SnapshotInfo made;
  made.collected_at = made.started_at = "2026-11-22T00:00:00Z";
  made.collected_by = "arn:aws:iam::111111111111:user/auditor";
  made.source = "recording";
  return made;
}

void add_vpcs(SnapshotWriter& writer, int count) {
  const auto& table = *find_table("aws_vpc");
  const auto call = writer.add_call(ledger_row("aws_vpc", "us-east-1", "ok"));
  for (int i = 0; i < count; ++i) {
    std::vector<Value> values(table.columns.size());
    values[0] = fmt::format("vpc-{:06}", i);
    writer.add_row(table, "111111111111", "us-east-1", values, "{}", call);
  }
  writer.add_collected(table);
}

void write(const std::filesystem::path& path, int vpcs = 1) {
  SnapshotWriter writer(path);
  add_vpcs(writer, vpcs);
  writer.finish(info());
}

// What opening the file says; "" if nothing.
std::string refusal(const std::filesystem::path& path) {
  try {
    const Snapshot snapshot(path);
    return "";
  } catch (const Error& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find(path.string()), std::string::npos) << text;
    return text;
  }
}

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(Snapshot, KeepsWhatWasWritten) {
  const StoreFolder folder;
  const auto path = folder / "s.db";
  write(path, 2);
  EXPECT_FALSE(std::filesystem::exists(path.string() + ".part"));
  const Snapshot snapshot(path);
  EXPECT_EQ(snapshot.info().collected_by, "arn:aws:iam::111111111111:user/auditor");
  EXPECT_EQ(snapshot.info().id.size(), 16U);
  EXPECT_TRUE(snapshot.info().complete);
  EXPECT_TRUE(snapshot.holds("aws_vpc"));
  EXPECT_FALSE(snapshot.holds("aws_kms_key"));
  auto database = snapshot.open();
  EXPECT_EQ(rows_of(database, "select vpc_id, operation from aws_vpc join api_call using (call_id)"),
            "vpc-000000|DescribeVpcs\nvpc-000001|DescribeVpcs\n");
  EXPECT_THROW(database.execute("delete from main.aws_vpc"), DatabaseError);
}

// What was found of an unchanged account names its calls by these ids in the next snapshot too.
TEST(Snapshot, GivesACallTheSameIdWheneverItIsMade) {
  const StoreFolder folder;
  SnapshotWriter first(folder / "1.db"), second(folder / "2.db");
  const auto here = first.add_call(ledger_row("aws_vpc", "eu-west-1", "ok"));
  const auto there = first.add_call(ledger_row("aws_vpc", "eu-west-2", "ok"));
  auto other_account = ledger_row("aws_vpc", "eu-west-1", "ok");
  other_account.account_id = "222222222222";
  EXPECT_EQ((std::set<std::int64_t>{here, there, first.add_call(other_account)}).size(), 3U);
  EXPECT_GT(std::min(here, there), 0);
  EXPECT_EQ(second.add_call(ledger_row("aws_vpc", "eu-west-2", "denied")), there);
  EXPECT_EQ(second.add_call(ledger_row("aws_vpc", "eu-west-1", "ok")), here);
  EXPECT_NE(second.add_call(ledger_row("aws_vpc", "eu-west-1", "ok")), here);  // asked twice
}

std::string content_of(const std::filesystem::path& path) {
  auto database = Snapshot(path).open();
  return rows_of(database, "select * from main.account_content order by 1, 2");
}

TEST(Snapshot, TellsWhetherAnAccountsRowsChanged) {
  const StoreFolder folder;
  const auto made = [&](const std::string& name, const std::string& time, bool backwards,
                        std::int64_t is_default) {
    SnapshotWriter writer(folder / name);
    const auto* table = find_table("aws_vpc");
    std::vector<std::string> regions{"eu-west-1", "eu-west-2"};
    if (backwards) std::reverse(regions.begin(), regions.end());
    for (const auto& region : regions) {
      auto call = ledger_row("aws_vpc", region, "ok");
      call.time = time;
      call.attempts = backwards ? 2 : 1;
      std::vector<Value> values(table->columns.size());
      values[0] = std::string("vpc-1");
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (table->columns[i].name == "is_default") values[i] = is_default;
      }
      writer.add_row(*table, "111111111111", region, values, "{}", writer.add_call(call));
    }
    writer.finish(info());
    return content_of(folder / name);
  };
  const auto content = made("1.db", "2026-11-22T00:00:00Z", false, 1);
  EXPECT_TRUE(says(content, "111111111111|api_call|2|"));
  EXPECT_TRUE(says(content, "111111111111|aws_vpc|2|"));
  EXPECT_EQ(made("2.db", "2026-11-23T00:00:00Z", true, 1), content);
  const auto changed = made("3.db", "2026-11-23T00:00:00Z", false, 0);
  EXPECT_NE(changed, content);
  EXPECT_EQ(changed.substr(0, changed.find('\n')), content.substr(0, content.find('\n')));
}

// A merge gives ids that are not of the call's account.
TEST(Snapshot, IsSummedUpAlikeWhateverIdsItsCallsHave) {
  const StoreFolder folder;
  const auto& table = *find_table("aws_vpc");
  {
    SnapshotWriter writer(folder / "s.db");
    for (const auto* account : {"333333333333", "111111111111", "222222222222"}) {
      for (const auto* region : {"eu-west-2", "eu-west-1"}) {
        auto call = ledger_row("aws_vpc", region, region[8] == '1' ? "ok" : "denied");
        call.account_id = account;
        std::vector<Value> values(table.columns.size());
        values[0] = std::string("vpc-") + account;
        writer.add_row(table, account, region, values, "{}", writer.add_call(call));
      }
    }
    writer.finish(info());
  }
  auto database = Database::open_to_write((folder / "s.db").string());
  const auto summed = [&] {
    database.execute("delete from account_content");
    write_account_content(database);
    return ledger_id(database) + "\n" + rows_of(database, "select * from account_content order by 1, 2");
  };
  const auto before = summed();
  EXPECT_TRUE(says(before, "333333333333|aws_vpc|2|")) << before;
  database.execute("update api_call set call_id = (call_id / 3) - (select count(*) from api_call)");
  EXPECT_EQ(summed(), before);
}

TEST(Snapshot, HasTheSameIdForTheSameAnswers) {
  const StoreFolder folder;
  const auto id = [&](const std::string& name, std::initializer_list<std::string> regions) {
    SnapshotWriter writer(folder / name);
    for (const auto& region : regions) writer.add_call(ledger_row("aws_vpc", region, "ok"));
    writer.finish(info());
    return Snapshot(folder / name).info().id;
  };
  EXPECT_EQ(id("a.db", {"r1", "r2"}), id("b.db", {"r2", "r1"}));
  EXPECT_NE(id("c.db", {"r1"}), id("d.db", {"r2"}));
}

TEST(Snapshot, LeavesTheOldOneWhenWritingEndsEarly) {
  const StoreFolder folder;
  const auto path = folder / "s.db";
  write(path, 1);
  const auto before = Snapshot(path).info().id;
  {
    SnapshotWriter writer(path);
    add_vpcs(writer, 5);
  }
  EXPECT_FALSE(std::filesystem::exists(path.string() + ".part"));
  EXPECT_EQ(Snapshot(path).info().id, before);
}

TEST(Snapshot, KeepsAnIncompletePart) {
  const StoreFolder folder;
  SnapshotWriter writer(folder / "s.db");
  add_vpcs(writer, 1);
  const auto part = writer.keep(info());
  EXPECT_FALSE(std::filesystem::exists(folder / "s.db"));
  EXPECT_FALSE(Snapshot(part).info().complete);
}

TEST(Snapshot, CannotBeWrittenWhereThereIsNoFolder) {
  EXPECT_THROW(SnapshotWriter("/nowhere/at/all/s.db"), Error);
}

TEST(Snapshot, RefusesAFileThatIsMissing) {
  EXPECT_TRUE(says(refusal("/nowhere/s.db"), "no such file"));
}

TEST(Snapshot, RefusesAFileThatIsNotSqlite) {
  const StoreFolder folder;
  std::ofstream(folder / "a.db") << std::string(5000, 'x');
  EXPECT_TRUE(says(refusal(folder / "a.db"), "is not an SQLite file"));
  std::ofstream(folder / "b.db") << "SQLite format 3";
  EXPECT_TRUE(says(refusal(folder / "b.db"), "is not an SQLite file"));
  std::ofstream(folder / "c.db") << "";
  EXPECT_TRUE(says(refusal(folder / "c.db"), "is not an SQLite file"));
}

TEST(Snapshot, RefusesASqliteFileOfSomebodyElse) {
  const StoreFolder folder;
  Database::create((folder / "a.db").string()).execute("create table x (y)");
  EXPECT_TRUE(says(refusal(folder / "a.db"), "not a ciswatch snapshot"));
}

TEST(Snapshot, RefusesANewerLayout) {
  const StoreFolder folder;
  write(folder / "s.db");
  Database::create((folder / "s.db").string())
      .execute(fmt::format("pragma user_version = {}", kSchemaVersion + 1));
  EXPECT_TRUE(says(refusal(folder / "s.db"), "written by a newer ciswatch"));
}

TEST(Snapshot, RefusesOneThatWasNeverFinished) {
  const StoreFolder folder;
  write(folder / "s.db");
  Database::create((folder / "s.db").string()).execute("delete from snapshot");
  EXPECT_TRUE(says(refusal(folder / "s.db"), "was never finished"));
}

// At every page's end and in between: never a report from half a file.
TEST(Snapshot, RefusesOneThatIsCutShort) {
  const StoreFolder folder;
  write(folder / "s.db", 2000);
  const auto size = std::filesystem::file_size(folder / "s.db");
  for (const auto left :
       {size - 21, size - 4096, size / 2, std::uintmax_t{4096}, std::uintmax_t{200}}) {
    std::filesystem::copy_file(folder / "s.db", folder / "cut.db",
                               std::filesystem::copy_options::overwrite_existing);
    std::filesystem::resize_file(folder / "cut.db", left);
    EXPECT_TRUE(says(refusal(folder / "cut.db"), "is cut short")) << left;
  }
  std::filesystem::resize_file(folder / "s.db", size - 1);  // in its seal
  EXPECT_TRUE(says(refusal(folder / "s.db"), "is damaged"));
}

TEST(Snapshot, RefusesADamagedFirstPage) {
  const StoreFolder folder;
  write(folder / "s.db");
  std::fstream file(folder / "s.db", std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(100);
  file << std::string(3000, '\xA5');
  file.close();
  EXPECT_TRUE(says(refusal(folder / "s.db"), "is damaged"));
}

}  // namespace
}  // namespace ciswatch
