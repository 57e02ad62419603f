#include "benchmarks/fleet/account.h"

#include <fmt/format.h>

#include <algorithm>

namespace ciswatch::fleet {
namespace {

constexpr Region kRegions[] = {
    {"us-east-1", false},      {"eu-central-1", false},   {"ap-northeast-1", false},
    {"us-west-2", false},      {"us-east-2", false},      {"us-west-1", false},
    {"ap-south-1", false},     {"ap-northeast-2", false}, {"ap-northeast-3", false},
    {"ap-southeast-1", false}, {"ap-southeast-2", false}, {"ca-central-1", false},
    {"eu-west-1", false},      {"eu-west-2", false},      {"eu-west-3", false},
    {"eu-north-1", false},     {"sa-east-1", false},      {"af-south-1", true},
    {"ap-east-1", true},       {"ap-south-2", true},      {"ap-southeast-3", true},
    {"ap-southeast-4", true},  {"ca-west-1", true},       {"eu-central-2", true},
    {"eu-south-1", true},      {"eu-south-2", true},      {"il-central-1", true},
    {"me-central-1", true},    {"me-south-1", true}};
static_assert(!kRegions[kDefaultRegions - 1].opt_in && kRegions[kDefaultRegions].opt_in);

constexpr UnixSeconds kFirstNight = 1'795'312'800;  // 2026-11-22T02:00:00Z
constexpr UnixSeconds kDay = 86'400;

constexpr Fault kFaults[] = {Fault::service_denied,  Fault::resource_denied, Fault::throttled,
                             Fault::region_disabled, Fault::region_failed,   Fault::mute,
                             Fault::page_lost,       Fault::malformed,       Fault::expired,
                             Fault::stopped};

// Exactly one account of each block, so that the share is known and not only expected. A hostile
// fleet is small and has them all.
Fault fault_of(const Options& options, std::uint64_t index) {
  if (options.hostile) {
    return index % 2 == 0 ? Fault::none : kFaults[index / 2 % std::size(kFaults)];
  }
  const std::uint64_t block = index / kAccountsPerFault;
  if (Dice(options.seed).at("faulty", block).below(kAccountsPerFault) !=
      index % kAccountsPerFault) {
    return Fault::none;
  }
  return kFaults[block % std::size(kFaults)];
}

Change change_of(const Account& account) {
  const Options& fleet = account.options;
  if (!fleet.next_night || account.dice.at("changed").below(1'000'000) >= fleet.changed) {
    return Change::none;
  }
  if (account.fault != Fault::none) return Change::fault_gone;
  constexpr Change kChanges[] = {Change::rotation, Change::trail,    Change::vpc,
                                 Change::key,      Change::recorder, Change::access_logging};
  return kChanges[account.dice.at("change").below(std::size(kChanges))];
}

std::string home_of(const Dice& dice, const Options& fleet) {
  return std::string(kRegions[dice.at("home").below(std::min<std::size_t>(fleet.regions, 4))].name);
}

Organization organization_of(const Options& fleet, std::uint64_t index) {
  const std::uint64_t number = index / kOrganizationSize;
  const std::uint64_t first = number * kOrganizationSize;
  const Dice dice = Dice(fleet.seed).at("organization", number);
  return {number, dice, account_id(fleet, first), account_id(fleet, first + 1),
          home_of(dice, fleet)};
}

}  // namespace

std::span<const Region> all_regions() { return kRegions; }

std::string account_id(const Options& fleet, std::uint64_t index) {
  constexpr std::uint64_t kFirst = 100'000'000'000;
  constexpr std::uint64_t kApart = 8'900'000;
  constexpr std::uint64_t kSpread = 8'000'000;
  return std::to_string(kFirst + index * kApart + Dice(fleet.seed).at("id", index).below(kSpread));
}

UnixSeconds first_night_end() { return kFirstNight; }

UnixSeconds night_end(const Options& fleet) { return kFirstNight + (fleet.next_night ? kDay : 0); }

Account::Account(const Options& fleet, std::uint64_t account_index)
    : options(fleet),
      index(account_index),
      dice(Dice(fleet.seed).at("account", account_index)),
      id(account_id(fleet, account_index)),
      organization(organization_of(fleet, account_index)),
      is_management(account_index % kOrganizationSize == 0),
      is_archive(account_index % kOrganizationSize == 1),
      home(home_of(dice, fleet)),
      fault(fault_of(fleet, account_index)),
      change(Change::none) {
  is_member = is_management || is_archive || dice.at("member").thousandth(700);
  if (is_member && dice.at("at home").thousandth(600)) home = organization.home;
  // Not the home region, where a changed account changes.
  for (std::uint64_t turn = 0; fault_region.empty() || (fault_region == home && turn < 100);
       ++turn) {
    fault_region = regions()[dice.at("fault region", turn).below(regions().size())].name;
  }
  change = change_of(*this);
  if (change == Change::fault_gone) fault = Fault::none;
}

std::span<const Region> Account::regions() const { return all_regions().first(options.regions); }

std::string Account::made_up_id(std::string_view prefix, const Dice& name) const {
  return fmt::format("{}{}", prefix, name.hex(17));
}

}  // namespace ciswatch::fleet
