#include "tests/fuzz/changes.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <utility>

#include "core/store/database.h"
#include "core/tables/table_spec.h"

namespace ciswatch::fuzz {
namespace {

// SQL expressions: what no column expects.
constexpr const char* kValues[] = {"null",
                                   "0",
                                   "1",
                                   "-1",
                                   "2",
                                   "9223372036854775807",
                                   "-9223372036854775808",
                                   "2.5",
                                   "9e999",
                                   "''",
                                   "'ok'",
                                   "'absent'",
                                   "'denied'",
                                   "'failed'",
                                   "'not_tried'",
                                   "'none of these'",
                                   "'*'",
                                   "'us-east-1'",
                                   "'nowhere-9'",
                                   "'123456789012'",
                                   "'kms'",
                                   "'ListKeys'",
                                   "'opted-in'",
                                   "'not-opted-in'",
                                   "'<script>&\"''</script>]]>'",
                                   "'\x1b[2J'",
                                   "char(0) || 'after a NUL'",
                                   "char(8238) || char(65534) || char(1114111)",
                                   "cast(x'fffe80c0af' as text)",
                                   "x'00ff'",
                                   "zeroblob(9)",
                                   "replace(hex(zeroblob(150)), '00', '[')",
                                   "'{\"a\":'",
                                   "'[null,1,\"x\",-5,{}]'",
                                   "'[9223372036854775807]'",
                                   "'[1e400]'",
                                   "hex(zeroblob(2500))",
                                   "'2026-11-22T00:00:00Z'",
                                   "'{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\"}]}'",
                                   "'[]'",
                                   "'{}'",
                                   "'\"'",
                                   "'%s%n'",
                                   "region",
                                   "account_id",
                                   "rowid",
                                   "call_id",
                                   "-call_id",
                                   "call_id + 1"};

// Bodies of a view, or of a virtual table, in the place of a table.
constexpr const char* kImposters[] = {
    R"(create view {0} as with recursive r (x) as (select 1 union all select x + 1 from r)
       select x as account_id, x as region, x as call_id, x as name from r)",
    "create view {0} as select * from {0}",
    "create view {0} as select 1 as account_id, load_extension('x') as region",
    "create virtual table {0} using fts5 (account_id, region, doc)",
    "create virtual table {0} using json_each (account_id)",
    "create virtual table {0} using no_such_module (account_id)",
    "create virtual table {0} using rtree (a, b, c)",
    "create trigger {0} after insert on api_call begin select 1; end",
    "create table {0} (account_id, region as (hex(zeroblob(100000))), call_id)",
    "create table {0} (x)",
    "create table {0} (account_id text collate nocase, region, call_id)",
    "create index {0} on api_call (account_id)",
    "garbage",
    ""};

constexpr std::pair<const char*, const char*> kSchemaWords[] = {
    {" strict", ""},
    {", without rowid", ""},
    {" text", " integer"},
    {" integer", " text"},
    {" not null", ""},
    {" not null", " check (0)"},
    {"primary key", "unique"},
    {"account_id", "account"},
    {"region", "reg"},
    {"call_id", "doc"},
    {"doc", "call_id"},
    {"text not null", "text not null collate nocase"},
    {"create", "CREATE TEMP"},
    {"outcome", "outcome_"},
    {" text", " text as ('x')"},
    {"(", "(extra text default 7, "}};

class Change {
 public:
  Change(const ScratchFile& file, Dice& dice) : file_(file), dice_(dice) { reopen(); }

  void make() {
    switch (dice_.below(12)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return change_value();
      case 4:
        return change_schema_text();
      case 5:
        return replace_table();
      case 6:
        return drop_or_rename();
      case 7:
        return change_calls();
      case 8:
        return change_sums();
      case 9:
        return change_pragma();
      case 10:
        return multiply_rows();
      default:
        return change_statistics();
    }
  }

 private:
  void reopen() {
    database_.emplace(Database::create(file_.path()));
    // An enemy's recursive view is no reason for the mutator to wait.
    database_->interrupt_when([left = 500]() mutable { return --left < 0; });
    run("pragma journal_mode = off; pragma synchronous = off; pragma writable_schema = on");
  }

  void run(const std::string& sql) { database_->execute(sql); }

  std::string any_table() {
    constexpr const char* kOwn[] = {"api_call",        "snapshot",       "snapshot_table",
                                    "account_content", "snapshot_total", "aws_account",
                                    "aws_region"};
    if (dice_.one_in(3)) return dice_.of(kOwn);
    return std::string(dice_.of(tables())->name);
  }

  std::string column_of(const std::string& table) {
    std::vector<std::string> names;
    auto rows = database_->prepare(fmt::format("pragma table_xinfo({})", table));
    while (rows.step()) names.emplace_back(rows.text(1));
    return names.empty() ? "doc" : dice_.of(names);
  }

  std::string schema_of(const std::string& table) {
    auto row = database_->prepare("select sql from sqlite_schema where name = ?1");
    row.bind(1, std::string_view(table));
    return row.step() ? std::string(row.text(0)) : "";
  }

  void set_schema(const std::string& table, const std::string& sql) {
    auto update = database_->prepare("update sqlite_schema set sql = ?1 where name = ?2");
    update.bind(1, std::string_view(sql));
    update.bind(2, std::string_view(table));
    update.step();
  }

  static std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
      text.replace(at, from.size(), to);
    }
    return text;
  }

  std::string some_rows(const std::string& column) {
    if (dice_.one_in(3)) return "";
    return fmt::format(" where {0} in (select {0} from {{}} limit 1 offset {1})", column,
                       dice_.below(dice_.one_in(2) ? 4 : 60));
  }

  // STRICT refuses other types, so that the table is none while it is changed.
  void change_value() {
    const auto table = any_table();
    const auto column = column_of(table);
    const auto schema = schema_of(table);
    const bool strict = dice_.one_in(2);
    if (!strict) {
      set_schema(table, replaced(replaced(replaced(schema, ") strict, without", ") without"),
                                          ") strict", ")"),
                                 " text", " blob"));
      reopen();
    }
    const auto where = replaced(some_rows(column), "{}", table);
    run(fmt::format("update or ignore {} set {} = {}{}", table, column, dice_.of(kValues), where));
    if (!strict) set_schema(table, schema);
  }

  void change_schema_text() {
    const auto table = any_table();
    const auto& [from, to] = dice_.of(kSchemaWords);
    auto sql = schema_of(table);
    if (dice_.one_in(2)) {
      sql = replaced(sql, from, to);
    } else if (const auto at = sql.rfind(from); at != std::string::npos) {
      sql.replace(at, std::string_view(from).size(), to);
    }
    set_schema(table, sql);
  }

  void replace_table() {
    const auto table = any_table();
    set_schema(table, fmt::format(fmt::runtime(dice_.of(kImposters)), table));
    constexpr const char* kKinds[] = {"",
                                      "",
                                      ", type = 'view', rootpage = 0",
                                      ", rootpage = 0",
                                      ", type = 'index'",
                                      ", rootpage = rootpage + 1",
                                      ", rootpage = 1",
                                      ", rootpage = 99999999",
                                      ", name = 'x'",
                                      ", tbl_name = 'snapshot'"};
    run(fmt::format("update sqlite_schema set name = name{} where name = '{}'", dice_.of(kKinds),
                    table));
  }

  void drop_or_rename() {
    const auto table = any_table();
    switch (dice_.below(6)) {
      case 0:
        return run("drop table " + table);
      case 1:
        return run(fmt::format("alter table {} rename to gone", table));
      case 2:
        return run(fmt::format("alter table {} rename column {} to gone", table, column_of(table)));
      case 3:
        return run(fmt::format("delete from sqlite_schema where name = '{}'", table));
      case 4:
        return run("drop index api_call_operation");
      default:
        return run("delete from " + table);
    }
  }

  void change_calls() {
    constexpr const char* kChanges[] = {
        "delete from api_call where call_id in (select call_id from api_call limit 9 offset {})",
        R"(insert into api_call select call_id + 1, account_id, region, service, operation, target,
           outcome, code, message, attempts, time from api_call limit 20 offset {})",
        "update or ignore api_call set call_id = -call_id",
        "update or ignore api_call set outcome = 'denied', code = 'AccessDenied' where call_id % 7 "
        "= {} % 7",
        "update or ignore api_call set account_id = '{}'",
        "update or ignore aws_kms_key set call_id = {}",
        "update or ignore aws_vpc set call_id = -{}",
        "delete from snapshot_table where name in (select name from snapshot_table limit 3 offset "
        "{})",
        "insert into snapshot_table values ('no_such_table_{}')",
        "delete from snapshot",
        "insert into snapshot select * from snapshot"};
    run(fmt::format(fmt::runtime(dice_.of(kChanges)), dice_.below(60)));
  }

  void change_sums() {
    constexpr const char* kChanges[] = {
        "update account_content set row_count = {}",
        "delete from account_content",
        "update or ignore account_content set account_id = account_id || {}",
        "update snapshot_total set number = {}",
        "delete from snapshot_total where number % 2 = {} % 2",
        "insert or ignore into snapshot_total values ('x', {})",
        "insert or ignore into account_content values ({}, 'aws_vpc', {}, 'x')"};
    run(replaced(dice_.of(kChanges), "{}", dice_.of(kValues)));
  }

  void change_pragma() {
    constexpr const char* kPragmas[] = {
        "application_id = 1",       "user_version = 3",           "user_version = 1",
        "user_version = -1",        "schema_version = 0",         "page_size = 512; vacuum",
        "page_size = 1024; vacuum", "page_size = 65536; vacuum",  "encoding = 'UTF-16'; vacuum",
        "journal_mode = wal",       "auto_vacuum = full; vacuum", "writable_schema = on; vacuum"};
    run(fmt::format("pragma {}", dice_.of(kPragmas)));
  }

  void multiply_rows() {
    constexpr const char* kRows[] = {
        "insert or ignore into aws_account select printf('%012d', x), 'us-east-1', 'arn', 'u', 1, "
        "'{}' from n",
        R"(insert or ignore into api_call (call_id, account_id, region, service, operation, target,
             outcome, code, message, attempts, time)
           select x * 1000003, '123456789012', 'r' || (x % 9), 'kms', 'DescribeKey', 'k' || x, 'denied',
             '', '', 1, '' from n)",
        R"(insert or ignore into aws_vpc (account_id, region, vpc_id, is_default, call_id, doc)
           select '123456789012', 'us-east-1', 'vpc-' || x, x % 2, 1, '{}' from n)"};
    std::string sql = dice_.of(kRows);
    const auto at = sql.rfind(" from n");
    sql.replace(at, 7,
                fmt::format(" from (with recursive n (x) as (select 1 union all select x + 1 "
                            "from n where x < {}) select x from n)",
                            2 + dice_.below(dice_.one_in(8) ? 900 : 60)));
    run(sql);
  }

  void change_statistics() {
    constexpr const char* kStatistics[] = {"'1 1 1 1 1 1 1'",
                                           "'9223372036854775807 9223372036854775807'",
                                           "'-5'",
                                           "'0 0 0 0'",
                                           "''",
                                           "null",
                                           "'1000000 1 unordered noskipscan sz=1'",
                                           "'sz=99999999999999999999'",
                                           "x'00'",
                                           "hex(zeroblob(9000))"};
    constexpr const char* kChanges[] = {
        "update sqlite_stat1 set stat = {}", "drop table sqlite_stat1",
        "update sqlite_stat1 set idx = {}", "update sqlite_stat1 set tbl = {}",
        "insert into sqlite_stat1 values ('api_call', null, {})"};
    run(replaced(dice_.of(kChanges), "{}", dice_.of(kStatistics)));
  }

  const ScratchFile& file_;
  Dice& dice_;
  std::optional<Database> database_;
};

}  // namespace

void change_contents(Bytes& bytes, Dice& dice) {
  static const ScratchFile file("change");
  file.write(bytes);
  const auto times = 1 + dice.below(3);
  for (std::size_t i = 0; i < times; ++i) {
    try {
      Change(file, dice).make();
    } catch (const DatabaseError&) {
      // Refused: what was changed before stands.
    }
  }
  bytes = file.read();
}

}  // namespace ciswatch::fuzz
