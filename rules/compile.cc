#include "rules/compile.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/text.h"
#include "core/store/schema.h"
#include "rules/diagnostic.h"

namespace ciswatch {
namespace {

template <typename Choose>
std::unique_ptr<Sandbox> sandbox_with_views(const ViewsText& views, Choose choose) {
  try {
    return empty_sandbox(choose(read_views(views.sql())));
  } catch (const SqlError& error) {
    throw Error(to_text(views.at(error.offset(), error.what())));
  }
}

Reads reads_of(const Check& check, Sandbox& sandbox) {
  find_columns(sandbox.prepare(check.sql));
  return sandbox.reads();
}

// A name that is wrong is told with the nearest of all that there are.
Error explained(const Check& check, const ViewsText& views, const SqlError& otherwise) {
  try {
    reads_of(check, *sandbox_with_views(views, everything));
  } catch (const SqlError& error) {
    throw error_in_sql(check, error);
  }
  return error_in_sql(check, otherwise);
}

}  // namespace

ResultColumns find_columns(const Statement& statement) {
  ResultColumns found;
  const std::map<std::string_view, int*> known{{"account_id", &found.account_id},
                                               {"region", &found.region},
                                               {"resource", &found.resource},
                                               {"ok", &found.ok},
                                               {"detail", &found.detail},
                                               {"level", &found.level},
                                               {"not_applicable", &found.not_applicable}};
  std::vector<std::string_view> names;
  for (int i = 0; i < statement.columns(); ++i) {
    const auto name = statement.name(i);
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      throw SqlError(fmt::format("two columns of the result are named '{}'", name), 0);
    }
    names.push_back(name);
    if (const auto slot = known.find(name); slot != known.end()) {
      *slot->second = i;
    } else if (name == "call_id" || name.ends_with("_call_id")) {
      found.calls.push_back(i);
    } else {
      found.evidence.emplace_back(i, valid_utf8(name));
    }
  }
  for (const auto* name : {"account_id", "region", "resource", "ok", "detail"}) {
    if (*known.at(name) >= 0) continue;
    throw SqlError(fmt::format("the result has no column '{}'; a check returns account_id, region, "
                               "resource, ok and detail",
                               name),
                   0);
  }
  return found;
}

Database empty_database(std::span<const TableSpec* const> wanted) {
  auto database = Database::in_memory();
  database.execute(tables_sql(wanted));
  database.harden(1 << 20);
  return database;
}

std::unique_ptr<Sandbox> empty_sandbox(Shown shown) {
  auto database = empty_database(shown.tables);
  return std::make_unique<Sandbox>(std::move(database), Slice::any, std::move(shown),
                                   [](std::string_view) { return true; });
}

Compiled compile(std::span<const Check* const> checks, const Library& library) {
  std::vector<std::string_view> statements;
  for (const auto* check : checks) statements.emplace_back(check->sql);
  Compiled compiled;
  const auto sandbox = sandbox_with_views(library.views, [&](const auto& views) {
    return compiled.shown = named_by(statements, views);
  });
  std::map<std::string_view, Reads> known;  // checks may share their SQL
  for (const auto* check : checks) {
    const auto [reads, is_new] = known.try_emplace(check->sql);
    try {
      if (is_new) reads->second = reads_of(*check, *sandbox);
    } catch (const SqlError& error) {
      throw explained(*check, library.views, error);
    }
    compiled.reads.push_back(reads->second);
  }
  return compiled;
}

Error error_in_sql(const Query& query, const SqlError& error) {
  const auto place = place_in_sql(query, error.offset());
  return Error(to_text(
      Diagnostic{query.file.string(), place.line, place.column, error.what(), Severity::error}));
}

Place place_in_text(std::string_view text, int offset) {
  const auto before = text.substr(0, static_cast<std::size_t>(std::max(offset, 0)));
  const auto newline = before.rfind('\n');
  const auto start = newline == std::string_view::npos ? 0 : newline + 1;
  return {static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          static_cast<int>(before.size() - start) + 1};
}

std::size_t offset_in_text(std::string_view text, Place place) {
  std::size_t line = 0;
  for (int i = 1; i < place.line && line != std::string_view::npos; ++i) line = text.find('\n', line + 1);
  return std::min(text.size(), line) + static_cast<std::size_t>(std::max(place.column - 1, 0));
}

}  // namespace ciswatch
