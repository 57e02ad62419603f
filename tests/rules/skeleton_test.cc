#include "rules/skeleton.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "rules/lint.h"
#include "rules/self_test.h"

namespace ciswatch {
namespace {

// Tables of the same shape get the same text but for names.
std::string shape_of(const TableSpec& table) {
  auto shape = std::to_string(static_cast<int>(table.scope)) + (table.key.empty() ? "-" : "k") +
               std::to_string(table.also_key.size());
  for (const auto& column : table.columns) {
    if (!is_key(table, column.name)) shape += std::to_string(static_cast<int>(column.type));
  }
  std::sort(shape.begin() + 2, shape.end());
  shape.erase(std::unique(shape.begin() + 2, shape.end()), shape.end());
  return shape;
}

TEST(Skeleton, OfEveryShapeOfTableHasNothingThatLintFindsAndTestsThatHold) {
  const Library library;
  const auto path = std::filesystem::temp_directory_path() / "ciswatch-skeleton.yaml";
  std::set<std::string> seen;
  for (const auto* table : tables()) {
    if (!seen.insert(shape_of(*table)).second) continue;
    SCOPED_TRACE(std::string(table->name));
    std::ofstream(path) << check_skeleton("ciswatch-skeleton", *table);
    const auto found = lint(std::vector{path}, library);
    EXPECT_TRUE(found.empty()) << to_text(found.front());
    const auto results = self_test(load_check(path), library);
    EXPECT_EQ(results.size(), 3u);
    for (const auto& result : results) EXPECT_TRUE(result.passed) << result.difference;
  }
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace ciswatch
