#pragma once

// What a table is: one aggregate that the collector (which call, when), the store (CREATE TABLE),
// the decoder (JSON → columns), the rules (what does an unread call hide?), the schema page and the
// IAM policy all read. One API call fills one table.

#include <optional>
#include <span>
#include <string_view>

namespace ciswatch {

enum class Type { text, integer, boolean, json, timestamp };

// account: one call per account, in the partition's first region. region: one per enabled region.
// resource: one per row of a parent table.
enum class Scope { account, region, resource };

struct Column {
  std::string_view name;  // as Steampipe's AWS plugin names it
  Type type;
  // RFC 6901 pointer into the item; kTarget: the parent's key that the call was made with;
  // kAnswered: 1 where the call was answered, 0 where the answer was "not there".
  std::string_view from;
  std::string_view doc;
  // The value when the API answered and left the member out, where the API defines what that means
  // ("" for no key, "0", "[]"). Without it an omitted member is NULL: unknown, never a verdict.
  std::optional<std::string_view> omitted = std::nullopt;
  // The value when the answer was one of the table's `absent` errors.
  std::optional<std::string_view> absent = std::nullopt;
};

inline constexpr std::string_view kTarget = "@target";
inline constexpr std::string_view kAnswered = "@answered";

// A parent's row takes part when the column's text is one of `values`.
struct Condition {
  std::string_view column;
  std::span<const std::string_view> values;
};

// "Once per row of this table."
struct Parent {
  std::string_view table;
  std::string_view key;                        // the parent's column that names the resource
  std::string_view region_column = "region";   // where the call is made
  std::span<const Condition> when = {};        // all must hold
  bool although_unread = false;                // also when the parent's own call was not answered
};

struct TableSpec {
  std::string_view name;
  std::string_view doc;
  std::string_view service;    // boto3's client name
  std::string_view operation;  // the API's name
  std::string_view permission;  // the IAM action; "" when none is needed
  Scope scope;
  std::span<const Parent> parents = {};
  std::string_view parameter = {};  // the request member that carries the parent's key
  std::string_view items = {};      // pointer to the list of items; "" : the response is the item
  std::string_view key = {};        // with account_id and region the primary key; "" : one row a call
  // The key names the resource in all of the account, as a bucket's name does: rows are then found by
  // it without their region.
  bool key_before_region = false;
  std::string_view region_from = {};  // pointer in the item that overrides the row's region
  std::span<const std::string_view> absent = {};  // error codes that are an answer: it is not there
  std::span<const Column> columns;
};

// Every table, in the order of collection (parents first). Static data; any thread.
std::span<const TableSpec* const> tables();

// nullptr if there is no such table.
const TableSpec* find_table(std::string_view name);
const TableSpec* find_table(std::string_view service, std::string_view operation);

// The column that holds the parent's key in a resource-scoped table: the one read from kTarget.
const Column* target_column(const TableSpec& table);

// Hash of all that the stored form depends on: names, columns, keys. Changes with the schema.
std::string_view spec_version();

}  // namespace ciswatch
