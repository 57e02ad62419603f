#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ciswatch {

std::string_view trim(std::string_view text);
std::string to_lower(std::string_view ascii);
std::string to_upper(std::string_view ascii);
std::vector<std::string> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string counted(std::size_t count, std::string_view noun);  // "1 call", "2 calls"
bool equal_ignoring_case(std::string_view a, std::string_view b);

// RFC 3986 percent-encoding as AWS signs it: all but unreserved characters, upper-case hex.
// `keep_slash` leaves '/' as it is (S3 object paths).
std::string percent_encode(std::string_view text, bool keep_slash = false);

// The inverse; a '%' that two hex digits do not follow stays as it is.
std::string percent_decode(std::string_view text);

bool is_utf8(std::string_view text);

// `text` with every byte sequence that is not UTF-8 replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

// For a terminal or a one-line message: valid UTF-8 with control characters (C0 but none kept, DEL,
// C1) and bidirectional overrides replaced by U+FFFD.
std::string printable(std::string_view text);

// At most `most` bytes of valid UTF-8, cut at a character, with "…" where something was cut.
std::string shortened(std::string_view text, std::size_t most);

// A pattern in which '*' stands for any text, also none, and all else for itself. In linear time. Of
// two patterns the first matches all that the second does when it matches the second as a text.
bool matches_glob(std::string_view pattern, std::string_view text);

// The candidate nearest to `word` by edits, or "" when none is near enough to be meant.
std::string nearest_word(std::string_view word, std::span<const std::string> candidates);

// ", did you mean 'x'?" or "": the tail of an error about a wrong word.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace ciswatch
