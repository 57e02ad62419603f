#pragma once

// The rows of the snapshots that are merged, from those who hold them to the one that writes them.

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "core/store/merge_input.h"

namespace ciswatch {

struct MergedTable {
  std::string name;
  std::string columns;
  std::string key;  // the order
  int count = 0;    // of the columns
  int call = -1;    // the column that names a call, or -1
  bool is_ledger = false;
};

// In the order in which they are written. The ledger is the first: rows of tables name its calls.
std::vector<MergedTable> merged_tables(const Snapshot& any_input);

// Rows of one table, as Statement::save() writes them.
struct RowBatch {
  struct Row {
    MergeInput* input;
    std::int64_t call;  // that it names; 0 if none
    std::size_t size;   // of its bytes
  };
  const MergedTable* table = nullptr;
  std::vector<Row> rows;
  std::string bytes;
};

// Gives the rows of all inputs, table by table, in the order of their keys: SQLite then fills one page
// after the other, and the file's bytes do not depend on the inputs' order. `take` returns false to end
// it. Throws Error for an input that cannot be read; all rows before that one were given.
void read_rows(std::span<MergeInput> inputs, std::span<const MergedTable> tables,
               const std::function<bool(RowBatch)>& take);

// What ledger_id() of the merged snapshot will be, when read_rows() is through: by the accounts, whose
// calls stand together, where that would sort them all. nullopt: some do not stand there.
std::optional<std::string> merged_ledger_id(std::span<MergeInput> inputs);

// Both in a thread of its own, a few megabytes of rows ahead of who takes them. The inputs belong to
// that thread as long as this lives, but for their `moved_calls`.
class ReadAhead {
 public:
  ReadAhead(std::span<MergeInput> inputs, std::span<const MergedTable> tables);
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  std::optional<RowBatch> next();          // waits; nullopt at the end; throws what read_rows() threw
  std::optional<std::string> ledger_id();  // after the last; waits

 private:
  void run(std::span<MergeInput> inputs, std::span<const MergedTable> tables);
  bool put(RowBatch batch);  // false: nobody takes any more
  void end(std::exception_ptr failed);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<RowBatch> waiting_;
  std::size_t bytes_ = 0;  // of those
  bool ended_ = false, unwanted_ = false;
  std::exception_ptr failed_;
  std::promise<std::optional<std::string>> id_;
  std::jthread thread_;  // the last: it uses the others
};

}  // namespace ciswatch
