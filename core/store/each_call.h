#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/store/database.h"

namespace ciswatch {

// Gives every call of the ledger, account by account: `columns` of it, those of an account in the order
// of the columns `order`. The calls of an account are found by their ids (core/store/call_id.h), so that
// no more than these are sorted at a time; where a merge has given other ids, all are sorted.
void each_call(Database& database, std::string_view columns, std::string_view order,
               const std::function<void(const std::string& account_id, const Statement& call)>& take);

}  // namespace ciswatch
