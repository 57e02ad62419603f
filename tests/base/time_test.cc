#include "core/base/time.h"

#include <gtest/gtest.h>

namespace ciswatch {
namespace {

TEST(Time, WritesAndReadsBack) {
  EXPECT_EQ(iso8601(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(iso8601(1795312800), "2026-11-22T02:00:00Z");
  EXPECT_EQ(iso8601_basic(1795312800), "20261122T020000Z");
  EXPECT_EQ(iso8601(-1), "1969-12-31T23:59:59Z");
}

TEST(Time, ReadsTheFormsThatAwsWrites) {
  for (const auto* text : {"2026-11-22T02:00:00Z", "2026-11-22T02:00:00.123456Z",
                           "2026-11-22T11:00:00+09:00", "2026-11-22 02:00:00+00:00",
                           "20261122T020000Z", "2026-11-21T21:00:00-0500"}) {
    EXPECT_EQ(parse_iso8601(text), 1795312800) << text;
  }
}

TEST(Time, RefusesWhatIsNoMoment) {
  for (const auto* text : {"", "2026-11-22", "2026-11-22T02:00:00", "2026-13-01T00:00:00Z",
                           "2026-02-30T00:00:00Z", "2026-11-22T25:00:00Z", "2026-11-22T02:00:00Zx",
                           "tomorrow"}) {
    EXPECT_EQ(parse_iso8601(text), std::nullopt) << text;
  }
}

TEST(Time, ReadsADay) {
  EXPECT_EQ(parse_date("2026-11-22"), parse_iso8601("2026-11-22T00:00:00Z"));
  EXPECT_EQ(parse_date("2028-02-29"), parse_iso8601("2028-02-29T00:00:00Z"));
  for (const auto* text : {"", "2027-02-29", "2026-13-01", "2026-1-22", "20261122", "2026-11-22 ",
                           "2026/11/22", "22-11-2026", "2026-11-2a", "2026-11-22T00:00:00Z"}) {
    EXPECT_EQ(parse_date(text), std::nullopt) << text;
  }
}

TEST(Time, ReadsHttpDates) {
  EXPECT_EQ(parse_http_date("Sun, 22 Nov 2026 02:00:00 GMT"), 1795312800);
  EXPECT_EQ(parse_http_date("Sun, 22 Nov"), std::nullopt);
  EXPECT_EQ(parse_http_date("Sun, 22 Xxx 2026 02:00:00 GMT"), std::nullopt);
}

}  // namespace
}  // namespace ciswatch
