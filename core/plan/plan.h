#pragma once

// What is to be changed, as data: the exact calls, in an order in which they can be made, what they
// change and how each is undone. Written by `remediate plan`, read by everything that follows. Its
// hash is what people approve.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ciswatch {

// Which row of which account.
struct RowPlace {
  std::string account_id;
  std::string table, region, target, key;  // as of RowChange

  auto operator<=>(const RowPlace&) const = default;
};

// A row of a snapshot's table that a call changes. before and after hold the members that the call
// changes of the API's item, as JSON objects in which a null is a member that is not there; "" where
// there is no such row.
struct RowChange {
  std::string table;
  std::string region;
  std::string target;  // what the table's call is asked about; "" for one that lists
  std::string key;     // of the row, in a table that has several rows a call; else ""
  bool every_region = false;  // every region and account that shows the row shows it so: a trail
  std::string before, after;
};

// Members of a row that AWS fills in by itself when the call is made.
struct FilledRow {
  std::string table, region, target, key;  // as of RowChange
  std::string members;
};

struct UndoCall {
  std::string service, operation;
  std::string params;  // a JSON object
};

// How to find what the call has made, where AWS chooses its name and the answer was lost.
struct Lookup {
  std::string table;
  std::vector<std::pair<std::string, std::string>> where;  // column, its text
};

inline constexpr std::int64_t kMostSettling = 24 * 60;

// What AWS shows only some time after the call, though the call was done.
struct Settles {
  std::int64_t minutes = 0;  // within about so many, at most kMostSettling
  std::string what;          // "events arrive in the log group"
};

// One API call. In params, and in the undo's, {"$result": CHANGE, "pointer": "/A/B"} stands for a
// member of the answer to an earlier change, in the undo's also to its own.
struct Change {
  std::string id;  // "c12"
  std::string fix, step, title;
  std::string account_id, region, service, operation;
  std::string params;                 // a JSON object
  std::vector<std::string> needs;     // changes that are to be done before
  std::vector<std::string> findings;  // ids of those that it helps to mend
  std::vector<RowChange> rows;
  std::vector<FilledRow> filled_in;  // only `simulate` takes them as given; nothing is compared with them
  std::optional<UndoCall> undo;
  std::string no_undo;  // why there is none
  std::optional<Lookup> lookup;
  std::string answer;  // a JSON object, made up: what `simulate` takes as the answer; "" for none
  std::vector<std::string> permissions;  // IAM actions of the call and of its undo
  std::string cost, risk;
  std::optional<Settles> settles;
  std::vector<std::string> touches;  // what else refers to what is changed
};

// A finding that the plan is about, as the scan told it.
struct PlannedFinding {
  std::string id, check, account_id, region, resource, verdict, detail;
  std::string evidence = "{}";  // an object of JSON; not in the plan's file
};

struct Unplanned {
  std::string finding;  // its id
  std::string why;
};

struct ChangePlan {
  std::string tool_version;
  std::string snapshot_id, collected_at;  // collected_at: ISO 8601, UTC
  std::vector<Change> changes;
  std::vector<PlannedFinding> findings;  // also those that are not planned for
  std::vector<Unplanned> unplanned;

  // nullptr if there is none of this id.
  [[nodiscard]] const Change* change(std::string_view id) const;
};

// The object that the document has of it.
std::string to_json(const Change& change);

// The document with its hash as the last member, ending in a line feed.
std::string to_json(const ChangePlan& plan);

// SHA-256 of the compact document without the hash, in hex.
std::string plan_hash(const ChangePlan& plan);

// Throws Error "NAME: what" for a text that is no plan, of another schema version, edited (its hash
// is not that of what it says), or whose changes are not in an order in which they can be made.
ChangePlan parse_plan(std::string_view text, std::string_view name);
ChangePlan read_plan(const std::filesystem::path& file);

}  // namespace ciswatch
