#include "benchmarks/fleet/model.h"

#include <algorithm>

namespace ciswatch::fleet {
namespace {

// Whether the account has what changes in it.
bool shows_change(const Account& account) {
  const auto trails = trails_of(account);
  switch (account.change) {
    case Change::trail:
      return std::any_of(trails.begin(), trails.end(),
                         [&](const Trail& trail) { return trail.owner == account.id; });
    case Change::rotation: {
      const Keyring keyring(account, trails);
      const auto& keys = keyring.in(account.home);
      return std::any_of(keys.begin(), keys.end(), can_rotate);
    }
    case Change::access_logging: {
      const LogBuckets buckets(account, trails);
      return std::any_of(buckets.all().begin(), buckets.all().end(),
                         [](const auto& entry) { return entry.second.own && entry.second.exists; });
    }
    default:
      return true;
  }
}

Account make_account(const Options& options, std::uint64_t index) {
  Account account(options, index);
  if (account.change != Change::none && !shows_change(account)) account.change = Change::vpc;
  return account;
}

}  // namespace

Model::Model(const Options& options, std::uint64_t index)
    : account(make_account(options, index)),
      trails(trails_of(account)),
      keys(account, trails),
      buckets(account, trails),
      detection(account, trails) {}

const Trail* Model::find_trail(std::string_view arn) const {
  const auto found = std::find_if(trails.begin(), trails.end(),
                                  [&](const Trail& trail) { return trail.arn == arn; });
  return found == trails.end() ? nullptr : &*found;
}

}  // namespace ciswatch::fleet
