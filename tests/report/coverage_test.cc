#include "core/report/coverage.h"

#include <gtest/gtest.h>

#include <limits>

#include "core/report/report.h"

namespace ciswatch {
namespace {

TEST(Coverage, CountsAbsentAsAnAnswerAndNothingElseBesideOk) {
  for (const auto outcome : kOutcomes) {
    const std::pair<std::string, std::size_t> counts[] = {{std::string(outcome), 3}};
    const Coverage coverage = coverage_of(counts);
    EXPECT_EQ(coverage.reads, 3U);
    EXPECT_EQ(coverage.answered, outcome == "ok" || outcome == "absent" ? 3U : 0U) << outcome;
  }
}

TEST(Coverage, IsNeverRoundedUp) {
  EXPECT_EQ(percentage({0, 0}), "–");
  EXPECT_EQ(percentage({255, 253}), "99.2 %");
  EXPECT_EQ(percentage({1000, 992}), "99.2 %");
  EXPECT_EQ(percentage({34'000, 33'728}), "99.2 %");
  EXPECT_EQ(percentage({1'000'000, 999'999}), "99.9 %");
  EXPECT_EQ(percentage({1'000'000'000'000, 999'999'999'999}), "99.9 %");
  EXPECT_EQ(percentage({5, 5}), "100 %");
  EXPECT_EQ(percentage({5, 0}), "0.0 %");
}

TEST(Coverage, IsFreeOfOverflow) {
  constexpr auto kMost = std::numeric_limits<std::size_t>::max();
  EXPECT_EQ(percentage({kMost, kMost - 1}), "99.9 %");
  EXPECT_EQ(percentage({kMost, kMost / 2}), "49.9 %");  // kMost is odd
  EXPECT_FALSE(LeastCoverage(100).is_met({kMost, kMost - 1}));
  EXPECT_TRUE(LeastCoverage(49.9).is_met({kMost, kMost / 2}));
}

TEST(Coverage, IsToldInWords) {
  EXPECT_EQ(in_words(Coverage{34'000, 33'728}), "99.2 % of 34,000 reads");
  EXPECT_EQ(in_words(Coverage{1, 1}), "100 % of 1 read");
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
  const std::pair<std::string, std::size_t> outcomes[] = {{"ok", 33'728}, {"absent", 0}, {"denied", 272}};
  EXPECT_EQ(in_words(outcomes), "33,728 ok, 272 denied");
}

struct Case {
  double percent;
  Coverage coverage;
  bool met;
};

TEST(Coverage, IsMeasuredExactlyAgainstTheLeast) {
  const Case cases[] = {
      {0, {0, 0}, true},       {0, {5, 0}, true},
      {0.0001, {0, 0}, false},  // nothing was to be read: nothing is shown
      {99.2, {1000, 992}, true},   {99.2, {1000, 991}, false},
      {99.9999, {1'000'000, 999'999}, true}, {99.9999, {1'000'000, 999'998}, false},
      {100, {1'000'000, 1'000'000}, true},   {100, {1'000'000, 999'999}, false},
      {100, {100'000'000, 99'999'999}, false},
      {33.3, {3, 1}, true},  {33.4, {3, 1}, false},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(LeastCoverage(each.percent).is_met(each.coverage), each.met)
        << each.percent << " of " << each.coverage.reads;
  }
}

TEST(Coverage, LeavesOutWhatIsNotReadInClosedRegions) {
  ReportHead head;
  head.outcomes = {{"ok", 90}, {"absent", 5}, {"denied", 25}};
  head.calls = 120;
  EXPECT_EQ(in_words(coverage_of(head)), "79.1 % of 120 reads");
  head.closed_reads = 20;
  EXPECT_EQ(in_words(coverage_of(head)), "95.0 % of 100 reads");
  head.closed_reads = 1'000;  // more than there are: a damaged file
  EXPECT_EQ(in_words(coverage_of(head)), "100 % of 95 reads");
}

}  // namespace
}  // namespace ciswatch
