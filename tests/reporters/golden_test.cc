// The whole of each report, byte for byte. CISWATCH_UPDATE_GOLDEN=1 writes the files anew; review
// the diff.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/reporters/rendering.h"
#include "tests/reporters/sample_report.h"

namespace ciswatch {
namespace {

std::filesystem::path golden(const std::string& name, std::string_view format) {
  const std::string ending = format == "text"    ? "txt"
                             : format == "junit" ? "xml"
                                                 : std::string(format);
  return std::filesystem::path(CISWATCH_SOURCE_DIR) / "tests/reporters/golden" /
         (name + "." + ending);
}

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

void expect_golden(const std::string& name, const Report& report) {
  for (const auto& reporter : reporters()) {
    SCOPED_TRACE(reporter.name);
    const std::string bytes = render(reporter.name, report);
    const auto file = golden(name, reporter.name);
    if (std::getenv("CISWATCH_UPDATE_GOLDEN") != nullptr) {
      std::ofstream(file, std::ios::binary) << bytes;
    }
    ASSERT_TRUE(std::filesystem::exists(file));
    const std::string expected = content(file);
    const auto differs =
        std::mismatch(bytes.begin(), bytes.end(), expected.begin(), expected.end());
    const auto at = static_cast<std::size_t>(differs.first - bytes.begin());
    EXPECT_TRUE(bytes == expected) << "from byte " << at << ": written\n"
                                   << bytes.substr(at, 200) << "\nexpected\n"
                                   << expected.substr(std::min(at, expected.size()), 200);
  }
}

TEST(Golden, EveryFormatWritesTheBytesItWroteBefore) { expect_golden("report", sample::report()); }

TEST(Golden, EveryFormatWritesWaiversAsItWroteThemBefore) {
  expect_golden("waivers", sample::with_waivers().made());
}

TEST(Golden, TheListHasTheFiveFormatsAndNoOther) {
  std::string names;
  for (const auto& reporter : reporters()) {
    names += std::string(reporter.name) + " ";
    EXPECT_FALSE(reporter.doc.empty());
    EXPECT_EQ(find_reporter(reporter.name), &reporter);
  }
  EXPECT_EQ(names, "text json jsonl html junit ");
  EXPECT_EQ(find_reporter("pdf"), nullptr);
}

TEST(Golden, AReportWithNothingInItIsWrittenInEveryFormat) {
  for (const auto& reporter : reporters()) {
    // JSON Lines have no head: nothing found is no line.
    EXPECT_EQ(render(reporter.name, Report{}).empty(), reporter.name == "jsonl") << reporter.name;
  }
}

// A million findings must not need the memory of a million.
TEST(Golden, PiecesStaySmallHoweverLongTheReport) {
  auto parts = sample::parts();
  const std::vector<Finding> findings = parts.findings;
  for (int i = 0; i < 100; ++i) {
    parts.findings.insert(parts.findings.end(), findings.begin(), findings.end());
  }
  const Report report = parts.made();
  for (const auto& reporter : reporters()) {
    std::size_t largest = 0;
    std::size_t pieces = 0;
    reporter.write(report, {}, [&](std::string_view piece) {
      largest = std::max(largest, piece.size());
      ++pieces;
    });
    EXPECT_LT(largest, 128u * 1024) << reporter.name;
    // The text report cuts long lists, so it may be short.
    if (reporter.name != "text") {
      EXPECT_GT(pieces, 5u) << reporter.name;
    }
  }
}

}  // namespace
}  // namespace ciswatch
