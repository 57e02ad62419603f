#pragma once

// The checks and packs that people write (checks/**/*.yaml), as plain values. Files are hostile:
// bounded in size, depth and number of nodes; aliases are refused.

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/hooks/hook.h"
#include "core/report/report.h"
#include "core/store/database.h"
#include "core/tables/table_spec.h"
#include "rules/views_text.h"

namespace ciswatch {

struct Place {
  int line = 1;
  int column = 1;
};

// A value that the SQL reads with setting('name') and a user sets with --set CHECK.NAME=VALUE.
struct Setting {
  std::string name, default_value, doc;
  std::vector<std::string> values;  // the values allowed; empty: any
  // Tables that the SQL names but, by the author's word, needs only where the setting has the value:
  // else they are not collected, and no verdict waits for them.
  std::map<std::string, std::string> reads = {};
};

// A row that a test puts into a table before the check runs; columns left out are NULL.
struct GivenRow {
  std::string table;  // a table, api_call or snapshot
  std::vector<std::pair<std::string, Value>> values;
  Place place;
};

struct ExpectedFinding {
  std::string resource;
  Verdict verdict = Verdict::unknown;
  std::optional<std::string> account_id, region, detail;  // detail: a part of it
  std::optional<Level> level;
  std::optional<bool> waived;
};

struct CheckTest {
  std::string name;
  std::map<std::string, std::string> settings;
  std::vector<GivenRow> given;
  std::vector<ExpectedFinding> expect;
  Place place;
};

struct PlacedName {
  std::string name;
  Place place;
};

// SQL that people write, with what names it and what it may be told: of a check, or of a fix.
struct Query {
  std::string id, title;
  std::vector<Setting> settings;
  std::string sql;
  std::filesystem::path file;
  std::vector<Place> sql_lines;  // where each line of `sql` stands in `file`
};

struct Check : Query {
  bool is_read = true;  // else it was not wanted, and nothing but its id and file is known
  std::string why;
  Level level = Level::warn;
  bool level_is_users = false;  // set by a user: packs do not change it
  Scope scope = Scope::resource;
  // text, cli, cloudformation, terraform: those that are given, in that order.
  std::vector<std::pair<std::string, std::string>> remediation;
  std::vector<PlacedName> placeholders;  // in those
  std::string action;  // the id of the fix that can mend it; "" for none
  Place action_place;
  std::string manual;  // what people decide or do where there is no fix; "" for not told
  std::vector<Related> related;
  std::vector<CheckTest> tests;
};

struct Requirement {
  std::string number, title;
  int cis_level = 0;           // 0: not told
  std::optional<Level> level;  // overrides the level of its checks
  std::string left_out;        // why a user leaves it out; "" if it is judged
  std::vector<std::string> checks;
  Place place;  // of the list of checks
};

struct Pack {
  std::string id, title;
  std::vector<Requirement> requirements;
  std::filesystem::path file;
};

struct Library {
  std::vector<Hook> hooks;    // that the configuration names
  std::vector<Check> checks;  // by id
  std::vector<Pack> packs;    // by id
  ViewsText views;            // that checks share
  std::vector<std::filesystem::path> fixes;  // files: rules/fixes.h reads them when they are wanted

  // nullptr if there is none of this id.
  [[nodiscard]] const Check* check(std::string_view id) const;
  [[nodiscard]] const Pack* pack(std::string_view id) const;
};

// Whether the checks' own tests are wanted. They are most of a file, and reading YAML is most of the
// CPU time of a scan; what is left out is not looked at, mistakes in it included.
enum class Tests { read, leave_out };

// The ids of the checks that are wanted, where the packs are these. Others are looked at for their id alone.
using Wanted = std::function<std::set<std::string, std::less<>>(const std::vector<Pack>&)>;

// Reads every check below `folder`, `packs/*.yaml`, `views.sql` and `views/*.sql`, and finds `fixes/*.yaml`. Throws Error with the first few
// mistakes, each as "file:line:column: what". Without `wanted` all checks are.
Library load_library(const std::filesystem::path& folder, Tests tests = Tests::read, const Wanted& wanted = {});

// Reads one check file of a user's. Throws Error as above.
Check load_check(const std::filesystem::path& file);

// Whether a check or a pack may be named so: made of a-z, 0-9, '-', '.' and '_'.
bool is_id(std::string_view text);

// Adds what a user's folder holds; its SQL may use the views that are there. Throws Error as above,
// also when an id is taken. Pointers into the library die.
void add_folder(Library& library, const std::filesystem::path& folder, Tests tests = Tests::leave_out);

// Adds a user's check. Throws Error when the id is taken. Pointers into `library.checks` die.
void add_check(Library& library, Check check);

// Where byte `offset` of the SQL stands in its file.
Place place_in_sql(const Query& query, int offset);

}  // namespace ciswatch
