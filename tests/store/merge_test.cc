// Several snapshots as one: what would have been read at once, or a refusal that loses nothing.

#include "core/store/merge.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/store/ledger_id.h"
#include "core/store/seal.h"
#include "tests/store/store_rig.h"

namespace ciswatch {
namespace {

namespace fs = std::filesystem;

const std::string kOne = "111111111111";
const std::string kTwo = "222222222222";
const std::string kThree = "333333333333";

void add_account(SnapshotWriter& writer, const std::string& id) {
  auto call = ledger_row("aws_account", "us-east-1", "ok");
  call.account_id = id;
  call.time = "2026-11-22T00:00:0" + id.substr(0, 1) + "Z";
  const std::vector<Value> arn{"arn:aws:iam::" + id + ":role/auditor", Value()};
  writer.add_row(*find_table("aws_account"), id, "us-east-1", arn, "{}", writer.add_call(call));
  const auto& vpc = *find_table("aws_vpc");
  for (const auto* region : {"eu-west-1", "us-east-1"}) {
    auto described = ledger_row("aws_vpc", region, "ok");
    described.account_id = id;
    std::vector<Value> values(vpc.columns.size());
    values[0] = "vpc-" + id.substr(0, 2);
    writer.add_row(vpc, id, region, values, R"({"VpcId":"it's one"})", writer.add_call(described));
  }
  auto denied = ledger_row("aws_kms_key_list", "us-east-1", "denied");
  denied.account_id = id;
  writer.add_call(denied);
}

struct Made {
  std::vector<std::string> accounts;
  std::vector<Shard> shards = {};
  bool complete = true;
  std::vector<std::string> tables = {"aws_account", "aws_vpc", "aws_kms_key_list"};
};

SnapshotInfo info_of(const Made& made) {
  SnapshotInfo info;
  info.started_at = "2026-11-22T00:00:00Z";
  info.collected_at = info.started_at;
  for (const auto& id : made.accounts) {
    info.collected_at = std::max(info.collected_at, "2026-11-22T00:00:0" + id.substr(0, 1) + "Z");
  }
  if (!made.accounts.empty()) {
    info.collected_by =
        "arn:aws:iam::" + *std::min_element(made.accounts.begin(), made.accounts.end()) +
        ":role/auditor";
  }
  info.source = "recording";
  info.complete = made.complete;
  info.shards = made.shards;
  return info;
}

fs::path write(const fs::path& path, const Made& made) {
  SnapshotWriter writer(path);
  for (const auto& name : made.tables) writer.add_collected(*find_table(name));
  for (const auto& id : made.accounts) add_account(writer, id);
  writer.finish(info_of(made));
  return path;
}

std::string bytes_of_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Every row of every table, in the order of its key; the snapshot's own too.
std::string all_rows(const fs::path& path) {
  auto database = Database::open_immutable(path.string());
  std::vector<std::string> names;
  auto tables = database.prepare("select name from sqlite_schema where type = 'table' order by 1");
  while (tables.step()) names.emplace_back(tables.text(0));
  std::string text;
  for (const auto& name : names) {
    text += name + "\n" + rows_of(database, "select * from " + name);
  }
  return text;
}

// What merging says; "" if nothing.
std::string refusal(const MergeRequest& request) {
  try {
    merge_snapshots(request);
    return "";
  } catch (const Error& error) {
    EXPECT_FALSE(fs::exists(request.out.string() + ".part"));
    return error.what();
  }
}

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(Merge, HoldsWhatReadingAllAccountsAtOnceWouldHold) {
  const StoreFolder folder;
  const auto first = write(folder / "1.db", {{kThree, kOne}, {{1, 3}}});
  const auto second = write(folder / "2.db", {{kTwo}, {{2, 3}}});
  const auto empty = write(folder / "3.db", {{}, {{3, 3}}});
  const auto merged = merge_snapshots({{first, second, empty}, folder / "all.db"});
  EXPECT_EQ(merged.accounts, 3U);
  EXPECT_TRUE(merged.missing.empty());
  const auto whole = write(folder / "whole.db", {{kOne, kTwo, kThree}});
  EXPECT_EQ(all_rows(folder / "all.db"), all_rows(whole));
  const Snapshot snapshot(folder / "all.db");
  EXPECT_EQ(snapshot.info().collected_at, "2026-11-22T00:00:03Z");
  EXPECT_TRUE(snapshot.info().shards.empty());
  EXPECT_TRUE(snapshot.info().complete);
}

TEST(Merge, GivesTheSameBytesInWhateverOrder) {
  const StoreFolder folder;
  const auto first = write(folder / "1.db", {{kTwo}, {{1, 3}}});
  const auto second = write(folder / "2.db", {{kThree}, {{2, 3}}});
  const auto third = write(folder / "3.db", {{kOne}, {{3, 3}}});
  merge_snapshots({{first, second, third}, folder / "a.db"});
  merge_snapshots({{third, first, second}, folder / "b.db"});
  const auto bytes = bytes_of_file(folder / "a.db");
  EXPECT_TRUE(bytes == bytes_of_file(folder / "b.db"));
  // One of two merged before is merged further.
  merge_snapshots({{third, first}, folder / "c.db", false, true});
  merge_snapshots({{second, folder / "c.db"}, folder / "d.db"});
  EXPECT_TRUE(bytes == bytes_of_file(folder / "d.db"));
  EXPECT_TRUE(is_intact(folder / "d.db"));
}

// More rows than are handed over at once, a few of them long.
fs::path write_long(const fs::path& path, const std::string& id, unsigned number) {
  SnapshotWriter writer(path);
  const auto& vpc = *find_table("aws_vpc");
  writer.add_collected(vpc);
  for (int i = 0; i < 1'500; ++i) {
    auto described = ledger_row("aws_vpc", "us-east-1", i % 7 == 0 ? "denied" : "ok");
    described.account_id = id;
    described.target = std::to_string(i * 7919 % 1'500);
    std::vector<Value> values(vpc.columns.size());
    values[0] = "vpc-" + std::to_string(i);
    const std::string doc(i % 500 == 0 ? 300'000 : 400, 'x');
    writer.add_row(vpc, id, "us-east-1", values, doc, writer.add_call(described));
  }
  SnapshotInfo info = info_of({{id}, {{number, 3}}});
  writer.finish(info);
  return path;
}

TEST(Merge, GivesTheSameBytesInAnyNumberOfThreads) {
  const StoreFolder folder;
  const MergeRequest request{{write_long(folder / "1.db", kTwo, 1), write_long(folder / "2.db", kThree, 2),
                              write_long(folder / "3.db", kOne, 3)},
                             folder / "1-all.db"};
  auto one = request;
  one.jobs = 1;
  merge_snapshots(one);
  const auto bytes = bytes_of_file(one.out);
  for (const unsigned jobs : {2U, 3U, 16U}) {
    auto many = request;
    many.out = folder / (std::to_string(jobs) + "-all.db");
    many.jobs = jobs;
    merge_snapshots(many);
    EXPECT_TRUE(bytes == bytes_of_file(many.out)) << jobs;
  }
  // By whichever way the id is found.
  auto database = Database::open_immutable(one.out.string());
  EXPECT_EQ(ledger_id(database), Snapshot(one.out).info().id);
  EXPECT_EQ(rows_of(database, "select count(*), max(length(doc)) from aws_vpc"), "4500|300000\n");
}

// What stands before the row that is at fault makes no difference either.
TEST(Merge, RefusesInAnyNumberOfThreadsByTheSameWords) {
  const StoreFolder folder;
  const auto first = write_long(folder / "1.db", kTwo, 1);
  const auto second = write_long(folder / "2.db", kThree, 2);
  const auto third = write_long(folder / "3.db", kOne, 3);
  Database::open_to_write(second.string())
      .execute("update aws_vpc set account_id = '9' where vpc_id = 'vpc-99'");
  for (const auto& inputs : {std::vector{first, second, third}, std::vector{first, folder / "none.db",
                                                                            folder / "4.db"}}) {
    MergeRequest request{inputs, folder / "all.db"};
    request.jobs = 1;
    const auto text = refusal(request);
    EXPECT_NE(text, "");
    for (const unsigned jobs : {2U, 16U}) {
      request.jobs = jobs;
      EXPECT_EQ(refusal(request), text);
    }
  }
}

TEST(Merge, RefusesAShardOrAnAccountThatIsThereTwice) {
  const StoreFolder folder;
  const auto first = write(folder / "1.db", {{kOne}, {{1, 2}}});
  const auto second = write(folder / "2.db", {{kTwo}, {{2, 2}}});
  const auto out = folder / "all.db";
  EXPECT_TRUE(says(refusal({{first, second, first}, out}), "1.db is given twice"));
  fs::create_hard_link(first, folder / "link.db");
  EXPECT_TRUE(says(refusal({{first, folder / "link.db"}, out}), "are one file"));
  fs::copy(first, folder / "copy.db");
  EXPECT_TRUE(says(refusal({{first, second, folder / "copy.db"}, out}), "are both shard 1 of 2"));
  const auto empty = write(folder / "empty.db", {{}, {{2, 2}}});
  EXPECT_TRUE(says(refusal({{first, second, empty}, out}), "are both shard 2 of 2"));
  const auto alone = write(folder / "alone.db", {{kThree, kTwo}});
  EXPECT_TRUE(says(refusal({{first, second, alone}, out}), "the account 222222222222 is in both"));
  EXPECT_FALSE(fs::exists(out));
}

TEST(Merge, RefusesWhatIsMissingUnlessTold) {
  const StoreFolder folder;
  const auto second = write(folder / "2.db", {{kTwo}, {{2, 4}}});
  const auto fourth = write(folder / "4.db", {{kOne}, {{4, 4}}});
  const auto out = folder / "all.db";
  EXPECT_TRUE(says(refusal({{fourth, second}, out}), "shards 1 and 3 of 4 are missing"));
  const auto merged = merge_snapshots({{fourth, second}, out, false, true});
  ASSERT_EQ(merged.missing.size(), 2U);
  EXPECT_EQ(in_words(others_than(Snapshot(out).info().shards)), "shards 1 and 3 of 4 are");
  const auto stopped = write(folder / "s.db", {{kThree}, {{1, 1}}, false});
  EXPECT_TRUE(says(refusal({{stopped}, folder / "s2.db"}), "s.db is not complete"));
  merge_snapshots({{stopped}, folder / "s2.db", false, true});
  EXPECT_FALSE(Snapshot(folder / "s2.db").info().complete);
  EXPECT_TRUE(says(refusal({{write(folder / "e.db", {{}, {{1, 1}}})}, folder / "e2.db"}),
                   "there is no account"));
}

// Of a table that one was not asked for, no row and no call would tell: "nothing there", for a check.
TEST(Merge, RefusesSnapshotsOfOtherTablesOrAnotherCut) {
  const StoreFolder folder;
  const auto out = folder / "all.db";
  const auto first = write(folder / "1.db", {{kOne}, {{1, 2}}});
  const auto fewer = write(folder / "2.db", {{kTwo}, {{2, 2}}, true, {"aws_account", "aws_vpc"}});
  const auto text = refusal({{first, fewer}, out});
  EXPECT_TRUE(says(text, "1.db holds the table aws_kms_key_list and")) << text;
  EXPECT_EQ(refusal({{fewer, first}, out}), text);
  const auto other = write(folder / "3.db", {{kThree}, {{2, 3}}});
  EXPECT_TRUE(says(refusal({{first, other}, out}), "is shard 2 of 3"));
}

void change(const fs::path& path, const std::string& sql) {
  auto database = Database::create(path.string());
  database.execute(sql);
}

TEST(Merge, RefusesAnotherLayout) {
  const StoreFolder folder;
  const auto first = write(folder / "1.db", {{kOne}});
  for (const auto* sql : {"pragma user_version = 1", "update snapshot set spec_version = 'older'"}) {
    const auto second = write(folder / "2.db", {{kTwo}});
    change(second, sql);
    const auto text = refusal({{first, second}, folder / "all.db"});
    EXPECT_TRUE(says(text, "2.db was written by ciswatch")) << sql << ": " << text;
  }
}

TEST(Merge, RefusesABrokenInput) {
  const StoreFolder folder;
  const auto first = write(folder / "1.db", {{kOne}});
  const auto second = write(folder / "2.db", {{kTwo}});
  {
    std::fstream file(second, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(fs::file_size(second) / 2));
    file.put('\x55').put('\xAA');
  }
  const auto out = folder / "all.db";
  EXPECT_TRUE(says(refusal({{first, second}, out}), "its bytes are not those that were written"));
  EXPECT_TRUE(says(refusal({{first, folder / "none.db"}, out}), "none.db: no such file"));
}

// A program may change a snapshot; what it then holds may contradict itself.
TEST(Merge, RefusesRowsOfAnAccountThatTheInputDoesNotName) {
  const StoreFolder folder;
  const auto first = write(folder / "1.db", {{kOne}});
  for (const auto* sql :
       {"update aws_vpc set account_id = '111111111111'",
        "update api_call set account_id = '999999999999' where operation = 'DescribeVpcs'"}) {
    const auto second = write(folder / "2.db", {{kTwo}});
    change(second, sql);
    const auto text = refusal({{first, second}, folder / "all.db"});
    EXPECT_TRUE(says(text, "2.db is damaged (it holds rows of an account that it does not name")) << text;
  }
}

// Ids of calls are hashes: two in a trillion are equal, or those that somebody made so.
TEST(Merge, KeepsCallsOfOneIdApart) {
  const StoreFolder folder;
  const auto first = write(folder / "1.db", {{kOne}});
  const auto second = write(folder / "2.db", {{kTwo}});
  for (const auto& path : {first, second}) {
    change(path, "create temp table n as select row_number() over (order by call_id) as new,"
                 " call_id from api_call;"
                 "update api_call set call_id = -call_id;"
                 "update api_call set call_id = (select new from n where n.call_id = -api_call.call_id);"
                 "update aws_vpc set call_id = (select new from n where n.call_id = aws_vpc.call_id);"
                 "update aws_account set call_id = (select new from n where n.call_id ="
                 " aws_account.call_id)");
  }
  merge_snapshots({{first, second}, folder / "all.db"});
  merge_snapshots({{second, first}, folder / "again.db"});
  EXPECT_TRUE(bytes_of_file(folder / "all.db") == bytes_of_file(folder / "again.db"));
  auto database = Database::open_immutable((folder / "all.db").string());
  EXPECT_EQ(rows_of(database, "select count(*), count(distinct call_id) from api_call"), "8|8\n");
  EXPECT_EQ(rows_of(database, "select v.account_id, v.region, c.account_id, c.region, operation"
                              " from aws_vpc v join api_call c using (call_id) where"
                              " v.account_id = c.account_id and v.region = c.region")
                .size(),
            4 * std::string("111111111111|eu-west-1|111111111111|eu-west-1|DescribeVpcs\n").size());
}

TEST(Merge, LeavesWhatIsThereAlone) {
  const StoreFolder folder;
  const auto first = write(folder / "1.db", {{kOne}});
  const auto second = write(folder / "2.db", {{kTwo}});
  const auto out = write(folder / "all.db", {{kThree}});
  const auto before = bytes_of_file(out);
  EXPECT_TRUE(says(refusal({{first, second}, out}), "all.db is there already; --force"));
  EXPECT_TRUE(says(refusal({{first, second}, first, true}), "1.db is read"));
  EXPECT_TRUE(bytes_of_file(out) == before);
  // What a collection that was stopped has left may be an input.
  const auto part = folder / "new.db.part";
  fs::rename(first, part);
  EXPECT_TRUE(says([&] {
    try {
      merge_snapshots({{part, second}, folder / "new.db"});
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  }(), "is read"));
  EXPECT_TRUE(fs::exists(part));
  merge_snapshots({{second}, out, true});
  EXPECT_FALSE(bytes_of_file(out) == before);
}

}  // namespace
}  // namespace ciswatch
