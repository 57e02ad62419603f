#include "rules/shown.h"

#include <fmt/format.h>

#include <set>
#include <string>
#include <utility>

namespace ciswatch {

Shown everything(std::vector<SharedView> views) {
  return {std::move(views), {tables().begin(), tables().end()}};
}

Shown named_by(std::span<const std::string_view> statements, const std::vector<SharedView>& views) {
  Shown shown;
  std::set<std::string, std::less<>> names;
  for (const auto sql : statements) add_names(sql, names);
  for (const auto* view : views_behind(names, views)) shown.views.push_back(*view);
  for (const auto* table : tables()) {
    const auto of_all = fmt::format("org_{}", table->name);
    if (names.contains(table->name) || names.contains(of_all)) shown.tables.push_back(table);
  }
  return shown;
}

}  // namespace ciswatch
