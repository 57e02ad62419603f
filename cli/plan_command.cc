#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <vector>

#include "cli/chosen.h"
#include "cli/commands.h"
#include "core/base/files.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/collect/forecast.h"
#include "core/policy/evaluate.h"
#include "rules/accounts.h"
#include "rules/plan.h"

namespace ciswatch {
namespace {

constexpr std::size_t kLargestPolicy = 1u << 20;
constexpr int kUsualInFlight = 512;

// Whether the calls that need an IAM action will be answered.
struct Permission {
  double calls = 0;
  double allowed = 0;  // of the calls
  std::optional<bool> is_allowed;
  std::string reason;
};

struct Permissions {
  std::string from;  // "": nobody tells
  std::map<std::string, Permission> actions;
};

struct Plan {
  Fleet fleet;
  std::string counts_from;
  std::vector<CallsOfTable> tables;
  Forecast forecast;
  Permissions permissions;
};

// All of them are policies of the one identity.
Policies policies_in(const std::vector<std::filesystem::path>& files) {
  Policies all;
  for (const auto& file : files) {
    try {
      Policies some = parse_policies(read_file(file, kLargestPolicy));
      all.complete = all.complete && some.complete;
      std::move(some.policies.begin(), some.policies.end(), std::back_inserter(all.policies));
    } catch (const PolicyError& error) {
      throw error.within(file.string());
    }
  }
  return all;
}

// Asked about every resource: what is allowed for some of them only is not known to be enough.
void ask_policies(const Policies& policies, const std::string& action, Permission& permission) {
  Request request;
  request.action = action;
  request.resource = "*";
  const Decision decision = decide(policies, request);
  permission.reason = decision.reason;
  if (decision.allowed == Truth::yes) permission.is_allowed = true;
  if (decision.allowed == Truth::no) permission.is_allowed = false;
  if (permission.is_allowed == true) permission.allowed = permission.calls;
}

void ask_snapshot(const Snapshot& snapshot, Permissions& permissions) {
  auto database = snapshot.open();
  auto rows = database.prepare(
      "select service, operation, sum(outcome = 'denied'), count(*) from api_call where outcome in"
      " ('ok', 'absent', 'denied') group by 1, 2");
  while (rows.step()) {
    const TableSpec* table = find_table(rows.text(0), rows.text(1));
    if (table == nullptr) continue;
    const auto found = permissions.actions.find(std::string(table->permission));
    if (found == permissions.actions.end()) continue;
    Permission& permission = found->second;
    const auto denied = static_cast<double>(rows.integer(2));
    permission.is_allowed = permission.is_allowed.value_or(true) && denied == 0;
    permission.allowed =
        permission.calls * (1 - denied / static_cast<double>(rows.integer(3)));
    if (denied > 0) permission.reason = fmt::format("denied {:.0f} times", denied);
  }
}

Permissions permissions_of(const PlanFlags& flags, const Plan& plan,
                           const std::optional<Snapshot>& snapshot) {
  Permissions permissions;
  for (const auto& each : plan.tables) {
    if (each.table->permission.empty()) continue;
    permissions.actions[std::string(each.table->permission)].calls += each.calls;
  }
  if (!flags.policies.empty()) {
    permissions.from = flags.policies.front().string();
    const Policies policies = policies_in(flags.policies);
    for (auto& [action, permission] : permissions.actions) {
      ask_policies(policies, action, permission);
    }
  } else if (snapshot) {
    permissions.from = snapshot->path().string();
    ask_snapshot(*snapshot, permissions);
  }
  return permissions;
}

// Accounts with regions of their own count by the mean of all.
Fleet fleet_of(const PlanFlags& flags) {
  Fleet fleet{.accounts = flags.accounts};
  if (!flags.regions.empty()) fleet.regions = flags.regions.size();
  if (flags.accounts_file.empty()) return fleet;
  const auto entries = load_accounts(flags.accounts_file);
  if (entries.empty()) throw Error(fmt::format("{}: no accounts", flags.accounts_file.string()));
  std::size_t regions = 0;
  for (const auto& entry : entries) {
    regions += entry.regions.empty() ? fleet.regions : entry.regions.size();
  }
  fleet.accounts = entries.size();
  fleet.regions = (regions + entries.size() - 1) / entries.size();
  return fleet;
}

Plan make_plan(const PlanFlags& flags) {
  const Chosen chosen = choose_checks(flags.selection, Tests::leave_out, Others::leave_out);
  const auto tables = required_tables(chosen.selection);
  Plan plan;
  std::optional<Snapshot> snapshot;
  if (!flags.snapshot.empty()) {
    snapshot.emplace(flags.snapshot);
    LastCalls last = last_calls(tables, *snapshot);
    plan.fleet = last.fleet;
    plan.tables = std::move(last.tables);
    plan.counts_from =
        fmt::format("{} of {}", flags.snapshot.string(), snapshot->info().collected_at);
  } else {
    plan.fleet = fleet_of(flags);
    plan.tables = usual_calls(tables, plan.fleet);
  }
  const int in_flight = flags.max_in_flight > 0 ? flags.max_in_flight : kUsualInFlight;
  plan.forecast = forecast(plan.tables, {in_flight, flags.max_rate});
  plan.permissions = permissions_of(flags, plan, snapshot);
  return plan;
}

// The share of the calls that are known to be allowed.
double coverage_of(const Permissions& permissions) {
  double calls = 0;
  double allowed = 0;
  for (const auto& [action, permission] : permissions.actions) {
    calls += permission.calls;
    allowed += permission.allowed;
  }
  return calls > 0 ? allowed / calls : 1;
}

std::string duration_text(double seconds) {
  return seconds < 90 ? fmt::format("{:.0f} s", std::ceil(seconds))
                      : fmt::format("{:.1f} minutes", seconds / 60);
}

void print_permissions(const Permissions& permissions) {
  if (permissions.from.empty()) {
    fmt::print("permissions: not told; --policy FILE or --snapshot FILE tells what they allow\n");
    return;
  }
  fmt::print("permissions by {}: they allow {:.1f} % of the calls\n",
             printable(permissions.from), std::floor(1000 * coverage_of(permissions)) / 10);
  for (const auto& [action, permission] : permissions.actions) {
    if (permission.is_allowed == true) continue;
    fmt::print("  {:<12} {:<44} {:.0f} calls{}{}\n",
               permission.is_allowed ? "not allowed" : "not told", action, permission.calls,
               permission.reason.empty() ? "" : ": ", printable(permission.reason));
  }
}

void print_text(const Plan& plan) {
  fmt::print("{} · {} regions each · {}\n\n", counted(plan.fleet.accounts, "account"),
             plan.fleet.regions,
             plan.counts_from.empty() ? "calls of a usual account (--snapshot FILE counts them)"
                                      : "calls as in " + printable(plan.counts_from));
  fmt::print("{:<44} {:>9} {:>9}  {:>9} {:>7}  {:>7}\n", "bucket of an account and region", "calls",
             "most", "quota/s", "burst", "seconds");
  for (const auto& bucket : plan.forecast.buckets) {
    fmt::print("{:<44} {:>9.0f} {:>9.0f}  {:>8g}{} {:>7g}  {:>7.1f}\n", bucket.name, bucket.calls,
               bucket.most, bucket.quota->rate, bucket.quota->published ? " " : "*",
               bucket.quota->burst, bucket.seconds);
  }
  fmt::print("(* {})\n\n", "AWS publishes none: a cautious one of ours");
  fmt::print("in all {:.0f} calls, about {}; what bounds it: {}\n", plan.forecast.calls,
             duration_text(plan.forecast.seconds), plan.forecast.bound);
  print_permissions(plan.permissions);
}

std::string bucket_json(const CallsOfBucket& bucket) {
  return fmt::format(
      R"({{"bucket":{},"calls":{:.0f},"most":{:.0f},"rate":{:g},"burst":{:g},"published":{},)"
      R"("source":{},"seconds":{:.1f}}})",
      json_quote(bucket.name), bucket.calls, bucket.most, bucket.quota->rate, bucket.quota->burst,
      bucket.quota->published, json_quote(bucket.quota->source), bucket.seconds);
}

std::string permissions_json(const Permissions& permissions) {
  if (permissions.from.empty()) return "null";
  std::string actions;
  for (const auto& [action, permission] : permissions.actions) {
    const auto allowed = permission.is_allowed;
    actions += fmt::format(R"({}{{"action":{},"calls":{:.0f},"allowed":{},"reason":{}}})",
                           actions.empty() ? "" : ",", json_quote(action), permission.calls,
                           !allowed ? "null" : (*allowed ? "true" : "false"),
                           json_quote(permission.reason));
  }
  return fmt::format(R"({{"from":{},"coverage":{:.4f},"actions":[{}]}})",
                     json_quote(permissions.from), coverage_of(permissions), actions);
}

void print_json(const Plan& plan) {
  std::string buckets;
  for (const auto& bucket : plan.forecast.buckets) {
    buckets += (buckets.empty() ? "" : ",") + bucket_json(bucket);
  }
  fmt::print(R"({{"schema_version":1,"accounts":{},"regions":{},"counts_from":{},"calls":{:.0f},)"
             R"("seconds":{:.1f},"bound":{},"buckets":[{}],"permissions":{}}})"
             "\n",
             plan.fleet.accounts, plan.fleet.regions,
             plan.counts_from.empty() ? "null" : json_quote(plan.counts_from), plan.forecast.calls,
             plan.forecast.seconds, json_quote(plan.forecast.bound), buckets,
             permissions_json(plan.permissions));
}

}  // namespace

int plan_command(const PlanFlags& flags) {
  const Plan plan = make_plan(flags);
  if (flags.format == "json") {
    print_json(plan);
  } else {
    print_text(plan);
  }
  return 0;
}

}  // namespace ciswatch
