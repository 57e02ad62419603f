#include "core/store/schema.h"

#include <fmt/format.h>

namespace ciswatch {
namespace {

constexpr std::string_view kLedger = R"sql(
create table snapshot (
  id text not null, collected_at text not null, started_at text not null,
  collected_by text not null, source text not null, complete integer not null,
  tool_version text not null, spec_version text not null) strict;
create table snapshot_table (name text primary key) strict, without rowid;
create table snapshot_shard (number integer primary key, count integer not null) strict;
create table api_call (
  call_id integer primary key, account_id text not null, region text not null,
  service text not null, operation text not null, target text not null, outcome text not null,
  code text not null, message text not null, attempts integer not null, time text not null) strict;
create table snapshot_total (name text primary key, number integer not null) strict, without rowid;
create table account_content (
  account_id text not null, table_name text not null, row_count integer not null, hash text not null,
  primary key (account_id, table_name)) strict, without rowid;
)sql";

// A bucket's name is one in all accounts: whose it is, is asked by the name alone.
constexpr std::string_view kIndexes = R"sql(
create index api_call_operation on api_call (service, operation, account_id, region, outcome);
create index api_call_unanswered on api_call (service, operation, account_id, region, target)
  where outcome not in ('ok', 'absent');
create index aws_s3_bucket_list_name on aws_s3_bucket_list (name);
)sql";

std::string create_table(const TableSpec& table) {
  std::string sql =
      fmt::format("create table {} (\n  account_id text not null, region text not null", table.name);
  for (const auto& column : table.columns) {
    sql += fmt::format(",\n  {} {}{}", column.name, sql_type(column.type),
                       is_key(table, column.name) ? " not null" : "");
  }
  // What a check reads stands before the document, which is long and seldom read.
  sql += ",\n  call_id integer not null, doc text not null,\n  ";
  return sql + fmt::format("primary key ({})) strict, without rowid;\n", primary_key(table));
}

// SQLite takes a range of accounts for small. What it measures would make it take them for tiny, and
// read a slice from end to end where a key would do; what it is told here makes it look calls up by
// their operation. Told and not measured, so that a check has one plan in every snapshot.
constexpr std::string_view kStatistics = R"sql(
analyze;
insert into sqlite_stat1 values
  ('api_call', 'api_call_operation', '100000000 5000000 2000000 2000 100 50'),
  ('api_call', 'api_call_unanswered', '1000000 50000 20000 200 20 1');
)sql";

// What a call was about, as SQL.
struct TargetSql {
  std::string key = "null";
  std::string second = "null";
};

// The parts of the ledger's target, as target_parts() cuts it.
TargetSql ledger_target(const TableSpec& table) {
  if (table.second_parameter.empty()) return {"c.target", "null"};
  return {"substr(c.target, 1, instr(c.target || ' ', ' ') - 1)",
          "substr(c.target, instr(c.target || ' ', ' ') + 1)"};
}

// What last_part() is: without the '/' and all before it, which rtrim() leaves.
std::string last_part_sql(const std::string& key) {
  return fmt::format("replace({0}, rtrim({0}, replace({0}, '/', '')), '')", key);
}

std::string known_value(const Column& column, const TargetSql& target) {
  if (column.from == kTarget) return target.key;
  if (column.from == kSecond) return target.second;
  return column.from == kTargetName ? last_part_sql(target.key) : "null";
}

// SQLite searches the halves of a UNION ALL by key only where their columns have one affinity; a
// column that is read as it is has it, and would lose its index by a cast.
std::string typed(const std::string& value, std::string_view type) {
  const bool computed = value == "null" || value.find('(') != std::string::npos;
  return computed ? fmt::format("cast({} as {})", value, type) : value;
}

// "account_id, region, null, <key>, null, …": a row that knows only what it is about.
std::string unknown_row(const TableSpec& table, std::string_view account, std::string_view region,
                        const TargetSql& target, std::string_view call) {
  std::string row = fmt::format("select {}, {}", account, region);
  for (const auto& column : table.columns) {
    row += ", " + typed(known_value(column, target), sql_type(column.type));
  }
  return row + fmt::format(", {}, cast(null as text)", typed(std::string(call), "integer"));
}

// "and <account> is one of the slice"; "" for all accounts.
std::string in_slice(std::string_view account, Slice slice) {
  if (slice == Slice::none) return "";
  return fmt::format(" and {} between slice_first() and slice_last()", account);
}

std::string stored_rows(std::string_view columns, std::string_view table, Slice slice) {
  return fmt::format("select {} from main.{} where true{}", columns, table,
                     in_slice("account_id", slice));
}

std::string unanswered_rows(const TableSpec& table, Slice slice) {
  return unknown_row(table, "c.account_id", "c.region", ledger_target(table), "c.call_id") +
         fmt::format(
             " from main.api_call c where c.service = '{}' and c.operation = '{}'"
             " and c.outcome not in ('ok', 'absent'){}",
             table.service, table.operation, in_slice("c.account_id", slice));
}

// "and <the parent's row is one that the call is made for>". Values of conditions are ours.
std::string is_due(const Parent& parent) {
  std::string sql = fmt::format(" and p.{} <> ''", parent.key);
  if (parent.own_account) {
    sql += fmt::format(" and p.{} like 'arn:%:%:%:' || p.account_id || ':%'", parent.key);
  }
  for (const auto& condition : parent.when) {
    std::string values;
    for (const auto value : condition.values) {
      if (!values.empty()) values += ", ";
      values += value == kOwnAccount ? "p.account_id" : fmt::format("'{}'", value);
    }
    sql += fmt::format(" and p.{} in ({})", condition.column, values);
  }
  return sql;
}

// The rows of a table that this snapshot does not hold at all.
std::string uncollected_rows(const TableSpec& table, const Stored& stored, Slice slice) {
  if (table.scope == Scope::region) {
    return unknown_row(table, "r.account_id", "r.name", {}, "null") +
           " from main.aws_region r where r.opt_in_status is not 'not-opted-in'" +
           in_slice("r.account_id", slice);
  }
  std::string rows;
  for (const auto& parent : table.parents) {
    if (!stored(parent.table)) continue;
    rows += rows.empty() ? "" : " union ";
    const TargetSql target{fmt::format("p.{}", parent.key),
                           parent.second.empty() ? "null" : fmt::format("p.{}", parent.second)};
    rows += unknown_row(table, "p.account_id", fmt::format("p.{}", parent.region_column), target,
                        "null") +
            fmt::format(" from main.{} p where true{}{}", parent.table, is_due(parent),
                        in_slice("p.account_id", slice));
  }
  if (!rows.empty()) return rows;
  return unknown_row(table, "a.account_id", "a.region", {}, "null") +
         " from main.aws_account a where true" + in_slice("a.account_id", slice);
}

std::string_view prefix(Slice slice) { return slice == Slice::none ? "org_" : ""; }

std::string omitted_note(const Column& column) {
  std::string note;
  if (column.omitted == kNullIsNone) {
    note += "; NULL where the API leaves it out";
  } else if (column.omitted) {
    note += fmt::format("; `{}` where the API leaves it out", *column.omitted);
  }
  if (column.absent) note += fmt::format("; `{}` where it is not there", *column.absent);
  return note;
}

std::string source_of(const Column& column) {
  if (column.from == kTarget) return "the request";
  if (column.from == kTargetName) return "the request's name";
  if (column.from == kSecond) return "the request's second key";
  if (column.from == kItem) return "the item";
  if (column.from == kAnswered) return "whether the call found it";
  return fmt::format("`{}`", column.from.substr(1));
}

}  // namespace

std::string primary_key(const TableSpec& table) {
  if (table.key.empty()) return "account_id, region";
  std::string key(table.key);
  for (const auto more : table.also_key) key.append(", ").append(more);
  if (table.key_before_region) return fmt::format("account_id, {}, region", key);
  return fmt::format("account_id, region, {}", key);
}

std::string_view sql_type(Type type) {
  if (type == Type::real) return "real";
  const bool whole = type == Type::integer || type == Type::boolean || type == Type::digits ||
                     type == Type::enabled;
  return whole ? "integer" : "text";
}

std::string ledger_sql() { return std::string(kLedger); }

std::string tables_sql(std::span<const TableSpec* const> wanted) {
  auto sql = ledger_sql();
  for (const auto* table : wanted) sql += create_table(*table);
  return sql.append(kStatistics);
}

std::string indexes_sql() { return std::string(kIndexes); }

std::string view_sql(const TableSpec& table, const Stored& stored, Slice slice) {
  std::string columns = "account_id, region";
  for (const auto& column : table.columns) columns += fmt::format(", {}", column.name);
  columns += ", call_id, doc";
  std::string rows = stored(table.name) ? stored_rows(columns, table.name, slice)
                                        : uncollected_rows(table, stored, slice);
  if (stored(table.name) && slice != Slice::answered) {
    rows += " union all " + unanswered_rows(table, slice);
  }
  return fmt::format("create temp view {}{} ({}) as {};\n", prefix(slice), table.name, columns, rows);
}

std::string ledger_view_sql(Slice slice) {
  return fmt::format("create temp view {}api_call as {};\n", prefix(slice),
                     stored_rows("*", "api_call", slice));
}

std::string schema_markdown() {
  std::string page =
      "# Tables of a snapshot\n\n"
      "Generated by `ciswatch schema`. Every table also has `account_id`, `region`, `doc` (the raw "
      "JSON of the item) and `call_id` (the row of `api_call` that says so). In a check, a call "
      "that was not answered shows as one row of NULLs but for account, region and the resource "
      "asked about.\n";
  for (const auto* table : tables()) {
    page += fmt::format("\n## {}\n\n{}.\n\nFrom `{} {}`", table->name, table->doc, table->service,
                        table->operation);
    page += table->permission.empty() ? ", which needs no permission"
                                      : fmt::format(", IAM action `{}`", table->permission);
    if (table->scope == Scope::region) page += ", once per enabled region";
    for (const auto& parent : table->parents) {
      page += fmt::format("{} `{}.{}`", &parent == table->parents.data() ? ", once per" : " and",
                          parent.table, parent.key);
    }
    page += ".\n\n| column | type | from | meaning |\n|---|---|---|---|\n";
    for (const auto& column : table->columns) {
      constexpr std::string_view kNames[] = {"text",      "integer", "boolean", "json",
                                             "timestamp", "real",    "digits",  "enabled", "document"};
      page += fmt::format("| {} | {} | {} | {}{} |\n", column.name,
                          kNames[static_cast<std::size_t>(column.type)], source_of(column),
                          column.doc, omitted_note(column));
    }
  }
  page +=
      "\n## api_call\n\nThe ledger: every call that was made or should have been. `outcome` is ok, "
      "absent (the answer is that it is not there), denied, throttled, disabled, failed or "
      "not_tried.\n\n"
      "Columns: call_id, account_id, region, service, operation, target (the resource asked about), "
      "outcome, code, message, attempts, time.\n"
      "\n## snapshot\n\nOne row: id, collected_at, started_at, collected_by, source (live or "
      "recording), complete, tool_version, spec_version. snapshot_shard (number, count) has a row for each "
      "shard that it holds, where it was made of some of them; none where it is whole. snapshot_begun (name, value), of "
      "accounts that were read live, is what the collection was begun with.\n"
      "\n## Sums\n\nWritten at the end, not for checks: snapshot_total (name, number: calls by outcome, "
      "and regions) and account_content (account_id, table_name, row_count, hash: the same content of "
      "an account gives the same hash in any snapshot, whenever it was collected).\n"
      "\n## Beyond the slice\n\nIn a check a table shows the accounts that are judged together; "
      "`org.<table>` and `org.api_call` show all accounts of the snapshot.\n";
  return page;
}

}  // namespace ciswatch
