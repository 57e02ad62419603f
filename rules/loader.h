#pragma once

// From the text of one file to a Check or a Pack. Every mistake becomes a diagnostic; what could not
// be read stays empty.

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
std::optional<Pack> read_pack(const std::filesystem::path& file, const std::string& text,
                              std::vector<Diagnostic>& diagnostics);

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

// What a folder holds: `packs/*.yaml` are packs, all other *.yaml below it checks, and `views.sql`
// and `views/*.sql` the views that they share. Each in the order of names.
struct FoundFiles {
  std::vector<std::filesystem::path> checks, packs, views;
};
FoundFiles find_files(const std::filesystem::path& folder);

// Adds the files that the views do not have already.
void add_views(ViewsText& views, const std::vector<std::filesystem::path>& files);

}  // namespace ciswatch
