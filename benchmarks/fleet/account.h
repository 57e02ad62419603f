#pragma once

// Who an account of the synthetic fleet is, what is wrong with reading it, and what changes in it
// overnight. All of it follows from the seed and the account's index.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/fleet/dice.h"
#include "core/base/time.h"
#include "core/store/part.h"

namespace ciswatch::fleet {

struct Options {
  std::size_t accounts = 10'000;
  std::size_t regions = 17;  // enabled ones
  std::uint64_t seed = 1;
  bool next_night = false;         // a day later, …
  std::uint64_t changed = 0;       // … with this share of accounts changed, in parts of a million
  bool moving_deliveries = false;  // … and CloudTrail's last deliveries a day on, as they would be
  bool hostile = false;            // every text is an enemy's
  std::optional<Shard> shard = {};  // write these accounts alone
  std::size_t keys = 0;            // more than 0: one account with that many keys in one region
};

inline constexpr std::size_t kMostAccounts = 100'000;  // that have twelve-digit ids
inline constexpr std::size_t kOrganizationSize = 250;

// One account in each 200 cannot be read to the end; which way, goes in turn.
inline constexpr std::uint64_t kAccountsPerFault = 200;
enum class Fault {
  none,
  service_denied,   // one operation is not in the auditor's policy
  resource_denied,  // the policies of some keys and buckets shut the auditor out
  throttled,        // KMS in busy regions
  region_disabled,
  region_failed,
  mute,       // nothing but GetCallerIdentity is allowed
  page_lost,  // a list's second page failed
  malformed,  // some answers are no JSON
  expired,    // the session ran out on the way
  stopped,    // the collection was stopped on the way
};

// The small thing in which a changed account differs from the night before.
enum class Change { none, fault_gone, rotation, trail, vpc, key, recorder, access_logging };

struct Region {
  std::string_view name;
  bool opt_in;
};

// All regions that DescribeRegions tells of, those enabled by default first.
std::span<const Region> all_regions();
inline constexpr std::size_t kDefaultRegions = 17;

// An organization has a trail that all of its accounts show, made in the management account, with
// its bucket in the log archive account.
struct Organization {
  std::uint64_t number = 0;
  Dice dice;
  std::string management_id, archive_id, home;
};

struct Account {
  Account(const Options& fleet, std::uint64_t account_index);

  const Options& options;
  std::uint64_t index;
  Dice dice;
  std::string id;
  Organization organization;
  bool is_member, is_management, is_archive;
  std::string home;  // where its people work
  Fault fault;
  std::string_view fault_region;  // of Fault::region_…
  Change change;

  [[nodiscard]] std::span<const Region> regions() const;  // the enabled ones
  // A resource's id as EC2 makes them: "vpc-" and 17 digits.
  [[nodiscard]] std::string made_up_id(std::string_view prefix, const Dice& name) const;
};

std::string account_id(const Options& fleet, std::uint64_t index);

// When the collection of a night ends, which is the snapshot's time.
UnixSeconds night_end(const Options& fleet);
UnixSeconds first_night_end();

}  // namespace ciswatch::fleet
