// A plan that is applied, or undone, by a program that is killed or whose disk fails at any point: run
// again it ends as one that nobody disturbed, and every call was made once.

#include <fstream>

#include "core/base/files.h"
#include "core/remediate/apply.h"
#include "tests/kill/rig.h"
#include "tests/remediate/cloud.h"

namespace ciswatch {
namespace {

// What a call makes, one that uses it, and two of one row.
ChangePlan some_plan() {
  auto key = change_of("c1", "CreateKey", "", "");
  key.params = R"({"Description":"for t"})";
  key.lookup = Lookup{"aws_kms_key", {{"description", "for t"}}};
  key.service = "kms";
  key.no_undo = "a key is not deleted";
  auto use = update_of("c2", "t", R"("KmsKeyId":"")", R"("KmsKeyId":"")");
  use.params = R"({"Name":"t","KmsKeyId":{"$result":"c1","pointer":"/KeyMetadata/Arn"}})";
  use.rows.front().before = R"({"KmsKeyId":null})";
  use.rows.front().after = R"({"KmsKeyId":{"$result":"c1","pointer":"/KeyMetadata/Arn"}})";
  return plan_of({key, use, update_of("c3", "t", R"("V":true)", R"("V":false)"), creation_of("c4", "u")});
}

class KilledApply : public testing::Test {
 protected:
  KilledApply()
      : state_((::access("/dev/shm", W_OK) == 0 ? fs::path("/dev/shm") : fs::temp_directory_path()) /
               fmt::format("ciswatch-cloud-{}", ::getpid())) {}
  ~KilledApply() override { fs::remove(state_); }

  void begin() {
    disk_.empty();
    fs::remove(state_);
    Cloud cloud(state_);
    cloud.add_trail("t", R"("V":false)");
    std::ofstream(state_) << cloud.text();
  }
  void apply() {
    auto journal = Journal::of_plan(disk_ / "j", to_json(some_plan()), [] { return UnixSeconds{1'800'000'000}; });
    run(journal, [&](Source& cloud) { return ciswatch::apply(cloud, journal, {}); });
  }
  void undo() {
    auto journal = Journal::open(disk_ / "j", [] { return UnixSeconds{1'800'000'000}; });
    run(journal, [&](Source& cloud) { return ciswatch::undo(cloud, journal, done_in(journal), {}); });
  }
  void run(Journal& journal, const std::function<std::vector<ChangeStep>(Source&)>& work) {
    journal.add("", "run", "{}");
    Cloud cloud(state_);
    for (const auto& step : work(cloud)) {
      const bool stays = step.change->id == "c1" && step.deed == Deed::stays;
      if (step.deed != Deed::done && step.deed != Deed::already && !stays) {
        throw Error(fmt::format("{} {}: {}", step.change->id, name_of(step.deed), step.why));
      }
    }
    journal.add("", "end", "{}");
  }
  [[nodiscard]] std::string state() const { return read_file(state_, 1u << 20); }
  static std::string without_order(const std::string& text) {
    Json document = parse_json(text);
    std::vector<std::string> writes;
    for (const auto& write : document["writes"].GetArray()) writes.emplace_back(write.GetString());
    std::sort(writes.begin(), writes.end());
    document.RemoveMember("writes");
    return to_text(document) + fmt::format("{}", fmt::join(writes, "\n"));
  }

  // Tries each fault at each operation of `work` after `before`; `undone` is what is left by an undo, which
  // knows what was done from the journal alone.
  void try_all(const std::function<void()>& before, const std::function<void()>& work,
               const std::string& undone) {
    begin();
    before();
    const long operations = disk_.operations(work);
    const auto whole = without_order(state());
    long tried = 0, made = 0;
    for (const auto kind : {DiskFault::kill, DiskFault::tear, DiskFault::full, DiskFault::unsynced}) {
      const bool kills = kind == DiskFault::kill || kind == DiskFault::tear;
      for (long at = 1 + tried % 2; at <= operations; at += every(kills ? 2 : 7), ++tried) {
        const auto what = fmt::format("fault {} at {}", static_cast<int>(kind), at);
        begin();
        before();
        const auto start = state();
        const auto end = disk_.run({kind, at}, work);
        ASSERT_NE(end, End::crashed) << what;
        ASSERT_TRUE(!kills || end == End::killed) << what;
        made += state() != start ? 1 : 0;
        ASSERT_EQ(disk_.run({}, work), End::done) << what;
        ASSERT_EQ(without_order(state()), whole) << what;
        undo();
        ASSERT_EQ(without_order(state()), undone) << what;
      }
    }
    EXPECT_GT(made, 0);
    EXPECT_LT(made, tried);
    std::printf("[ points   ] %ld of %ld operations, %ld after a call\n", tried, operations, made);
  }

  const FailingDisk disk_;
  const fs::path state_;
};

TEST_F(KilledApply, GoesOnAndMakesNoCallTwice) {
  begin();
  apply();
  undo();
  const auto undone = without_order(state());
  EXPECT_EQ(Cloud(state_).trail("t"), R"({"TrailARN":"t","Name":"t","V":false})");
  EXPECT_EQ(Cloud(state_).trail("u"), "");
  try_all([] {}, [this] { apply(); }, undone);
  try_all([this] { apply(); }, [this] { undo(); }, undone);
}

}  // namespace
}  // namespace ciswatch
