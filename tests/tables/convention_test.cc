#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/aws/operations.h"
#include "core/tables/table_spec.h"

namespace ciswatch {
namespace {

bool has_column(const TableSpec& table, std::string_view name) {
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [&](const Column& column) { return column.name == name; });
}

TEST(Tables, NamesAndCallsAreUnique) {
  std::set<std::string_view> names;
  std::set<std::pair<std::string_view, std::string_view>> calls;
  for (const auto* table : tables()) {
    EXPECT_TRUE(names.insert(table->name).second) << table->name;
    EXPECT_TRUE(calls.emplace(table->service, table->operation).second) << table->operation;
    EXPECT_TRUE(table->name.starts_with("aws_")) << table->name;
    EXPECT_EQ(find_table(table->name), table);
    EXPECT_EQ(find_table(table->service, table->operation), table);
  }
}

TEST(Tables, EveryCallCanBeMade) {
  for (const auto* table : tables()) {
    const Operation* operation = find_operation(table->service, table->operation);
    ASSERT_NE(operation, nullptr) << table->name;
    EXPECT_FALSE(operation->writes()) << table->name;
  }
}

TEST(Tables, EverythingIsDocumentedAndHasAPermission) {
  for (const auto* table : tables()) {
    EXPECT_FALSE(table->doc.empty()) << table->name;
    EXPECT_EQ(table->permission.empty(), table->operation == "GetCallerIdentity") << table->name;
    std::set<std::string_view> names = {"account_id", "region", "doc", "call_id"};
    for (const auto& column : table->columns) {
      EXPECT_FALSE(column.doc.empty()) << table->name << "." << column.name;
      EXPECT_TRUE(names.insert(column.name).second) << table->name << "." << column.name;
      EXPECT_TRUE(column.from.starts_with('/') || column.from.starts_with('@')) << column.name;
    }
  }
}

TEST(Tables, ADenialIsNeverAnAnswer) {
  for (const auto* table : tables()) {
    for (const auto code : table->absent) {
      for (const auto* denial : {"Denied", "Unauthorized", "Forbidden", "403", "Auth", "Throttl"}) {
        EXPECT_EQ(code.find(denial), std::string_view::npos) << table->name << " " << code;
      }
    }
  }
}

TEST(Tables, KeysParentsAndParametersFitTogether) {
  std::set<std::string_view> before;
  for (const auto* table : tables()) {
    before.insert(table->name);  // a tree is its own parent
    EXPECT_TRUE(table->key.empty() || has_column(*table, table->key)) << table->name;
    EXPECT_EQ(table->scope == Scope::resource, !table->parents.empty()) << table->name;
    EXPECT_EQ(table->scope == Scope::resource, target_column(*table) != nullptr) << table->name;
    EXPECT_TRUE(table->owned_in.empty() || before.contains(table->owned_in)) << table->name;
    for (const auto& parent : table->parents) {
      ASSERT_TRUE(before.contains(parent.table)) << table->name << " comes before its parent";
      const auto& spec = *find_table(parent.table);
      EXPECT_TRUE(has_column(spec, parent.key)) << table->name;
      EXPECT_TRUE(parent.region_column == "region" || has_column(spec, parent.region_column));
      for (const auto& condition : parent.when) EXPECT_TRUE(has_column(spec, condition.column));
      EXPECT_EQ(table->second_parameter.empty(), parent.second.empty()) << table->name;
      EXPECT_TRUE(parent.second.empty() || has_column(spec, parent.second)) << table->name;
      EXPECT_EQ(&spec == table, table->deepest > 0 && parent.table == table->name);
    }
  }
}

// "" for no key is a failing value; a flag that protects must not be on by being left out.
TEST(Tables, WhatIsLeftOutNeverMeansThatSomethingIsOn) {
  for (const auto* table : tables()) {
    for (const auto& column : table->columns) {
      for (const auto& value : {column.omitted, column.absent}) {
        const auto told = value.value_or("");
        EXPECT_TRUE(told.empty() || told == "0" || told == "[]" || told == kNullIsNone) << column.name;
      }
    }
  }
}

TEST(Tables, TheSpecVersionIsShortAndStable) {
  EXPECT_EQ(spec_version().size(), 12u);
  EXPECT_EQ(spec_version(), spec_version());
}

}  // namespace
}  // namespace ciswatch
