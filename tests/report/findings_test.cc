#include "core/report/findings.h"

#include <gtest/gtest.h>

#include <sys/resource.h>

#include <barrier>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <thread>

#include "core/base/error.h"

namespace ciswatch {
namespace {

using namespace std::string_literals;

Finding finding(std::string account, std::string check, std::string resource) {
  Finding made;
  made.account_id = std::move(account);
  made.check = std::move(check);
  made.resource = std::move(resource);
  made.verdict = Verdict::warn;
  return made;
}

std::vector<std::string> resources(const FindingRange& range) {
  std::vector<std::string> found;
  for (const auto& each : range) found.push_back(each.resource);
  return found;
}

// Sets TMPDIR until its end.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const char* path) {
    if (const char* before = std::getenv("TMPDIR")) before_ = before;
    ::setenv("TMPDIR", path, 1);
  }
  ~TemporaryFolder() {
    before_.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", before_.c_str(), 1);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

 private:
  std::string before_;
};

std::size_t open_files() {
  const std::filesystem::directory_iterator open("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(open), end(open)));
}

TEST(Findings, ComeBackAsTheyWere) {
  Finding full = finding("111111111111", "a", "arn:x\0y \xFF"s);
  full.id = "id";
  full.verdict = Verdict::unknown;
  full.level = Level::critical;
  full.region = "us-east-1";
  full.detail = std::string(300, 'd');
  full.evidence = {{"one", "1"}, {"", ""}};
  full.call_ids = {0, 1, 127, 128, 1'000'000'007, -1, std::numeric_limits<std::int64_t>::max()};
  full.unanswered = {{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"}, {}};
  full.first_seen = "2026-10-01T02:00:00Z";
  full.waived = Waiver{"owner", "reason", "ticket", "2027-01-01"};
  Findings findings;
  findings.add(full);
  findings.add(finding("111111111111", "a", "bare"));  // nothing of the one before sticks to it
  auto at = findings.ranges().at(0).begin();
  EXPECT_EQ(at->account_id, full.account_id);
  EXPECT_EQ(at->check, full.check);
  EXPECT_EQ(at->id, full.id);
  EXPECT_EQ(at->verdict, full.verdict);
  EXPECT_EQ(at->level, full.level);
  EXPECT_EQ(at->region, full.region);
  EXPECT_EQ(at->resource, full.resource);
  EXPECT_EQ(at->detail, full.detail);
  EXPECT_EQ(at->evidence, full.evidence);
  EXPECT_EQ(at->call_ids, full.call_ids);
  ASSERT_EQ(at->unanswered.size(), 2u);
  EXPECT_EQ(at->unanswered[0].account_id + at->unanswered[0].region + at->unanswered[0].service,
            "123");
  EXPECT_EQ(at->unanswered[0].time, "10");
  EXPECT_EQ(at->unanswered[1].code, "");
  EXPECT_EQ(at->first_seen, full.first_seen);
  ASSERT_TRUE(at->waived);
  EXPECT_EQ(at->waived->owner + at->waived->reason + at->waived->ticket + at->waived->expires,
            "ownerreasonticket2027-01-01");
  ++at;
  EXPECT_EQ(at->resource, "bare");
  EXPECT_EQ(at->verdict, Verdict::warn);
  EXPECT_EQ(at->level, Level::warn);
  EXPECT_TRUE(at->id.empty() && at->evidence.empty() && at->call_ids.empty());
  EXPECT_TRUE(at->unanswered.empty() && at->first_seen.empty() && !at->waived);
  EXPECT_TRUE(++at == findings.ranges()[0].end());
}

TEST(Findings, JoinWhatContinuesARangeAndKeepTheOrder) {
  Findings findings;
  findings.add(finding("1", "a", "x"));
  FindingBatch more{"1", "a", "", {}};
  more.add(finding("1", "a", "y"));
  more.add(finding("1", "a", "z"));
  findings.add(more);
  findings.add(FindingBatch{"1", "none", "", {}});  // nothing found is no range
  findings.add(finding("1", "b", "x"));
  findings.add(finding("2", "b", "x"));
  findings.add(finding("1", "a", "late"));
  const auto& ranges = findings.ranges();
  ASSERT_EQ(ranges.size(), 4u);
  EXPECT_EQ(resources(ranges[0]), (std::vector<std::string>{"x", "y", "z"}));
  EXPECT_EQ(ranges[0].size(), 3u);
  EXPECT_EQ(ranges[1].check(), "b");
  EXPECT_EQ(ranges[2].account_id(), "2");
  EXPECT_EQ(resources(ranges[3]), std::vector<std::string>{"late"});
  EXPECT_EQ(resources(ranges[0]).size(), 3u);  // a second time
  EXPECT_EQ(findings.size(), 6u);
}

TEST(Findings, AreCountedByRangeAndInAll) {
  Findings findings;
  auto one = finding("1", "a", "x");
  findings.add(one);
  one.verdict = Verdict::unknown;
  findings.add(one);
  one.level = Level::critical;
  one.unanswered.emplace_back();
  findings.add(one);
  one.waived = Waiver{};
  findings.add(one);
  findings.add(finding("2", "a", "x"));
  for (const auto* tally : {&findings.ranges()[0].tally(), &findings.tally()}) {
    EXPECT_EQ(tally->counts[Verdict::warn], tally == &findings.tally() ? 2u : 1u);
    EXPECT_EQ(tally->counts[Verdict::unknown], 2u);
    EXPECT_EQ(tally->counts.waived, 1u);
    EXPECT_EQ(tally->unknown_critical, 1u);
    EXPECT_EQ(tally->lacking, 2u);
    EXPECT_EQ(tally->all(), tally == &findings.tally() ? 5u : 4u);
  }
}

TEST(Findings, MayBeLongerThanTheWindowThatReadsThem) {
  Findings findings;
  const auto text_of = [](std::size_t i) {
    return std::string(i % 3 != 2 ? 1'000'000 + i : 60'000, static_cast<char>('a' + i));
  };
  for (std::size_t i = 0; i < 9; ++i) findings.add(finding("1", "a", text_of(i)));
  const auto found = resources(findings.ranges().at(0));
  ASSERT_EQ(found.size(), 9u);
  for (std::size_t i = 0; i < 9; ++i) EXPECT_TRUE(found[i] == text_of(i)) << i;
}

TEST(Findings, OfASmallReportNeedNoFile) {
  const TemporaryFolder nowhere("/dev/null/no");
  const auto before = open_files();
  Findings findings;
  for (int i = 0; i < 3; ++i) findings.add(finding("1", "a", std::string(1 << 20, 'x')));
  EXPECT_EQ(open_files(), before);
  EXPECT_EQ(resources(findings.ranges()[0]).size(), 3u);
}

TEST(Findings, GoToAFileWithoutANameWhenTheyAreMany) {
  const auto before = open_files();
  {
    Findings findings;
    for (std::size_t i = 0; i < 50'000; ++i) {
      findings.add(finding(std::to_string(i / 1000), i % 1000 < 500 ? "a" : "b",
                           std::to_string(i) + std::string(200, 'x')));
    }
    EXPECT_EQ(open_files(), before + 1);
    std::size_t i = 0;
    for (const auto& range : findings.ranges()) {
      for (const auto& each : range) {
        ASSERT_EQ(each.account_id, std::to_string(i / 1000));
        ASSERT_TRUE(each.resource.starts_with(std::to_string(i) + "x")) << i;
        ++i;
      }
    }
    EXPECT_EQ(i, 50'000u);
    Findings moved = std::move(findings);
    EXPECT_EQ(resources(moved.ranges().back()).size(), 500u);
  }
  EXPECT_EQ(open_files(), before);
}

TEST(Findings, AreReadByManyThreadsAtOnce) {
  Findings findings;
  for (std::size_t i = 0; i < 30'000; ++i) {
    findings.add(
        finding(std::to_string(i / 10'000), "a", std::to_string(i) + std::string(300, 'x')));
  }
  std::vector<std::size_t> wrong(8);
  std::vector<std::thread> threads;
  std::barrier together(static_cast<std::ptrdiff_t>(wrong.size()));
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&, t] {
      std::size_t i = 0;
      together.arrive_and_wait();
      for (const auto& range : findings.ranges()) {
        for (const auto& each : range) {
          wrong[t] += each.resource.starts_with(std::to_string(i++) + "x") ? 0u : 1u;
        }
      }
      wrong[t] += 30'000 - i;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<std::size_t>(8));
}

TEST(Findings, SayWhereNoFileCouldBeMade) {
  for (const auto* path : {"/dev/null/no", "/proc"}) {
    const TemporaryFolder nowhere(path);
    Findings findings;
    try {
      for (int i = 0; i < 6; ++i) findings.add(finding("1", "a", std::string(1 << 20, 'x')));
      ADD_FAILURE() << "6 MB went nowhere";
    } catch (const Error& error) {
      const std::string text = error.what();
      EXPECT_NE(text.find("cannot make a temporary file in "s + path + ": "), std::string::npos)
          << text;
      EXPECT_NE(text.find("; set TMPDIR to a folder with room"), std::string::npos) << text;
    }
  }
}

TEST(Findings, SayWhenTheDiskIsFull) {
  Findings findings;
  // Files of this process may not grow: as a full disk answers, but for the word.
  struct rlimit before {};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit none{1 << 20, before.rlim_max};
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &none);
  std::string text;
  try {
    for (int i = 0; i < 6; ++i) findings.add(finding("1", "a", std::string(1 << 20, 'x')));
  } catch (const Error& error) {
    text = error.what();
  }
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, handler);
  EXPECT_NE(text.find("cannot write a temporary file in "), std::string::npos) << text;
}

}  // namespace
}  // namespace ciswatch
