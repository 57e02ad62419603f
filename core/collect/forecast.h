#pragma once

// What a collection will ask of AWS and how long that takes, told without asking. Pure functions but
// for `last_calls`, which reads a snapshot.

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/aws/quotas.h"
#include "core/store/snapshot.h"
#include "core/tables/table_spec.h"

namespace ciswatch {

// Whose calls they are: a bucket of AWS counts those of one account and region.
struct CallsOfTable {
  const TableSpec* table;
  double calls = 0;   // in all
  double most = 0;    // of the account and region with the most
  bool known = false; // counted in a snapshot; else what an account usually has
};

struct Fleet {
  std::size_t accounts = 1;
  std::size_t regions = 17;  // of each: those that nobody has to opt in to
};

// For each of the tables, from what an account usually has: one trail with a bucket, a role and two
// keys a region, and so on (kUsual in forecast.cc).
std::vector<CallsOfTable> usual_calls(std::span<const TableSpec* const> tables, const Fleet& fleet);

struct LastCalls {
  Fleet fleet;
  std::vector<CallsOfTable> tables;
};

// The same as that snapshot's ledger has them, pages and attempts included; tables that were not
// collected as usual_calls has them.
LastCalls last_calls(std::span<const TableSpec* const> tables, const Snapshot& snapshot);

struct CallsOfBucket {
  std::string name;  // bucket_name
  const Quota* quota;
  double calls = 0;
  double most = 0;
  double seconds = 0;  // that its quota makes the account and region with the most take
};

struct Pace {
  int max_in_flight;
  double max_rate = 0;  // 0: none
};

struct Forecast {
  std::vector<CallsOfBucket> buckets;  // the slowest first, then the one with most calls
  double calls = 0;
  double seconds = 0;
  std::string bound;  // what makes it take so long, in words
};

// A call's way to AWS and back, in the middle of the regions.
inline constexpr double kRoundTrip = 0.2;  // seconds

Forecast forecast(std::span<const CallsOfTable> tables, const Pace& pace);

}  // namespace ciswatch
