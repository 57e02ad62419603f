#include "rules/changes.h"

#include <algorithm>
#include <map>

#include "core/store/snapshot.h"

namespace ciswatch {
namespace {

constexpr std::size_t kUnknownTable = 0;
constexpr std::size_t kLedger = 1;

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

Changes::Tables Changes::of(const TableSpec* table) {
  const auto all = tables();
  const auto at = std::find(all.begin(), all.end(), table) - all.begin();
  return Tables().set(static_cast<std::size_t>(at) + 2);  // throws where there are too many
}

// Of a table that this program does not know, no check can be told not to read it.
Changes::Tables Changes::of(std::string_view name) {
  if (name == "api_call") return Tables().set(kLedger);
  const auto* table = find_table(name);
  return table == nullptr ? Tables().set(kUnknownTable) : of(table);
}

Changes::Changes(Database& before, Database& now) {
  const auto old = hashes_of(before);
  for (const auto& [account, hashes] : hashes_of(now)) {
    const auto found = old.find(account);
    if (found == old.end()) continue;
    auto& changed = changed_[account];
    for (const auto& [table, hash] : hashes) {
      const auto same = found->second.find(table);
      if (same == found->second.end() || same->second != hash) changed |= of(table);
    }
    for (const auto& [table, hash] : found->second) {
      if (!hashes.contains(table)) changed |= of(table);
    }
  }
}

bool Changes::none(const std::string& account_id, const Reads& reads) const {
  if (reads.time || reads.every_account) return false;
  const auto found = changed_.find(account_id);
  if (found == changed_.end()) return false;
  // A table's content has what became of its calls. Where an account's own calls are made, and which
  // regions it has, matters to all.
  auto matters = Tables().set(kUnknownTable) | of(find_table("aws_account")) |
                 of(find_table("aws_region"));
  if (reads.ledger) matters.set(kLedger);
  for (const auto* table : reads.tables) matters |= of(table);
  return (found->second & matters).none();
}

}  // namespace ciswatch
