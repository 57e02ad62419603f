#include "rules/planned_rows.h"

#include <fmt/format.h>

#include "core/base/text.h"

namespace ciswatch {
namespace {

// Which of a table's rows it is; the values are bound in this order. As when the row is read again: of a
// key of several columns, one that tells the rows of a call apart is enough.
std::string select_item(const RowPlace& key, const TableSpec& table) {
  std::string sql = fmt::format("select doc from main.{} where account_id = ?1 and region = ?2",
                                table.name);
  for (const auto& column : table.columns) {
    if (key.target.empty()) break;
    if (column.from == kTarget) sql += fmt::format(" and {} = ?3", column.name);
    if (column.from == kSecond) sql += fmt::format(" and {} = ?4", column.name);
  }
  if (key.key.empty() || table.key.empty()) return sql;
  std::string whole(table.key), any = fmt::format("{} = ?5", table.key);
  for (const auto column : table.also_key) {
    whole += fmt::format(" || ' ' || {}", column);
    any += fmt::format(" or {} = ?5", column);
  }
  return sql + fmt::format(" and ({} or {} = ?5)", any, whole);
}

}  // namespace

const PlannedRow& PlannedRows::get(const RowPlace& key) {
  if (const auto staged = staged_.find(key); staged != staged_.end()) return staged->second;
  const auto known = rows_.find(key);
  return known != rows_.end() ? known->second : rows_.emplace(key, read(key)).first->second;
}

void PlannedRows::keep() {
  for (auto& [key, row] : staged_) rows_[key] = std::move(row);
  staged_.clear();
}

PlannedRow PlannedRows::read(const RowPlace& key) {
  const auto* table = find_table(key.table);
  if (table == nullptr) throw Error(fmt::format("there is no table {}", key.table));
  PlannedRow row{"", "{}", ""};
  // Whether it is there is seen when the row is read before the call.
  if (!source_.holds(key.table)) return row;
  row.item = read_item(key, *table);
  if (row.item.empty()) require_answer(key, *table);
  return row;
}

std::string PlannedRows::read_item(const RowPlace& key, const TableSpec& table) {
  const auto sql = select_item(key, table);
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    found = statements_.emplace(sql, sandbox_.prepare_trusted(sql)).first;
  }
  auto& statement = found->second;
  statement.reset();
  const auto target = target_parts(table, key.target);
  const std::string_view values[] = {key.account_id, key.region, target.key, target.second, key.key};
  for (int i = 0; i < statement.parameters(); ++i) statement.bind(i + 1, values[i]);
  if (!statement.step()) return "";
  std::string item(statement.text(0));
  if (statement.step()) {
    throw Error(fmt::format("{} has several rows for {}{} in {}", key.table, key.target, key.key,
                            key.region));
  }
  return item;
}

void PlannedRows::require_answer(const RowPlace& key, const TableSpec& table) {
  constexpr auto* kSql =
      "select outcome, code from main.api_call where account_id = ?1 and region = ?2 and service = ?3"
      " and operation = ?4 and target = ?5 and outcome not in ('ok', 'absent')";
  auto found = statements_.find(kSql);
  if (found == statements_.end()) {
    found = statements_.emplace(kSql, sandbox_.prepare_trusted(kSql)).first;
  }
  auto& statement = found->second;
  statement.reset();
  statement.bind(1, std::string_view(key.account_id));
  statement.bind(2, std::string_view(key.region));
  statement.bind(3, table.service);
  statement.bind(4, table.operation);
  statement.bind(5, std::string_view(key.target));
  if (!statement.step()) return;
  throw Error(fmt::format("{}:{} in {} could not be read ({}{}{})", table.service, table.operation,
                          key.region, statement.text(0), statement.text(1).empty() ? "" : ": ",
                          printable(statement.text(1))));
}

}  // namespace ciswatch
