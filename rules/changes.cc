#include "rules/changes.h"

#include <algorithm>
#include <compare>

#include "core/store/snapshot.h"

namespace ciswatch {
namespace {

constexpr std::size_t kUnknownTable = 0;
constexpr std::size_t kLedger = 1;

// The hashes of a snapshot, by account and table. A value at a time: a fleet has a million.
class Hashes {
 public:
  explicit Hashes(Database& database)
      : rows_(sums(database, "account_content",
                   "select account_id, table_name, hash from main.account_content"
                   " order by account_id, table_name",
                   "select null, null, null where 0")) {
    advance();
  }

  void advance() { there_ = rows_.step(); }
  [[nodiscard]] bool there() const { return there_; }
  [[nodiscard]] std::string_view account() const { return rows_.text(0); }
  [[nodiscard]] std::string_view table() const { return rows_.text(1); }
  [[nodiscard]] std::string_view hash() const { return rows_.text(2); }

  [[nodiscard]] std::strong_ordering operator<=>(const Hashes& other) const {
    if (!there_ || !other.there_) return other.there_ <=> there_;  // the end comes last
    const auto by_account = account() <=> other.account();
    return by_account != 0 ? by_account : table() <=> other.table();
  }

 private:
  Statement rows_;
  bool there_ = false;
};

}  // namespace

Changes::Tables Changes::of(const TableSpec* table) {
  const auto all = tables();
  const auto at = std::find(all.begin(), all.end(), table) - all.begin();
  return Tables().set(static_cast<std::size_t>(at) + 2);  // throws where there are too many
}

// Of a table that this program does not know, no check can be told not to read it.
Changes::Tables Changes::of(std::string_view name) {
  if (name == "api_call") return Tables().set(kLedger);
  const auto* table = find_table(name);
  return table == nullptr ? Tables().set(kUnknownTable) : of(table);
}

Changes::Changes(Database& before, Database& now) {
  Hashes old(before), fresh(now);
  while (old.there() || fresh.there()) {
    const auto order = old <=> fresh;
    const auto& first = order > 0 ? fresh : old;
    auto& account = accounts_[std::string(first.account())];
    if (order != 0 || old.hash() != fresh.hash()) account.changed |= of(first.table());
    account.before |= order <= 0;
    account.now |= order >= 0;
    if (order <= 0) old.advance();
    if (order >= 0) fresh.advance();
  }
}

bool Changes::none(const std::string& account_id, const Reads& reads) const {
  if (reads.time || reads.every_account) return false;
  const auto found = accounts_.find(account_id);
  if (found == accounts_.end() || !found->second.before || !found->second.now) return false;
  // A table's content has what became of its calls. Where an account's own calls are made, and which
  // regions it has, matters to all.
  auto matters = Tables().set(kUnknownTable) | of(find_table("aws_account")) |
                 of(find_table("aws_region"));
  if (reads.ledger) matters.set(kLedger);
  for (const auto* table : reads.tables) matters |= of(table);
  return (found->second.changed & matters).none();
}

}  // namespace ciswatch
