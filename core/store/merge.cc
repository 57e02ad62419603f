#include "core/store/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <queue>

#include "core/base/stop.h"
#include "core/store/merge_input.h"
#include "core/store/schema.h"

namespace ciswatch {
namespace {

// What an input holds of one table, in the order of its key.
struct Stream {
  MergeInput* input;
  Statement rows;
  std::string account;  // of the row before
};

// Whether a row stands before another one. Accounts are of one input each, so that the rows of two
// inputs are never equal.
using Before = bool (*)(const Statement& row, const Statement& other);

// The first column is the account.
bool account_before(const Statement& row, const Statement& other) {
  return row.text(0) < other.text(0);
}

// The first columns are the call's id and the account.
bool call_before(const Statement& row, const Statement& other) {
  const auto id = row.integer(0), other_id = other.integer(0);
  return id != other_id ? id < other_id : row.text(1) < other.text(1);
}

// Copies the rows of all inputs in the order of their keys: SQLite then fills one page after the
// other, and the file's bytes do not depend on the inputs' order.
class RowMerger {
 public:
  RowMerger(SnapshotPart& to, std::vector<MergeInput>& from) : to_(to), from_(from) {}

  // First of all: the rows of tables name calls.
  void copy_calls() {
    auto insert = prepare("api_call", 11);
    merge("select call_id, account_id, region, service, operation, target, outcome, code, message,"
          " attempts, time from main.api_call order by 1",
          {call_before, 1}, [&](MergeInput& input, const Statement& row) {
            insert.reset();
            for (int i = 0; i < row.columns(); ++i) insert.bind(i + 1, row, i);
            if (step(insert, input)) return;
            move_call(input, row.integer(0), insert);
          });
  }

  void copy_table(const TableSpec& table) {
    std::string columns = "account_id, region";
    for (const auto& column : table.columns) columns += fmt::format(", {}", column.name);
    const int call = static_cast<int>(table.columns.size()) + 2;
    copy(table.name, fmt::format("{}, call_id, doc", columns), primary_key(table), call);
  }

  void copy_content() {
    copy("account_content", "account_id, table_name, row_count, hash", "account_id, table_name", -1);
  }

 private:
  struct Order {
    Before before;
    int account;  // the column that names it
  };

  Statement prepare(std::string_view table, int columns) {
    std::string values = "?";
    for (int i = 1; i < columns; ++i) values += ", ?";
    return to_.database().prepare(fmt::format("insert into {} values ({})", table, values));
  }

  // `call` is the column that names a call, or -1.
  void copy(std::string_view table, const std::string& columns, const std::string& key, int call) {
    const auto count = static_cast<int>(std::count(columns.begin(), columns.end(), ',')) + 1;
    auto insert = prepare(table, count);
    merge(fmt::format("select {} from main.{} order by {}", columns, table, key), {account_before, 0},
          [&](MergeInput& input, const Statement& row) {
            insert.reset();
            for (int i = 0; i < count; ++i) insert.bind(i + 1, row, i);
            if (call >= 0 && !input.moved_calls.empty()) {
              const auto moved = input.moved_calls.find(row.integer(call));
              if (moved != input.moved_calls.end()) insert.bind(call + 1, moved->second);
            }
            if (!step(insert, input)) input.throw_damaged("it holds a row that there cannot be");
          });
  }

  // False when there is such a row already, or there cannot be one.
  bool step(Statement& insert, const MergeInput& input) {
    try {
      insert.step();
      return true;
    } catch (const DatabaseError& error) {
      insert.reset();
      if (stop_signal() != 0) input.throw_unreadable(error);
      if (!is_constraint(error)) to_.throw_cannot_write(error);
      return false;
    }
  }

  // Another input's call has the id, of those of one account or of two in a trillion. Those that are
  // to come have greater ids than this, so that one above all that were given here is free.
  void move_call(MergeInput& input, std::int64_t id, Statement& insert) {
    if (std::max(id, last_moved_) == std::numeric_limits<std::int64_t>::max()) {
      input.throw_damaged("it has a call whose id there cannot be");
    }
    last_moved_ = std::max(id, last_moved_) + 1;
    input.moved_calls[id] = last_moved_;
    insert.bind(1, last_moved_);
    if (!step(insert, input)) input.throw_damaged("it holds a call that there cannot be");
  }

  static bool advance(Stream& stream, int account) {
    try {
      if (!stream.rows.step()) return false;
    } catch (const DatabaseError& error) {
      stream.input->throw_unreadable(error);
    }
    if (stream.rows.text(account) != stream.account) {
      stream.account = stream.rows.text(account);
      if (!stream.input->accounts.contains(stream.account)) {
        stream.input->throw_damaged("it holds rows of an account that it does not name");
      }
    }
    return true;
  }

  template <typename Take>
  void merge(const std::string& select, Order order, Take take) {
    std::vector<Stream> streams;
    streams.reserve(from_.size());
    const auto later = [&](const Stream* one, const Stream* other) {
      return order.before(other->rows, one->rows);
    };
    std::priority_queue<Stream*, std::vector<Stream*>, decltype(later)> next(later);
    for (auto& input : from_) {
      if (input.accounts.empty()) continue;
      auto& stream = streams.emplace_back(Stream{&input, select_from(input, select), {}});
      if (advance(stream, order.account)) next.push(&stream);
    }
    while (!next.empty()) {
      Stream& stream = *next.top();
      next.pop();
      bool more = true;
      do {
        take(*stream.input, stream.rows);
        more = advance(stream, order.account);
      } while (more && (next.empty() || order.before(stream.rows, next.top()->rows)));
      if (more) next.push(&stream);
    }
  }

  static Statement select_from(MergeInput& input, const std::string& select) {
    try {
      return input.database.prepare(select);
    } catch (const DatabaseError& error) {
      input.throw_unreadable(error);
    }
  }

  SnapshotPart& to_;
  std::vector<MergeInput>& from_;
  std::int64_t last_moved_ = 0;
};

// As a collection of all accounts would say: its time is that of the last answer, its caller that of
// the first account that named one.
SnapshotInfo info_of(std::span<const MergeInput> inputs, Database& merged) {
  SnapshotInfo all;
  for (const auto& input : inputs) {
    const auto& info = input.snapshot.info();
    all.complete = all.complete && info.complete;
    if (all.started_at.empty() || info.started_at < all.started_at) all.started_at = info.started_at;
    if (input.accounts.empty()) continue;
    all.collected_at = std::max(all.collected_at, info.collected_at);
    if (all.source.empty()) all.source = info.source;
    if (all.source != info.source) all.source = "mixed";
  }
  auto caller = merged.prepare(
      "select arn from aws_account where arn <> '' order by account_id limit 1");
  if (caller.step()) all.collected_by = caller.text(0);
  return all;
}

}  // namespace

Merged merge_snapshots(const MergeRequest& request) {
  auto inputs = open_inputs(request);
  Merged merged;
  const auto shards = shards_of(inputs);
  merged.missing = others_than(shards);
  SnapshotPart part(request.out, Durability::synced);
  auto& database = part.database();
  auto held = database.prepare("insert into snapshot_table values (?1)");
  RowMerger rows(part, inputs);
  rows.copy_calls();
  for (const auto* table : tables()) {
    if (!inputs.front().snapshot.holds(table->name)) continue;
    held.reset();
    held.bind(1, table->name);
    held.step();
    rows.copy_table(*table);
  }
  held.reset();
  rows.copy_content();
  for (const auto& input : inputs) merged.accounts += input.accounts.size();
  auto info = info_of(inputs, database);
  if (!merged.missing.empty()) info.shards = shards;
  part.close(std::move(info));
  part.publish();
  return merged;
}

}  // namespace ciswatch
