// What the SQL of strangers may not do.

#include "rules/sandbox.h"

#include <gtest/gtest.h>

#include "rules/compile.h"
#include "tests/rules/rig.h"

namespace ciswatch {
namespace {

std::string refusal(const std::string& sql) {
  const auto sandbox = empty_sandbox(everything(read_views("create view v as select * from aws_vpc;")));
  try {
    auto statement = sandbox->prepare(sql);
    while (statement.step()) {
    }
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

struct Attack {
  const char* name;
  std::string sql, reason;
};

class SandboxRefuses : public testing::TestWithParam<Attack> {};

TEST_P(SandboxRefuses, SayingWhy) {
  EXPECT_NE(refusal(GetParam().sql).find(GetParam().reason), std::string::npos)
      << "'" << refusal(GetParam().sql) << "'";
}

const std::string kOnlyReads = "a check only reads";

INSTANTIATE_TEST_SUITE_P(
    All, SandboxRefuses,
    testing::Values(
        Attack{"Delete", "delete from api_call", kOnlyReads},
        Attack{"Update", "update api_call set outcome = 'ok'", kOnlyReads},
        Attack{"Insert", "insert into api_call select * from api_call", kOnlyReads},
        Attack{"Create", "create table x (y)", kOnlyReads},
        Attack{"CreateTemp", "create temp table x as select 1", kOnlyReads},
        Attack{"Drop", "drop view v", kOnlyReads},
        Attack{"Attach", "attach '/tmp/x.db' as x", kOnlyReads},
        Attack{"Vacuum", "vacuum into '/tmp/x.db'", kOnlyReads},
        Attack{"Pragma", "pragma trusted_schema = 1", kOnlyReads},
        Attack{"Begin", "begin", kOnlyReads}, Attack{"Explain", "explain select 1", kOnlyReads},
        Attack{"DeleteAfterWith", "with x as (select 1) delete from snapshot", kOnlyReads},
        Attack{"PragmaFunction", "select * from pragma_table_info('aws_vpc')", kOnlyReads},
        Attack{"Schema", "select sql from sqlite_schema", "cannot read"},
        Attack{"TempSchema", "select sql from sqlite_temp_schema", "cannot read"},
        Attack{"LoadExtension", "select load_extension('/tmp/x.so')",
               "cannot call load_extension()"},
        Attack{"ReadFile", "select readfile('/etc/passwd')", "no such function: readfile"},
        Attack{"WriteFile", "select writefile('/tmp/x', 'y')", "no such function: writefile"},
        Attack{"Random", "select random()", "cannot call random()"},
        Attack{"RandomBlob", "select hex(randomblob(8))", "cannot call randomblob()"},
        Attack{"Version", "select sqlite_version()", "cannot call sqlite_version()"},
        Attack{"Changes", "select total_changes()", "cannot call total_changes()"},
        Attack{"CurrentTime", "select current_timestamp", "does not know the time of day"},
        Attack{"Now", "select datetime('now')", "does not know the time of day"},
        Attack{"NowInCapitals", "select DateTime( /* x */ ' NOW ', '-1 day')", "time of day"},
        Attack{"QuotedNow", "select \"date\"()", "time of day"},
        Attack{"FormatAlone", "select strftime('%s')", "time of day"},
        Attack{"StoredRows", "select * from main.aws_vpc", "without 'main.'"},
        Attack{"StoredRowsQuoted", "select * from \"main\" /**/ . aws_vpc", "without 'main.'"},
        Attack{"StoredRowsAsString", "select * from 'main'.aws_vpc", "without 'main.'"},
        Attack{"StoredRowsBehindATablesName",
               "with aws_vpc as (select * from [main].aws_vpc) select * from aws_vpc",
               "without 'main.'"},
        Attack{"SnapshotTable", "select * from snapshot_table", "cannot read"},
        Attack{"SecondStatement", "select 1; delete from api_call", "a second one"},
        Attack{"Parameter", "select ?1", "no values to bind"},
        Attack{"Nothing", "-- nothing", "there is no SQL"},
        Attack{"UnknownSetting", "select setting('x')", "the check has no setting 'x'"},
        Attack{"LongValue", "select replace(format('%9999s', ''), ' ', format('%999s', ''))",
               "too big"}),
    [](const auto& attack) { return attack.param.name; });

TEST(Sandbox, LetsChecksReadAndCount) {
  for (const auto* sql :
       {"select * from aws_vpc", "select count(*) from v", "select * from temp.aws_vpc",
        "select value from json_each('[1,2]')", "select '{\"a\":1}' ->> '$.a'",
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) select * from "
        "n",
        "select row_number() over (order by vpc_id), any_ok(is_default) from aws_vpc",
        "select outcome from api_call", "select collected_at from snapshot;",
        "select date('2026-11-22', '-1 day'), unixepoch('2026-11-22T00:00:00Z')"}) {
    EXPECT_EQ(refusal(sql), "") << sql;
  }
}

// What the text does not show, the clock itself refuses: 'now' is NULL.
TEST(Sandbox, HasNoClockAtAll) {
  const auto sandbox = empty_sandbox(everything());
  auto statement = sandbox->prepare("select unixepoch('n' || 'ow'), datetime(lower('NOW'))");
  ASSERT_TRUE(statement.step());
  EXPECT_TRUE(is_null(statement.value(0)));
  EXPECT_TRUE(is_null(statement.value(1)));
}

TEST(Sandbox, StopsAnEndlessStatement) {
  const auto sandbox = empty_sandbox(everything());
  sandbox->start_clock(std::chrono::milliseconds(50));
  auto statement = sandbox->prepare(
      "with recursive n(i) as (select 1 union all select i + 1 from n) select sum(i) from n");
  const auto start = std::chrono::steady_clock::now();
  try {
    statement.step();
    FAIL() << "ended";
  } catch (const DatabaseError& error) {
    EXPECT_TRUE(is_interrupt(error));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(Sandbox, TellsWhichTablesAreRead) {
  const auto sandbox = empty_sandbox(everything(read_views("create view v as select * from aws_vpc;")));
  sandbox->prepare(
      "select count(*) from v, aws_kms_key k where k.id in (select arn from temp.aws_account)");
  EXPECT_EQ(sandbox->tables_read(),
            (std::set<const TableSpec*>{find_table("aws_vpc"), find_table("aws_kms_key"),
                                        find_table("aws_account")}));
  sandbox->prepare("select * from snapshot");
  EXPECT_TRUE(sandbox->tables_read().empty());
}

TEST(Sandbox, CountsRowsAsReading) {
  const auto sandbox = empty_sandbox(everything());
  for (const auto* sql : {"select count(*) from aws_vpc", "select exists (select 1 from aws_vpc)",
                          "select 1 from aws_vpc limit 1"}) {
    sandbox->prepare(sql);
    EXPECT_TRUE(sandbox->tables_read().contains(find_table("aws_vpc"))) << sql;
  }
}

TEST(Sandbox, KeepsViewsFromTheStoredRows) {
  EXPECT_THROW(read_views("create view v as select * from main.aws_vpc;"), SqlError);
}

TEST(Sandbox, GivesSettingsTheirType) {
  const auto sandbox = empty_sandbox(everything());
  sandbox->use_settings({{"days", std::int64_t{7}}, {"scope", std::string("all")}});
  auto statement =
      sandbox->prepare("select typeof(setting('days')), setting('days') < 30, setting('scope')");
  ASSERT_TRUE(statement.step());
  EXPECT_EQ(statement.text(0), "integer");
  EXPECT_EQ(statement.integer(1), 1);
  EXPECT_EQ(statement.text(2), "all");
}

// SQLite prepares statements anew when its guard changes; ours must survive the checks between.
TEST(Sandbox, KeepsItsOwnStatementsWorking) {
  const auto sandbox = empty_sandbox(everything());
  auto own = sandbox->prepare_trusted("select count(*) from main.aws_vpc");
  sandbox->prepare("select * from aws_vpc");
  EXPECT_THROW(sandbox->prepare("select random()"), SqlError);
  EXPECT_TRUE(own.step());
}

}  // namespace
}  // namespace ciswatch
