#include "core/store/merge_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <optional>
#include <thread>

#include "core/base/stop.h"
#include "core/base/text.h"
#include "core/store/schema.h"

namespace ciswatch {
namespace {

namespace fs = std::filesystem;

constexpr int kCacheKilobytes = 500;  // of an input: each of its pages is read once, in order

std::string name_of(const MergeInput& input) { return input.snapshot.path().string(); }

bool same_file(const fs::path& one, const fs::path& other) {
  std::error_code none_there;
  return fs::equivalent(one, other, none_there);
}

void refuse_paths(const MergeRequest& request) {
  const auto& inputs = request.inputs;
  const fs::path part = request.out.string() + ".part";
  for (auto input = inputs.begin(); input != inputs.end(); ++input) {
    for (auto other = inputs.begin(); other != input; ++other) {
      if (!same_file(*input, *other)) continue;
      throw Error(*input == *other ? fmt::format("{} is given twice", input->string())
                                   : fmt::format("{} and {} are one file", other->string(),
                                                 input->string()));
    }
    if (same_file(*input, request.out) || same_file(*input, part)) {
      throw Error(fmt::format("{} is read: write the merged snapshot elsewhere", input->string()));
    }
  }
  if (!request.replace && fs::exists(fs::symlink_status(request.out))) {
    throw Error(fmt::format("{} is there already; --force replaces it", request.out.string()));
  }
}

std::set<std::string, std::less<>> accounts_of(Database& database) {
  std::set<std::string, std::less<>> accounts;
  auto rows = database.prepare("select distinct account_id from main.account_content");
  while (rows.step()) accounts.emplace(rows.text(0));
  return accounts;
}

void refuse_other_layout(MergeInput& input) {
  auto row = input.database.prepare(
      "select s.spec_version, s.tool_version, v.user_version from main.snapshot s,"
      " pragma_user_version v");
  row.step();
  if (row.text(0) == spec_version() && row.integer(2) == kSchemaVersion) return;
  throw Error(fmt::format(
      "{} was written by ciswatch {}, with other tables than this one ({}); collect it again, or merge "
      "with that version",
      name_of(input), shortened(printable(row.text(1)), 40), CISWATCH_VERSION));
}

MergeInput open_input(const fs::path& path) {
  Snapshot snapshot(path);
  auto database = snapshot.open();
  bound_reading(database);
  database.set_cache(kCacheKilobytes);
  MergeInput input{std::move(snapshot), std::move(database), {}, {}, 0};
  try {
    refuse_other_layout(input);
    input.accounts = accounts_of(input.database);
  } catch (const DatabaseError& error) {
    input.throw_unreadable(error);
  }
  return input;
}

// One, or why it is none.
struct Opened {
  std::optional<MergeInput> input;
  std::exception_ptr failed;
};

// Each is read from end to end, for its checksum.
std::vector<Opened> open_all(std::span<const fs::path> paths, unsigned jobs) {
  std::vector<Opened> opened(paths.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < paths.size(); i = next++) {
      try {
        opened[i].input = open_input(paths[i]);
      } catch (...) {
        opened[i].failed = std::current_exception();
        next = paths.size();  // those that stand before it are under way
      }
    }
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < std::min<std::size_t>(jobs, paths.size()); ++i) others.emplace_back(work);
  work();
  others.clear();
  return opened;
}

// Of what one input was not asked, the merged snapshot would hold no trace: no row and no call, which
// is as good as nothing being there.
void refuse_other_tables(const MergeInput& first, const MergeInput& input) {
  for (const auto* table : tables()) {
    const bool there = first.snapshot.holds(table->name);
    if (there == input.snapshot.holds(table->name)) continue;
    throw Error(fmt::format("{} holds the table {} and {} does not: they were collected for other "
                            "checks; collect both with the same --pack and --check",
                            name_of(there ? first : input), table->name,
                            name_of(there ? input : first)));
  }
}

void refuse_doubled_accounts(std::span<const MergeInput> inputs) {
  std::map<std::string_view, const MergeInput*> owners;
  for (const auto& input : inputs) {
    for (const auto& account : input.accounts) {
      const auto [owner, fresh] = owners.try_emplace(account, &input);
      if (fresh) continue;
      throw Error(fmt::format("the account {} is in both {} and {}",
                              shortened(printable(account), 60), name_of(*owner->second),
                              name_of(input)));
    }
  }
  if (owners.empty()) throw Error("there is no account in any of the snapshots");
}

// Refuses a shard that two have, and shards of another cut.
void refuse_doubled_shards(std::span<const MergeInput> inputs) {
  std::map<unsigned, const MergeInput*> found;
  unsigned count = 0;
  for (const auto& input : inputs) {
    for (const auto& shard : input.snapshot.info().shards) {
      if (count != 0 && shard.count != count) {
        const auto& [number, other] = *found.begin();
        throw Error(fmt::format("{} is shard {} of {}, and {} is shard {} of {}", name_of(*other), number,
                                count, name_of(input), shard.number, shard.count));
      }
      count = shard.count;
      const auto [other, fresh] = found.try_emplace(shard.number, &input);
      if (fresh) continue;
      throw Error(fmt::format("{} and {} are both shard {} of {}", name_of(*other->second),
                              name_of(input), shard.number, count));
    }
  }
}

void refuse_incomplete(std::span<const MergeInput> inputs) {
  for (const auto& input : inputs) {
    if (input.snapshot.info().complete) continue;
    throw Error(fmt::format("{} is not complete; collect it again, or go on without what it lacks with "
                            "--allow-missing",
                            name_of(input)));
  }
  const auto missing = others_than(shards_of(inputs));
  if (missing.empty()) return;
  throw Error(fmt::format("{} missing; give all, or go on without their accounts with --allow-missing",
                          in_words(missing)));
}

}  // namespace

void MergeInput::throw_damaged(std::string_view why) const {
  throw Error(fmt::format("the snapshot {} is damaged ({}); collect it again",
                          snapshot.path().string(), why));
}

void MergeInput::throw_unreadable(const DatabaseError& error) const {
  if (stop_signal() != 0) throw Error("stopped by a signal: nothing was merged");
  throw_damaged(is_interrupt(error) ? "reading it has no end" : error.what());
}

std::vector<Shard> shards_of(std::span<const MergeInput> inputs) {
  std::vector<Shard> shards;
  for (const auto& input : inputs) {
    const auto& own = input.snapshot.info().shards;
    shards.insert(shards.end(), own.begin(), own.end());
  }
  std::sort(shards.begin(), shards.end(),
            [](const Shard& one, const Shard& other) { return one.number < other.number; });
  return shards;
}

std::vector<MergeInput> open_inputs(const MergeRequest& request, unsigned jobs) {
  refuse_paths(request);
  std::vector<MergeInput> inputs;
  for (auto& [input, failed] : open_all(request.inputs, jobs)) {
    if (failed) std::rethrow_exception(failed);
    inputs.push_back(std::move(*input));
    refuse_other_tables(inputs.front(), inputs.back());
  }
  refuse_doubled_shards(inputs);
  refuse_doubled_accounts(inputs);
  if (!request.allow_missing) refuse_incomplete(inputs);
  return inputs;
}

}  // namespace ciswatch
