#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ciswatch {

// Seconds since 1970-01-01T00:00:00Z. The wall clock is read at the program's edge (`now`) and passed
// down: nothing that judges or signs asks for the time itself.
using UnixSeconds = std::int64_t;

UnixSeconds now();

// "2026-11-22T02:00:00Z".
std::string iso8601(UnixSeconds time);

// "20261122T020000Z", as SigV4 wants it.
std::string iso8601_basic(UnixSeconds time);

// Reads ISO 8601 with a zone ("2026-11-22T02:00:00Z", "…00.123Z", "…+09:00", "20261122T020000Z"),
// fractions dropped; nullopt for anything else, a date without a zone included.
std::optional<UnixSeconds> parse_iso8601(std::string_view text);

// The first second of a day ("2027-01-31", UTC); nullopt for anything else.
std::optional<UnixSeconds> parse_date(std::string_view text);

// An HTTP date ("Sun, 22 Nov 2026 02:00:00 GMT").
std::optional<UnixSeconds> parse_http_date(std::string_view text);

}  // namespace ciswatch
