#include "rules/slices.h"

#include <algorithm>
#include <map>

#include "core/store/snapshot.h"

namespace ciswatch {
namespace {

constexpr std::string_view kFirstRegion = "us-east-1";

using Accounts = std::map<std::string, Account, std::less<>>;

Accounts counted(Database& database) {
  Accounts accounts;
  auto rows = sums(database, "account_content",
                   "select account_id, sum(row_count) from main.account_content group by 1",
                   "select account_id, count(*) from main.api_call group by 1");
  while (rows.step()) {
    const std::string id(rows.text(0));
    accounts[id] = {id, std::string(kFirstRegion), static_cast<std::size_t>(rows.integer(1)), true};
  }
  return accounts;
}

}  // namespace

std::vector<Account> read_accounts(Database& database) {
  auto accounts = counted(database);
  for (const auto* sql : {"select account_id, region from main.api_call"
                          " where service = 'sts' and operation = 'GetCallerIdentity'",
                          "select account_id, region from main.aws_account"}) {
    auto rows = database.prepare(sql);
    while (rows.step()) {
      auto& account = accounts[std::string(rows.text(0))];
      account.id = rows.text(0);
      account.region = rows.text(1);
    }
  }
  auto unanswered = database.prepare(
      "select distinct account_id from main.api_call where outcome not in ('ok', 'absent')");
  while (unanswered.step()) {
    auto& account = accounts[std::string(unanswered.text(0))];
    account.id = unanswered.text(0);
    account.answered = false;
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
  const auto found = std::lower_bound(accounts.begin(), accounts.end(), id,
                                      [](const Account& a, std::string_view b) { return a.id < b; });
  return found == accounts.end() || found->id != id ? nullptr : &*found;
}

}  // namespace ciswatch
