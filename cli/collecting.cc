#include "cli/collecting.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <optional>

#include "cli/accounts.h"
#include "cli/chosen.h"
#include "cli/progress.h"
#include "core/aws/caller.h"
#include "core/aws/login.h"
#include "core/aws/retry.h"
#include "core/base/crypto.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/base/stop.h"
#include "core/base/text.h"
#include "core/collect/collector.h"
#include "core/collect/live.h"
#include "core/collect/recording.h"
#include "core/collect/shard.h"
#include "core/report/coverage.h"
#include "rules/accounts.h"
#include "rules/plan.h"

namespace ciswatch {
namespace {

SnapshotInfo info_of(const Collector& collector, UnixSeconds started, std::string source,
                     const std::optional<Shard>& shard) {
  SnapshotInfo info;
  if (shard) info.shards = {*shard};
  info.collected_at = iso8601(collector.latest() == 0 ? started : collector.latest());
  info.started_at = iso8601(started);
  info.collected_by = collector.caller();
  info.source = std::move(source);
  return info;
}

std::optional<Shard> shard_in(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return read_shard(text, process_environment);
}

// "99.2 % of 34,000 reads were answered: 33,728 ok, 272 denied".
std::string describe(const Collector& collector, const std::optional<Shard>& shard) {
  std::vector<std::pair<std::string, std::size_t>> outcomes;
  for (const auto name : kOutcomes) {
    const auto found = collector.outcomes().find(std::string(name));
    if (found != collector.outcomes().end()) outcomes.push_back(*found);
  }
  std::string part;
  if (shard) part = fmt::format("shard {}/{}: ", shard->number, shard->count);
  if (shard || collector.accounts() > 1) part += counted(collector.accounts(), "account") + ", ";
  return fmt::format("{}{} were answered: {}", part, in_words(coverage_of(outcomes)),
                     in_words(outcomes));
}

// The time that reading may take.
class Deadline {
 public:
  explicit Deadline(double minutes) : minutes_(minutes) {}

  [[nodiscard]] bool is_over() const {
    return minutes_.count() > 0 && std::chrono::steady_clock::now() - begun_ >= minutes_;
  }
  [[nodiscard]] std::string in_words() const {
    return fmt::format("not read within the {:g} minutes of --deadline", minutes_.count());
  }

 private:
  std::chrono::duration<double, std::ratio<60>> minutes_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

void stop_when_due(Client& client, const Deadline& deadline) {
  if (stop_signal() != 0) client.cancel("stopped by a signal");
  if (deadline.is_over()) client.cancel(deadline.in_words(), std::string(error_code::kDeadline));
}

int stopped(SnapshotWriter& writer, SnapshotInfo info, const std::string& calls, int signal) {
  const auto part = writer.keep(std::move(info));
  fmt::print(stderr,
             "ciswatch: stopped by a signal; what was read is kept in {}: {}\n"
             "  (judge it with: ciswatch scan --snapshot {}\n"
             "   or go on by the same command and --resume)\n",
             part.string(), calls, part.string());
  return 128 + signal;
}

// A file that has changed names other accounts.
std::string content_of(const std::filesystem::path& file) {
  return file.string() + " " + hex(sha256(read_file(file, kLongestAccountsFile))).substr(0, 16);
}

// What two runs have to have alike, so that one can go on with what the other has read.
Begun begun_of(const LiveFlags& flags, const std::vector<const TableSpec*>& tables,
               const std::optional<Shard>& shard) {
  std::vector<std::string> names;
  for (const auto* table : tables) names.emplace_back(table->name);
  Begun begun;
  begun.at = now();
  const auto& accounts = flags.accounts;
  begun.with = {{"--accounts", accounts.file.empty() ? "" : content_of(accounts.file)},
                {"--organization", accounts.organization ? "yes" : ""},
                {"--ou", join(accounts.units, ",")},
                {"--account-tag", join(accounts.tags, ",")},
                {"--role", accounts.role},
                {"ciswatch", fmt::format("{} {}", CISWATCH_VERSION, spec_version())},
                {"tables that the checks read", join(names, ",")},
                {"--region", join(flags.regions, ",")},
                {"--shard", shard ? fmt::format("{}/{}", shard->number, shard->count) : ""},
                {"--endpoint-url", flags.endpoint_url}};
  return begun;
}

SnapshotWriter writer_for(const std::filesystem::path& out, Durability durability,
                          const LiveFlags& flags, Begun begun) {
  if (durability == Durability::scratch) return SnapshotWriter(out, durability);
  return SnapshotWriter(out, Collection{std::move(begun), is_answer, flags.resume});
}

void say_kept(const SnapshotWriter& writer, const LiveFlags& flags,
              const std::filesystem::path& out) {
  if (!flags.resume) return;
  if (!writer.kept()) {
    fmt::print(stderr, "ciswatch: nothing to go on with in {}.part: beginning\n", out.string());
  } else if (writer.kept()->count > 0) {
    fmt::print(stderr, "ciswatch: going on: {} calls were answered from {} to {}\n",
               writer.kept()->count, writer.kept()->from, writer.kept()->to);
  }
}

// Names the accounts that nothing could be read of. Where that is all of them, a snapshot would be of
// no use; but other machines may have read others.
void say_refused(const LiveSource& live, const ChosenAccounts& chosen,
                 const std::optional<Shard>& shard) {
  for (const auto& [id, why] : live.refused()) {
    fmt::print(stderr, "ciswatch: account {} was not read: {}\n", chosen.names.at(id), why);
  }
  const bool is_part = shard && shard->count > 1;
  if (live.refused().empty() || live.opened() > 0 || is_part) return;
  throw Error(fmt::format("none of the accounts could be read ({} tried)", live.refused().size()));
}

}  // namespace

int collect_live(const LiveFlags& flags, std::vector<const TableSpec*> tables,
                 const std::filesystem::path& out, Durability durability) {
  const Deadline deadline(flags.deadline);
  const auto shard = shard_in(flags.shard);
  const auto begun = begun_of(flags, tables, shard);
  SnapshotWriter writer = writer_for(out, durability, flags, begun);
  say_kept(writer, flags, out);
  const LoginFlags login_flags{flags.profile, flags.regions.empty() ? "" : flags.regions.front(),
                               flags.endpoint_url};
  ClientOptions options;
  options.max_in_flight = flags.max_in_flight;
  options.max_rate = flags.max_rate;
  const Login login = log_in(login_flags, process_environment, std::move(options));
  OwnAccount own;
  Client client(login.credentials, login.options,
                of_same_account(login.renew, own, {login.region, login.options}));
  if (client.max_in_flight() < flags.max_in_flight) {
    warn(fmt::format("--max-in-flight {}: the limit of open files (ulimit -Hn) allows {}",
                     flags.max_in_flight, client.max_in_flight()));
  }
  auto chosen = choose_accounts(flags.accounts, {client, login.region, shard}, own);
  LiveSource live(client, login.region, own, std::move(chosen.accounts));
  std::optional<RecordingTap> tap;
  if (!flags.record.empty()) tap.emplace(live, flags.record);
  Source& source = tap ? static_cast<Source&>(*tap) : live;
  Collector collector(source, writer,
                      {std::move(tables), flags.regions,
                       std::string(partition_of(login.region).first_region), shard,
                       std::move(chosen.regions)});
  Progress progress("collecting");
  collector.run([&] {
    stop_when_due(client, deadline);
    progress.show(collector.ended(), collector.planned());
  });
  progress.clear();
  if (stop_signal() == 0) say_refused(live, chosen, shard);
  if (tap) tap->finish();
  auto info = info_of(collector, writer.kept() ? writer.begun_at() : begun.at, "live", shard);
  const auto times = fmt::format("from {} to {}", info.started_at, info.collected_at);
  if (const int signal = stop_signal(); signal != 0) {
    return stopped(writer, std::move(info), describe(collector, shard), signal);
  }
  // Not even whose account it is: a snapshot of that would have no fault in it.
  if (collector.accounts() == 0 && deadline.is_over()) throw Error(deadline.in_words());
  writer.finish(std::move(info));
  fmt::print(stderr, "ciswatch: {}{}\n", describe(collector, shard),
             writer.kept() ? fmt::format(", read {}", times) : "");
  return 0;
}

int collect_command(const CollectFlags& flags) {
  const Chosen chosen = choose_checks(flags.selection, Tests::leave_out, Others::leave_out);
  const int code = collect_live(flags.live, required_tables(chosen.selection), flags.out,
                                Durability::synced);
  if (code == 0) {
    fmt::print(stderr, "  (judge it with: ciswatch scan --snapshot {})\n", flags.out.string());
  }
  return code;
}

int import_command(const ImportFlags& flags) {
  const auto shard = shard_in(flags.shard);
  RecordingSource source(flags.recordings, shard);
  if (source.accounts().empty()) {  // a snapshot of nothing would have no fault in it
    throw Error(fmt::format("there is no call in {}", flags.recordings.front().string()));
  }
  if (source.latest() == 0) {
    warn("no line of the recording has a time: the time of this import stands for it");
  }
  SnapshotWriter writer(flags.out);
  const auto all = tables();
  Collector collector(source, writer, {{all.begin(), all.end()}, {}, "us-east-1", shard});
  Progress progress("importing");
  int signal = 0;
  collector.run([&] {
    signal = stop_signal();
    if (signal != 0) source.stop();
    progress.show(collector.ended(), collector.planned());
  });
  progress.clear();
  if (signal != 0) return 128 + signal;  // nothing is lost: the recording is still there
  const auto started = source.latest() == 0 ? now() : source.earliest();
  writer.finish(info_of(collector, started, "recording", shard));
  fmt::print(stderr, "ciswatch: {} in {}\n", describe(collector, shard), flags.out.string());
  return 0;
}

}  // namespace ciswatch
