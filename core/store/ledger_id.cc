#include "core/store/ledger_id.h"

#include "core/base/crypto.h"
#include "core/store/each_call.h"

namespace ciswatch {
namespace {

constexpr int kColumns = 7;

}  // namespace

void LedgerId::add(std::string_view account_id, const Statement& row) {
  line_.assign(digest_).append(account_id).push_back('\0');
  for (int i = 0; i < kColumns; ++i) line_.append(row.text(i)).push_back('\0');
  digest_ = bytes_of(sha256(line_));
}

std::string LedgerId::text() const { return hex(digest_).substr(0, 16); }

std::string ledger_id(Database& database) {
  LedgerId id;
  each_call(database, kLedgerIdColumns, kLedgerIdColumns,
            [&](const std::string& account, const Statement& call) { id.add(account, call); });
  return id.text();
}

}  // namespace ciswatch
