#include "rules/library.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/files.h"
#include "core/base/text.h"
#include "rules/loader.h"

namespace ciswatch {
namespace {

constexpr std::size_t kMostFiles = 10'000;

template <typename Item>
const Item* find_by_id(const std::vector<Item>& items, std::string_view id) {
  const auto found = std::find_if(items.begin(), items.end(),
                                  [&](const Item& item) { return item.id == id; });
  return found == items.end() ? nullptr : &*found;
}

Check not_read(std::string id, const std::filesystem::path& file) {
  Check check;
  check.id = std::move(id);
  check.file = file;
  check.is_read = false;
  return check;
}

std::optional<Check> read(const std::filesystem::path& file, Tests tests,
                          const std::set<std::string, std::less<>>* wanted,
                          std::vector<Diagnostic>& diagnostics) {
  const auto text = read_file(file, kLongestFile);
  if (wanted != nullptr) {
    auto id = plain_id(text);
    if (id && !wanted->contains(*id)) return not_read(std::move(*id), file);
  }
  return tests == Tests::read ? read_check(file, text, diagnostics)
                              : read_check_without_tests(file, text, diagnostics);
}

void add_files(Library& library, const FoundFiles& files, Tests tests, const Wanted& wanted) {
  std::vector<Diagnostic> diagnostics;
  for (const auto& file : files.packs) {
    auto pack = read_pack(file, read_file(file, kLongestFile), diagnostics);
    if (pack) library.packs.push_back(std::move(*pack));
  }
  const auto ids = wanted ? wanted(library.packs) : std::set<std::string, std::less<>>();
  for (const auto& file : files.checks) {
    auto check = read(file, tests, wanted ? &ids : nullptr, diagnostics);
    if (check) library.checks.push_back(std::move(*check));
  }
  add_views(library.views, files.views);
  library.fixes.insert(library.fixes.end(), files.fixes.begin(), files.fixes.end());
  sort_by_id(library.checks, diagnostics);
  sort_by_id(library.packs, diagnostics);
  throw_on_errors(diagnostics);
}

}  // namespace

const Check* Library::check(std::string_view id) const { return find_by_id(checks, id); }
const Pack* Library::pack(std::string_view id) const { return find_by_id(packs, id); }

FoundFiles find_files(const std::filesystem::path& folder) {
  FoundFiles found;
  std::size_t seen = 0;
  try {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (++seen > kMostFiles) {
        throw Error(fmt::format("{} holds more than {} files: is it the folder of the checks?",
                                folder.string(), kMostFiles));
      }
      const auto& path = entry.path();
      if (!entry.is_regular_file()) continue;
      if (path.extension() == ".sql" && path.parent_path() == folder / "views") {
        found.views.push_back(path);
      }
      if (path.extension() != ".yaml") continue;
      const auto parent = path.parent_path();
      if (parent == folder / "bundles" || parent.parent_path() == folder / "bundles") continue;
      (parent == folder / "packs"   ? found.packs
       : parent == folder / "fixes" ? found.fixes
                                    : found.checks)
          .push_back(path);
    }
  } catch (const std::filesystem::filesystem_error& error) {
    throw Error(fmt::format("cannot read the checks in {}: {}", folder.string(),
                            error.code().message()));
  }
  if (std::filesystem::exists(folder / "views.sql")) found.views.push_back(folder / "views.sql");
  std::sort(found.checks.begin(), found.checks.end());
  std::sort(found.packs.begin(), found.packs.end());
  std::sort(found.views.begin(), found.views.end());
  std::sort(found.fixes.begin(), found.fixes.end());
  return found;
}

void add_views(ViewsText& views, const std::vector<std::filesystem::path>& files) {
  for (const auto& file : files) {
    if (!views.has(file)) views.add(file, read_file(file, kLongestFile));
  }
}

Library load_library(const std::filesystem::path& folder, Tests tests, const Wanted& wanted) {
  Library library;
  add_files(library, find_files(folder), tests, wanted);
  return library;
}

void add_folder(Library& library, const std::filesystem::path& folder, Tests tests) {
  add_files(library, find_files(folder), tests, {});
}

Check load_check(const std::filesystem::path& file) {
  std::vector<Diagnostic> diagnostics;
  auto check = read_check(file, read_file(file, kLongestFile), diagnostics);
  throw_on_errors(diagnostics);
  return std::move(*check);
}

void add_check(Library& library, Check check) {
  if (const auto* other = library.check(check.id)) {
    throw Error(fmt::format("{}: the id '{}' is also that of {}", check.file.string(), check.id,
                            other->file.string()));
  }
  const auto at = std::find_if(library.checks.begin(), library.checks.end(),
                               [&](const Check& other) { return other.id > check.id; });
  library.checks.insert(at, std::move(check));
}

Place place_in_sql(const Query& query, int offset) {
  if (query.sql_lines.empty()) return {};
  const auto end = std::min(static_cast<std::size_t>(std::max(offset, 0)), query.sql.size());
  const auto before = std::string_view(query.sql).substr(0, end);
  const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  if (line >= query.sql_lines.size()) return query.sql_lines.back();
  const auto start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const auto place = query.sql_lines[line];
  return {place.line, place.column + static_cast<int>(end - start)};
}

}  // namespace ciswatch
