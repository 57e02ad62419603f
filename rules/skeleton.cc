#include "rules/skeleton.h"

#include <fmt/format.h>

#include <algorithm>

namespace ciswatch {
namespace {

// What the made-up check asks of a row, and the values that meet it and do not.
struct Question {
  std::string column, ok, good, bad;
  std::string unread = "null";
};

bool comes_from_request(const Column& column) {
  return column.from == kTarget || column.from == kTargetName || column.from == kSecond;
}

Question about(const Column& column) {
  const std::string name(column.name);
  switch (column.type) {
    case Type::boolean:
    case Type::enabled:
      return {name, name, "1", "0"};
    case Type::integer:
    case Type::digits:
    case Type::real:
      return {name, name + " > 0", "1", "0"};
    case Type::text:
    case Type::json:
    case Type::timestamp:
    case Type::document:
      break;
  }
  if (column.type == Type::text) return {name, name + " = 'wanted'", "wanted", "other"};
  if (column.type == Type::timestamp) {
    return {name, name + " >= '2026-01-01'", "\"2026-06-01T00:00:00Z\"", "\"2025-06-01T00:00:00Z\""};
  }
  return {name, name + " <> '[]'", "'[1]'", "'[]'"};
}

// A flag tells most simply what is meant, then a number, then a word.
int rank(const Column& column) {
  switch (column.type) {
    case Type::boolean:
    case Type::enabled:
      return 0;
    case Type::integer:
    case Type::digits:
    case Type::real:
      return 1;
    case Type::text:
      return 2;
    default:
      return 3;
  }
}

Question question_of(const TableSpec& table) {
  const Column* best = nullptr;
  for (const auto& column : table.columns) {
    if (is_key(table, column.name) || comes_from_request(column)) continue;
    if (best == nullptr || rank(column) < rank(*best)) best = &column;
  }
  if (best != nullptr) return about(*best);
  return {"doc", "doc ->> '$.State' = 'wanted'", "'{\"State\": \"wanted\"}'",
          "'{\"State\": \"other\"}'", "'{}'"};
}

// The key's columns of a row named `name`, as YAML.
std::string key_values(const TableSpec& table, std::string_view name) {
  std::string values;
  for (const auto& column : table.columns) {
    if (is_key(table, column.name)) values += fmt::format("{}: {}, ", column.name, name);
  }
  return values;
}

// What a finding is about: the key, with its parts joined; NULL where there is none to name.
std::string resource_sql(const TableSpec& table) {
  if (table.key.empty()) return table.scope == Scope::account ? "account_id" : "region";
  std::string sql(table.key);
  for (const auto part : table.also_key) sql += fmt::format(" || '/' || {}", part);
  return sql;
}

std::string resource_of(const TableSpec& table, std::string_view name) {
  if (table.key.empty()) return table.scope == Scope::account ? "\"111111111111\"" : "us-east-1";
  std::string resource(name);
  for (std::size_t i = 0; i < table.also_key.size(); ++i) resource.append("/").append(name);
  return resource;
}

std::string_view scope_of(const TableSpec& table) {
  if (!table.key.empty()) return "resource";
  return table.scope == Scope::account ? "account" : "region";
}

std::string test_of(const TableSpec& table, std::string_view name, std::string_view value,
                    std::string_view verdict) {
  const std::string_view fact = verdict == "pass"   ? "as wanted passes"
                                : verdict == "warn" ? "otherwise is a warning"
                                                    : "unread is unknown";
  const auto question = question_of(table);
  return fmt::format(
      "  - name: {0} {6}\n    given:\n      {2}:\n        - {{{3}region: us-east-1, "
      "{0}: {1}}}\n    expect:\n      - {{resource: {4}, verdict: {5}}}\n",
      question.column, value, table.name, key_values(table, name), resource_of(table, name),
      verdict, fact);
}

constexpr std::string_view kHead = R"(# What this file may hold: README.md, "Checks". Lint and test it while you write:
#   ciswatch checks lint FILE && ciswatch checks test FILE && ciswatch checks explain FILE
id: {id}
title: What is true when the check passes
level: warn
scope: {scope}
why: >
  What goes wrong where it is not so.
sql: |
  -- ok: 1 passes, 0 is a finding of the level, NULL is unknown. Keep NULL where it means "not read".
  select account_id, region, {resource} as resource, {ok} as ok,
    iif({column} is null, '{column} could not be read', format('{column} is %s', {column})) as detail,
    call_id
  from {table}
remediation:
  text: >
    What to do about it.
tests:
)";

}  // namespace

std::string check_skeleton(std::string_view id, const TableSpec& table) {
  using fmt::literals::operator""_a;
  const auto question = question_of(table);
  return fmt::format(kHead, "id"_a = id, "scope"_a = scope_of(table),
                     "resource"_a = resource_sql(table), "ok"_a = question.ok,
                     "column"_a = question.column, "table"_a = table.name) +
         test_of(table, "good", question.good, "pass") +
         test_of(table, "bad", question.bad, "warn") +
         test_of(table, "unread", question.unread, "unknown");
}

}  // namespace ciswatch
