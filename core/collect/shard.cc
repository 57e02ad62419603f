#include "core/collect/shard.h"

#include <fmt/format.h>

#include <charconv>
#include <string>
#include <vector>

#include "core/base/crypto.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr std::string_view kAuto = "auto";

struct Scheduler {
  std::string_view index;
  unsigned first;           // how it numbers the first
  std::string_view count;   // "": it does not say
  std::string_view least, most;  // of the indexes; "": they have no gaps and begin with `first`
};

constexpr Scheduler kSchedulers[] = {
    {"JOB_COMPLETION_INDEX", 0, "", "", ""},
    {"AWS_BATCH_JOB_ARRAY_INDEX", 0, "AWS_BATCH_JOB_ARRAY_SIZE", "", ""},
    {"SLURM_ARRAY_TASK_ID", 1, "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN",
     "SLURM_ARRAY_TASK_MAX"}};

std::optional<unsigned> number_in(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

unsigned from_environment(const Environment& environment, std::string_view name) {
  const auto text = environment(name).value_or("");
  const auto number = number_in(text);
  if (number) return *number;
  throw Error(fmt::format("--shard auto: {} is '{}', which is no number", name,
                          shortened(printable(text), 40)));
}

const Scheduler& scheduler_in(const Environment& environment) {
  const Scheduler* found = nullptr;
  for (const auto& scheduler : kSchedulers) {
    if (!environment(scheduler.index)) continue;
    if (found != nullptr) {
      throw Error(fmt::format("--shard auto: both {} and {} are set; write --shard NUMBER/COUNT",
                              found->index, scheduler.index));
    }
    found = &scheduler;
  }
  if (found != nullptr) return *found;
  throw Error(
      "--shard auto: none of JOB_COMPLETION_INDEX, AWS_BATCH_JOB_ARRAY_INDEX and SLURM_ARRAY_TASK_ID is "
      "set; write --shard NUMBER/COUNT");
}

// An array of which some tasks are run again, or with gaps, has another count than the shards.
unsigned count_in(const Environment& environment, const Scheduler& scheduler) {
  if (scheduler.count.empty() || !environment(scheduler.count)) {
    throw Error(fmt::format("--shard auto: with {} nothing says how many there are; write --shard "
                            "auto/COUNT",
                            scheduler.index));
  }
  const auto count = from_environment(environment, scheduler.count);
  if (!scheduler.least.empty() &&
      (from_environment(environment, scheduler.least) != scheduler.first ||
       from_environment(environment, scheduler.most) != count)) {
    throw Error(fmt::format("--shard auto: the array is not 1-{}: write --shard auto/COUNT, with the "
                            "number of all shards",
                            count));
  }
  return count;
}

[[noreturn]] void throw_wrong(std::string_view text) {
  throw Error(fmt::format("--shard {}: write it as NUMBER/COUNT, such as 1/8 to 8/8 (at most {}), auto or "
                          "auto/COUNT",
                          shortened(printable(text), 40), kMostShards));
}

}  // namespace

bool is_of(const Shard& shard, std::string_view account_id) {
  const auto digest = sha256(account_id);
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number = number << 8 | digest[i];
  return number % shard.count + 1 == shard.number;
}

Shard read_shard(std::string_view text, const Environment& environment) {
  const auto slash = text.find('/');
  const auto name = text.substr(0, slash);
  std::optional<unsigned> count;
  if (slash != std::string_view::npos) {
    count = number_in(text.substr(slash + 1));
    if (!count || *count < 1 || *count > kMostShards) throw_wrong(text);
  }
  if (name != kAuto) {
    const auto number = number_in(name);
    if (!number || !count || *number < 1 || *number > *count) throw_wrong(text);
    return {*number, *count};
  }
  const auto& scheduler = scheduler_in(environment);
  if (!count) count = count_in(environment, scheduler);
  if (*count < 1 || *count > kMostShards) throw_wrong(fmt::format("auto/{}", *count));
  const auto index = from_environment(environment, scheduler.index);
  if (index < scheduler.first || index - scheduler.first >= *count) {
    throw Error(fmt::format("--shard {}: {} is {}, and there are {} shards, counted from {}", text,
                            scheduler.index, index, *count, scheduler.first));
  }
  return {index - scheduler.first + 1, *count};
}

}  // namespace ciswatch
