// What is shown to checks is no more than they name, and they say and read the same of it.

#include "rules/compile.h"

#include <gtest/gtest.h>

#include "tests/rules/rig.h"

namespace ciswatch {
namespace {

std::vector<std::string> names_of(const Shown& shown) {
  std::vector<std::string> names;
  for (const auto& view : shown.views) names.push_back(view.name);
  for (const auto* table : shown.tables) names.emplace_back(table->name);
  return names;
}

Shown shown_to(std::string_view sql, const std::string& views = "") {
  return named_by({&sql, 1}, read_views(views));
}

using Names = std::vector<std::string>;

TEST(Shown, IsWhatTheStatementNamesInWhateverQuotes) {
  EXPECT_EQ(names_of(shown_to("select 1 from AWS_VPC")), Names{"aws_vpc"});
  EXPECT_EQ(names_of(shown_to("select 1 from \"aws_vpc\"")), Names{"aws_vpc"});
  EXPECT_EQ(names_of(shown_to("select 1 from [aws_vpc]")), Names{"aws_vpc"});
  EXPECT_EQ(names_of(shown_to("select 1 from `Aws_Vpc`")), Names{"aws_vpc"});
  EXPECT_EQ(names_of(shown_to("select 1 from 'aws_vpc'")), Names{"aws_vpc"});
  EXPECT_EQ(names_of(shown_to("select 1 from temp.aws_vpc")), Names{"aws_vpc"});
  EXPECT_EQ(names_of(shown_to("select 1 from org.aws_vpc")), Names{"aws_vpc"});
  EXPECT_EQ(names_of(shown_to("select 1 from org_aws_vpc")), Names{"aws_vpc"});
  EXPECT_EQ(names_of(shown_to("select 1 -- aws_vpc")), Names{});
}

TEST(Shown, IsWhatNamedViewsName) {
  const std::string views =
      "create view inner_one as select * from org.aws_vpc;"
      "create view other as select * from aws_kms_key;"
      "create view outer_one as select * from inner_one;";
  EXPECT_EQ(names_of(shown_to("select 1 from Outer_One", views)),
            (Names{"inner_one", "outer_one", "aws_vpc"}));
}

TEST(Compile, TellsOfAWrongNameWithTheNearestOfAllThatThereAre) {
  auto library = rig::library({rig::check("c", Scope::account, "select * from aws_kms_keys"),
                               rig::check("d", Scope::account, "select * from buckets_of_log")});
  library.views.add("v.sql", "create view buckets_of_logs as select * from aws_s3_bucket_list;");
  const auto refusal = [&](const char* id) -> std::string {
    const auto* check = library.check(id);
    try {
      compile({&check, 1}, library);
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  };
  EXPECT_NE(refusal("c").find("no such table: aws_kms_keys, did you mean 'aws_kms_key'?"), std::string::npos)
      << refusal("c");
  EXPECT_NE(refusal("d").find("did you mean 'buckets_of_logs'?"), std::string::npos) << refusal("d");
}

// The same SQL reads the same of a snapshot as of empty tables, whatever the snapshot holds.
TEST(Compile, ReadsOfShippedChecksAreThoseOnASnapshot) {
  const auto library = load_library(CISWATCH_SOURCE_DIR "/checks", Tests::leave_out);
  std::vector<const Check*> checks;
  for (const auto& check : library.checks) checks.push_back(&check);
  const auto compiled = compile(checks, library);
  for (const bool held : {true, false}) {
    Sandbox sandbox(empty_database(), Slice::answered, compiled.shown, [&](auto) { return held; });
    for (std::size_t i = 0; i < checks.size(); ++i) {
      sandbox.prepare(checks[i]->sql);
      const auto &reads = sandbox.reads(), &expected = compiled.reads[i];
      EXPECT_EQ(reads.tables, expected.tables) << checks[i]->id;
      EXPECT_EQ(std::tie(reads.slice, reads.every_account, reads.ledger, reads.time),
                std::tie(expected.slice, expected.every_account, expected.ledger, expected.time))
          << checks[i]->id;
    }
  }
}

}  // namespace
}  // namespace ciswatch
