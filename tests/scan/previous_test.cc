// A scan that is given an earlier snapshot tells the same, and judges only what has changed.

#include <algorithm>
#include <fstream>

#include "core/store/database.h"
#include "rules/kept.h"
#include "tests/scan/rig.h"

namespace ciswatch {
namespace {

class Previous : public rig::Scan {
 protected:
  static constexpr std::size_t kAccounts = 20;

  // Two nights of a fleet, of which a fifth changes.
  Previous() : first_(fleet("1.db", night(false))), second_(fleet("2.db", night(true))) {}

  static fleet::Options night(bool next) {
    fleet::Options options;
    options.accounts = kAccounts;
    options.regions = 2;
    options.next_night = next;
    options.changed = 200'000;  // of a million
    return options;
  }

  static EvaluateOptions after(const Snapshot& previous) {
    auto options = rig::with_jobs(2);
    options.previous = &previous;
    return options;
  }

  EvaluateOptions with_waivers(EvaluateOptions options) const {
    options.waivers = rig::waivers(folder_, library_);
    return options;
  }

  // Writes over what was kept of the first night, so that what is taken over can be told from what is
  // judged: each finding's resource becomes "kept".
  void mark_kept() const {
    auto marked = scan(first_, rig::with_jobs(1));
    Findings findings;
    for (const auto& range : marked.findings.ranges()) {
      FindingBatch batch{std::string(range.account_id()), std::string(range.check()), "", {}, false};
      for (auto finding : range) {
        finding.resource = "kept";
        batch.add(finding);
      }
      findings.add(batch);
    }
    auto kept = Database::open_immutable(kept_beside(first_.path()).string());
    Fingerprints fingerprints;
    auto rows = kept.prepare("select distinct check_id, fingerprint from kept");
    while (rows.step()) fingerprints.emplace(rows.text(0), rows.text(1));
    keep_findings(findings, fingerprints, kept_beside(first_.path()));
  }

  static std::size_t accounts_kept(const Report& report, std::string_view check) {
    std::size_t count = 0;
    for (const auto& range : report.findings.ranges()) {
      if (range.check() != check) continue;
      if ((*range.begin()).resource == "kept") ++count;
    }
    return count;
  }

  Snapshot first_, second_;
};

TEST_F(Previous, GivesTheSameReports) {
  const auto expected = reports(second_, rig::with_jobs(1));
  scan(first_, after(first_));  // nothing is kept yet
  EXPECT_TRUE(reports(second_, after(first_)) == expected);
  EXPECT_TRUE(reports(second_, after(second_)) == expected);  // kept by the scan before
}

TEST_F(Previous, JudgesOnlyAccountsThatChanged) {
  scan(first_, after(first_));
  mark_kept();
  const auto report = scan(second_, after(first_));
  // A fifth of the accounts changes, each in one thing or another.
  EXPECT_GE(accounts_kept(report, "kms-key-rotation"), kAccounts * 3 / 4);
  EXPECT_LT(accounts_kept(report, "kms-key-rotation") + accounts_kept(report, "vpc-flow-logs"),
            kAccounts * 2);
  // What a check reads beside the accounts' own rows changes with every snapshot.
  EXPECT_EQ(accounts_kept(report, "cloudtrail-cloudwatch-logs"), 0U);  // the time
  EXPECT_EQ(accounts_kept(report, "fleet-has-trails"), 0U);            // other accounts
}

TEST_F(Previous, JudgesAgainWhenTheCheckOrItsSettingsChanged) {
  scan(first_, after(first_));
  mark_kept();
  auto options = after(first_);
  options.settings = {{"kms-key-rotation.scope", "cloudtrail"}};
  EXPECT_EQ(accounts_kept(scan(second_, options), "kms-key-rotation"), 0U);
  mark_kept();
  const auto at = std::find_if(library_.checks.begin(), library_.checks.end(),
                               [](const Check& check) { return check.id == "kms-key-rotation"; });
  at->sql += " -- another";
  const auto report = scan(second_, after(first_));
  EXPECT_EQ(accounts_kept(report, "kms-key-rotation"), 0U);
  EXPECT_GT(accounts_kept(report, "vpc-flow-logs"), 0U);
}

// What is kept is what was found; which of it is waived is told by the waivers of the day.
TEST_F(Previous, WaivesWhatIsTakenOverByTheWaiversOfTheDay) {
  const auto expected = reports(second_, with_waivers(rig::with_jobs(1)));
  const auto expected_without = reports(second_, rig::with_jobs(1));
  ASSERT_FALSE(expected == expected_without);
  scan(first_, after(first_));
  const auto with = with_waivers(after(first_));
  EXPECT_TRUE(reports(second_, with) == expected);
  EXPECT_TRUE(reports(second_, with_waivers(after(second_))) == expected);  // kept by that scan
  EXPECT_TRUE(reports(second_, after(second_)) == expected_without);
  // Taken over indeed, and waived.
  mark_kept();
  std::size_t both = 0;
  const auto report = scan(second_, with);
  for (const auto& range : report.findings.ranges()) {
    for (const auto& finding : range) both += finding.waived && finding.resource == "kept" ? 1U : 0U;
  }
  EXPECT_GT(both, 0U);
}

TEST_F(Previous, KeepsNothingOfACheckThatCouldNotBeRun) {
  const auto at = std::find_if(library_.checks.begin(), library_.checks.end(),
                               [](const Check& check) { return check.id == "vpc-flow-logs"; });
  at->sql = "select account_id, region, 1/0 as resource, 2 as ok, '' as detail from aws_account";
  scan(first_, after(first_));
  KeptFindings kept(kept_beside(first_.path()));
  auto rows = Database::open_immutable(kept_beside(first_.path()).string());
  auto count = rows.prepare("select count(*) from kept where check_id = 'vpc-flow-logs'");
  ASSERT_TRUE(count.step());
  EXPECT_EQ(count.integer(0), 0);
}

TEST_F(Previous, RefusesKeptFindingsThatAreDamaged) {
  scan(first_, after(first_));
  const auto file = kept_beside(first_.path()).string();
  const auto size = std::filesystem::file_size(file);
  const auto refused = [&] {
    try {
      scan(second_, after(first_));
      return std::string("nothing");
    } catch (const Error& error) {
      return std::string(error.what());
    }
  };
  {
    std::fstream damage(file, std::ios::in | std::ios::out | std::ios::binary);
    damage.seekp(static_cast<std::streamoff>(size / 2));
    damage << "????????????????";
  }
  EXPECT_NE(refused().find("are damaged"), std::string::npos) << refused();
  std::ofstream(file) << "no database";
  EXPECT_NE(refused().find("is no file of kept findings"), std::string::npos) << refused();
}

}  // namespace
}  // namespace ciswatch
