#include "core/store/ledger_id.h"

#include <fmt/format.h>

#include "core/base/crypto.h"

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
  auto calls = database.prepare(fmt::format(
      "select {0}, account_id from api_call order by account_id, {0}", kLedgerIdColumns));
  LedgerId id;
  while (calls.step()) id.add(calls.text(kColumns), calls);
  return id.text();
}

}  // namespace ciswatch
