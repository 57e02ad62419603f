#include "core/store/content.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/base/crypto.h"
#include "core/base/text.h"
#include "core/store/each_call.h"
#include "core/store/schema.h"
#include "core/tables/table_spec.h"

namespace ciswatch {
namespace {

constexpr std::size_t kPiece = 64 << 10;  // bytes that are hashed at once
constexpr std::string_view kOfCall = "service, operation, region, outcome, target, code, message";
constexpr std::string_view kOrder = "service, operation, region, outcome";

// Length and text, so that no two lists of texts read the same.
void add(std::string& bytes, std::string_view text) {
  const std::uint64_t size = text.size();
  bytes.append(reinterpret_cast<const char*>(&size), sizeof size).append(text);
}

void add_value(std::string& bytes, const Statement& row, int column) {
  bytes += row.is_null(column) ? 'n' : row.is_integer(column) ? 'i' : 't';
  add(bytes, row.text(column));
}

// A hash over pieces: each is hashed together with the hash of those before it.
class Chain {
 public:
  std::string& bytes() { return bytes_; }
  void count() {
    ++rows_;
    if (bytes_.size() >= kPiece) fold();
  }
  void fold() {
    digest_ = bytes_of(sha256(digest_ + bytes_));
    bytes_.clear();
  }
  [[nodiscard]] std::int64_t rows() const { return rows_; }
  std::string hash() {
    fold();
    return hex(digest_).substr(0, 32);
  }

 private:
  std::string bytes_, digest_;
  std::int64_t rows_ = 0;
};

// In the order of the primary key: then the same in every snapshot.
Statement rows_of(Database& database, const TableSpec& table) {
  std::string columns = "account_id, region";
  for (const auto& column : table.columns) columns += fmt::format(", {}", column.name);
  return database.prepare(fmt::format("select {}, doc from main.{} where account_id = ?1 order by {}",
                                      columns, table.name, primary_key(table)));
}

// One account after the other.
class ContentWriter {
 public:
  explicit ContentWriter(Database& database)
      : insert_(database.prepare("insert into account_content values (?1, ?2, ?3, ?4)")) {
    for (const auto* table : tables()) rows_.emplace_back(table, rows_of(database, *table));
  }

  // `call`: the columns kOfCall, in the order kOrder.
  void add_call(const std::string& account, const Statement& call) {
    if (account != account_) end_account();
    account_ = account;
    std::string group;
    for (const int i : {0, 1, 2, 3}) add(group, call.text(i));
    if (group != group_) {
      end_group();
      group_ = group;
      table_ = find_table(call.text(0), call.text(1));
    }
    auto& said = group_calls_.emplace_back();
    for (const int i : {4, 5, 6}) add(said, call.text(i));
  }

  void end_account() {
    end_group();
    group_.clear();
    insert("api_call", std::exchange(ledger_, {}));
    for (auto& [table, rows] : rows_) write_table(*table, rows);
    calls_.clear();
  }

 private:
  // What became of the calls that fill a table is part of its content.
  void end_group() {
    if (group_calls_.empty()) return;
    std::sort(group_calls_.begin(), group_calls_.end());
    add(ledger_.bytes(), group_);
    if (table_ != nullptr) {
      auto& hash = calls_[table_];
      hash = bytes_of(sha256(hash + group_ + join(group_calls_, "\n")));
    }
    for (const auto& call : group_calls_) {
      add(ledger_.bytes(), call);
      ledger_.count();
    }
    ledger_.fold();
    group_calls_.clear();
  }

  void write_table(const TableSpec& table, Statement& rows) {
    Chain chain;
    const auto& calls = calls_[&table];
    rows.reset();
    rows.bind(1, std::string_view(account_));
    while (rows.step()) {
      if (chain.rows() == 0) add(chain.bytes(), calls);
      for (int i = 0; i < rows.columns(); ++i) add_value(chain.bytes(), rows, i);
      chain.count();
    }
    if (chain.rows() == 0 && !calls.empty()) return insert(table.name, 0, hex(calls).substr(0, 32));
    insert(table.name, std::move(chain));
  }

  void insert(std::string_view table, Chain chain) {
    if (chain.rows() > 0) insert(table, chain.rows(), chain.hash());
  }

  void insert(std::string_view table, std::int64_t rows, const std::string& hash) {
    insert_.reset();
    insert_.bind(1, std::string_view(account_));
    insert_.bind(2, table);
    insert_.bind(3, rows);
    insert_.bind(4, std::string_view(hash));
    insert_.step();
  }

  Statement insert_;
  std::vector<std::pair<const TableSpec*, Statement>> rows_;
  std::string account_, group_;  // of the last call
  const TableSpec* table_ = nullptr;
  std::vector<std::string> group_calls_;
  Chain ledger_;
  std::map<const TableSpec*, std::string> calls_;  // hashes of those of the account
};

}  // namespace

// Neither number is told by a sort of all rows, for which SQLite takes memory.
void write_totals(Database& database) {
  std::map<std::string, std::int64_t> outcomes;
  auto calls = database.prepare("select outcome from api_call");
  while (calls.step()) ++outcomes[std::string(calls.text(0))];
  auto total = database.prepare("insert into snapshot_total values (?1, ?2)");
  for (const auto& [outcome, number] : outcomes) {
    total.reset();
    total.bind(1, std::string_view(outcome));
    total.bind(2, number);
    total.step();
  }
  database.execute(
      "insert into snapshot_total select 'regions', coalesce(sum((select count(distinct name) from aws_region"
      " where account_id = a.account_id and opt_in_status is not 'not-opted-in')), 0)"
      " from (select distinct account_id from aws_region) a");
}

void write_account_content(Database& database) {
  ContentWriter writer(database);
  each_call(database, kOfCall, kOrder, [&](const std::string& account, const Statement& call) {
    writer.add_call(account, call);
  });
  writer.end_account();
}

}  // namespace ciswatch
