#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/crypto.h"
#include "core/tables/services.h"
#include "core/tables/table_spec.h"

namespace ciswatch {
namespace {

std::vector<const TableSpec*> list_all() {
  std::vector<const TableSpec*> all;
  for (const auto service : {account_tables(), cloudtrail_tables(), config_tables(), s3_tables(),
                             kms_tables(), vpc_tables(), logs_tables(), cloudwatch_tables(),
                             sns_tables(), iam_tables(), organizations_tables(),
                             cloudformation_tables(), securityhub_tables(), cloudfront_tables(),
                             elbv2_tables(), apigateway_tables()}) {
    for (const auto& table : service) all.push_back(&table);
  }
  return all;
}

std::string describe_all() {
  std::string text;
  for (const auto* table : tables()) {
    text += fmt::format("{}|{}|{}|{}|{}\n", table->name, table->service, table->operation,
                        table->key, fmt::join(table->also_key, ","));
    for (const auto& column : table->columns) {
      text += fmt::format(" {}|{}|{}|{}|{}\n", column.name, static_cast<int>(column.type),
                          column.from, column.omitted.value_or("-"), column.absent.value_or("-"));
    }
  }
  return text;
}

template <typename Matches>
const TableSpec* find_if(Matches matches) {
  const auto all = tables();
  const auto found = std::find_if(all.begin(), all.end(), matches);
  return found == all.end() ? nullptr : *found;
}

}  // namespace

std::span<const TableSpec* const> tables() {
  static const std::vector<const TableSpec*> all = list_all();
  return all;
}

const TableSpec* find_table(std::string_view name) {
  return find_if([&](const TableSpec* table) { return table->name == name; });
}

const TableSpec* find_table(std::string_view service, std::string_view operation) {
  return find_if([&](const TableSpec* table) {
    return table->service == service && table->operation == operation;
  });
}

bool is_regional(const TableSpec& table) {
  return table.scope != Scope::account && table.service != "s3" && !table.global;
}

const Column* target_column(const TableSpec& table) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                  [](const Column& column) { return column.from == kTarget; });
  return found == table.columns.end() ? nullptr : &*found;
}

std::string target_text(const TableSpec& table, std::string_view key, std::string_view second) {
  std::string target(key);
  if (!table.second_parameter.empty()) target.append(1, ' ').append(second);
  return target;
}

TargetParts target_parts(const TableSpec& table, std::string_view target) {
  const auto space = table.second_parameter.empty() ? std::string_view::npos : target.find(' ');
  if (space == std::string_view::npos) return {target, {}};
  return {target.substr(0, space), target.substr(space + 1)};
}

std::string_view last_part(std::string_view key) {
  const auto slash = key.rfind('/');
  return slash == std::string_view::npos ? key : key.substr(slash + 1);
}

bool is_absent(const TableSpec& table, std::string_view code, std::string_view message) {
  return std::any_of(table.absent.begin(), table.absent.end(), [&](std::string_view absent) {
    const auto colon = absent.find(": ");
    if (colon == std::string_view::npos) return code == absent;
    return code == absent.substr(0, colon) &&
           message.find(absent.substr(colon + 2)) != std::string_view::npos;
  });
}

bool is_key(const TableSpec& table, std::string_view column) {
  return column == table.key ||
         std::find(table.also_key.begin(), table.also_key.end(), column) != table.also_key.end();
}

std::string_view spec_version() {
  static const std::string version = hex(sha256(describe_all())).substr(0, 12);
  return version;
}

}  // namespace ciswatch
