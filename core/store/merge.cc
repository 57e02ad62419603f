#include "core/store/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/base/cores.h"
#include "core/base/stop.h"
#include "core/store/ledger_id.h"
#include "core/store/merge_rows.h"

namespace ciswatch {
namespace {

// Writes what the inputs hold.
class RowWriter {
 public:
  explicit RowWriter(SnapshotPart& to) : to_(to) {}

  void write(const RowBatch& batch) {
    if (batch.table != table_) begin(*batch.table);
    std::string_view left = batch.bytes;
    for (const auto& row : batch.rows) {
      write(row, left.substr(0, row.size));
      left.remove_prefix(row.size);
    }
  }

 private:
  void begin(const MergedTable& table) {
    std::string values = "?";
    for (int i = 1; i < table.count; ++i) values += ", ?";
    insert_ = to_.database().prepare(fmt::format("insert into {} values ({})", table.name, values));
    table_ = &table;
  }

  void write(const RowBatch::Row& row, std::string_view values) {
    insert_->reset();
    insert_->bind_saved(values);
    if (table_->is_ledger) {
      if (!step(*row.input)) move_call(row);
      return;
    }
    const auto& moved_calls = row.input->moved_calls;
    if (table_->call >= 0 && !moved_calls.empty()) {
      const auto moved = moved_calls.find(row.call);
      if (moved != moved_calls.end()) insert_->bind(table_->call + 1, moved->second);
    }
    if (!step(*row.input)) row.input->throw_damaged("it holds a row that there cannot be");
  }

  // False when there is such a row already, or there cannot be one.
  bool step(const MergeInput& input) {
    try {
      insert_->step();
      return true;
    } catch (const DatabaseError& error) {
      insert_->reset();
      if (stop_signal() != 0) input.throw_unreadable(error);
      if (!is_constraint(error)) to_.throw_cannot_write(error);
      return false;
    }
  }

  // Another input's call has the id, of those of one account or of two in a trillion. Those that are
  // to come have greater ids than this, so that one above all that were given here is free.
  void move_call(const RowBatch::Row& row) {
    if (std::max(row.call, last_moved_) == std::numeric_limits<std::int64_t>::max()) {
      row.input->throw_damaged("it has a call whose id there cannot be");
    }
    last_moved_ = std::max(row.call, last_moved_) + 1;
    row.input->moved_calls[row.call] = last_moved_;
    insert_->bind(1, last_moved_);
    if (!step(*row.input)) row.input->throw_damaged("it holds a call that there cannot be");
  }

  SnapshotPart& to_;
  const MergedTable* table_ = nullptr;
  std::optional<Statement> insert_;
  std::int64_t last_moved_ = 0;
};

// Tells which tables the part holds.
void write_held(Database& database, const Snapshot& any_input) {
  auto held = database.prepare("insert into snapshot_table values (?1)");
  for (const auto* table : tables()) {
    if (!any_input.holds(table->name)) continue;
    held.reset();
    held.bind(1, table->name);
    held.step();
  }
}

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

void copy_rows(SnapshotPart& part, std::span<MergeInput> inputs,
               std::span<const MergedTable> tables, ReadAhead* ahead) {
  RowWriter writer(part);
  if (ahead == nullptr) {
    read_rows(inputs, tables, [&](const RowBatch& batch) {
      writer.write(batch);
      return true;
    });
    return;
  }
  while (const auto batch = ahead->next()) writer.write(*batch);
}

}  // namespace

Merged merge_snapshots(const MergeRequest& request) {
  const unsigned jobs = request.jobs > 0 ? request.jobs : available_cores();
  auto inputs = open_inputs(request, jobs);
  Merged merged;
  for (const auto& input : inputs) merged.accounts += input.accounts.size();
  const auto shards = shards_of(inputs);
  merged.missing = others_than(shards);
  const auto tables = merged_tables(inputs.front().snapshot);
  SnapshotPart part(request.out, Durability::synced);
  write_held(part.database(), inputs.front().snapshot);
  std::optional<ReadAhead> ahead;  // SQLite has one writer: reading is what another thread can do
  if (jobs > 1) ahead.emplace(inputs, tables);
  copy_rows(part, inputs, tables, ahead ? &*ahead : nullptr);
  auto info = info_of(inputs, part.database());
  if (!merged.missing.empty()) info.shards = shards;
  part.close(std::move(info), [&](Database& database) {
    const auto id = ahead ? ahead->ledger_id() : merged_ledger_id(inputs);
    return id ? *id : ledger_id(database);
  });
  part.publish();
  return merged;
}

}  // namespace ciswatch
