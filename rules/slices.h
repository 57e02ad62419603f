#pragma once

// The accounts of a snapshot, cut into slices: what one run of a check sees.

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/database.h"
#include "core/tables/table_spec.h"

namespace ciswatch {

struct Account {
  std::string id;
  std::string region;     // in which its account-wide calls are made
  std::size_t cost = 0;   // about how many rows it has
  bool answered = true;   // every call behind the tables that are read was answered
};

// Consecutive accounts, either all or none of them `answered`.
struct AccountSlice {
  std::span<const Account> accounts;
  bool answered = true;
  std::size_t cost = 0;
};

// Every account that was to be read, by id. A call counts as unanswered where one of the tables
// `read` lacks it: others are nobody's business. Bounds what the connection reads, from then on. Throws
// DatabaseError, also for an id that can be none: empty, very long, not UTF-8 or with control
// characters.
std::vector<Account> read_accounts(Database& database, const std::set<const TableSpec*>& read);

// In the order of the accounts, each slice of about `cost`, one account at least. Depends on the
// snapshot alone: never on the number of threads.
std::vector<AccountSlice> cut(std::span<const Account> accounts, std::size_t cost);

// nullptr if it is not in the slice.
const Account* find_account(std::span<const Account> accounts, std::string_view id);

}  // namespace ciswatch
