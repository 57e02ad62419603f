#pragma once

// How findings are mended, as data: checks/fixes/*.yaml. A fix's SQL tells what is to be mended, a row
// each; its steps tell the API calls for a row, what of the snapshot each call changes and how it is
// undone. Texts of the steps hold placeholders (rules/fill.h).

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/plan/plan.h"
#include "rules/diagnostic.h"
#include "rules/library.h"

namespace ciswatch {

struct CallTemplate {
  std::string service, operation;
  std::string params;                    // a JSON object
  std::vector<std::string> permissions;  // IAM actions
};

// A row of the snapshot that a call changes.
struct RowTemplate {
  // set: members of the item after the call; item: there is no such row before; gone: none after.
  enum class Kind { set, item, gone };

  std::string table, region, target, key;  // region "": the call's own
  bool every_region = false;
  Kind kind = Kind::set;
  std::string members;  // a JSON object
  Place place;
};

struct LookupTemplate {
  std::string table;
  std::string where;  // a JSON object of texts, by column
};

struct FixStep {
  std::string id;
  std::string when;  // a column of the SQL: the step is for rows where it is 1; "": for all
  std::string region;  // "": the SQL's
  CallTemplate call;
  std::vector<RowTemplate> rows;
  std::vector<RowTemplate> filled_in;  // of kind set
  std::optional<CallTemplate> undo;
  std::string no_undo;  // why there is none
  std::optional<LookupTemplate> lookup;
  std::string answer;  // a JSON object; "" for none
  Place place;
};

// A call that a test expects. What is empty may be anything.
struct ExpectedCall {
  std::string call, account_id, region;
  std::string params, undo;  // JSON objects: all of the parameters
};

struct FixTest {
  CheckTest given;  // its name, settings and rows; expects nothing
  std::vector<ExpectedCall> calls;      // in their order
  std::vector<std::string> unplanned;  // a part of each reason, in any order
};

struct Fix : Query {
  std::string cost, risk;
  std::optional<Settles> settles;
  std::vector<FixStep> steps;
  std::vector<FixTest> tests;
};

// nullopt when the file is not YAML at all.
std::optional<Fix> read_fix(const std::filesystem::path& file, const std::string& text,
                            std::vector<Diagnostic>& diagnostics);

// The library's, by id. Throws Error with the first few mistakes, each as "file:line:column: what",
// also where two have one id.
std::vector<Fix> load_fixes(const Library& library);
std::vector<Fix> load_fixes(std::span<const std::filesystem::path> files);

// The checks that name it.
std::vector<const Check*> checks_of(const Query& fix, const Library& library);

}  // namespace ciswatch
