#include <fmt/format.h>

#include <algorithm>

#include "core/base/files.h"
#include "core/base/text.h"
#include "rules/fix_forms.h"
#include "rules/fixes.h"
#include "rules/loader.h"
#include "rules/query_loader.h"

namespace ciswatch {
namespace {

// A map as JSON; "" where there is none.
std::string document(const YamlNode& node, Fields& fields, std::string_view name) {
  const auto* map = node.member(name) == nullptr ? nullptr : fields.map(name);
  return map == nullptr ? "" : json_of(*map);
}

CallTemplate read_call(const YamlNode& node, Fields& fields, Problems& problems) {
  CallTemplate call;
  const auto words = split(fields.text("call"), ' ');
  if (words.size() == 2) {
    call.service = words[0];
    call.operation = words[1];
  } else if (node.member("call") != nullptr) {
    problems.error(fields.place("call"), "a call is a service and an operation: cloudtrail UpdateTrail");
  }
  if (const auto* params = fields.map("params")) call.params = json_of(*params);
  call.permissions = fields.texts("permissions");
  return call;
}

bool is_yes(Fields& fields, std::string_view name) {
  return fields.word(name).value_or("false") == "true";
}

// Which row it is.
RowTemplate read_place(const YamlNode& node, Fields& fields, Problems& problems) {
  RowTemplate row;
  row.place = node.place;
  row.table = fields.text("table");
  if (!row.table.empty() && find_table(row.table) == nullptr) {
    problems.error(fields.place("table"),
                   fmt::format("there is no table '{}'{}", shortened(printable(row.table), 60),
                               did_you_mean(row.table, table_names())));
  }
  row.region = fields.text("region");
  row.target = fields.text("target");
  row.key = fields.text("key");
  return row;
}

RowTemplate read_filled(const YamlNode& node, Problems& problems) {
  Fields fields(node, kFixFilledForm, problems);
  auto row = read_place(node, fields, problems);
  if (const auto* members = fields.map("members")) row.members = json_of(*members);
  return row;
}

RowTemplate read_row(const YamlNode& node, Problems& problems) {
  Fields fields(node, kFixRowForm, problems);
  auto row = read_place(node, fields, problems);
  row.every_region = is_yes(fields, "every_region");
  const auto set = document(node, fields, "set");
  const auto item = document(node, fields, "item");
  const bool gone = is_yes(fields, "gone");
  if ((set.empty() ? 0 : 1) + (item.empty() ? 0 : 1) + (gone ? 1 : 0) != 1) {
    problems.error(node.place, "a changed row has one of 'set', 'item' and 'gone'");
  }
  row.kind = gone           ? RowTemplate::Kind::gone
             : item.empty() ? RowTemplate::Kind::set
                            : RowTemplate::Kind::item;
  row.members = item.empty() ? set : item;
  if (row.every_region && row.kind == RowTemplate::Kind::item) {
    problems.error(node.place, "a new row is shown by its own call: leave out every_region");
  }
  return row;
}

std::optional<CallTemplate> read_undo(const YamlNode* map, Problems& problems) {
  if (map == nullptr) return std::nullopt;
  Fields fields(*map, kFixUndoForm, problems);
  return read_call(*map, fields, problems);
}

std::optional<LookupTemplate> read_lookup(const YamlNode* map, Problems& problems) {
  if (map == nullptr) return std::nullopt;
  Fields fields(*map, kFixLookupForm, problems);
  LookupTemplate lookup{fields.text("table"), ""};
  if (const auto* where = fields.map("where")) lookup.where = json_of(*where);
  return lookup;
}

std::optional<Settles> read_settles(const YamlNode* map, Problems& problems) {
  if (map == nullptr) return std::nullopt;
  Fields fields(*map, kFixSettlesForm, problems);
  return Settles{fields.integer("minutes", 1, kMostSettling).value_or(0), fields.text("what")};
}

FixStep read_step(const YamlNode& node, Problems& problems) {
  Fields fields(node, kFixStepForm, problems);
  FixStep step;
  step.place = node.place;
  step.id = fields.text("id");
  step.when = fields.text("when");
  step.region = fields.text("region");
  step.call = read_call(node, fields, problems);
  if (const auto* rows = fields.sequence("rows")) {
    for (const auto& row : rows->items) step.rows.push_back(read_row(row, problems));
  }
  if (const auto* rows = fields.sequence("filled_in")) {
    for (const auto& row : rows->items) step.filled_in.push_back(read_filled(row, problems));
  }
  step.undo = read_undo(fields.map("undo"), problems);
  step.no_undo = fields.text("no_undo");
  if (step.undo.has_value() != step.no_undo.empty()) {
    problems.error(node.place, "a step has either 'undo' or 'no_undo', which says why there is none");
  }
  step.lookup = read_lookup(fields.map("lookup"), problems);
  step.answer = document(node, fields, "answer");
  return step;
}

ExpectedCall read_expected(const YamlNode& node, Problems& problems) {
  Fields fields(node, kExpectedCallForm, problems);
  return {fields.text("call"), fields.text("account_id"), fields.text("region"),
          document(node, fields, "params"), document(node, fields, "undo")};
}

FixTest read_test(const YamlNode& node, Problems& problems) {
  Fields fields(node, kFixTestForm, problems);
  FixTest test;
  test.given.place = node.place;
  test.given.name = fields.text("name");
  if (const auto* settings = fields.map("settings")) {
    for (const auto& item : settings->items) test.given.settings.emplace(item.key, item.text);
  }
  if (const auto* given = fields.map("given")) read_given(*given, test.given, problems);
  if (const auto* expect = fields.sequence("expect")) {
    for (const auto& item : expect->items) test.calls.push_back(read_expected(item, problems));
  }
  test.unplanned = fields.texts("unplanned");
  return test;
}

void read_fix_fields(const YamlNode& root, const std::string& text, Fix& fix, Problems& problems) {
  Fields fields(root, kFixForm, problems);
  read_query(root, fields, text, fix, problems);
  fix.cost = fields.text("cost");
  fix.risk = fields.text("risk");
  fix.settles = read_settles(fields.map("settles"), problems);
  if (const auto* steps = fields.sequence("steps")) {
    for (const auto& step : steps->items) fix.steps.push_back(read_step(step, problems));
  }
  if (const auto* tests = fields.sequence("tests")) {
    for (const auto& test : tests->items) fix.tests.push_back(read_test(test, problems));
  }
}

}  // namespace

std::optional<Fix> read_fix(const std::filesystem::path& file, const std::string& text,
                            std::vector<Diagnostic>& diagnostics) {
  Problems problems(file.string(), diagnostics);
  try {
    Fix fix;
    fix.file = file;
    read_fix_fields(parse_yaml(text), text, fix, problems);
    return fix;
  } catch (const YamlError& error) {
    problems.error(error.place(), error.what());
    return std::nullopt;
  }
}

std::vector<Fix> load_fixes(std::span<const std::filesystem::path> files) {
  std::vector<Diagnostic> diagnostics;
  std::vector<Fix> fixes;
  for (const auto& file : files) {
    auto fix = read_fix(file, read_file(file, kLongestFile), diagnostics);
    if (fix) fixes.push_back(std::move(*fix));
  }
  sort_by_id(fixes, diagnostics);
  throw_on_errors(diagnostics);
  return fixes;
}

std::vector<Fix> load_fixes(const Library& library) { return load_fixes(library.fixes); }

std::vector<const Check*> checks_of(const Query& fix, const Library& library) {
  std::vector<const Check*> checks;
  for (const auto& check : library.checks) {
    if (check.action == fix.id) checks.push_back(&check);
  }
  return checks;
}

}  // namespace ciswatch
