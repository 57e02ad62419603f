// A filter pattern, and behind a line of its own an event: read, matched and searched for the event
// that slips through. Whatever they are, the end is a PatternError with a place or an answer, soon; an
// event that is shown is one that the pattern misses.

#include <fmt/format.h>

#include <cstdlib>

#include "core/base/json.h"
#include "core/pattern/slip.h"

namespace ciswatch::fuzz {
namespace {

[[noreturn]] void fail(std::string_view what) {
  fmt::print(stderr, "pattern_fuzz: {}\n", what);
  std::abort();
}

const std::vector<RequiredEvents>& required() {
  static const auto events = parse_required(
      R"([{"eventSource": "kms.amazonaws.com", "eventName": ["DisableKey", "ScheduleKeyDeletion"]},
          {"errorCode": ["AccessDenied"], "sourceIPAddress": {"not": ["delivery.logs.amazonaws.com"]}}])");
  return events;
}

void match_event(const Pattern& pattern, std::string_view text) {
  try {
    matches(pattern, parse_json(text));
  } catch (const JsonError& error) {
    if (*error.what() == '\0') fail("an error without words");
  }
}

void judge(const Pattern& pattern) {
  const auto slip = find_slip(pattern, required());
  const bool is_shown = slip && !slip->empty();
  if (is_shown && matches(pattern, parse_json(*slip)) != Truth::no) fail("an event that is matched");
  is_noise(pattern);
}

}  // namespace
}  // namespace ciswatch::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(data, data + size);
  const auto end = input.find('\x1e');
  try {
    const auto pattern = ciswatch::parse_pattern(input.substr(0, end));
    ciswatch::fuzz::judge(pattern);
    if (end != std::string::npos) ciswatch::fuzz::match_event(pattern, input.substr(end + 1));
  } catch (const ciswatch::PatternError& error) {
    if (*error.what() == '\0') ciswatch::fuzz::fail("an error without words");
  }
  return 0;
}
