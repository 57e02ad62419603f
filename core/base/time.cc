#include "core/base/time.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>

namespace ciswatch {
namespace {

struct Civil {
  int year, month, day, hour, minute, second;
};

std::optional<UnixSeconds> to_unix(const Civil& c) {
  using namespace std::chrono;
  const year_month_day date{year{c.year}, month{static_cast<unsigned>(c.month)},
                            day{static_cast<unsigned>(c.day)}};
  if (!date.ok() || c.hour > 23 || c.minute > 59 || c.second > 60) return std::nullopt;
  const auto days = sys_days{date}.time_since_epoch().count();
  return UnixSeconds{days} * 86400 + c.hour * 3600 + c.minute * 60 + c.second;
}

Civil to_civil(UnixSeconds time) {
  using namespace std::chrono;
  const sys_seconds at{seconds{time}};
  const auto midnight = floor<days>(at);
  const year_month_day date{midnight};
  const hh_mm_ss clock{at - midnight};
  return {static_cast<int>(date.year()),
          static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(clock.hours().count()),
          static_cast<int>(clock.minutes().count()),
          static_cast<int>(clock.seconds().count())};
}

// A reader of fixed-width digits that remembers whether anything was wrong.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    int value = 0;
    if (rest_.size() < count) return fail();
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return fail();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  bool accept(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void skip_digits() {
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') rest_.remove_prefix(1);
  }
  int fail() {
    ok_ = false;
    return 0;
  }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace

UnixSeconds now() {
  using namespace std::chrono;
  return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

std::string iso8601(UnixSeconds time) {
  const Civil c = to_civil(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", c.year, c.month, c.day, c.hour,
                     c.minute, c.second);
}

std::string iso8601_basic(UnixSeconds time) {
  const Civil c = to_civil(time);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", c.year, c.month, c.day, c.hour, c.minute,
                     c.second);
}

std::optional<UnixSeconds> parse_iso8601(std::string_view text) {
  Cursor in(text);
  Civil c{};
  c.year = in.digits(4);
  const bool extended = in.accept('-');
  c.month = in.digits(2);
  if (extended && !in.accept('-')) return std::nullopt;
  c.day = in.digits(2);
  if (!in.accept('T') && !in.accept(' ')) return std::nullopt;
  c.hour = in.digits(2);
  if (extended && !in.accept(':')) return std::nullopt;
  c.minute = in.digits(2);
  if (extended && !in.accept(':')) return std::nullopt;
  c.second = in.digits(2);
  if (in.accept('.')) in.skip_digits();
  int offset = 0;
  if (!in.accept('Z')) {
    const bool west = in.accept('-');
    if (!west && !in.accept('+')) return std::nullopt;
    offset = in.digits(2) * 3600;
    in.accept(':');
    offset += in.digits(2) * 60;
    if (west) offset = -offset;
  }
  if (!in.ok() || !in.at_end()) return std::nullopt;
  const auto time = to_unix(c);
  return time ? std::optional(*time - offset) : std::nullopt;
}

std::optional<UnixSeconds> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-') return std::nullopt;
  return parse_iso8601(std::string(text) + "T00:00:00Z");
}

std::optional<UnixSeconds> parse_http_date(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto comma = text.find(", ");
  if (comma == std::string_view::npos || text.size() < comma + 26) return std::nullopt;
  text.remove_prefix(comma + 2);
  Civil c{};
  Cursor day(text.substr(0, 2));
  c.day = day.digits(2);
  for (std::size_t m = 0; m < kMonths.size(); ++m) {
    if (text.substr(3, 3) == kMonths[m]) c.month = static_cast<int>(m) + 1;
  }
  Cursor in(text.substr(7));
  c.year = in.digits(4);
  in.accept(' ');
  c.hour = in.digits(2);
  in.accept(':');
  c.minute = in.digits(2);
  in.accept(':');
  c.second = in.digits(2);
  if (!day.ok() || !in.ok()) return std::nullopt;
  return to_unix(c);
}

}  // namespace ciswatch
