#include "core/store/merge_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <queue>

#include "core/store/call_id.h"
#include "core/store/ledger_id.h"
#include "core/store/schema.h"

namespace ciswatch {
namespace {

constexpr std::size_t kBatchBytes = 128 << 10;
constexpr std::size_t kMostAhead = 4 << 20;  // bytes; what one row takes may be more

MergedTable merged(std::string_view name, std::string columns, std::string key) {
  const auto commas = std::count(columns.begin(), columns.end(), ',');
  return {std::string(name), std::move(columns), std::move(key), static_cast<int>(commas) + 1, -1, false};
}

MergedTable merged(const TableSpec& spec) {
  std::string columns = "account_id, region";
  for (const auto& column : spec.columns) columns += fmt::format(", {}", column.name);
  auto table = merged(spec.name, columns + ", call_id, doc", primary_key(spec));
  table.call = table.count - 2;
  return table;
}

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

class Reader {
 public:
  Reader(const MergedTable& table, const std::function<bool(RowBatch)>& take)
      : table_(table), take_(take) {
    batch_.table = &table;
  }

  // False when nobody takes any more.
  bool read(std::span<MergeInput> inputs) {
    try {
      return merge(inputs) && give();
    } catch (...) {
      give();
      throw;
    }
  }

 private:
  bool merge(std::span<MergeInput> inputs) {
    const Before before = table_.is_ledger ? call_before : account_before;
    std::vector<Stream> streams;
    streams.reserve(inputs.size());
    const auto later = [&](const Stream* one, const Stream* other) {
      return before(other->rows, one->rows);
    };
    std::priority_queue<Stream*, std::vector<Stream*>, decltype(later)> next(later);
    for (auto& input : inputs) {
      if (input.accounts.empty()) continue;
      auto& stream = streams.emplace_back(Stream{&input, select_from(input), {}});
      if (advance(stream)) next.push(&stream);
    }
    while (!next.empty()) {
      Stream& stream = *next.top();
      next.pop();
      bool more = true;
      do {
        if (!add(stream)) return false;
        more = advance(stream);
      } while (more && (next.empty() || before(stream.rows, next.top()->rows)));
      if (more) next.push(&stream);
    }
    return true;
  }

  Statement select_from(MergeInput& input) const {
    try {
      return input.database.prepare(fmt::format("select {} from main.{} order by {}", table_.columns,
                                                table_.name, table_.key));
    } catch (const DatabaseError& error) {
      input.throw_unreadable(error);
    }
  }

  bool advance(Stream& stream) const {
    try {
      if (!stream.rows.step()) return false;
    } catch (const DatabaseError& error) {
      stream.input->throw_unreadable(error);
    }
    const auto account = stream.rows.text(table_.is_ledger ? 1 : 0);
    if (account != stream.account) {
      stream.account = account;
      if (!stream.input->accounts.contains(stream.account)) {
        stream.input->throw_damaged("it holds rows of an account that it does not name");
      }
    }
    return true;
  }

  bool add(const Stream& stream) {
    const auto before = batch_.bytes.size();
    stream.rows.save(batch_.bytes);
    batch_.rows.push_back({stream.input, table_.call < 0 ? 0 : stream.rows.integer(table_.call),
                           batch_.bytes.size() - before});
    if (table_.is_ledger) ++stream.input->calls;
    return batch_.bytes.size() < kBatchBytes || give();
  }

  bool give() {
    RowBatch full{&table_, {}, {}};
    std::swap(full, batch_);
    return full.rows.empty() || take_(std::move(full));
  }

  const MergedTable& table_;
  const std::function<bool(RowBatch)>& take_;
  RowBatch batch_;
};

// Of one input, account by account.
class Calls {
 public:
  explicit Calls(MergeInput& input)
      : input_(input),
        rows_(input.database.prepare(fmt::format(
            "select {0} from main.api_call not indexed where call_id between ?1 and ?2"
            " and account_id = ?3 order by {0}",
            kLedgerIdColumns))) {}

  void add_to(LedgerId& id, std::string_view account) {
    const auto range = call_ids_of(account);
    rows_.reset();
    rows_.bind(1, range.first);
    rows_.bind(2, range.last);
    rows_.bind(3, account);
    for (; rows_.step(); ++found_) id.add(account, rows_);
  }

  [[nodiscard]] bool has_found_all() const { return found_ == input_.calls; }
  [[nodiscard]] MergeInput& input() const { return input_; }

 private:
  MergeInput& input_;
  Statement rows_;
  std::int64_t found_ = 0;
};

}  // namespace

std::vector<MergedTable> merged_tables(const Snapshot& any_input) {
  std::vector<MergedTable> list;
  list.push_back(merged("api_call",
                        "call_id, account_id, region, service, operation, target, outcome, code,"
                        " message, attempts, time",
                        "call_id"));
  list.back().call = 0;
  list.back().is_ledger = true;
  for (const auto* table : tables()) {
    if (any_input.holds(table->name)) list.push_back(merged(*table));
  }
  list.push_back(merged("account_content", "account_id, table_name, row_count, hash",
                        "account_id, table_name"));
  return list;
}

void read_rows(std::span<MergeInput> inputs, std::span<const MergedTable> tables,
               const std::function<bool(RowBatch)>& take) {
  for (const auto& table : tables) {
    if (!Reader(table, take).read(inputs)) return;
  }
}

std::optional<std::string> merged_ledger_id(std::span<MergeInput> inputs) {
  std::vector<Calls> calls;
  calls.reserve(inputs.size());
  std::map<std::string_view, Calls*> by_account;
  for (auto& input : inputs) {
    try {
      calls.emplace_back(input);
    } catch (const DatabaseError& error) {
      input.throw_unreadable(error);
    }
    for (const auto& account : input.accounts) by_account[account] = &calls.back();
  }
  LedgerId id;
  for (auto& [account, of_input] : by_account) {
    try {
      of_input->add_to(id, account);
    } catch (const DatabaseError& error) {
      of_input->input().throw_unreadable(error);
    }
  }
  const bool all = std::all_of(calls.begin(), calls.end(),
                               [](const Calls& of_input) { return of_input.has_found_all(); });
  return all ? std::optional(id.text()) : std::nullopt;
}

ReadAhead::ReadAhead(std::span<MergeInput> inputs, std::span<const MergedTable> tables)
    : thread_([this, inputs, tables] { run(inputs, tables); }) {}

ReadAhead::~ReadAhead() {
  const std::lock_guard lock(mutex_);
  unwanted_ = true;
  changed_.notify_all();
}

void ReadAhead::run(std::span<MergeInput> inputs, std::span<const MergedTable> tables) {
  try {
    read_rows(inputs, tables, [this](RowBatch batch) { return put(std::move(batch)); });
    end(nullptr);
    id_.set_value(merged_ledger_id(inputs));
  } catch (...) {
    end(std::current_exception());
    id_.set_exception(std::current_exception());
  }
}

bool ReadAhead::put(RowBatch batch) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return unwanted_ || bytes_ < kMostAhead; });
  if (unwanted_) return false;
  bytes_ += batch.bytes.size();
  waiting_.push_back(std::move(batch));
  changed_.notify_all();
  return true;
}

void ReadAhead::end(std::exception_ptr failed) {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  failed_ = std::move(failed);
  changed_.notify_all();
}

std::optional<RowBatch> ReadAhead::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
  if (waiting_.empty()) {
    if (failed_) std::rethrow_exception(failed_);
    return std::nullopt;
  }
  std::optional<RowBatch> batch(std::move(waiting_.front()));
  waiting_.pop_front();
  bytes_ -= batch->bytes.size();
  changed_.notify_all();
  return batch;
}

std::optional<std::string> ReadAhead::ledger_id() { return id_.get_future().get(); }

}  // namespace ciswatch
