#include "core/collect/forecast.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace ciswatch {
namespace {

enum class Per { run, account, region };

// How many rows a table usually has that calls are made for.
struct Usual {
  std::string_view table;
  double rows;
  Per per;
};

constexpr Usual kUsual[] = {
    {"aws_cloudtrail_trail", 1, Per::account},  // and with it a bucket and a role
    {"aws_kms_key_list", 2, Per::region},
    {"aws_sns_topic", 7, Per::account},
    {"aws_ec2_load_balancer", 1, Per::region},
    {"aws_api_gateway_rest_api", 1, Per::region},
    {"aws_api_gatewayv2_api", 1, Per::region},
    {"aws_cloudfront_distribution", 1, Per::account},
    {"aws_organizations_organization", 10, Per::run},  // units and policies, of one account only
};

const Usual* usual_of(std::string_view table) {
  const auto* found = std::find_if(std::begin(kUsual), std::end(kUsual),
                                   [&](const Usual& usual) { return usual.table == table; });
  return found == std::end(kUsual) ? nullptr : found;
}

// Of what a resource's table is asked for: the first of its parents, theirs, …
const Usual* usual_above(const TableSpec& table) {
  const TableSpec* above = &table;
  for (int depth = 0; depth < 10 && above != nullptr && !above->parents.empty(); ++depth) {
    if (const Usual* usual = usual_of(above->parents.front().table)) return usual;
    above = find_table(above->parents.front().table);
  }
  return nullptr;
}

CallsOfTable usual_calls_of(const TableSpec& table, const Fleet& fleet) {
  const auto accounts = static_cast<double>(fleet.accounts);
  const auto regions = static_cast<double>(fleet.regions);
  if (table.scope == Scope::account) return {&table, accounts, 1};
  if (table.scope == Scope::region) return {&table, accounts * regions, 1};
  const Usual* usual = usual_above(table);
  const double rows = usual == nullptr ? 1 : usual->rows;
  const Per per = usual == nullptr ? Per::account : usual->per;
  if (per == Per::run) return {&table, rows, rows};
  return {&table, rows * accounts * (per == Per::region ? regions : 1), rows};
}

// Calls that follow from each other: who is it, which regions, and then the table's parents.
int depth_of(const TableSpec& table, int bound = 10) {
  if (table.operation == "GetCallerIdentity") return 1;
  if (table.scope == Scope::account) return 2;
  if (table.scope == Scope::region || bound == 0) return 3;
  int deepest = 3;
  for (const Parent& parent : table.parents) {
    const TableSpec* above = find_table(parent.table);
    if (above != nullptr && above != &table) deepest = std::max(deepest, depth_of(*above, bound - 1));
  }
  return deepest + 1;
}

std::vector<CallsOfBucket> buckets_of(std::span<const CallsOfTable> tables) {
  std::map<std::string, CallsOfBucket> buckets;
  for (const CallsOfTable& each : tables) {
    const Quota& quota = quota_of(each.table->service, each.table->operation);
    auto& bucket = buckets[bucket_name(quota, each.table->operation)];
    bucket.quota = &quota;
    bucket.calls += each.calls;
    bucket.most += each.most;
  }
  std::vector<CallsOfBucket> sorted;
  for (auto& [name, bucket] : buckets) {
    bucket.name = name;
    bucket.seconds = std::max(0.0, bucket.most - bucket.quota->burst) / bucket.quota->rate;
    sorted.push_back(std::move(bucket));
  }
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return std::pair(a.seconds, a.calls) > std::pair(b.seconds, b.calls);
  });
  return sorted;
}

}  // namespace

std::vector<CallsOfTable> usual_calls(std::span<const TableSpec* const> tables,
                                      const Fleet& fleet) {
  std::vector<CallsOfTable> all;
  for (const TableSpec* table : tables) all.push_back(usual_calls_of(*table, fleet));
  return all;
}

LastCalls last_calls(std::span<const TableSpec* const> tables, const Snapshot& snapshot) {
  auto database = snapshot.open();
  auto rows = database.prepare(
      "select service, operation, sum(calls), max(calls) from (select service, operation, account_id,"
      " region, sum(max(attempts, 1)) as calls from api_call where outcome <> 'not_tried'"
      " group by 1, 2, 3, 4) group by 1, 2");
  std::map<const TableSpec*, CallsOfTable> counted;
  while (rows.step()) {
    const TableSpec* table = find_table(rows.text(0), rows.text(1));
    if (table == nullptr) continue;
    counted[table] = {table, static_cast<double>(rows.integer(2)),
                      static_cast<double>(rows.integer(3)), true};
  }
  auto size = database.prepare(
      "select count(distinct account_id), max(1, (select count(distinct region) from api_call where"
      " service = 'cloudtrail' and operation = 'DescribeTrails' and region <> '*')) from api_call");
  LastCalls last;
  if (size.step()) {
    last.fleet.accounts = static_cast<std::size_t>(std::max<std::int64_t>(1, size.integer(0)));
    last.fleet.regions = static_cast<std::size_t>(size.integer(1));
  }
  for (const TableSpec* table : tables) {
    const auto found = counted.find(table);
    if (found != counted.end()) {
      last.tables.push_back(found->second);
    } else if (snapshot.holds(table->name)) {
      last.tables.push_back({table, 0, 0, true});
    } else {
      last.tables.push_back(usual_calls_of(*table, last.fleet));
    }
  }
  return last;
}

Forecast forecast(std::span<const CallsOfTable> tables, const Pace& pace) {
  Forecast result;
  int depth = 0;
  for (const CallsOfTable& each : tables) {
    result.calls += each.calls;
    if (each.calls > 0) depth = std::max(depth, depth_of(*each.table));
  }
  result.buckets = buckets_of(tables);
  const double chain = depth * kRoundTrip;
  result.seconds = chain;
  result.bound = fmt::format("{} calls that follow from each other", depth);
  const auto bound = [&](double seconds, std::string why) {
    if (seconds <= result.seconds) return;
    result.seconds = seconds;
    result.bound = std::move(why);
  };
  bound(chain + result.calls * kRoundTrip / pace.max_in_flight,
        fmt::format("{} requests on the wire at a time", pace.max_in_flight));
  if (pace.max_rate > 0) {
    bound(result.calls / pace.max_rate, fmt::format("{:g} requests a second", pace.max_rate));
  }
  if (!result.buckets.empty()) {
    const CallsOfBucket& slowest = result.buckets.front();
    bound(chain + slowest.seconds, fmt::format("the quota of {}", slowest.name));
  }
  return result;
}

}  // namespace ciswatch
