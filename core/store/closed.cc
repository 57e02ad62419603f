#include "core/store/closed.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/tables/table_spec.h"

namespace ciswatch {
namespace {

struct Region {
  bool open = false;  // a call was not denied by an SCP
  std::vector<std::int64_t> denied, disabled;  // by an SCP: ids of the calls
};

using Regions = std::map<std::pair<std::string, std::string>, Region>;  // by account and name

Regions regions_of(Database& database) {
  auto rows = database.prepare(
      "select account_id, region, service, operation, outcome, call_id, instr(message, ?1) > 0"
      " from main.api_call");
  rows.bind(1, kDeniedByScp);
  Regions regions;
  while (rows.step()) {
    const auto* table = find_table(rows.text(2), rows.text(3));
    if (table == nullptr || !is_regional(*table)) continue;
    auto& region = regions[{std::string(rows.text(0)), std::string(rows.text(1))}];
    const auto outcome = rows.text(4);
    const bool by_scp = rows.integer(6) != 0;
    if (by_scp && outcome == "denied") {
      region.denied.push_back(rows.integer(5));
    } else if (by_scp && outcome == "disabled") {
      region.disabled.push_back(rows.integer(5));
    } else {
      region.open = true;
    }
  }
  return regions;
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

}  // namespace

Relabelled close_regions(Database& database) {
  Relabelled made;
  for (const auto& [place, region] : regions_of(database)) {
    if (region.open) {
      made.opened += relabel(database, region.disabled, "denied");
    } else {
      made.closed += relabel(database, region.denied, "disabled");
    }
  }
  return made;
}

}  // namespace ciswatch
