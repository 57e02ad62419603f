#pragma once

// The kinds of characters that filter patterns and their regular expressions tell apart: ASCII's,
// whatever the locale.

#include <cstddef>
#include <string_view>

namespace ciswatch {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

inline bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c);
}

inline bool is_word_character(char c) { return is_alphanumeric(c) || c == '_'; }

inline bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

inline int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  const auto lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// How many characters of UTF-8 begin before byte `at`.
inline std::size_t characters_before(std::string_view text, std::size_t at) {
  std::size_t count = 0;
  for (const char c : text.substr(0, at)) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

}  // namespace ciswatch
