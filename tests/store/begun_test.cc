// What a collection leaves that did not end, and who may go on with it. The file is a stranger's until it is
// known to be ours.

#include "core/store/begun.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "core/base/files.h"
#include "tests/store/store_rig.h"

namespace ciswatch {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kAccount = "111111111111";

bool has_followers(const TableSpec& table) { return table.name == "aws_vpc"; }

Collection collection(bool resume, UnixSeconds at = 1'000'000'000) {
  Begun begun;
  begun.at = at;
  begun.with = {{"--region", "eu-west-1,us-east-1"}, {"--shard", "1/2"}};
  return {begun, [](auto outcome, auto) { return outcome == "ok" || outcome == "denied"; }, resume, 1};
}

void add_vpc(SnapshotWriter& writer, const std::string& region, const std::string& outcome,
             const std::string& id) {
  const auto& table = *find_table("aws_vpc");
  auto row = ledger_row("aws_vpc", region, outcome);
  row.time = "2026-11-22T02:00:00Z";
  const auto call = writer.add_call(row);
  if (id.empty()) return;
  std::vector<Value> values(table.columns.size());
  values[0] = id;
  writer.add_row(table, kAccount, region, values, "{}", call);
}

// Three calls saved, a fourth not.
void leave(const fs::path& path) {
  SnapshotWriter writer(path, collection(false));
  add_vpc(writer, "eu-west-1", "ok", "vpc-1");
  add_vpc(writer, "eu-west-2", "throttled", "vpc-2");  // pages that came before the last
  add_vpc(writer, "eu-west-3", "denied", "");
  add_vpc(writer, "us-east-1", "ok", "vpc-4");
}

std::string refusal(const fs::path& path, Collection with) {
  try {
    const SnapshotWriter writer(path, std::move(with));
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(Begun, GoesOnWithTheCallsThatWereAnsweredAndSaved) {
  const StoreFolder folder;
  leave(folder / "s.db");
  SnapshotWriter writer(folder / "s.db", collection(true, 1'000'003'600));
  ASSERT_TRUE(writer.kept());
  EXPECT_EQ(writer.kept()->count, 2);
  EXPECT_EQ(writer.kept()->to, "2026-11-22T02:00:00Z");
  EXPECT_EQ(writer.begun_at(), 1'000'000'000);
  auto calls = writer.kept_calls(kAccount, has_followers);
  std::sort(calls.begin(), calls.end(), [](auto& a, auto& b) { return a.region < b.region; });
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[0].region + calls[0].outcome, "eu-west-1ok");
  ASSERT_EQ(calls[0].rows.size(), 1U);
  EXPECT_EQ(std::get<std::string>(calls[0].rows[0].values[0]), "vpc-1");
  EXPECT_EQ(calls[1].region + calls[1].outcome, "eu-west-3denied");
  EXPECT_TRUE(writer.kept_calls("222222222222", has_followers).empty());
  add_vpc(writer, "eu-west-2", "ok", "vpc-2");
  writer.finish({});
  auto database = Snapshot(folder / "s.db").open();
  EXPECT_EQ(rows_of(database, "select vpc_id from main.aws_vpc order by 1"), "vpc-1\nvpc-2\n");
  EXPECT_EQ(rows_of(database, "select count(*) from main.api_call"), "3\n");
}

// What an SCP denied is not asked again: that it did so is known of the kept rows alone.
TEST(Begun, ClosesARegionOfWhichTheDenialsWereKept) {
  const StoreFolder folder;
  {
    SnapshotWriter writer(folder / "s.db", collection(false));
    add_vpc(writer, "eu-west-1", "ok", "vpc-1");
    auto call = ledger_row("aws_vpc", "eu-west-3", "denied");
    call.time = "2026-11-22T02:00:00Z";
    call.message = "not authorized with an explicit deny in a service control policy";
    writer.add_call(call);
    writer.keep({});
  }
  SnapshotWriter writer(folder / "s.db", collection(true));
  ASSERT_EQ(writer.kept()->count, 2);
  EXPECT_EQ(writer.close_regions().closed, 1U);
}

TEST(Begun, GoesOnWithWhatASignalHasKept) {
  const StoreFolder folder;
  {
    SnapshotWriter writer(folder / "s.db", collection(false));
    add_vpc(writer, "eu-west-1", "ok", "vpc-1");
    writer.keep({});
  }
  EXPECT_FALSE(Snapshot(folder / "s.db.part").info().complete);
  {
    SnapshotWriter writer(folder / "s.db", collection(true));
    EXPECT_EQ(writer.kept()->count, 1);
    add_vpc(writer, "eu-west-2", "ok", "vpc-2");
    writer.finish({});
  }
  const Snapshot snapshot(folder / "s.db");
  EXPECT_TRUE(snapshot.info().complete);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder / ""), {}), 1);
}

TEST(Begun, IsNotBegunAnewUnasked) {
  const StoreFolder folder;
  leave(folder / "s.db");
  EXPECT_TRUE(says(refusal(folder / "s.db", collection(false)), "--resume"));
  EXPECT_THROW(SnapshotWriter(folder / "s.db", Durability::synced), Error);
  SnapshotWriter writer(folder / "s.db", collection(true));
  EXPECT_EQ(writer.kept()->count, 2);
}

TEST(Begun, WithNothingSavedLeavesNothing) {
  const StoreFolder folder;
  { SnapshotWriter writer(folder / "s.db", collection(false)); }
  EXPECT_TRUE(fs::is_empty(folder / ""));
  SnapshotWriter writer(folder / "s.db", collection(true));
  EXPECT_FALSE(writer.kept());
}

TEST(Begun, OtherwiseOrLongAgoIsRefusedAndSaysWhatDiffers) {
  const StoreFolder folder;
  leave(folder / "s.db");
  auto other = collection(true);
  other.begun.with["--region"] = "eu-west-1,ap-east-1";
  EXPECT_TRUE(says(refusal(folder / "s.db", other), "--region (then us-east-1, now ap-east-1)"));
  other = collection(true);
  other.begun.with.erase("--shard");
  EXPECT_TRUE(says(refusal(folder / "s.db", other), "--shard (then 1/2, now none)"));
  EXPECT_TRUE(says(refusal(folder / "s.db", collection(true, 1'000'000'000 + 24 * 3600 + 1)), "24 hours"));
  EXPECT_EQ(refusal(folder / "s.db", collection(true, 1'000'000'000 + 24 * 3600)), "");
}

TEST(Begun, BySomebodyElsesProgramIsRefused) {
  const StoreFolder folder;
  for (const std::string sql :
       {"create view v as select 1", "create trigger t after insert on api_call begin select 1; end",
        "drop table aws_vpc", "alter table api_call drop column code",
        "alter table aws_vpc add column x integer as (1)"}) {
    leave(folder / "s.db");
    Database::open_to_write((folder / "s.db.part").string()).execute(sql);
    EXPECT_TRUE(says(refusal(folder / "s.db", collection(true)), "cannot go on")) << sql;
    EXPECT_TRUE(fs::exists(folder / "s.db.part")) << sql;
    fs::remove(folder / "s.db.part");
  }
}

// Bytes that a bad disk changed: what is read as sound is; anything else is refused and left.
TEST(Begun, AndDamagedIsRefusedAndNeverACrash) {
  const StoreFolder folder;
  leave(folder / "s.db");
  { Database::open_to_write((folder / "s.db.part").string()).execute("vacuum"); }  // the log is in it
  const auto sound = read_file(folder / "s.db.part", 64u << 20);
  std::mt19937 dice(5);
  std::size_t refused = 0;
  for (int i = 0; i < 150; ++i) {
    auto bytes = sound;
    for (int n = 0; n < 200; ++n) bytes[dice() % bytes.size()] = static_cast<char>(dice());
    if (i % 3 == 0) bytes.resize(dice() % bytes.size());
    std::ofstream(folder / "s.db.part", std::ios::binary) << bytes;
    try {
      SnapshotWriter writer(folder / "s.db", collection(true));
      writer.kept_calls(kAccount, has_followers);
    } catch (const Error&) {
      ++refused;
      EXPECT_TRUE(fs::exists(folder / "s.db.part"));
    }
  }
  EXPECT_GT(refused, 100U);
}

TEST(Begun, WithABrokenSealIsRefused) {
  const StoreFolder folder;
  {
    SnapshotWriter writer(folder / "s.db", collection(false));
    add_vpc(writer, "eu-west-1", "ok", "vpc-1");
    writer.keep({});
  }
  auto bytes = read_file(folder / "s.db.part", 64u << 20);
  bytes[bytes.size() - 1'000] = static_cast<char>(bytes[bytes.size() - 1'000] ^ 1);
  std::ofstream(folder / "s.db.part", std::ios::binary) << bytes;
  EXPECT_TRUE(says(refusal(folder / "s.db", collection(true)), "damaged"));
}

}  // namespace
}  // namespace ciswatch
