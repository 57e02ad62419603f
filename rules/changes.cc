#include "rules/changes.h"

#include <algorithm>
#include <map>

#include "core/store/snapshot.h"

namespace ciswatch {
namespace {

constexpr std::uint64_t kUnknownTable = 1;
constexpr std::uint64_t kLedger = 2;

std::uint64_t bit_of(const TableSpec* table) {
  const auto all = tables();
  const auto at = std::find(all.begin(), all.end(), table) - all.begin();
  return std::uint64_t{1} << (at + 2);
}

// Of a table that this program does not know, no check can be told not to read it.
std::uint64_t bit_of(std::string_view name) {
  if (name == "api_call") return kLedger;
  const auto* table = find_table(name);
  return table == nullptr ? kUnknownTable : bit_of(table);
}

using Hashes = std::unordered_map<std::string, std::map<std::string, std::string, std::less<>>>;

Hashes hashes_of(Database& database) {
  auto rows = sums(database, "account_content",
                   "select account_id, table_name, hash from main.account_content",
                   "select null, null, null where 0");
  Hashes hashes;
  while (rows.step()) hashes[std::string(rows.text(0))].emplace(rows.text(1), rows.text(2));
  return hashes;
}

}  // namespace

Changes::Changes(Database& before, Database& now) {
  const auto old = hashes_of(before);
  for (const auto& [account, hashes] : hashes_of(now)) {
    const auto found = old.find(account);
    if (found == old.end()) continue;
    auto& changed = changed_[account];
    for (const auto& [table, hash] : hashes) {
      const auto same = found->second.find(table);
      if (same == found->second.end() || same->second != hash) changed |= bit_of(table);
    }
    for (const auto& [table, hash] : found->second) {
      if (!hashes.contains(table)) changed |= bit_of(table);
    }
  }
}

bool Changes::none(const std::string& account_id, const Reads& reads) const {
  if (reads.time || reads.every_account) return false;
  const auto found = changed_.find(account_id);
  if (found == changed_.end()) return false;
  // The ledger says what was not answered, and where the account's own calls are made.
  auto matters = kUnknownTable | kLedger | bit_of(find_table("aws_account"));
  for (const auto* table : reads.tables) matters |= bit_of(table);
  return (found->second & matters) == 0;
}

}  // namespace ciswatch
