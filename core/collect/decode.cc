#include "core/collect/decode.h"

#include <fmt/format.h>

#include <cmath>

#include "core/base/text.h"
#include "core/base/time.h"

namespace ciswatch {
namespace {

std::string_view text_in(const JsonValue& value) {
  return {value.GetString(), value.GetStringLength()};
}

// AWS's JSON protocols give epoch seconds, its XML ones and the AWS CLI ISO 8601.
Value timestamp(const JsonValue& value) {
  if (value.IsNumber()) {
    const double seconds = value.GetDouble();
    constexpr double kYear9999 = 253402300799.0;
    if (!(std::abs(seconds) <= kYear9999)) return {};
    return iso8601(static_cast<UnixSeconds>(std::floor(seconds)));
  }
  if (!value.IsString()) return {};
  const auto time = parse_iso8601(text_in(value));
  return time ? Value(iso8601(*time)) : Value();
}

Value typed(Type type, const JsonValue& value) {
  switch (type) {
    case Type::text:
      return value.IsString() ? Value(std::string(text_in(value))) : Value();
    case Type::integer:
      return value.IsInt64() ? Value(std::int64_t{value.GetInt64()}) : Value();
    case Type::boolean:
      return value.IsBool() ? Value(std::int64_t{value.GetBool()}) : Value();
    case Type::json:
      return value.IsObject() || value.IsArray() ? Value(to_text(value)) : Value();
    case Type::timestamp:
      return timestamp(value);
  }
  return {};
}

Value constant(Type type, std::string_view text) {
  if (type == Type::integer || type == Type::boolean) return std::int64_t{text == "1"};
  return std::string(text);
}

Value column_value(const Column& column, const JsonValue& item, std::string_view target) {
  if (column.from == kTarget) return std::string(target);
  if (column.from == kAnswered) return std::int64_t{1};
  const JsonValue* member = find(item, column.from);
  // AWS leaves out what is not set; a JSON null says the same.
  if (member == nullptr || member->IsNull()) {
    return column.omitted ? constant(column.type, *column.omitted) : Value();
  }
  return typed(column.type, *member);
}

DecodedRow decode_item(const TableSpec& table, const JsonValue& item, std::string_view region,
                       std::string_view target) {
  if (!item.IsObject()) {
    throw UnexpectedShape(fmt::format("an item of {} is no object", table.operation));
  }
  DecodedRow row{std::string(region), {}, to_text(item)};
  row.values.reserve(table.columns.size());
  for (const auto& column : table.columns) {
    row.values.push_back(column_value(column, item, target));
    if (column.name == table.key && text_of(row.values.back()).empty()) {
      throw UnexpectedShape(fmt::format("an item of {} has no {}", table.operation, column.name));
    }
  }
  if (!table.region_from.empty()) {
    const JsonValue* own = find(item, table.region_from);
    if (own != nullptr && own->IsString()) row.region = text_in(*own);
  }
  return row;
}

}  // namespace

std::string text_of(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  return {};
}

std::vector<DecodedRow> decode_page(const TableSpec& table, const JsonValue& response,
                                    std::string_view region, std::string_view target) {
  if (table.items.empty()) return {decode_item(table, response, region, target)};
  const JsonValue* items = find(response, table.items);
  if (items == nullptr || !items->IsArray()) {
    throw UnexpectedShape(
        fmt::format("the answer of {} has no list {}", table.operation, table.items.substr(1)));
  }
  std::vector<DecodedRow> rows;
  rows.reserve(items->Size());
  for (const auto& item : items->GetArray()) {
    rows.push_back(decode_item(table, item, region, target));
  }
  return rows;
}

DecodedRow absent_row(const TableSpec& table, std::string_view region, std::string_view target) {
  DecodedRow row{std::string(region), {}, "{}"};
  for (const auto& column : table.columns) {
    if (column.from == kTarget) {
      row.values.emplace_back(std::string(target));
    } else if (column.from == kAnswered) {
      row.values.emplace_back(std::int64_t{0});
    } else {
      row.values.push_back(column.absent ? constant(column.type, *column.absent) : Value());
    }
  }
  return row;
}

}  // namespace ciswatch
