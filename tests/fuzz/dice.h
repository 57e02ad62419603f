#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

namespace ciswatch::fuzz {

// The choices of one mutation: the same seed makes the same ones.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : engine_(seed) {}

  std::size_t below(std::size_t end) { return end == 0 ? 0 : engine_() % end; }
  bool one_in(std::size_t n) { return below(n) == 0; }

  template <typename List>
  const auto& of(const List& list) {
    return list[below(std::size(list))];
  }

 private:
  std::mt19937 engine_;
};

}  // namespace ciswatch::fuzz
