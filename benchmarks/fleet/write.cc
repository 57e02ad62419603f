#include "benchmarks/fleet/write.h"

#include <fmt/format.h>

#include "benchmarks/fleet/faults.h"
#include "benchmarks/fleet/source.h"
#include "core/collect/collector.h"

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

}  // namespace

Written write_fleet(const Options& options, const std::filesystem::path& path,
                    const std::function<void(std::size_t)>& progress) {
  SnapshotWriter writer(path, Durability::scratch);
  const auto all = tables();
  SnapshotInfo info;
  for (std::size_t index = 0; index < options.accounts; ++index) {
    FleetSource source(options, index);
    Collector collector(source, writer, {{all.begin(), all.end()}, {}, "us-east-1"});
    collector.run([] {});
    if (index == 0) info.collected_by = collector.caller();
    progress(index + 1);
  }
  // Not the last answer's time, which would depend on how many accounts there are.
  info.collected_at = iso8601(night_end(options));
  info.started_at = iso8601(night_end(options) - kCollection);
  info.source = "recording";
  writer.finish(info);
  return measure(path, options.accounts);
}

}  // namespace ciswatch::fleet
