#include "rules/lint_sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "core/base/text.h"
#include "core/report/recipes.h"
#include "rules/compile.h"
#include "rules/settings.h"

namespace ciswatch {
namespace {

using Tokens = std::vector<SqlToken>;
using Tell = std::function<void(int offset, std::string text)>;

// Whether the call that opens at `at` has one argument: then max and min are aggregates.
bool one_argument(const Tokens& tokens, std::size_t at) {
  int depth = 0;
  for (; at < tokens.size(); ++at) {
    if (tokens[at].is("(")) ++depth;
    if (tokens[at].is(")") && --depth == 0) return true;
    if (tokens[at].is(",") && depth == 1) return false;
  }
  return true;
}

void warn_of_lost_nulls(const Tokens& tokens, const Tell& warn) {
  const auto is = [&](std::size_t i, std::string_view word) {
    return i < tokens.size() && tokens[i].is(word);
  };
  int open_cases = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if ((is(i, "max") || is(i, "min")) && is(i + 1, "(") && one_argument(tokens, i + 1)) {
      warn(tokens[i].offset, fmt::format("{}() passes over NULL, so that what could not be read "
                                         "does not count; any_ok() and all_ok() keep it",
                                         tokens[i].text));
    } else if (is(i, "not") && is(i + 1, "exists")) {
      warn(tokens[i].offset,
           "a row that could not be read may be missed or counted by 'not exists'; "
           "'not any_ok(…)' keeps NULL");
    } else if (is(i, "case")) {
      ++open_cases;
    } else if (is(i, "end")) {
      open_cases = std::max(open_cases - 1, 0);
    } else if (is(i, "else") && open_cases > 0) {
      warn(tokens[i].offset,
           "'else' also takes what could not be read (NULL); test for NULL first");
    }
  }
}

// The names in setting('name'), where they stand.
std::vector<SqlToken> settings_asked(const Tokens& tokens) {
  std::vector<SqlToken> asked;
  for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
    const bool call = tokens[i].is("setting") && tokens[i + 1].is("(") &&
                      tokens[i + 2].kind == SqlToken::Kind::string;
    if (call) asked.push_back(tokens[i + 2]);
  }
  return asked;
}

// setting('name') must name a setting of the check; a setting must be asked for, there or in a view.
void check_settings(const Check& check, const Tokens& tokens, const Sandbox& sandbox,
                    Problems& problems) {
  std::vector<std::string> names;
  for (const auto& setting : check.settings) names.push_back(setting.name);
  auto used = settings_asked(tokens);
  for (const auto& name : used) {
    if (std::find(names.begin(), names.end(), name.text) != names.end()) continue;
    problems.error(place_in_sql(check, name.offset),
                   fmt::format("the check has no setting '{}'{}", shortened(printable(name.text), 60),
                               did_you_mean(name.text, names)));
  }
  if (names.empty()) return;
  for (const auto& view : sandbox.views()) {
    for (auto& name : settings_asked(sql_tokens(view.sql))) used.push_back(std::move(name));
  }
  for (const auto& name : names) {
    const auto asks = [&](const SqlToken& token) { return token.text == name; };
    if (std::any_of(used.begin(), used.end(), asks)) continue;
    problems.warning(place_in_sql(check, 0),
                     fmt::format("the SQL never asks for the setting '{}'", name));
  }
}

// What recipes put in is a place of the finding or one of its evidence.
void check_placeholders(const Check& check, const ResultColumns& columns, Problems& problems) {
  auto names = names_of_every_finding();
  for (const auto& [column, name] : columns.evidence) names.push_back(name);
  for (const auto& [name, place] : check.placeholders) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    problems.error(place, fmt::format("the SQL's result has no column '{}' that a finding shows{}",
                                      shortened(name, 60), did_you_mean(name, names)));
  }
}

// What a setting has read must be read, and with a value that it can have.
void check_setting_reads(const Check& check, const Sandbox& sandbox, Problems& problems) {
  for (const auto& setting : check.settings) {
    for (const auto& [table, value] : setting.reads) {
      const auto* spec = find_table(table);
      if (spec == nullptr || !sandbox.tables_read().contains(spec)) {
        problems.error(place_in_sql(check, 0),
                       fmt::format("the setting '{}': the SQL does not read the table '{}'",
                                   setting.name, shortened(printable(table), 60)));
      }
      const auto wrong = wrong_value(setting, value);
      if (wrong.empty()) continue;
      problems.error(place_in_sql(check, 0),
                     fmt::format("the setting '{}': {}", setting.name, wrong));
    }
  }
}

}  // namespace

void lint_sql(const Check& check, Sandbox& sandbox, Problems& problems) {
  if (check.sql.empty()) return;
  try {
    check_placeholders(check, find_columns(sandbox.prepare(check.sql)), problems);
    if (sandbox.tables_read().empty()) {
      problems.error(place_in_sql(check, 0), "the SQL reads no table of AWS data");
    }
    check_setting_reads(check, sandbox, problems);
  } catch (const SqlError& error) {
    problems.error(place_in_sql(check, error.offset()), error.what());
  }
  const auto tokens = sql_tokens(check.sql);
  check_settings(check, tokens, sandbox, problems);
  warn_of_lost_nulls(tokens, [&](int offset, std::string text) {
    problems.warning(place_in_sql(check, offset), std::move(text));
  });
}

void lint_views(const ViewsText& views, Sandbox& sandbox, std::vector<Diagnostic>& found) {
  for (const auto& view : sandbox.views()) {
    try {
      sandbox.prepare(fmt::format("select * from temp.{}", view.name));
    } catch (const SqlError& error) {
      // The message's last word is what SQLite looked for: found in the view's own text.
      const std::string_view message = error.what();
      const auto name = message.substr(std::min(message.rfind(": ") + 2, message.size()));
      const auto word = name.substr(0, name.find(','));
      const int at = offset_of_word(view.sql, word.substr(word.rfind('.') + 1));
      found.push_back(views.at(view.offset + std::max(at - view.added, 0),
                               fmt::format("view {}: {}", view.name, message)));
    }
  }
  warn_of_lost_nulls(sql_tokens(views.sql()), [&](int offset, std::string text) {
    found.push_back(views.at(offset, std::move(text), Severity::warning));
  });
}

}  // namespace ciswatch
