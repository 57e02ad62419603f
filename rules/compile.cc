#include "rules/compile.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/text.h"
#include "core/store/schema.h"
#include "core/store/snapshot.h"
#include "rules/diagnostic.h"

namespace ciswatch {

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

Database empty_database() {
  auto database = Database::in_memory();
  database.execute(schema_sql());
  database.harden(1 << 20);
  make_views(database, [](std::string_view) { return true; });
  return database;
}

std::unique_ptr<Sandbox> empty_sandbox(const Library& library) {
  try {
    return std::make_unique<Sandbox>(empty_database(), read_views(library.views.sql()));
  } catch (const SqlError& error) {
    throw Error(to_text(library.views.at(error.offset(), error.what())));
  }
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
