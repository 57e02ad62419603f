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

  struct Account {
    Tables changed;
    bool before = false, now = false;  // in which of the two it is
  };
  std::unordered_map<std::string, Account> accounts_;
};

}  // namespace ciswatch
