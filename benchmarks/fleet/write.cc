#include "benchmarks/fleet/write.h"

#include <fmt/format.h>

#include <algorithm>

#include "benchmarks/fleet/flood.h"
#include "benchmarks/fleet/hostile.h"
#include "benchmarks/fleet/source.h"
#include "core/collect/collector.h"
#include "core/collect/shard.h"

namespace ciswatch::fleet {
namespace {

constexpr UnixSeconds kCollection = 1'800;

std::uint64_t count_rows(Database& database, std::string_view table) {
  auto statement = database.prepare(fmt::format("select count(*) from {}", table));
  statement.step();
  return static_cast<std::uint64_t>(statement.integer(0));
}

Written measure(const std::filesystem::path& path, std::size_t accounts) {
  auto database = Database::open_immutable(path.string());
  Written written;
  written.accounts = accounts;
  written.calls = count_rows(database, "api_call");
  for (const auto* table : tables()) {
    written.rows.emplace_back(table->name, count_rows(database, table->name));
  }
  written.bytes = std::filesystem::file_size(path);
  return written;
}

// The tables whose rows the collector makes: not KMS's where a flood of keys takes their place.
std::vector<const TableSpec*> collected_tables(bool flooded) {
  std::vector<const TableSpec*> list;
  for (const auto* table : tables()) {
    if (!flooded || table->service != "kms") list.push_back(table);
  }
  return list;
}

// Returns who collected.
std::string collect(Source& source, SnapshotWriter& writer, bool flooded) {
  Collector collector(source, writer, {collected_tables(flooded), {}, "us-east-1"});
  collector.run([] {});
  return collector.caller();
}

std::string write_account(const Options& options, std::size_t index, SnapshotWriter& writer) {
  if (options.hostile) {
    HostileSource source(options, index);
    return collect(source, writer, false);
  }
  FleetSource source(options, index);
  const bool flooded = index == 0 && options.keys > 0;
  auto caller = collect(source, writer, flooded);
  if (flooded) write_flood(source.account(), options.keys, writer);
  return caller;
}

}  // namespace

Written write_fleet(const Options& options, const std::filesystem::path& path,
                    const std::function<void(std::size_t)>& progress) {
  SnapshotWriter writer(path);  // as one that is kept, with the hashes that a later scan compares
  SnapshotInfo info;
  std::size_t written = 0;
  if (options.shard) info.shards = {*options.shard};
  for (std::size_t index = 0; index < options.accounts; ++index) {
    if (options.shard && !is_of(*options.shard, account_id(options, index))) continue;
    const auto caller = write_account(options, index, writer);
    if (info.collected_by.empty()) info.collected_by = caller;
    ++written;
    progress(index + 1);
  }
  // Not the last answer's time, which would depend on how many accounts there are.
  info.collected_at = iso8601(night_end(options));
  info.started_at = iso8601(night_end(options) - kCollection);
  info.source = "recording";
  writer.finish(info);
  return measure(path, written);
}

}  // namespace ciswatch::fleet
