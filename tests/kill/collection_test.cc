// A collection that is killed at any point, or whose disk fails, goes on with what it had and ends as one
// that nobody disturbed. The answers are a recording's, which come through the same collector and
// writer as AWS's; tests/e2e/test_kills.py does some with the program itself and a server.

#include <sys/mman.h>

#include <map>
#include <random>
#include <set>

#include "core/collect/collector.h"
#include "core/collect/recording.h"
#include "core/store/begun.h"
#include "core/store/schema.h"
#include "tests/kill/rig.h"

namespace ciswatch {
namespace {

constexpr std::size_t kMostCalls = 1'000;
constexpr std::int64_t kBatch = 7;  // calls: many saves in a short collection

// Counts what is asked, in memory that outlives the process that asks.
class Counts {
 public:
  Counts()
      : counts_(static_cast<int*>(::mmap(nullptr, kMostCalls * sizeof(int), PROT_READ | PROT_WRITE,
                                         MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {}
  ~Counts() { ::munmap(counts_, kMostCalls * sizeof(int)); }
  Counts(const Counts&) = delete;
  Counts& operator=(const Counts&) = delete;

  // Calls have their places from the first collection on. The last place is that of all others.
  int& of(const std::string& call) {
    const auto place = places_.find(call);
    if (place != places_.end()) return counts_[place->second];
    if (complete_) return counts_[kMostCalls - 1];
    return counts_[places_.emplace(call, places_.size()).first->second];
  }
  void complete() { complete_ = true; }
  [[nodiscard]] std::size_t size() const { return places_.size(); }
  void clear() { std::fill(counts_, counts_ + kMostCalls, 0); }
  std::map<std::string, int> all() const {
    std::map<std::string, int> all;
    for (const auto& [call, place] : places_) all[call] = counts_[place];
    all["others"] = counts_[kMostCalls - 1];
    return all;
  }

 private:
  int* counts_;
  bool complete_ = false;
  std::map<std::string, std::size_t> places_;
};

std::string name_of(const ApiCall& call) {
  std::string name = call.service == "s3" ? "" : call.region;
  name += ' ' + call.service + ' ' + call.operation;
  for (const auto& param : call.params) name += ' ' + param.second;
  return name;
}

class CountingSource : public Source {
 public:
  CountingSource(Source& inner, Counts& counts) : inner_(inner), counts_(counts) {}
  [[nodiscard]] std::vector<std::string> accounts() const override { return inner_.accounts(); }
  [[nodiscard]] std::vector<std::string> known_regions(const std::string& id) const override {
    return inner_.known_regions(id);
  }
  void send(ApiCall call, Done done) override {
    ++counts_.of(name_of(call));
    inner_.send(std::move(call), std::move(done));
  }
  void run(const std::function<void()>& tick) override { inner_.run(tick); }

 private:
  Source& inner_;
  Counts& counts_;
};

// What comes after each other and not: trails and their buckets, keys, refusals, things that are absent.
std::vector<const TableSpec*> chosen_tables() {
  std::vector<const TableSpec*> chosen;
  for (const auto* table : tables()) {
    const std::string_view service = table->service;
    if (service == "sts" || service == "cloudtrail" || service == "s3" || service == "kms" ||
        table->name == "aws_region" || table->name == "aws_vpc") {
      chosen.push_back(table);
    }
  }
  return chosen;
}

class KilledCollection : public testing::Test {
 protected:
  static fs::path recording() {
    return fs::path(CISWATCH_SOURCE_DIR) / "examples/seed-001/recording.jsonl";
  }

  KilledCollection() : source_({recording()}) {
    whole_operations_ = disk_.operations([&] { collect(false); });
    whole_ = dump(disk_ / "s.db");
    asked_ = counts_.all();
    counts_.complete();
    EXPECT_LT(counts_.size(), kMostCalls);
    EXPECT_GT(counts_.size(), 30U);
    std::printf("[ points   ] %zu calls, %ld operations\n", counts_.size(), whole_operations_);
    begin_anew();
  }

  void collect(bool resume) {
    Begun begun;
    begun.at = 1'000'000'000;
    begun.with = {{"--region", "three"}};
    SnapshotWriter writer(disk_ / "s.db", Collection{begun, is_answer, resume, kBatch});
    CountingSource counting(source_, counts_);
    Collector collector(counting, writer,
                        {chosen_tables(), {"us-east-1", "ap-northeast-1", "eu-west-1"}, "us-east-1"});
    collector.run([] {});
    SnapshotInfo info;
    info.collected_at = iso8601(collector.latest());
    info.started_at = iso8601(writer.begun_at());
    info.collected_by = collector.caller();
    info.source = "live";
    writer.finish(info);
  }

  void begin_anew() {
    disk_.empty();
    counts_.clear();
  }

  End run(const Fault& fault, bool resume, std::optional<unsigned> kill_after = {}) {
    return disk_.run(fault, [&] { collect(resume); }, kill_after);
  }

  // Of every table that a snapshot has.
  static std::string dump(const fs::path& snapshot) {
    auto database = Database::open_immutable(snapshot.string());
    std::string text = rows_in(database, "select * from main.snapshot");
    text += rows_in(database, "select * from main.api_call order by 1");
    text += rows_in(database, "select * from main.account_content order by 1, 2");
    text += rows_in(database, "select * from main.snapshot_total order by 1");
    text += rows_in(database, "select * from main.snapshot_table order by 1");
    text += rows_in(database, "select * from main.snapshot_begun order by 1");
    for (const auto* table : chosen_tables()) {
      text += rows_in(database, fmt::format("select * from main.{0} order by {1}", table->name,
                                            primary_key(*table)));
    }
    return text;
  }

  // The first row of the snapshot that an undisturbed one does not have there.
  std::string difference() const {
    const auto found = dump(disk_ / "s.db");
    if (found == whole_) return "";
    const auto [at, other] = std::mismatch(found.begin(), found.end(), whole_.begin(), whole_.end());
    const auto place = static_cast<std::size_t>(at - found.begin());
    const auto line = place == 0 ? 0 : found.rfind('\n', place - 1) + 1;
    return "row " + found.substr(line, std::min<std::size_t>(found.find('\n', place) - line, 500));
  }

  // Of a copy, so that looking at it mends nothing: it is sound, and these calls were answered.
  std::set<std::string> answered_in_part() {
    std::set<std::string> answered;
    const auto part = disk_ / "s.db.part";
    if (!fs::exists(part)) return answered;
    const auto copy = disk_ / "copy";
    for (const auto* beside : {"", "-wal", "-journal"}) {
      fs::remove(copy.string() + beside);
      if (!fs::exists(part.string() + beside)) continue;
      fs::copy_file(part.string() + beside, copy.string() + beside);
    }
    auto database = open_begun(copy);
    if (!database) return answered;  // before anything was saved
    EXPECT_EQ(rows_in(*database, "pragma integrity_check"), "ok|\n");
    auto calls = database->prepare(
        "select region, service, operation, target, outcome, code, account_id from main.api_call");
    while (calls.step()) {
      if (!is_answer(calls.text(4), calls.text(5))) continue;
      ApiCall call{{}, std::string(calls.text(0)), std::string(calls.text(1)),
                   std::string(calls.text(2)), {}};
      if (!calls.text(3).empty()) call.params.emplace_back("", calls.text(3));
      if (call.service == "s3control") call.params.emplace_back("", calls.text(6));
      answered.insert(name_of(call));
    }
    return answered;
  }

  // Goes on after whatever has happened, and is as if nothing had.
  void expect_whole(const std::string& what) {
    EXPECT_FALSE(fs::exists(disk_ / "s.db")) << what;
    const auto answered = answered_in_part();
    saved_ += answered.size();
    counts_.clear();
    ASSERT_EQ(run({}, true), End::done) << what;
    ASSERT_EQ(difference(), "") << what;
    EXPECT_FALSE(fs::exists(disk_ / "s.db.part")) << what;
    for (const auto& [call, count] : counts_.all()) {
      const bool is_identity = call.find("GetCallerIdentity") != std::string::npos;
      const int due = !is_identity && answered.contains(call) ? 0 : asked_.at(call);
      ASSERT_EQ(count, due) << call << " after " << what;
    }
  }

  // What a fault at each of these points becomes. Faults that come too late do nothing.
  void try_points(DiskFault kind, long first, long step, End expected) {
    long tried = 0;
    for (long at = first; at <= whole_operations_; at += step) {
      begin_anew();
      const auto end = run({kind, at}, false);
      const auto what = fmt::format("fault {} at {}", static_cast<int>(kind), at);
      ++tried;
      if (end == End::done && fs::exists(disk_ / "s.db")) {  // told of nothing that it lost
        ASSERT_NE(expected, End::killed) << what;
        ASSERT_EQ(difference(), "") << what;
        ++harmless_;
        continue;
      }
      if (end == End::killed && fs::exists(disk_ / "s.db")) {  // in its last operation
        ASSERT_EQ(difference(), "") << what;
        continue;
      }
      ASSERT_EQ(end, expected) << what;
      expect_whole(what);
      if (testing::Test::HasFatalFailure()) return;
    }
    std::printf("[ points   ] %ld of %ld operations, %ld harmless, %zu answers kept\n", tried,
                whole_operations_, harmless_, saved_);
    EXPECT_GT(saved_, 0U);
  }

  const FailingDisk disk_;
  RecordingSource source_;
  Counts counts_;
  long whole_operations_ = 0;
  std::string whole_;
  std::map<std::string, int> asked_;
  std::size_t saved_ = 0;  // answers that were kept, all in all
  long harmless_ = 0;
};

TEST_F(KilledCollection, GoesOnAfterAKillBeforeEachOperationOnTheDisk) {
  try_points(DiskFault::kill, 1, every(1), End::killed);
}

TEST_F(KilledCollection, GoesOnAfterAKillInTheMiddleOfAWrite) {
  try_points(DiskFault::tear, 1, every(1), End::killed);
}

TEST_F(KilledCollection, GoesOnWhenAFullDiskHasRoomAgain) {
  try_points(DiskFault::full, 3, every(5), End::refused);
}

TEST_F(KilledCollection, GoesOnWhenAReadOnlyDiskCanBeWrittenAgain) {
  try_points(DiskFault::readonly, 1, every(7), End::refused);
}

TEST_F(KilledCollection, TellsOfADiskThatDoesNotKeepWhatItTook) {
  try_points(DiskFault::unsynced, 2, every(7), End::refused);
}

TEST_F(KilledCollection, WritesAllOfItWhereEachWriteTakesHalf) {
  ASSERT_EQ(run({DiskFault::brief, 1}, false), End::done);
  EXPECT_EQ(difference(), "");
}

TEST_F(KilledCollection, GoesOnAfterAKillAtAnyTime) {
  std::mt19937 dice(20261122);
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(run({}, false), End::done);
  const std::chrono::duration<double, std::micro> once = std::chrono::steady_clock::now() - start;
  std::uniform_int_distribution<unsigned> moment(0, static_cast<unsigned>(once.count()));
  long killed = 0;
  for (long i = 0; i < sampled(150); ++i) {
    begin_anew();
    const auto after = moment(dice);
    if (run({}, false, after) == End::done || fs::exists(disk_ / "s.db")) continue;
    ++killed;
    expect_whole(fmt::format("a kill after {} µs", after));
    if (testing::Test::HasFatalFailure()) return;
  }
  std::printf("[ points   ] %ld times, %zu answers kept\n", killed, saved_);
}

// Killed, and killed while it goes on, until it is through.
TEST_F(KilledCollection, GoesOnHoweverOftenItIsKilled) {
  std::mt19937 dice(7);
  std::uniform_int_distribution<long> place(1, whole_operations_);
  long kills = 0;
  for (long i = 0; i < sampled(30); ++i) {
    begin_anew();
    for (int start = 0; start < 5; ++start) {
      if (run({start % 2 == 0 ? DiskFault::kill : DiskFault::tear, place(dice)}, true) != End::killed) {
        break;
      }
      ++kills;
    }
    if (fs::exists(disk_ / "s.db")) {
      ASSERT_EQ(difference(), "");
    } else {
      expect_whole("many kills");
    }
    if (testing::Test::HasFatalFailure()) return;
  }
  std::printf("[ points   ] %ld kills in 30 collections\n", kills);
}

}  // namespace
}  // namespace ciswatch
