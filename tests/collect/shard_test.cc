// Which accounts are whose, and what a scheduler's environment says about it.

#include "core/collect/shard.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

namespace ciswatch {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

Environment of(Variables variables) {
  return [variables](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
}

// "3/8", or what is said instead.
std::string read(std::string_view text, const Variables& variables = {}) {
  try {
    const auto shard = read_shard(text, of(variables));
    return fmt::format("{}/{}", shard.number, shard.count);
  } catch (const Error& error) {
    return error.what();
  }
}

// int(hashlib.sha256(b"111111111111").hexdigest()[:16], 16) % 8 + 1
TEST(Shard, IsOfAnAccountByTheHashOfItsId) {
  EXPECT_TRUE(is_of({3, 8}, "111111111111"));
  EXPECT_TRUE(is_of({8, 8}, "222222222222"));
  EXPECT_TRUE(is_of({1, 1}, "111111111111"));
}

TEST(Shard, EachAccountIsOfOneAndNoneOfThemIsFarLarger) {
  constexpr unsigned kCount = 8;
  std::map<unsigned, int> sizes;
  for (int i = 0; i < 1'000; ++i) {
    int owners = 0;
    for (unsigned number = 1; number <= kCount; ++number) {
      if (!is_of({number, kCount}, std::to_string(100'000'000'000 + i))) continue;
      ++owners;
      ++sizes[number];
    }
    EXPECT_EQ(owners, 1);
  }
  for (const auto& [number, size] : sizes) EXPECT_NEAR(size, 125, 50) << number;
}

TEST(Shard, IsReadAsPeopleCount) {
  EXPECT_EQ(read("1/8"), "1/8");
  EXPECT_EQ(read("8/8"), "8/8");
  EXPECT_EQ(read("1/1"), "1/1");
  for (const auto* wrong : {"0/8", "9/8", "1/0", "8", "/8", "1/", "", "-1/8", "1/8x", " 1/8", "1/8/8",
                            "1/10001", "4294967297/8", "auto/", "auto/0", "auto/x", "Auto", "1.0/8"}) {
    EXPECT_NE(read(wrong, {{"JOB_COMPLETION_INDEX", "0"}}).find("write it as"), std::string::npos)
        << wrong;
  }
}

// A variable that is there by chance would leave out accounts, and nobody would see it.
TEST(Shard, TakesNoNoticeOfTheEnvironmentUnlessAsked) {
  EXPECT_EQ(read("2/8", {{"JOB_COMPLETION_INDEX", "5"}, {"SLURM_ARRAY_TASK_ID", "x"}}), "2/8");
}

TEST(Shard, TakesTheNumberFromTheScheduler) {
  EXPECT_EQ(read("auto/8", {{"JOB_COMPLETION_INDEX", "0"}}), "1/8");
  EXPECT_EQ(read("auto/8", {{"JOB_COMPLETION_INDEX", "7"}}), "8/8");
  EXPECT_EQ(read("auto/4", {{"AWS_BATCH_JOB_ARRAY_INDEX", "3"}}), "4/4");
  EXPECT_EQ(read("auto", {{"AWS_BATCH_JOB_ARRAY_INDEX", "3"}, {"AWS_BATCH_JOB_ARRAY_SIZE", "5"}}),
            "4/5");
  const Variables slurm = {{"SLURM_ARRAY_TASK_ID", "2"},
                           {"SLURM_ARRAY_TASK_COUNT", "3"},
                           {"SLURM_ARRAY_TASK_MIN", "1"},
                           {"SLURM_ARRAY_TASK_MAX", "3"}};
  EXPECT_EQ(read("auto", slurm), "2/3");
  EXPECT_EQ(read("auto/8", slurm), "2/8");  // a part of the array, run again
}

TEST(Shard, RefusesAnEnvironmentThatDoesNotTell) {
  const auto says = [](const std::string& text, const Variables& variables, std::string_view part) {
    const auto said = read(text, variables);
    EXPECT_NE(said.find(part), std::string::npos) << said;
  };
  says("auto", {}, "none of JOB_COMPLETION_INDEX");
  says("auto", {{"JOB_COMPLETION_INDEX", "1"}}, "write --shard auto/COUNT");
  says("auto", {{"AWS_BATCH_JOB_ARRAY_INDEX", "1"}}, "write --shard auto/COUNT");
  says("auto/8", {{"JOB_COMPLETION_INDEX", "8"}}, "JOB_COMPLETION_INDEX is 8");
  says("auto/8", {{"SLURM_ARRAY_TASK_ID", "0"}}, "counted from 1");
  says("auto/8", {{"SLURM_ARRAY_TASK_ID", "9"}}, "SLURM_ARRAY_TASK_ID is 9");
  says("auto/8", {{"JOB_COMPLETION_INDEX", ""}}, "is '', which is no number");
  says("auto/8", {{"JOB_COMPLETION_INDEX", "1"}, {"SLURM_ARRAY_TASK_ID", "1"}}, "both");
}

TEST(Shard, RefusesAnArrayWithGapsWhoseCountIsNotThatOfTheShards) {
  const auto slurm = [](const std::string& id, const std::string& least, const std::string& most) {
    return read("auto", {{"SLURM_ARRAY_TASK_ID", id},
                         {"SLURM_ARRAY_TASK_COUNT", "2"},
                         {"SLURM_ARRAY_TASK_MIN", least},
                         {"SLURM_ARRAY_TASK_MAX", most}});
  };
  EXPECT_EQ(slurm("2", "1", "2"), "2/2");
  for (const auto& said : {slurm("3", "3", "7"), slurm("1", "0", "1"), slurm("1", "1", "8")}) {
    EXPECT_NE(said.find("the array is not 1-2"), std::string::npos) << said;
  }
}

}  // namespace
}  // namespace ciswatch
