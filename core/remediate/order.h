#pragma once

// In which order changes begin: none before what it needs and what changes the same rows before it, and
// of those that can begin, one where the fewest are under way. AWS counts calls by account, region and
// API (core/aws/quotas.h): sixteen at a time of one region's sixty wait for each other, of ten regions' they do not.

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/remediate/steps.h"

namespace ciswatch {

// Where the row is that a step changes.
RowPlace place_of(const ChangeStep& step, const RowChange& row);

// Owned by one thread; the steps outlive it, in their places.
class Order {
 public:
  explicit Order(const std::vector<ChangeStep>& steps);

  // Steps of the same rows before it.
  [[nodiscard]] const std::vector<std::size_t>& earlier(std::size_t step) const { return earlier_[step]; }

  // The first of those that can begin, which begins: each once. nullopt for none now.
  std::optional<std::size_t> next(const std::function<bool(std::size_t)>& is_over);
  void ended(std::size_t step) { --under_way_[where(step)]; }

 private:
  using Where = std::tuple<std::string_view, std::string_view, std::string_view>;  // account, region, service

  [[nodiscard]] Where where(std::size_t step) const;

  const std::vector<ChangeStep>& steps_;
  std::vector<std::vector<std::size_t>> earlier_;
  std::vector<std::size_t> open_;  // that have not begun, in their order
  std::map<Where, std::size_t> under_way_;
};

}  // namespace ciswatch
