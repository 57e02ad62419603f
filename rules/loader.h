#pragma once

// From the text of one file to a Check or a Pack. Every mistake becomes a diagnostic; what could not
// be read stays empty.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

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

// What a folder holds: `packs/*.yaml` are packs, all other *.yaml below it checks, and `views.sql`
// and `views/*.sql` the views that they share. Each in the order of names.
struct FoundFiles {
  std::vector<std::filesystem::path> checks, packs, views;
};
FoundFiles find_files(const std::filesystem::path& folder);

}  // namespace ciswatch
