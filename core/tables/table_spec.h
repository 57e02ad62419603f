#pragma once

// What a table is: one aggregate that the collector (which call, when), the store (CREATE TABLE),
// the decoder (JSON → columns), the rules (what does an unread call hide?), the schema page and the
// IAM policy all read. One API call fills one table.

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ciswatch {

// real: a number of any kind. digits: an integer that the API tells as text. enabled: a boolean that the API tells as "Enabled" or "Disabled".
// document: JSON as text, such as a policy, that some APIs give as text and some as an object; a text
// is taken as it is, also where it is no JSON.
enum class Type { text, integer, boolean, json, timestamp, real, digits, enabled, document };

// account: one call per account, in the partition's first region. region: one per enabled region.
// resource: one per row of a parent table.
enum class Scope { account, region, resource };

struct Column {
  std::string_view name;  // as Steampipe's AWS plugin names it
  Type type;
  // RFC 6901 pointer into the item; kTarget: the parent's key that the call was made with;
  // kTargetName: the part of that key after its last '/' (the name in a role's ARN); kSecond: the
  // parent's second key; kItem: the item itself, in a list of texts; kAnswered: 1 where the call was
  // answered, 0 where the answer was "not there".
  std::string_view from;
  std::string_view doc;
  // The value when the API answered and left the member out, where the API defines what that means
  // ("" for no key, "0", "[]"); kNullIsNone: NULL, which then means that there is none, so that a member
  // of another type fails the call. Without it an omitted member is NULL: unknown, never a verdict.
  std::optional<std::string_view> omitted = std::nullopt;
  // The value when the answer was one of the table's `absent` errors.
  std::optional<std::string_view> absent = std::nullopt;
};

inline constexpr std::string_view kTarget = "@target";
inline constexpr std::string_view kTargetName = "@target-name";
inline constexpr std::string_view kSecond = "@second";
inline constexpr std::string_view kItem = "@item";
inline constexpr std::string_view kAnswered = "@answered";
inline constexpr std::string_view kNullIsNone = "@none";

// As a value of a Condition: the id of the account that is asked.
inline constexpr std::string_view kOwnAccount = "@account";

// A parent's row takes part when the column's text is one of `values`.
struct Condition {
  std::string_view column;
  std::span<const std::string_view> values;
};

// "Once per row of this table." A table may be its own parent: a tree is read from its root.
struct Parent {
  std::string_view table;
  std::string_view key;                        // the parent's column that names the resource
  std::string_view region_column = "region";   // where the call is made
  std::span<const Condition> when = {};        // all must hold
  bool although_unread = false;                // also when the parent's own call was not answered
  std::string_view second = {};  // the parent's column that fills the second parameter
  bool own_account = false;      // only where the key is an ARN of the account itself
};

struct TableSpec {
  std::string_view name;
  std::string_view doc;
  std::string_view service;    // boto3's client name
  std::string_view operation;  // the API's name
  std::string_view permission;  // the IAM action; "" when none is needed
  Scope scope;
  std::span<const Parent> parents = {};
  // A table whose rows, by their `key`, are such resources of the account itself: asked, too, for those
  // that a parent of another account names. Not read for this alone.
  std::string_view owned_in = {};
  std::string_view parameter = {};  // the request member that carries the parent's key
  std::string_view second_parameter = {};  // carries the parent's second key
  bool parameter_is_name = false;   // the parameter takes what follows the key's last '/'
  int deepest = 0;                  // its own parent: how many levels below the first are asked for
  std::string_view items = {};      // pointer to the list of items; "" : the response is the item
  // Pointer to how many items a page has at least; where it says 0, the list may be left out.
  std::string_view count = {};
  // Pointer in the item: only the one where it is the parent's key becomes a row, and there must be
  // one.
  std::string_view only = {};
  std::string_view key = {};        // with account_id and region the primary key; "" : one row a call
  std::span<const std::string_view> also_key = {};  // more columns of the primary key
  // The key names the resource in all of the account, as a bucket's name does: rows are then found by
  // it without their region.
  bool key_before_region = false;
  // One endpoint serves all regions: asked once in the partition's first region, whatever the
  // parent's.
  bool global = false;
  std::string_view region_from = {};  // pointer in the item that overrides the row's region
  // Error codes that are an answer: it is not there. "Code: words" holds only where the message has
  // the words.
  std::span<const std::string_view> absent = {};
  std::span<const Column> columns;
};

// Every table, in the order of collection (parents first). Static data; any thread.
std::span<const TableSpec* const> tables();

// nullptr if there is no such table.
const TableSpec* find_table(std::string_view name);
const TableSpec* find_table(std::string_view service, std::string_view operation);

// Whether it is a region's own service that is called. Bucket names, the account's own calls and those
// of global services are the account's: their region says only where the answer came from.
bool is_regional(const TableSpec& table);

// The column that holds the parent's key in a resource-scoped table: the one read from kTarget.
const Column* target_column(const TableSpec& table);

// How the ledger names what a call was about: the parent's key, and where the call takes a second
// one a space and that. Neither ARNs nor names of policies hold a space.
std::string target_text(const TableSpec& table, std::string_view key, std::string_view second);

struct TargetParts {
  std::string_view key;
  std::string_view second;
};

// The inverse; views into `target`.
TargetParts target_parts(const TableSpec& table, std::string_view target);

// What follows the last '/': the name in a role's ARN.
std::string_view last_part(std::string_view key);

// Whether the error means that the thing is not there.
bool is_absent(const TableSpec& table, std::string_view code, std::string_view message);

// Whether the column is part of the table's primary key.
bool is_key(const TableSpec& table, std::string_view column);

// Hash of all that the stored form depends on: names, columns, keys. Changes with the schema.
std::string_view spec_version();

}  // namespace ciswatch
