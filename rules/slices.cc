#include "rules/slices.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/stop.h"
#include "core/base/text.h"
#include "core/store/snapshot.h"

namespace ciswatch {
namespace {

constexpr std::string_view kFirstRegion = "us-east-1";
constexpr std::int64_t kMostCost = 1'000'000'000'000;
constexpr std::size_t kLongestId = 256;  // bytes; AWS's have 12

using Accounts = std::map<std::string, Account, std::less<>>;

// An id names an account in every report and is held for all of them at once.
std::string id_of(const Statement& row) {
  const auto id = row.text(0);
  if (id.size() <= kLongestId && !id.empty() && printable(id) == id) return std::string(id);
  throw damage(fmt::format("it names an account '{}', which is no account's id",
                           shortened(printable(id), 60)));
}

Accounts counted(Database& database) {
  Accounts accounts;
  auto rows = sums(database, "account_content",
                   "select account_id, sum(row_count) from main.account_content group by 1",
                   "select account_id, count(*) from main.api_call group by 1");
  while (rows.step()) {
    const auto id = id_of(rows);
    // A sum that is an enemy's decides about sizes of slices alone.
    const auto cost = std::clamp<std::int64_t>(rows.integer(1), 0, kMostCost);
    accounts[id] = {id, std::string(kFirstRegion), static_cast<std::size_t>(cost), true};
  }
  return accounts;
}

Accounts accounts_of(Database& database, const std::set<const TableSpec*>& read) {
  auto accounts = counted(database);
  for (const auto* sql : {"select account_id, region from main.api_call"
                          " where service = 'sts' and operation = 'GetCallerIdentity'",
                          "select account_id, region from main.aws_account"}) {
    auto rows = database.prepare(sql);
    while (rows.step()) {
      const auto id = id_of(rows);
      auto& account = accounts[id];
      account.id = id;
      account.region = shortened(rows.text(1), kLongestId);
    }
  }
  auto unanswered = database.prepare(
      "select distinct account_id from main.api_call where service = ?1 and operation = ?2"
      " and outcome not in ('ok', 'absent')");
  for (const auto* table : read) {
    unanswered.reset();
    unanswered.bind(1, table->service);
    unanswered.bind(2, table->operation);
    while (unanswered.step()) {
      const auto id = id_of(unanswered);
      auto& account = accounts[id];
      account.id = id;
      account.answered = false;
    }
  }
  return accounts;
}

}  // namespace

std::vector<Account> read_accounts(Database& database, const std::set<const TableSpec*>& read) {
  bound_reading(database);
  Accounts accounts;
  try {
    accounts = accounts_of(database, read);
  } catch (const DatabaseError& error) {
    if (is_interrupt(error) && stop_signal() == 0) throw damage("reading it has no end");
    throw;
  }
  std::vector<Account> ordered;
  ordered.reserve(accounts.size());
  for (auto& entry : accounts) ordered.push_back(std::move(entry.second));
  return ordered;
}

std::vector<AccountSlice> cut(std::span<const Account> accounts, std::size_t cost) {
  std::vector<AccountSlice> slices;
  for (std::size_t first = 0; first < accounts.size();) {
    AccountSlice slice{accounts.subspan(first, 1), accounts[first].answered, accounts[first].cost};
    std::size_t count = 1;
    while (first + count < accounts.size()) {
      const auto& next = accounts[first + count];
      if (next.answered != slice.answered || slice.cost + next.cost > cost) break;
      slice.cost += next.cost;
      ++count;
    }
    slice.accounts = accounts.subspan(first, count);
    slices.push_back(slice);
    first += count;
  }
  return slices;
}

const Account* find_account(std::span<const Account> accounts, std::string_view id) {
  const auto found =
      std::lower_bound(accounts.begin(), accounts.end(), id,
                       [](const Account& a, std::string_view b) { return a.id < b; });
  return found == accounts.end() || found->id != id ? nullptr : &*found;
}

}  // namespace ciswatch
