#include "core/store/call_id.h"

#include <string>

#include "core/base/crypto.h"
#include "core/store/snapshot.h"

namespace ciswatch {
namespace {

constexpr int kCallBits = 49;  // and 14 are the account's

std::uint64_t first_word(const Sha256& digest) {
  std::uint64_t word = 0;
  for (int i = 0; i < 8; ++i) word = word << 8 | digest[static_cast<std::size_t>(i)];
  return word;
}

void add(std::string& key, std::string_view text) { (key += text) += '\0'; }

std::uint64_t account_bits(const std::string& key) { return first_word(sha256(key)) >> 50 << kCallBits; }

}  // namespace

std::int64_t call_id_of(const LedgerRow& row) {
  std::string key;
  add(key, row.account_id);
  const auto account = account_bits(key);
  for (const auto* part : {&row.service, &row.operation, &row.region, &row.target}) add(key, *part);
  return static_cast<std::int64_t>(account | first_word(sha256(key)) >> (64 - kCallBits) | 1);
}

CallIds call_ids_of(std::string_view account_id) {
  std::string key;
  add(key, account_id);
  const auto first = static_cast<std::int64_t>(account_bits(key));
  return {first, first + (std::int64_t{1} << kCallBits) - 1};
}

}  // namespace ciswatch
