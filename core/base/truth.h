#pragma once

namespace ciswatch {

// Kleene's three values: AND is the least of them, OR the greatest.
enum class Truth { no, unknown, yes };

inline Truth truth(bool value) { return value ? Truth::yes : Truth::no; }

inline Truth opposite(Truth value) {
  return value == Truth::yes ? Truth::no : value == Truth::no ? Truth::yes : value;
}

}  // namespace ciswatch
