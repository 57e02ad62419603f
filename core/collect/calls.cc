#include "core/collect/calls.h"

#include <algorithm>

#include "core/base/text.h"

namespace ciswatch {
namespace {

bool contains(std::span<const std::string_view> list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool holds(const TableSpec& table, const DecodedRow& row, const Condition& condition,
           const std::string& account_id) {
  const auto text = text_of(column_of(table, row, condition.column));
  return contains(condition.values, text) ||
         (contains(condition.values, kOwnAccount) && text == account_id);
}

// arn:partition:service:region:account:…
bool is_of_account(const std::string& arn, const std::string& account_id) {
  const auto parts = split(arn, ':');
  return parts.size() > 5 && parts[0] == "arn" && parts[4] == account_id;
}

}  // namespace

const Value& column_of(const TableSpec& table, const DecodedRow& row, std::string_view name) {
  static const Value none;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name == name) return row.values[i];
  }
  return none;
}

bool has_followers(const TableSpec& table) {
  if (table.name == "aws_account" || table.name == "aws_region") return true;
  const auto all = tables();
  return std::any_of(all.begin(), all.end(), [&](const TableSpec* other) {
    return other->owned_in == table.name ||
           std::any_of(other->parents.begin(), other->parents.end(),
                       [&](const Parent& link) { return link.table == table.name; });
  });
}

bool is_due(const Parent& link, const TableSpec& parent, const DecodedRow& row,
            const std::string& account_id) {
  if (link.own_account && !is_of_account(text_of(column_of(parent, row, link.key)), account_id)) {
    return false;
  }
  return std::all_of(link.when.begin(), link.when.end(), [&](const auto& condition) {
    return holds(parent, row, condition, account_id);
  });
}

std::string target_of(const Parent& link, const TableSpec& table, const TableSpec& parent,
                      const DecodedRow& row) {
  const auto key = text_of(column_of(parent, row, link.key));
  if (link.second.empty()) return key;
  const auto second = text_of(column_of(parent, row, link.second));
  return key.empty() || second.empty() ? "" : target_text(table, key, second);
}

ApiCall make_call(const TableSpec& table, const std::string& account_id, const std::string& region,
                  const std::string& target) {
  ApiCall call{account_id, region, std::string(table.service), std::string(table.operation), {}};
  if (table.parameter.empty()) return call;
  if (table.scope == Scope::account) {
    call.params.emplace_back(table.parameter, account_id);
    return call;
  }
  const auto [key, second] = target_parts(table, target);
  call.params.emplace_back(table.parameter, table.parameter_is_name ? last_part(key) : key);
  if (!table.second_parameter.empty()) call.params.emplace_back(table.second_parameter, second);
  return call;
}

std::string call_key(const TableSpec& table, const std::string& account_id,
                     const std::string& region, const std::string& target) {
  std::string key;
  key.reserve(table.name.size() + account_id.size() + region.size() + target.size() + 3);
  key.append(table.name).append("\n").append(account_id).append("\n");
  if (is_regional(table)) key.append(region);
  return key.append("\n").append(target);
}

}  // namespace ciswatch
