#pragma once

// Randomness that is looked up, not drawn: the value at a name ("vpc", region, 3) depends on the
// seed and that name alone, so that account i is the same whatever else is generated, in any order.
// Integers only: the same on every machine.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ciswatch::fleet {

class Dice {
 public:
  explicit constexpr Dice(std::uint64_t seed) : state_(mixed(seed)) {}

  // The dice that lie at a name under this one.
  [[nodiscard]] constexpr Dice at(std::uint64_t number) const {
    return Dice(Raw{}, mixed(state_ ^ mixed(number + kStep)));
  }
  [[nodiscard]] constexpr Dice at(std::string_view name) const {
    std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return Dice(Raw{}, mixed(state_ ^ hash));
  }
  template <typename First, typename Second, typename... Rest>
  [[nodiscard]] constexpr Dice at(First first, Second second, Rest... rest) const {
    return at(first).at(second, rest...);
  }

  [[nodiscard]] constexpr std::uint64_t number() const { return state_; }
  [[nodiscard]] constexpr std::uint64_t below(std::uint64_t end) const { return state_ % end; }
  [[nodiscard]] constexpr std::int64_t between(std::int64_t least, std::int64_t most) const {
    return least + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(most - least + 1)));
  }
  // True with a probability of `share` in a thousand.
  [[nodiscard]] constexpr bool thousandth(std::uint64_t share) const {
    return (state_ >> 11) % 1000 < share;
  }

  // `length` hexadecimal digits.
  [[nodiscard]] std::string hex(std::size_t length) const {
    std::string text(length, '0');
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < length; ++i) {
      if (i % 16 == 0) bits = mixed(state_ + i + 1);
      text[i] = "0123456789abcdef"[bits & 15];
      bits >>= 4;
    }
    return text;
  }

 private:
  struct Raw {};
  static constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15;

  constexpr Dice(Raw, std::uint64_t state) : state_(state) {}

  // The finalizer of SplitMix64: every bit of the argument moves every bit of the result.
  static constexpr std::uint64_t mixed(std::uint64_t x) {
    x += kStep;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
  }

  std::uint64_t state_;
};

// What comes up how often, in parts of a thousand.
template <typename T>
struct Share {
  T value;
  std::uint64_t thousandths;
};

// The value that the dice show. Shares that do not make a thousand leave the rest to the last.
template <typename T, std::size_t N>
constexpr T pick(const Dice& dice, const Share<T> (&shares)[N]) {
  std::uint64_t left = (dice.number() >> 11) % 1000;
  for (const auto& share : shares) {
    if (left < share.thousandths) return share.value;
    left -= share.thousandths;
  }
  return shares[N - 1].value;
}

}  // namespace ciswatch::fleet
