#include "core/policy/operators.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

#include "core/base/text.h"
#include "core/base/time.h"

namespace ciswatch {
namespace {

Truth same_text(const Glob& pattern, const Glob& told) { return extent_of(pattern, told).each; }

Truth same(const Glob& pattern, std::string_view told) { return same_text(pattern, plain_text(told)); }

Truth same_ignoring_case(const Glob& pattern, std::string_view told) {
  const auto text = plain_text(told);
  const auto result = same_text(lower_case(pattern), lower_case(text));
  // Which letters beyond ASCII are one in two cases is not ours to tell.
  const bool ascii = std::all_of(text.begin(), text.end(), [](char32_t c) { return c < 0x80; });
  return result == Truth::no && !ascii ? Truth::unknown : result;
}

Truth like_arn(const Glob& pattern, std::string_view told) {
  return arn_is_like(pattern, plain_text(told));
}

template <typename Compare>
Truth numbers(std::string_view wanted, std::string_view told, Compare&& compare) {
  double a = 0, b = 0;
  const auto read = [](std::string_view text, double& number) {
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && stop == end;
  };
  if (!read(wanted, a) || !read(told, b)) return Truth::unknown;
  return truth(compare(b, a));
}

std::optional<UnixSeconds> date(std::string_view text) {
  UnixSeconds seconds = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seconds);
  if (error == std::errc() && stop == end) return seconds;
  return parse_iso8601(text);
}

template <typename Compare>
Truth dates(std::string_view wanted, std::string_view told, Compare&& compare) {
  const auto a = date(wanted), b = date(told);
  if (!a || !b) return Truth::unknown;
  return truth(compare(*b, *a));
}

std::optional<bool> boolean(std::string_view text) {
  if (equal_ignoring_case(text, "true")) return true;
  if (equal_ignoring_case(text, "false")) return false;
  return std::nullopt;
}

Truth booleans(std::string_view wanted, std::string_view told) {
  const auto a = boolean(wanted), b = boolean(told);
  if (!a || !b) return Truth::unknown;
  return truth(*a == *b);
}

// Base64 can be written in more than one way.
Truth bytes(std::string_view wanted, std::string_view told) {
  return wanted == told ? Truth::yes : Truth::unknown;
}

struct Address {
  std::array<unsigned char, 16> bytes = {};
  int bits = 0;  // that count: 32 or 128, or a range's prefix
  bool is_ipv6 = false;
};

std::optional<Address> address(std::string_view text) {
  Address result;
  const std::string host(text.substr(0, text.find('/')));
  result.is_ipv6 = host.find(':') != std::string::npos;
  if (inet_pton(result.is_ipv6 ? AF_INET6 : AF_INET, host.c_str(), result.bytes.data()) != 1) {
    return std::nullopt;
  }
  const int most = result.bits = result.is_ipv6 ? 128 : 32;
  if (host.size() == text.size()) return result;
  const auto prefix = text.substr(host.size() + 1);
  const auto* end = prefix.data() + prefix.size();
  const auto [stop, error] = std::from_chars(prefix.data(), end, result.bits);
  if (error != std::errc() || stop != end || result.bits < 0 || result.bits > most) {
    return std::nullopt;
  }
  return result;
}

Truth within(std::string_view wanted, std::string_view told) {
  const auto range = address(wanted), host = address(told);
  if (!range || !host) return Truth::unknown;
  if (range->is_ipv6 != host->is_ipv6) return Truth::no;
  if (host->bits < range->bits) return Truth::unknown;  // a range that is wider
  for (int bit = 0; bit < range->bits; ++bit) {
    const auto at = static_cast<std::size_t>(bit / 8);
    const int differ = range->bytes[at] ^ host->bytes[at];
    if ((differ >> (7 - bit % 8)) & 1) return Truth::no;
  }
  return Truth::yes;
}

constexpr auto kEqual = [](auto a, auto b) { return a == b; };
constexpr auto kLess = [](auto a, auto b) { return a < b; };
constexpr auto kMost = [](auto a, auto b) { return a <= b; };
constexpr auto kMore = [](auto a, auto b) { return a > b; };
constexpr auto kLeast = [](auto a, auto b) { return a >= b; };

template <auto kCompare>
Truth number_is(std::string_view wanted, std::string_view told) {
  return numbers(wanted, told, kCompare);
}

template <auto kCompare>
Truth date_is(std::string_view wanted, std::string_view told) {
  return dates(wanted, told, kCompare);
}

using Takes = Operator::Takes;

constexpr Operator kOperators[] = {
    {"StringEquals", Takes::text, same, nullptr},
    {"StringNotEquals", Takes::text, same, nullptr, true},
    {"StringEqualsIgnoreCase", Takes::text, same_ignoring_case, nullptr},
    {"StringNotEqualsIgnoreCase", Takes::text, same_ignoring_case, nullptr, true},
    {"StringLike", Takes::wildcards, same, nullptr},
    {"StringNotLike", Takes::wildcards, same, nullptr, true},
    {"ArnEquals", Takes::wildcards, like_arn, nullptr},
    {"ArnLike", Takes::wildcards, like_arn, nullptr},
    {"ArnNotEquals", Takes::wildcards, like_arn, nullptr, true},
    {"ArnNotLike", Takes::wildcards, like_arn, nullptr, true},
    {"NumericEquals", Takes::value, nullptr, number_is<kEqual>},
    {"NumericNotEquals", Takes::value, nullptr, number_is<kEqual>, true},
    {"NumericLessThan", Takes::value, nullptr, number_is<kLess>},
    {"NumericLessThanEquals", Takes::value, nullptr, number_is<kMost>},
    {"NumericGreaterThan", Takes::value, nullptr, number_is<kMore>},
    {"NumericGreaterThanEquals", Takes::value, nullptr, number_is<kLeast>},
    {"DateEquals", Takes::value, nullptr, date_is<kEqual>},
    {"DateNotEquals", Takes::value, nullptr, date_is<kEqual>, true},
    {"DateLessThan", Takes::value, nullptr, date_is<kLess>},
    {"DateLessThanEquals", Takes::value, nullptr, date_is<kMost>},
    {"DateGreaterThan", Takes::value, nullptr, date_is<kMore>},
    {"DateGreaterThanEquals", Takes::value, nullptr, date_is<kLeast>},
    {"Bool", Takes::value, nullptr, booleans},
    {"BinaryEquals", Takes::value, nullptr, bytes},
    {"IpAddress", Takes::value, nullptr, within},
    {"NotIpAddress", Takes::value, nullptr, within, true},
};

}  // namespace

const Operator* find_operator(std::string_view name) {
  for (const auto& one : kOperators) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

}  // namespace ciswatch
