#pragma once

// How much of what was to be read AWS answered.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace ciswatch {

// The ledger's outcomes, in the order in which they are told.
inline constexpr std::string_view kOutcomes[] = {"ok",       "absent", "denied",   "throttled",
                                                 "disabled", "failed", "not_tried"};

struct Coverage {
  std::size_t reads = 0;     // calls of the ledger
  std::size_t answered = 0;  // of those; "it is not there" is an answer
};

using OutcomeCounts = std::span<const std::pair<std::string, std::size_t>>;

Coverage coverage_of(OutcomeCounts outcomes);

// "99.2 %", rounded down: "100 %" means all of them. "–" of nothing.
std::string percentage(const Coverage& coverage);

// "34,000".
std::string grouped(std::size_t number);

// "99.2 % of 34,000 reads".
std::string in_words(const Coverage& coverage);

// "33,728 ok, 272 denied": those of which there are any.
std::string in_words(OutcomeCounts outcomes);

// A share that has to be read, such as 99.5 percent, to four decimals.
class LeastCoverage {
 public:
  LeastCoverage() = default;
  explicit LeastCoverage(double percent);

  // No coverage of nothing is enough, unless nothing is asked for.
  [[nodiscard]] bool is_met(const Coverage& coverage) const;

 private:
  std::size_t millionths_ = 0;
};

}  // namespace ciswatch
