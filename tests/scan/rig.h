#pragma once

// What the tests of whole scans share: the shipped checks, a small fleet, reports as bytes.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "benchmarks/fleet/write.h"
#include "core/store/snapshot.h"
#include "reporters/reporter.h"
#include "rules/evaluate.h"
#include "rules/library.h"
#include "rules/selection.h"

namespace ciswatch::rig {

// The checks as they are shipped, and one that looks beyond its slice.
inline Library shipped_checks() {
  auto library =
      load_library(std::filesystem::path(CISWATCH_SOURCE_DIR) / "checks", Tests::leave_out);
  Check fleet;
  fleet.id = "fleet-has-trails";
  fleet.title = fleet.why = "Reads all accounts";
  fleet.scope = Scope::account;
  fleet.sql =
      "select a.account_id, a.region, null as resource,"
      " (select any_ok(t.is_multi_region_trail) from org.aws_cloudtrail_trail t) as ok,"
      " format('%d trails', (select count(*) from org.aws_cloudtrail_trail)) as detail"
      " from aws_account a";
  fleet.file = "fleet-has-trails.yaml";
  fleet.sql_lines = {{1, 1}};
  add_check(library, fleet);
  return library;
}

inline Selection everything(const Library& library) {
  return choose(library, std::vector<std::string>{"cis-aws-1.2.0:2"},
                std::vector<std::string>{"fleet-has-trails"});
}

class Scan : public testing::Test {
 protected:
  Scan() : library_(shipped_checks()), selection_(everything(library_)) {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              fmt::format("ciswatch-scan-{}-{}", ::getpid(), test->name());
    std::filesystem::create_directories(folder_);
  }
  ~Scan() override { std::filesystem::remove_all(folder_); }

  Snapshot fleet(const std::string& name, const fleet::Options& options) const {
    fleet::write_fleet(options, folder_ / name, [](std::size_t) {});
    return Snapshot(folder_ / name);
  }

  Report scan(const Snapshot& snapshot, const EvaluateOptions& options) const {
    return evaluate(snapshot, selection_, options);
  }

  // All reports that a user can have of it, one after the other.
  std::string reports(const Snapshot& snapshot, const EvaluateOptions& options) const {
    const auto report = scan(snapshot, options);
    std::string bytes;
    for (const auto& reporter : reporters()) {
      reporter.write(report, {}, [&](std::string_view piece) { bytes += piece; });
    }
    return bytes;
  }

  std::filesystem::path folder_;
  Library library_;
  Selection selection_;
};

// Waivers of some findings of any fleet; one of them is of no use.
inline std::vector<WaiverEntry> waivers(const std::filesystem::path& folder, const Library& library) {
  const auto file = folder / "waivers.yaml";
  std::ofstream(file) << R"(
waivers:
- {check: vpc-flow-logs, region: us-*, owner: network, reason: r, expires: 2027-01-31}
- {check: cis-aws-1.2.0/2.8, account: "*1", owner: keys, reason: r, ticket: K-1, expires: 2026-11-30}
- {check: fleet-has-trails, resource: "*", account: "*2", owner: fleet, reason: r, expires: 2027-02-01}
- {check: cloudtrail-multi-region, resource: none, owner: nobody, reason: r, expires: 2027-02-01}
- {check: config-all-regions, account: "*0*", owner: late, reason: r, expires: 2020-01-01}
)";
  return load_waivers(std::vector{file}, library);
}

// One account a slice, so that there is something to share out.
inline EvaluateOptions with_jobs(unsigned jobs, std::uint64_t shuffle = 0) {
  EvaluateOptions options;
  options.jobs = jobs;
  options.slice_cost = 1;
  options.shuffle = shuffle;
  return options;
}

}  // namespace ciswatch::rig
