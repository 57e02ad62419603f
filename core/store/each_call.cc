#include "core/store/each_call.h"

#include <fmt/format.h>

#include <set>

#include "core/store/call_id.h"

namespace ciswatch {
namespace {

struct Accounts {
  std::set<std::string> ids;
  bool have_own_calls = true;  // each call has an id of its account's
};

Accounts accounts_of(Database& database) {
  auto calls = database.prepare("select account_id, call_id from main.api_call not indexed");
  Accounts accounts;
  std::string last;
  CallIds ids{};
  while (calls.step()) {
    if (accounts.ids.empty() || calls.text(0) != last) {
      last = calls.text(0);
      ids = call_ids_of(last);
      accounts.ids.insert(last);
    }
    const auto id = calls.integer(1);
    if (id < ids.first || id > ids.last) accounts.have_own_calls = false;
  }
  return accounts;
}

}  // namespace

void each_call(Database& database, std::string_view columns, std::string_view order,
               const std::function<void(const std::string&, const Statement&)>& take) {
  const auto accounts = accounts_of(database);
  if (!accounts.have_own_calls) {
    auto calls = database.prepare(fmt::format(
        "select {}, account_id from main.api_call order by account_id, {}", columns, order));
    while (calls.step()) take(std::string(calls.text(calls.columns() - 1)), calls);
    return;
  }
  auto calls = database.prepare(fmt::format(
      "select {} from main.api_call not indexed where call_id between ?1 and ?2 and account_id = ?3"
      " order by {}",
      columns, order));
  for (const auto& account : accounts.ids) {
    const auto ids = call_ids_of(account);
    calls.reset();
    calls.bind(1, ids.first);
    calls.bind(2, ids.last);
    calls.bind(3, std::string_view(account));
    while (calls.step()) take(account, calls);
  }
}

}  // namespace ciswatch
