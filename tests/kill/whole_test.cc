// What is written aside and renamed is there whole or not at all, wherever its program is killed or its disk
// fails: imports, merged snapshots, reports.

#include "core/base/files.h"
#include "core/collect/collector.h"
#include "core/collect/recording.h"
#include "core/store/merge.h"
#include "tests/kill/rig.h"

namespace ciswatch {
namespace {

constexpr std::string_view kEarlier = "what stood there";

class WholeOrNot : public testing::Test {
 protected:
  // Tries each fault at each operation of `program`, which writes `target`: it has then the bytes of an
  // undisturbed run or what stood there, and the next run makes it whole.
  void try_all(const fs::path& target, bool replaces, const std::function<void()>& program) {
    const long operations = disk_.operations(program);
    const auto whole = read_file(target, 64u << 20);
    ASSERT_EQ(disk_.run({DiskFault::brief, 1}, [&] { program(); }), End::done);
    ASSERT_EQ(read_file(target, 64u << 20), whole);
    long tried = 0;
    for (const auto kind : {DiskFault::kill, DiskFault::tear, DiskFault::full, DiskFault::readonly,
                            DiskFault::unsynced}) {
      const bool kills = kind == DiskFault::kill || kind == DiskFault::tear;
      for (long at = 1 + tried % 3; at <= operations; at += every(kills ? 2 : 5), ++tried) {
        const auto what = fmt::format("fault {} at {}", static_cast<int>(kind), at);
        begin(target, replaces);
        const auto end = disk_.run({kind, at}, program);
        ASSERT_NE(end, End::crashed) << what;
        ASSERT_TRUE(!kills || end == End::killed) << what;
        const auto found = fs::exists(target) ? read_file(target, 64u << 20) : "";
        if (found == whole) continue;
        ASSERT_EQ(found, replaces ? kEarlier : "") << what;
        ASSERT_NE(end, End::done) << what;
        ASSERT_EQ(disk_.run({}, program), End::done) << what;
        ASSERT_EQ(read_file(target, 64u << 20), whole) << what;
      }
    }
    std::printf("[ points   ] %ld of %ld operations\n", tried, operations);
  }

  void import(const std::string& name, const std::string& example) {
    RecordingSource source({fs::path(CISWATCH_SOURCE_DIR) / "examples" / example / "recording.jsonl"});
    SnapshotWriter writer(disk_ / name);
    Collector collector(source, writer, {{find_table("aws_account"), find_table("aws_vpc"),
                                          find_table("aws_region")}, {}, "us-east-1"});
    collector.run([] {});
    SnapshotInfo info;
    info.collected_at = info.started_at = "2026-11-22T02:00:00Z";
    info.source = "recording";
    writer.finish(info);
  }

  const FailingDisk disk_;

 private:
  static void begin(const fs::path& target, bool replaces) {
    fs::remove(target);
    if (!replaces) return;
    AsideFile file(target);
    file.write(kEarlier);
    file.commit();
  }
};

TEST_F(WholeOrNot, AnImportedSnapshot) {
  try_all(disk_ / "s.db", false, [&] { import("s.db", "seed-001"); });
}

TEST_F(WholeOrNot, AMergedSnapshot) {
  import("1.db", "seed-001");
  const auto merge = [&](bool replace) {
    merge_snapshots({{disk_ / "1.db"}, disk_ / "fleet.db", replace});
  };
  try_all(disk_ / "fleet.db", true, [&] { merge(true); });
}

TEST_F(WholeOrNot, AReport) {
  const std::string line(5'000, 'x');
  try_all(disk_ / "report.json", true, [&] {
    AsideFile file(disk_ / "report.json");
    for (int i = 0; i < 100; ++i) file.write(line);
    file.commit();
  });
}

}  // namespace
}  // namespace ciswatch
