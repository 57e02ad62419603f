#include "core/store/closed.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/store/each_call.h"
#include "core/tables/table_spec.h"

namespace ciswatch {
namespace {

// AWS's words where such a policy denies a call ("… with an explicit deny in a service control policy",
// "… because no service control policy allows …"; IAM User Guide, troubleshooting access denied).
constexpr std::string_view kDeniedByScp = "service control policy";

struct Region {
  bool open = false;  // a call was not denied by an SCP
  std::vector<std::int64_t> denied, disabled;  // by an SCP: ids of the calls
};

using Regions = std::map<std::string, Region, std::less<>>;  // of one account, by name

// `call`: region, service, operation, outcome, call_id, message.
void add(Regions& regions, const Statement& call) {
  const auto* table = find_table(call.text(1), call.text(2));
  if (table == nullptr || !is_regional(*table)) return;
  auto& region = regions[std::string(call.text(0))];
  const auto outcome = call.text(3);
  const bool by_scp = is_by_scp(call.text(5));
  if (by_scp && outcome == "denied") {
    region.denied.push_back(call.integer(4));
  } else if (by_scp && outcome == "disabled") {
    region.disabled.push_back(call.integer(4));
  } else {
    region.open = true;
  }
}

std::size_t relabel(Database& database, const std::vector<std::int64_t>& calls,
                    std::string_view outcome) {
  if (calls.empty()) return 0;
  auto update = database.prepare("update api_call set outcome = ?2 where call_id = ?1");
  for (const auto id : calls) {
    update.reset();
    update.bind(1, id);
    update.bind(2, outcome);
    update.step();
  }
  return calls.size();
}

void close(Database& database, const Regions& regions, Relabelled& made) {
  for (const auto& [name, region] : regions) {
    if (region.open) {
      made.opened += relabel(database, region.disabled, "denied");
    } else {
      made.closed += relabel(database, region.denied, "disabled");
    }
  }
}

}  // namespace

bool is_by_scp(std::string_view message) { return message.find(kDeniedByScp) != std::string_view::npos; }

Relabelled close_regions(Database& database) {
  Relabelled made;
  Regions regions;
  std::string account;
  each_call(database, "region, service, operation, outcome, call_id, message", "region",
            [&](const std::string& account_id, const Statement& call) {
              if (account_id != account) close(database, std::exchange(regions, {}), made);
              account = account_id;
              add(regions, call);
            });
  close(database, regions, made);
  return made;
}

}  // namespace ciswatch
