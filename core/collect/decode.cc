#include "core/collect/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

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

Value digits(const JsonValue& value) {
  if (!value.IsString()) return {};
  const auto text = text_in(value);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? Value(number) : Value();
}

// As text that gives the same number again: the column makes it one.
Value real(const JsonValue& value) {
  return value.IsNumber() ? Value(fmt::format("{}", value.GetDouble())) : Value();
}

Value enabled(const JsonValue& value) {
  const auto text = value.IsString() ? text_in(value) : std::string_view();
  if (text == "Enabled") return std::int64_t{1};
  return text == "Disabled" ? Value(std::int64_t{0}) : Value();
}

Value typed(Type type, const JsonValue& value) {
  const bool nested = value.IsObject() || value.IsArray();
  switch (type) {
    case Type::text:
      return value.IsString() ? Value(std::string(text_in(value))) : Value();
    case Type::integer:
      return value.IsInt64() ? Value(std::int64_t{value.GetInt64()}) : Value();
    case Type::digits:
      return digits(value);
    case Type::boolean:
      return value.IsBool() ? Value(std::int64_t{value.GetBool()}) : Value();
    case Type::json:
      return nested ? Value(to_text(value)) : Value();
    case Type::timestamp:
      return timestamp(value);
    case Type::real:
      return real(value);
    case Type::enabled:
      return enabled(value);
    case Type::document:
      if (value.IsString()) return std::string(text_in(value));
      return value.IsObject() ? Value(to_text(value)) : Value();
  }
  return {};
}

Value constant(Type type, std::string_view text) {
  if (text == kNullIsNone) return {};
  if (type == Type::integer || type == Type::boolean || type == Type::digits ||
      type == Type::enabled) {
    return std::int64_t{text == "1"};
  }
  return std::string(text);
}

// What a column says of the request rather than of the answer; nothing for the others.
std::optional<Value> from_request(const Column& column, const TargetParts& target) {
  if (column.from == kTarget) return std::string(target.key);
  if (column.from == kTargetName) return std::string(last_part(target.key));
  if (column.from == kSecond) return std::string(target.second);
  return std::nullopt;
}

Value column_value(const Column& column, const JsonValue& item, const TargetParts& target) {
  if (auto told = from_request(column, target)) return *told;
  if (column.from == kAnswered) return std::int64_t{1};
  if (column.from == kItem) return typed(column.type, item);
  const JsonValue* member = find(item, column.from);
  // AWS leaves out what is not set; a JSON null says the same.
  if (member == nullptr || member->IsNull()) {
    return column.omitted ? constant(column.type, *column.omitted) : Value();
  }
  auto value = typed(column.type, *member);
  if (is_null(value) && column.omitted == kNullIsNone) {
    throw UnexpectedShape(fmt::format("{} is of another type", column.from));
  }
  return value;
}

// Of a list of objects; of texts where a column is the item itself.
bool is_item(const TableSpec& table, const JsonValue& item) {
  const bool of_texts = std::any_of(table.columns.begin(), table.columns.end(),
                                    [](const Column& column) { return column.from == kItem; });
  return of_texts ? item.IsString() : item.IsObject();
}

DecodedRow decode_item(const TableSpec& table, const JsonValue& item, std::string_view region,
                       const TargetParts& target) {
  if (!is_item(table, item)) {
    throw UnexpectedShape(fmt::format("an item of {} is no object", table.operation));
  }
  DecodedRow row{std::string(region), {}, to_text(item)};
  row.values.reserve(table.columns.size());
  for (const auto& column : table.columns) {
    row.values.push_back(column_value(column, item, target));
    const auto& value = row.values.back();
    if (column.name == table.key ? text_of(value).empty()
                                 : is_null(value) && is_key(table, column.name)) {
      throw UnexpectedShape(fmt::format("an item of {} has no {}", table.operation, column.name));
    }
  }
  if (!table.region_from.empty()) {
    const JsonValue* own = find(item, table.region_from);
    if (own != nullptr && own->IsString()) row.region = text_in(*own);
  }
  return row;
}

bool is_about(const TableSpec& table, const JsonValue& item, std::string_view key) {
  if (table.only.empty()) return true;
  const JsonValue* own = find(item, table.only);
  return own != nullptr && own->IsString() && text_in(*own) == key;
}

bool says_none(const TableSpec& table, const JsonValue& response) {
  const JsonValue* count = table.count.empty() ? nullptr : find(response, table.count);
  return count != nullptr && count->IsInt64() && count->GetInt64() == 0;
}

// An answer of all pages together may have the count of its first page.
bool lacks_items(const TableSpec& table, const JsonValue& response, std::size_t have) {
  if (table.count.empty()) return false;
  const JsonValue* count = find(response, table.count);
  return count == nullptr || !count->IsUint64() || count->GetUint64() > have;
}

}  // namespace

std::string text_of(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  return {};
}

std::vector<DecodedRow> decode_page(const TableSpec& table, const JsonValue& response,
                                    std::string_view region, std::string_view target) {
  const auto parts = target_parts(table, target);
  if (table.items.empty()) return {decode_item(table, response, region, parts)};
  const JsonValue* items = find(response, table.items);
  if (items == nullptr && says_none(table, response)) return {};
  if (items == nullptr || !items->IsArray() || lacks_items(table, response, items->Size())) {
    throw UnexpectedShape(
        fmt::format("the answer of {} has no whole list {}", table.operation, table.items.substr(1)));
  }
  std::vector<DecodedRow> rows;
  rows.reserve(items->Size());
  for (const auto& item : items->GetArray()) {
    if (is_about(table, item, parts.key)) rows.push_back(decode_item(table, item, region, parts));
  }
  if (!table.only.empty() && rows.empty()) {
    throw UnexpectedShape(fmt::format("the answer of {} is not about what was asked for",
                                      table.operation));
  }
  return rows;
}

DecodedRow absent_row(const TableSpec& table, std::string_view region, std::string_view target) {
  DecodedRow row{std::string(region), {}, "{}"};
  const auto parts = target_parts(table, target);
  for (const auto& column : table.columns) {
    if (auto told = from_request(column, parts)) {
      row.values.push_back(std::move(*told));
    } else if (column.from == kAnswered) {
      row.values.emplace_back(std::int64_t{0});
    } else {
      row.values.push_back(column.absent ? constant(column.type, *column.absent) : Value());
    }
  }
  return row;
}

}  // namespace ciswatch
