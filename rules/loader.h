#pragma once

// From the text of one file to a Check or a Pack. Every mistake becomes a diagnostic; what could not
// be read stays empty.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/tables/table_spec.h"
#include "rules/diagnostic.h"
#include "rules/fields.h"
#include "rules/library.h"

namespace ciswatch {

inline constexpr std::size_t kLongestFile = 1 << 20;

// nullopt when the file is not YAML at all.
std::optional<Check> read_check(const std::filesystem::path& file, const std::string& text,
                                std::vector<Diagnostic>& diagnostics);
std::optional<Check> read_check_without_tests(const std::filesystem::path& file,
                                              const std::string& text,
                                              std::vector<Diagnostic>& diagnostics);
// The id of a check, where a line says it plainly; nullopt where only reading it all would tell.
std::optional<std::string> plain_id(std::string_view check);
std::optional<Pack> read_pack(const std::filesystem::path& file, const std::string& text,
                              std::vector<Diagnostic>& diagnostics);

// Reads the rows that a test gives: a map of tables to lists of rows.
void read_given(const YamlNode& map, CheckTest& test, Problems& problems);

// Reads the tests of a check.
std::vector<CheckTest> read_tests(const YamlNode& list, Problems& problems);

struct NamedType {
  std::string name;
  Type type;
};

// What a test may give rows of: tables, api_call and snapshot; and the columns of one, none if there
// is no such table.
std::vector<std::string> table_names();
std::vector<NamedType> columns_of(std::string_view table);

// What a folder holds: `packs/*.yaml` are packs, `fixes/*.yaml` fixes, `bundles` is left out, all other *.yaml below it checks,
// and `views.sql` and `views/*.sql` the views that they share. Each in the order of names.
struct FoundFiles {
  std::vector<std::filesystem::path> checks, packs, views, fixes;
};
FoundFiles find_files(const std::filesystem::path& folder);

// Adds the files that the views do not have already.
void add_views(ViewsText& views, const std::vector<std::filesystem::path>& files);

// Of two files with one id the one that was read later is the mistaken one.
template <typename Item>
void sort_by_id(std::vector<Item>& items, std::vector<Diagnostic>& diagnostics) {
  std::stable_sort(items.begin(), items.end(),
                   [](const Item& a, const Item& b) { return a.id < b.id; });
  for (std::size_t i = 1; i < items.size(); ++i) {
    if (items[i].id.empty() || items[i].id != items[i - 1].id) continue;
    diagnostics.push_back({items[i].file.string(), 1, 1,
                           fmt::format("the id '{}' is also that of {}", items[i].id,
                                       items[i - 1].file.string()),
                           Severity::error});
  }
}

}  // namespace ciswatch
