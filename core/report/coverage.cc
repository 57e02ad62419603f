#include "core/report/coverage.h"

#include <cmath>
#include <limits>

namespace ciswatch {
namespace {

constexpr std::size_t kMillion = 1'000'000;

// How many millionths were answered, rounded down. Halved before they overflow: a file may lie.
std::size_t millionths_of(Coverage coverage) {
  while (coverage.reads > std::numeric_limits<std::size_t>::max() / kMillion) {
    coverage.reads /= 2;
    coverage.answered /= 2;
  }
  return coverage.answered * kMillion / coverage.reads;
}

}  // namespace

Coverage coverage_of(OutcomeCounts outcomes) {
  Coverage coverage;
  for (const auto& [outcome, count] : outcomes) {
    coverage.reads += count;
    if (outcome == "ok" || outcome == "absent") coverage.answered += count;
  }
  return coverage;
}

std::string percentage(const Coverage& coverage) {
  if (coverage.reads == 0) return "–";
  if (coverage.answered >= coverage.reads) return "100 %";
  const std::size_t tenths = std::min<std::size_t>(millionths_of(coverage) / 1000, 999);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

std::string grouped(std::size_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string in_words(const Coverage& coverage) {
  return percentage(coverage) + " of " + grouped(coverage.reads) +
         (coverage.reads == 1 ? " read" : " reads");
}

std::string in_words(OutcomeCounts outcomes) {
  std::string text;
  for (const auto& [outcome, count] : outcomes) {
    if (count == 0) continue;
    text += (text.empty() ? "" : ", ") + grouped(count) + " " + outcome;
  }
  return text;
}

LeastCoverage::LeastCoverage(double percent)
    : millionths_(static_cast<std::size_t>(std::llround(percent * 10'000))) {}

bool LeastCoverage::is_met(const Coverage& coverage) const {
  if (millionths_ == 0) return true;
  if (coverage.reads == 0) return false;
  if (coverage.answered >= coverage.reads) return true;
  return millionths_ < kMillion && millionths_of(coverage) >= millionths_;
}

}  // namespace ciswatch
