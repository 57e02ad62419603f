#include "core/store/content.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/base/crypto.h"
#include "core/base/text.h"
#include "core/store/schema.h"
#include "core/tables/table_spec.h"

namespace ciswatch {
namespace {

constexpr std::size_t kPiece = 64 << 10;  // bytes that are hashed at once

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

class ContentWriter {
 public:
  explicit ContentWriter(Database& database)
      : database_(database),
        insert_(database.prepare("insert into account_content values (?1, ?2, ?3, ?4)")) {}

  // In the order of the primary key: by account, then the same in every snapshot. What became of the
  // calls that fill the table is part of its content.
  void write_table(const TableSpec& table) {
    auto& calls = calls_[&table];
    std::string columns = "account_id, region";
    for (const auto& column : table.columns) columns += fmt::format(", {}", column.name);
    auto rows = database_.prepare(fmt::format("select {}, doc from {} order by {}", columns, table.name,
                                              primary_key(table)));
    std::string account;
    Chain chain;
    while (rows.step()) {
      if (rows.text(0) != account) {
        write(account, table.name, chain);
        account = rows.text(0);
        chain = {};
        add(chain.bytes(), take(calls, account));
      }
      for (int i = 0; i < rows.columns(); ++i) add_value(chain.bytes(), rows, i);
      chain.count();
    }
    write(account, table.name, chain);
    for (const auto& [id, hash] : calls) insert(id, table.name, 0, hex(hash).substr(0, 32));
    calls_.erase(&table);
  }

  // Before the tables. The index gives all but the targets in order: those of one account, region and operation are
  // sorted here.
  void write_ledger() {
    auto rows = database_.prepare(
        "select service, operation, account_id, region, outcome, target, code, message"
        " from api_call order by service, operation, account_id, region, outcome");
    std::string group, account;
    const TableSpec* table = nullptr;
    std::vector<std::string> calls;
    while (rows.step()) {
      std::string next;
      for (const int i : {0, 1, 3, 4}) add(next, rows.text(i));
      if (next != group || rows.text(2) != account) {
        add_calls(account, group, table, calls);
        group = next;
        account = rows.text(2);
        table = find_table(rows.text(0), rows.text(1));
      }
      auto& call = calls.emplace_back();
      for (const int i : {5, 6, 7}) add(call, rows.text(i));
    }
    add_calls(account, group, table, calls);
    for (auto& [id, chain] : ledgers_) write(id, "api_call", chain);
  }

 private:
  using ByAccount = std::map<std::string, std::string, std::less<>>;  // account → hash

  static std::string take(ByAccount& hashes, const std::string& account) {
    const auto found = hashes.extract(account);
    return found.empty() ? "" : found.mapped();
  }

  void add_calls(const std::string& account, const std::string& group, const TableSpec* table,
                 std::vector<std::string>& calls) {
    if (calls.empty()) return;
    std::sort(calls.begin(), calls.end());
    auto& chain = ledgers_[account];
    add(chain.bytes(), group);
    if (table != nullptr) {
      auto& hash = calls_[table][account];
      hash = bytes_of(sha256(hash + group + join(calls, "\n")));
    }
    for (const auto& call : calls) {
      add(chain.bytes(), call);
      chain.count();
    }
    chain.fold();  // there are as many chains as accounts: each holds its hash alone
    calls.clear();
  }

  void write(const std::string& account, std::string_view table, Chain& chain) {
    if (chain.rows() > 0) insert(account, table, chain.rows(), chain.hash());
  }

  void insert(const std::string& account, std::string_view table, std::int64_t rows,
              const std::string& hash) {
    insert_.reset();
    insert_.bind(1, std::string_view(account));
    insert_.bind(2, table);
    insert_.bind(3, rows);
    insert_.bind(4, std::string_view(hash));
    insert_.step();
  }

  Database& database_;
  Statement insert_;
  std::map<std::string, Chain> ledgers_;
  std::map<const TableSpec*, ByAccount> calls_;  // of what is not written yet
};

}  // namespace

void write_totals(Database& database) {
  database.execute(
      "insert into snapshot_total select outcome, count(*) from api_call group by outcome"
      " union all select 'regions', count(*) from (select distinct account_id, name from aws_region"
      " where opt_in_status is not 'not-opted-in')");
}

void write_account_content(Database& database) {
  ContentWriter writer(database);
  writer.write_ledger();
  for (const auto* table : tables()) writer.write_table(*table);
}

}  // namespace ciswatch
