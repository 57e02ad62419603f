// The packs as they are shipped, held to what is known of the benchmarks.

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "rules/library.h"
#include "tests/rules/rig.h"

namespace ciswatch {
namespace {

const Library& shipped() {
  static const Library library =
      load_library(std::filesystem::path(CISWATCH_SOURCE_DIR) / "checks", Tests::leave_out);
  return library;
}

using Requirements = std::map<std::string, const Requirement*>;  // by number

Requirements requirements_of(std::string_view pack) {
  Requirements found;
  for (const auto& requirement : shipped().pack(pack)->requirements) {
    found[requirement.number] = &requirement;
  }
  return found;
}

// "check level" of a requirement; "" if the pack does not have it.
std::string asks(std::string_view pack, const std::string& number) {
  const auto requirements = requirements_of(pack);
  const auto found = requirements.find(number);
  if (found == requirements.end()) return "";
  const auto& id = found->second->checks.at(0);
  return fmt::format("{} {}", id,
                     name_of(found->second->level.value_or(shipped().check(id)->level)));
}

// A fault of level 1 is critical, one of level 2 a warning.
TEST(ShippedPacks, JudgeByTheLevelsOfTheBenchmark) {
  for (const auto& pack : shipped().packs) {
    if (!pack.id.starts_with("cis-aws-")) continue;
    for (const auto& requirement : pack.requirements) {
      ASSERT_NE(requirement.cis_level, 0) << pack.id << " " << requirement.number;
      const auto expected = requirement.cis_level == 1 ? Level::critical : Level::warn;
      for (const auto& id : requirement.checks) {
        EXPECT_EQ(requirement.level.value_or(shipped().check(id)->level), expected)
            << pack.id << " " << requirement.number;
      }
    }
  }
}

TEST(ShippedChecks, HaveAFixOrSayWhatPeopleDecide) {
  for (const auto& check : shipped().checks) {
    EXPECT_NE(check.action.empty(), check.manual.empty()) << check.id;
  }
}

TEST(ShippedPacks, NameTheSameCheckByTheNumberOfEachEdition) {
  struct Line {
    std::vector<std::string> packs;
    std::string multi_region, config, public_bucket, logs, rotation;
  };
  const Line lines[] = {
      {{"1.2.0"}, "2.1", "2.5", "2.3", "2.4", "2.8"},
      {{"1.3.0", "1.4.0", "1.5.0", "2.0.0"}, "3.1", "3.5", "3.3", "3.4", "3.8"},
      {{"3.0.0", "4.0.1", "5.0.0"}, "3.1", "3.3", "", "", "3.6"},
      {{"6.0.0", "7.0.0"}, "4.1", "4.3", "", "", "4.6"}};
  for (const auto& line : lines) {
    for (const auto& edition : line.packs) {
      const auto pack = "cis-aws-" + edition;
      EXPECT_EQ(asks(pack, line.multi_region), "cloudtrail-multi-region critical") << pack;
      EXPECT_EQ(asks(pack, line.rotation), "kms-key-rotation warn") << pack;
      const bool early = edition == "1.2.0" || edition == "1.3.0";
      EXPECT_EQ(asks(pack, line.config),
                early ? "config-all-regions critical" : "config-all-regions warn")
          << pack;
      std::string all;
      for (const auto& [number, requirement] : requirements_of(pack)) all += requirement->checks[0];
      const bool has = !line.public_bucket.empty();
      EXPECT_EQ(all.find("cloudtrail-bucket-not-public") != std::string::npos, has) << pack;
      EXPECT_EQ(all.find("cloudtrail-cloudwatch-logs") != std::string::npos, has) << pack;
      if (!has) continue;
      EXPECT_EQ(asks(pack, line.public_bucket), "cloudtrail-bucket-not-public critical");
      EXPECT_EQ(asks(pack, line.logs), "cloudtrail-cloudwatch-logs critical");
    }
  }
}

TEST(ShippedPacks, TogetherAskForEveryCheck) {
  std::set<std::string> asked;
  for (const auto& pack : shipped().packs) {
    for (const auto& requirement : pack.requirements) {
      EXPECT_FALSE(requirement.checks.empty()) << pack.id << " " << requirement.number;
      asked.insert(requirement.checks.begin(), requirement.checks.end());
    }
  }
  for (const auto& check : shipped().checks) {
    EXPECT_TRUE(asked.contains(check.id)) << check.id << " is in no pack";
  }
}

}  // namespace
}  // namespace ciswatch
