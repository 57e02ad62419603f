#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/base/json.h"
#include "core/base/text.h"
#include "core/base/time.h"
#include "rules/forms.h"
#include "rules/loader.h"

namespace ciswatch {
std::vector<NamedType> columns_of(std::string_view table) {
  if (table == "api_call") {
    std::vector<NamedType> columns{{"attempts", Type::integer}, {"time", Type::timestamp}};
    for (const auto* name :
         {"account_id", "region", "service", "operation", "target", "outcome", "code", "message"}) {
      columns.push_back({name, Type::text});
    }
    return columns;
  }
  if (table == "snapshot") {
    return {{"id", Type::text},
            {"collected_at", Type::timestamp},
            {"started_at", Type::timestamp},
            {"collected_by", Type::text}};
  }
  const auto* spec = find_table(table);
  if (spec == nullptr) return {};
  std::vector<NamedType> columns{
      {"account_id", Type::text}, {"region", Type::text}, {"doc", Type::json}};
  for (const auto& column : spec->columns) {
    columns.push_back({std::string(column.name), column.type});
  }
  return columns;
}

std::vector<std::string> table_names() {
  std::vector<std::string> names{"api_call", "snapshot"};
  for (const auto* table : tables()) names.emplace_back(table->name);
  return names;
}

namespace {

std::optional<std::int64_t> integer_of(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// As text, which the column makes a number.
Value real_of(const YamlNode& node, Problems& problems) {
  double number = 0;
  const auto* last = node.text.data() + node.text.size();
  const auto [end, error] = std::from_chars(node.text.data(), last, number);
  if (error == std::errc() && end == last && std::isfinite(number)) return node.text;
  problems.error(node.place, fmt::format("'{}' takes a number", node.key));
  return {};
}

bool is_json(const std::string& text) {
  try {
    parse_json(text);
    return true;
  } catch (const JsonError&) {
    return false;
  }
}

// What is wrong with the node as a value of this type is told; the value is then NULL.
Value value_of(const YamlNode& node, Type type, Problems& problems) {
  if (node.kind == YamlNode::Kind::null) return {};
  const bool scalar = node.kind == YamlNode::Kind::scalar;
  if (type == Type::json || type == Type::document) {
    auto text = scalar ? node.text : json_of(node);
    // A document may be broken: that is what a test may be about.
    if (type == Type::json && !text.empty() && !is_json(text)) problems.error(node.place, "this is not JSON");
    return text;
  }
  if (!scalar) {
    problems.error(node.place, fmt::format("'{}' takes one value, no list or map", node.key));
    return {};
  }
  if (type == Type::text) return node.text;
  if (type == Type::timestamp) {
    if (!parse_iso8601(node.text)) {
      problems.error(node.place, "a time is written as 2026-11-22T00:00:00Z");
    }
    return node.text;
  }
  if (type == Type::real) return real_of(node, problems);
  if (type == Type::enabled) type = Type::boolean;
  if (type == Type::digits) type = Type::integer;
  if (type == Type::boolean && node.text == "true") return std::int64_t{1};
  if (type == Type::boolean && node.text == "false") return std::int64_t{0};
  const auto number = integer_of(node.text);
  if (!number || (type == Type::boolean && *number != 0 && *number != 1)) {
    problems.error(node.place, fmt::format("'{}' takes {}", node.key,
                                           type == Type::boolean ? "0, 1 or null" : "an integer"));
    return {};
  }
  return *number;
}

std::string text_in(const GivenRow& row, std::string_view column) {
  for (const auto& [name, value] : row.values) {
    if (name == column && std::holds_alternative<std::string>(value)) {
      return std::get<std::string>(value);
    }
  }
  return "";
}

// A call that no table makes would hide nothing: the test would say less than it seems to.
void check_call(const GivenRow& row, Problems& problems) {
  const auto service = text_in(row, "service");
  const auto operation = text_in(row, "operation");
  const auto* table = find_table(service, operation);
  if (table == nullptr) {
    std::vector<std::string> calls;
    for (const auto* known : tables()) {
      calls.push_back(fmt::format("{} {}", known->service, known->operation));
    }
    const auto call = fmt::format("{} {}", service, operation);
    problems.error(row.place,
                   fmt::format("no table is filled by the call '{}'{}",
                               shortened(printable(call), 80), did_you_mean(call, calls)));
  } else if (table->scope == Scope::resource && text_in(row, "target").empty()) {
    problems.error(row.place,
                   fmt::format("{} is asked per resource: say which (target)", operation));
  }
  constexpr std::string_view kOutcomes[] = {"ok",       "absent", "denied",   "throttled",
                                            "disabled", "failed", "not_tried"};
  const auto outcome = text_in(row, "outcome");
  if (std::find(std::begin(kOutcomes), std::end(kOutcomes), outcome) == std::end(kOutcomes)) {
    const std::vector<std::string> words(std::begin(kOutcomes), std::end(kOutcomes));
    problems.error(row.place, fmt::format("'{}' is no outcome ({})",
                                          shortened(printable(outcome), 60), join(words, ", ")));
  }
}

GivenRow read_row(const YamlNode& node, const std::string& table,
                  const std::vector<NamedType>& columns, Problems& problems) {
  GivenRow row{table, {}, node.place};
  if (node.kind != YamlNode::Kind::map) {
    problems.error(node.place, "a row is a map of column to value");
    return row;
  }
  for (const auto& item : node.items) {
    const auto column = std::find_if(columns.begin(), columns.end(), [&](const NamedType& known) {
      return known.name == item.key;
    });
    if (column == columns.end()) {
      std::vector<std::string> names;
      for (const auto& known : columns) names.push_back(known.name);
      problems.error(item.key_place, fmt::format("{} has no column '{}'{}", table,
                                                 shortened(printable(item.key), 60),
                                                 did_you_mean(item.key, names)));
      continue;
    }
    row.values.emplace_back(item.key, value_of(item, column->type, problems));
  }
  if (const auto* spec = find_table(table)) {
    for (const auto& column : spec->columns) {
      if (!is_key(*spec, column.name) || node.member(column.name) != nullptr) continue;
      problems.error(node.place, fmt::format("a row of {} needs its key '{}'", table, column.name));
    }
  }
  if (table == "api_call") check_call(row, problems);
  return row;
}

Verdict verdict_of(std::string_view word) {
  for (const auto verdict : kVerdicts) {
    if (name_of(verdict) == word) return verdict;
  }
  return Verdict::unknown;
}

std::optional<std::string> if_given(std::string text) {
  if (text.empty()) return std::nullopt;
  return text;
}

ExpectedFinding read_expected(const YamlNode& node, Problems& problems) {
  Fields fields(node, kExpectedForm, problems);
  ExpectedFinding expected;
  expected.resource = fields.text("resource");
  expected.verdict = verdict_of(fields.word("verdict").value_or("unknown"));
  if (const auto level = fields.word("level")) {
    expected.level = *level == "critical" ? Level::critical : Level::warn;
  }
  expected.account_id = if_given(fields.text("account_id"));
  expected.region = if_given(fields.text("region"));
  expected.detail = if_given(fields.text("detail"));
  if (const auto waived = fields.word("waived")) {
    expected.waived = *waived == "true";
  }
  return expected;
}

CheckTest read_test(const YamlNode& node, Problems& problems) {
  Fields fields(node, kTestForm, problems);
  CheckTest test;
  test.place = node.place;
  test.name = fields.text("name");
  if (const auto* settings = fields.map("settings")) {
    for (const auto& item : settings->items) test.settings.emplace(item.key, item.text);
  }
  if (const auto* given = fields.map("given")) read_given(*given, test, problems);
  if (const auto* expect = fields.sequence("expect")) {
    for (const auto& item : expect->items) test.expect.push_back(read_expected(item, problems));
  }
  return test;
}

}  // namespace

void read_given(const YamlNode& map, CheckTest& test, Problems& problems) {
  for (const auto& list : map.items) {
    const auto columns = columns_of(list.key);
    if (columns.empty()) {
      problems.error(list.key_place,
                     fmt::format("there is no table '{}'{}", shortened(printable(list.key), 60),
                                 did_you_mean(list.key, table_names())));
      continue;
    }
    if (list.kind != YamlNode::Kind::sequence) {
      problems.error(list.place, fmt::format("'{}' takes a list of rows", list.key));
      continue;
    }
    for (const auto& row : list.items) {
      test.given.push_back(read_row(row, list.key, columns, problems));
    }
  }
}

std::vector<CheckTest> read_tests(const YamlNode& list, Problems& problems) {
  std::vector<CheckTest> tests;
  for (const auto& node : list.items) tests.push_back(read_test(node, problems));
  return tests;
}

}  // namespace ciswatch
