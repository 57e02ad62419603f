// Writes the snapshot of a synthetic fleet: what the benchmarks and the hostile tests read.

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "benchmarks/fleet/write.h"
#include "core/base/error.h"
#include "core/collect/shard.h"

namespace {

using ciswatch::fleet::Options;
using ciswatch::fleet::Written;

struct Flags {
  Options options;
  double changed = 0;
  std::string out, shard;
};

CLI::Option* declare(CLI::App& app, Flags& flags) {
  auto& options = flags.options;
  app.add_option("--accounts", options.accounts,
                 "How many accounts (default 10000; 24 with --hostile, 1 with --keys)")
      ->check(CLI::Range(std::size_t{1}, ciswatch::fleet::kMostAccounts));
  app.add_option("--keys", options.keys, "Give the first account this many KMS keys in one region");
  app.add_flag("--hostile", options.hostile, "Every text of the fleet is an enemy's")
      ->excludes("--keys");
  app.add_option("--regions", options.regions, "Enabled regions of each")
      ->check(CLI::Range(std::size_t{1}, ciswatch::fleet::all_regions().size()))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Another seed, another fleet")->capture_default_str();
  app.add_flag("--moving-deliveries", options.moving_deliveries,
               "With --changed: CloudTrail's last deliveries are a day on in every account, too");
  app.add_option("--shard", flags.shard, "Write the accounts of this part alone, such as 1/8");
  app.add_option("-o,--out", flags.out, "The snapshot to write")->required();
  return app
      .add_option("--changed", flags.changed,
                  "The next night: this share of the accounts (0 to 1) has changed")
      ->check(CLI::Range(0.0, 1.0));
}

// One line that moves on a terminal, a few lines in a log.
void show_progress(std::size_t done, std::size_t all) {
  static const bool terminal = isatty(STDERR_FILENO) == 1;
  if (done % (terminal ? 100 : 2'500) != 0 && done != all) return;
  fmt::print(stderr, "{}{} of {} accounts{}", terminal ? "\r" : "", done, all,
             terminal && done != all ? "" : "\n");
}

void print_table(const Written& written, double seconds) {
  const auto row = [](std::string_view name, auto count) {
    fmt::print(stderr, "  {:<44}{:>14L}\n", name, count);
  };
  row("accounts", written.accounts);
  row("calls (api_call)", written.calls);
  for (const auto& [table, count] : written.rows) row(table, count);
  row("bytes", written.bytes);
  row("bytes per account", written.bytes / std::max<std::uint64_t>(written.accounts, 1));
  fmt::print(stderr, "  {:<44}{:>14.1f}\n", "seconds", seconds);
}

int run(int count, char** arguments) {
  CLI::App app("Writes the snapshot of a synthetic fleet: seeded, realistic, with known faults");
  Flags flags;
  const CLI::Option* changed = declare(app, flags);
  CLI11_PARSE(app, count, arguments);
  Options& options = flags.options;
  options.next_night = changed->count() > 0;
  options.changed = static_cast<std::uint64_t>(std::llround(flags.changed * 1e6));
  if (!flags.shard.empty()) {
    options.shard = ciswatch::read_shard(flags.shard, ciswatch::process_environment);
  }
  if (app.count("--accounts") == 0 && options.hostile) options.accounts = 24;
  if (app.count("--accounts") == 0 && options.keys > 0) options.accounts = 1;
  const auto begun = std::chrono::steady_clock::now();
  const Written written = write_fleet(
      options, flags.out, [&](std::size_t done) { show_progress(done, options.accounts); });
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begun;
  print_table(written, seconds.count());
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    return run(count, arguments);
  } catch (const ciswatch::Error& error) {
    fmt::print(stderr, "ciswatch_fleet: {}\n", error.what());
    return 2;
  }
}
