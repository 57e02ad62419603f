// A journal is only added to, and tells when it is not what was written.

#include "core/remediate/journal.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/base/error.h"

namespace ciswatch {
namespace {

namespace fs = std::filesystem;

ChangePlan some_plan(const std::string& title = "Turn it on") {
  ChangePlan plan;
  plan.snapshot_id = "0123456789abcdef";
  plan.collected_at = "2026-11-22T02:00:00Z";
  Change change;
  change.id = "c1";
  change.title = title;
  change.params = "{}";
  plan.changes.push_back(change);
  return plan;
}

class JournalFile : public testing::Test {
 protected:
  JournalFile()
      : path_(fs::path(testing::TempDir()) /
              (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + ".journal")) {
    remove();
  }
  ~JournalFile() override { remove(); }

  void remove() {
    for (const auto* end : {"", "-wal", "-journal"}) fs::remove(path_.string() + end);
  }
  Journal begin(const ChangePlan& plan = some_plan()) {
    return Journal::of_plan(path_, to_json(plan), [] { return UnixSeconds{1'800'000'000}; });
  }
  Journal open() {
    return Journal::open(path_, [] { return UnixSeconds{1'800'000'000}; });
  }
  void with_two_events() {
    auto journal = begin();
    journal.add("c1", "intent", "{}");
    journal.add("c1", "done", R"({"answer":{}})");
  }
  void edit(const std::string& sql) {
    Database::open_to_write(path_.string()).execute(sql);
  }
  void edit_against_the_triggers(const std::string& sql) {
    auto database = Database::open_to_write(path_.string());
    std::string drop, make;
    auto triggers = database.prepare("select name, sql from sqlite_schema where type = 'trigger'");
    while (triggers.step()) {
      drop += "drop trigger " + std::string(triggers.text(0)) + ";";
      make += std::string(triggers.text(1)) + ";";
    }
    database.execute(drop + sql + ";" + make);
  }
  std::string refusal() {
    try {
      open();
    } catch (const Error& error) {
      return error.what();
    }
    return "none";
  }

  fs::path path_;
};

TEST_F(JournalFile, WhatWasAddedIsThereAgain) {
  with_two_events();
  const auto journal = begin();
  ASSERT_EQ(journal.events().size(), 3U);
  EXPECT_EQ(journal.events()[0].kind, "plan");
  EXPECT_EQ(journal.events()[2].change, "c1");
  EXPECT_EQ(journal.events()[2].kind, "done");
  EXPECT_EQ(journal.events()[2].payload, R"({"answer":{}})");
  EXPECT_EQ(journal.events()[2].time, "2027-01-15T08:00:00Z");
  EXPECT_EQ(plan_hash(journal.plan()), plan_hash(some_plan()));
}

TEST_F(JournalFile, WhatWasNotedIsOnTheDiskWithTheNextSync) {
  const auto events = [this] {
    const auto aside = path_.string() + ".copy";
    for (const auto* end : {"", "-wal"}) {
      fs::copy_file(path_.string() + end, aside + end, fs::copy_options::overwrite_existing);
    }
    auto copy = Database::open_to_write(aside);
    auto row = copy.prepare("select count(*) from event");
    return row.step() ? row.integer(0) : -1;
  };
  auto journal = begin();
  journal.note("c1", "intent", "{}");
  journal.note("c2", "intent", "{}");
  EXPECT_EQ(events(), 1);
  journal.sync();
  EXPECT_EQ(events(), 3);
  journal.note("c1", "done", "{}");
  journal.add("c2", "done", "{}");
  EXPECT_EQ(events(), 5);
}

TEST_F(JournalFile, SqlCanNeitherChangeNorRemoveAnEvent) {
  with_two_events();
  for (const auto* sql : {"update event set payload = '{}' where number = 3", "delete from event where number = 3",
                          "insert into event values (9, '', '', '', '', '')",
                          "insert or replace into event values (3, '', '', '', '', '')"}) {
    EXPECT_THROW(edit(sql), DatabaseError) << sql;
  }
  EXPECT_EQ(refusal(), "none");
}

TEST_F(JournalFile, AnEditedEventIsRefused) {
  for (const auto* sql : {"update event set payload = '{}' where number = 3", "update event set change = 'c2' where number = 2",
                          "update event set time = '' where number = 2", "update event set kind = 'skipped' where number = 3",
                          "delete from event where number = 2", "update event set hash = '' where number = 1",
                          "update event set number = 4 where number = 3", "delete from event",
                          "delete from event where number = 1",
                          "update event set change = 'don', kind = 'ec1' where number = 3"}) {
    remove();
    with_two_events();
    edit_against_the_triggers(sql);
    EXPECT_NE(refusal().find("damaged or was edited"), std::string::npos) << sql << ": " << refusal();
  }
}

TEST_F(JournalFile, AJournalWithoutItsTriggersIsNone) {
  with_two_events();
  edit("drop trigger event_is_not_changed");
  EXPECT_NE(refusal().find("is no journal"), std::string::npos) << refusal();
}

TEST_F(JournalFile, AnotherFileIsNone) {
  std::ofstream(path_) << "not a database at all, but long enough to have been the header of one, or more than that";
  EXPECT_NE(refusal().find("is no journal"), std::string::npos) << refusal();
  EXPECT_THROW(begin(), Error);
  remove();
  Database::create(path_.string()).execute("create table event (number integer primary key)");
  EXPECT_NE(refusal().find("is no journal"), std::string::npos) << refusal();
  EXPECT_THROW(begin(), Error);
  remove();
  EXPECT_NE(refusal().find("is not there"), std::string::npos) << refusal();
}

TEST_F(JournalFile, AnotherPlansIsRefused) {
  with_two_events();
  EXPECT_THROW(begin(some_plan("Turn it off")), Error);
  EXPECT_EQ(refusal(), "none");
}

TEST_F(JournalFile, TwoDoNotHaveIt) {
  const auto first = begin();
  EXPECT_NE(refusal().find("another run is at work"), std::string::npos) << refusal();
}

TEST_F(JournalFile, AFileThatIsCutShortIsRefused) {
  with_two_events();
  fs::resize_file(path_, fs::file_size(path_) / 2);
  EXPECT_NE(refusal(), "none");
}

TEST_F(JournalFile, AnEmptyFileIsBegun) {
  std::ofstream(path_).close();
  EXPECT_EQ(begin().events().size(), 1U);
}

}  // namespace
}  // namespace ciswatch
