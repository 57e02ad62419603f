// The same snapshot gives the same bytes, however many threads judge it in whatever order.

#include "tests/scan/rig.h"

namespace ciswatch {
namespace {

using Determinism = rig::Scan;
using rig::with_jobs;

constexpr unsigned kJobs[] = {1, 2, 3, 8, 64};

// ThreadSanitizer takes half a minute for ten.
#ifdef __SANITIZE_THREAD__
constexpr std::uint64_t kShuffles = 40;
#else
constexpr std::uint64_t kShuffles = 200;
#endif

fleet::Options small_fleet() {
  fleet::Options options;
  options.accounts = 7;
  options.regions = 2;
  return options;
}

TEST_F(Determinism, OfEveryReportWithAnyNumberOfJobs) {
  auto hostile = small_fleet();
  hostile.hostile = true;
  for (const auto& options : {small_fleet(), hostile}) {
    const auto snapshot = fleet("fleet.db", options);
    const auto expected = reports(snapshot, with_jobs(1));
    EXPECT_GT(expected.size(), 100'000U);
    for (const auto jobs : kJobs) EXPECT_TRUE(reports(snapshot, with_jobs(jobs)) == expected) << jobs;
  }
}

TEST_F(Determinism, OfWaiversWithAnyNumberOfJobsAndAnySizeOfSlice) {
  const auto snapshot = fleet("fleet.db", small_fleet());
  auto options = with_jobs(1);
  options.waivers = rig::waivers(folder_, library_);
  const auto expected = reports(snapshot, options);
  EXPECT_GT(scan(snapshot, options).findings.tally().counts.waived, 5U);
  for (const auto jobs : kJobs) {
    options.jobs = jobs;
    options.shuffle = jobs;
    EXPECT_TRUE(reports(snapshot, options) == expected) << jobs;
  }
  options.shuffle = 0;
  for (const std::size_t cost : {std::size_t{500}, std::size_t{1'000'000}}) {
    options.slice_cost = cost;
    EXPECT_TRUE(reports(snapshot, options) == expected) << cost;
  }
}

TEST_F(Determinism, OverTwoHundredShufflesOfTheSchedule) {
  auto options = small_fleet();
  options.accounts = 4;
  options.regions = 1;
  const auto snapshot = fleet("fleet.db", options);
  const auto expected = reports(snapshot, with_jobs(1));
  for (std::uint64_t seed = 1; seed <= kShuffles; ++seed) {
    const auto jobs = seed % 10 == 0 ? 64 : kJobs[seed % 4];
    ASSERT_TRUE(reports(snapshot, with_jobs(jobs, seed)) == expected) << jobs << " jobs, " << seed;
  }
}

// Which accounts share a slice is nothing that a check may depend on: one that compares an account's
// rows with another's without org. would.
TEST_F(Determinism, OfEveryReportWithAnySizeOfSlice) {
  const auto snapshot = fleet("fleet.db", small_fleet());
  const auto expected = reports(snapshot, with_jobs(2));
  for (const std::size_t cost : {std::size_t{500}, std::size_t{1'000'000}}) {
    auto options = with_jobs(2);
    options.slice_cost = cost;
    EXPECT_TRUE(reports(snapshot, options) == expected) << cost;
  }
}

}  // namespace
}  // namespace ciswatch
