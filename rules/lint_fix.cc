#include "rules/lint_fix.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "rules/compile.h"
#include "rules/fill.h"
#include "rules/planner.h"

namespace ciswatch {
namespace {

class StepLinter {
 public:
  StepLinter(const Fix& fix, std::vector<std::string> columns, Problems& problems)
      : fix_(fix), columns_(std::move(columns)), problems_(problems) {}

  void lint() {
    for (const auto& step : fix_.steps) {
      lint_step(step);
      if (std::find(steps_.begin(), steps_.end(), step.id) != steps_.end()) {
        problems_.error(step.place, fmt::format("the step '{}' is here twice", step.id));
      }
      steps_.push_back(step.id);
    }
  }

 private:
  void lint_step(const FixStep& step) {
    if (!step.when.empty()) require_column(step.when, step.place);
    lint_text(step.region, step.place, false);
    lint_document(step.call.params, step.place, false);
    lint_document(step.answer, step.place, false);
    if (step.undo) lint_document(step.undo->params, step.place, true);
    if (step.lookup) lint_document(step.lookup->where, step.place, false);
    for (const auto* rows : {&step.rows, &step.filled_in}) {
      for (const auto& row : *rows) lint_row(row);
    }
  }

  void lint_row(const RowTemplate& row) {
    lint_document(row.members, row.place, true);
    for (const auto& text : {row.region, row.target, row.key}) lint_text(text, row.place, true);
    const auto* table = find_table(row.table);
    if (table == nullptr) return;
    if (table->scope == Scope::resource && row.target.empty()) {
      problems_.error(row.place, fmt::format("{} is asked of one thing: say which (target)", row.table));
    }
    if (table->items.empty() != row.key.empty()) {
      problems_.error(row.place, table->items.empty()
                                     ? fmt::format("{} has one row a call: leave out key", row.table)
                                     : fmt::format("{} has several rows: say which (key)", row.table));
    }
    if (table->scope != Scope::resource && !row.target.empty()) {
      problems_.error(row.place, fmt::format("{} is not asked of one thing: leave out target", row.table));
    }
  }

  void lint_document(const std::string& document, Place place, bool own) {
    for_each_text(document, [&](std::string_view text) { lint_text(text, place, own); });
  }

  // `own`: the answer to the step's own call is known.
  void lint_text(std::string_view text, Place place, bool own) {
    for (const auto& placeholder : placeholders_in(text)) {
      if (!placeholder.column.empty()) {
        require_column(placeholder.column, place);
        if (placeholder.json && !placeholder.alone) {
          problems_.error(place, "{{json …}} must be the whole of a value");
        }
        continue;
      }
      lint_result(placeholder, place, own);
    }
  }

  void lint_result(const StepPlaceholder& placeholder, Place place, bool own) {
    if (placeholder.pointer.empty()) {
      problems_.error(place, "a placeholder is {{column}}, {{json column}} or {{result STEP /pointer}}");
    } else if (!placeholder.alone) {
      problems_.error(place, "{{result …}} must be the whole of a value");
    } else if (placeholder.step.empty() ? !own
                                        : std::find(steps_.begin(), steps_.end(), placeholder.step) ==
                                              steps_.end()) {
      problems_.error(place, fmt::format("there is no step '{}' before this one", placeholder.step));
    }
  }

  void require_column(std::string_view name, Place place) {
    if (std::find(columns_.begin(), columns_.end(), name) != columns_.end()) return;
    problems_.error(place, fmt::format("the SQL has no column '{}'{}", shortened(printable(name), 60),
                                       did_you_mean(name, columns_)));
  }

  const Fix& fix_;
  std::vector<std::string> columns_;
  Problems& problems_;
  std::vector<std::string> steps_;  // so far
};

std::map<std::string, Value> settings_for_lint(const Fix& fix) {
  std::map<std::string, Value> settings{{"findings", std::string("[]")}};
  for (const auto& setting : fix.settings) settings[setting.name] = setting.default_value;
  return settings;
}

}  // namespace

void lint_fix(const Fix& fix, const ViewsText& views, Problems& problems) {
  const auto sandbox = empty_sandbox(everything(views_with_findings(views)));
  sandbox->use_settings(settings_for_lint(fix));
  std::vector<std::string> columns;
  try {
    auto statement = sandbox->prepare(fix.sql);
    for (int i = 0; i < statement.columns(); ++i) columns.emplace_back(statement.name(i));
    statement.step();  // a setting that there is not
  } catch (const SqlError& error) {
    problems.error(place_in_sql(fix, error.offset()), error.what());
    return;
  } catch (const DatabaseError& error) {
    problems.error(place_in_sql(fix, 0), error.what());
    return;
  }
  for (const auto* name : {"finding", "account_id", "region"}) {
    if (std::find(columns.begin(), columns.end(), name) != columns.end()) continue;
    problems.error(place_in_sql(fix, 0), fmt::format("the SQL returns no column '{}'", name));
  }
  StepLinter(fix, std::move(columns), problems).lint();
  if (fix.tests.empty()) problems.error({}, "there is no test");
}

}  // namespace ciswatch
