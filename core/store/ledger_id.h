#pragma once

// The id of a snapshot: a hash of its ledger, over the calls in the order of their accounts, services,
// operations, regions, targets, outcomes, codes and times. The same answers give the same id, in
// whatever order they came.

#include <string>
#include <string_view>

#include "core/store/database.h"

namespace ciswatch {

// What is hashed of a call beside its account, in this order.
inline constexpr std::string_view kLedgerIdColumns =
    "service, operation, region, target, outcome, code, time";

class LedgerId {
 public:
  void add(std::string_view account_id, const Statement& row);  // the next call: those columns first
  [[nodiscard]] std::string text() const;

 private:
  std::string digest_, line_;
};

// Of all calls of a snapshot.
std::string ledger_id(Database& database);

}  // namespace ciswatch
