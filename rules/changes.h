#pragma once

// Which accounts' rows differ between two snapshots, table by table, by the hashes that both carry.

#include <bitset>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/store/database.h"
#include "rules/sandbox.h"

namespace ciswatch {

class Changes {
 public:
  // Throws DatabaseError. A snapshot without hashes differs in everything.
  Changes(Database& before, Database& now);

  // True if all that a check reads of the account says the same in both. Never for a check that
  // reads the time, or other accounts. Any thread.
  [[nodiscard]] bool none(const std::string& account_id, const Reads& reads) const;

 private:
  static constexpr std::size_t kMostTables = 128;
  using Tables = std::bitset<kMostTables>;
  static Tables of(const TableSpec* table);
  static Tables of(std::string_view name);

  // By account: a bit for each table that differs. An account that is in one of the two only is not
  // here.
  std::unordered_map<std::string, Tables> changed_;
};

}  // namespace ciswatch
