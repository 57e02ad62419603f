#include "benchmarks/fleet/keys.h"

#include <fmt/format.h>

#include <algorithm>

namespace ciswatch::fleet {
namespace {

// Keys a region: none in some, a median of three, a mean of five, a tail up to two hundred.
struct Range {
  std::int64_t least, most;
};
constexpr Share<Range> kCounts[] = {{{0, 0}, 110}, {{2, 2}, 220}, {{3, 3}, 240}, {{4, 4}, 150},
                                    {{5, 5}, 90},  {{6, 8}, 90},  {{9, 14}, 56}, {{15, 30}, 33},
                                    {{31, 80}, 9}, {{81, 200}, 2}};

constexpr Share<KeyKind> kKinds[] = {{KeyKind::aws, 350},       {KeyKind::customer, 570},
                                     {KeyKind::rsa, 25},        {KeyKind::elliptic, 20},
                                     {KeyKind::mac, 10},        {KeyKind::external, 18},
                                     {KeyKind::custom_store, 7}};

constexpr Share<std::string_view> kStates[] = {{"Enabled", 905},        {"Disabled", 50},
                                               {"PendingDeletion", 35}, {"Unavailable", 2},
                                               {"Updating", 3},         {"PendingImport", 5}};

constexpr std::string_view kAwsDescriptions[] = {
    "Default key that protects my EBS volumes when no other key is defined",
    "Default key that protects my S3 objects when no other key is defined",
    "Default key that protects my RDS database volumes when no other key is defined",
    "Default key that protects my Secrets Manager data when no other key is defined",
    "Default key that protects my Lambda functions when no other key is defined",
    "Default key that protects my DynamoDB data when no other key is defined",
    "Default key that protects my SQS messages when no other key is defined"};
constexpr std::string_view kDescriptions[] = {
    "",
    "Orders database",
    "Nightly backups",
    "terraform-managed: application secrets",
    "Key for the data lake of the analytics team; ask in #data-platform before deleting it",
    "EKS secrets encryption",
    "Created by CloudFormation stack payments-prod",
    "CI artifacts"};

std::string uuid(const Dice& dice) {
  const std::string digits = dice.hex(32);
  return fmt::format("{}-{}-4{}-b{}-{}", digits.substr(0, 8), digits.substr(8, 4),
                     digits.substr(13, 3), digits.substr(17, 3), digits.substr(20));
}

std::string arn_of(std::string_view account, std::string_view region, std::string_view id) {
  return fmt::format("arn:aws:kms:{}:{}:key/{}", region, account, id);
}

std::string_view state_of(KeyKind kind, const Dice& dice) {
  if (kind == KeyKind::aws) return "Enabled";
  const auto state = pick(dice.at("state"), kStates);
  // Only material from elsewhere can be missing, and only a store of one's own out of reach.
  if (state == "PendingImport" && kind != KeyKind::external) return "Enabled";
  if (state == "Unavailable" && kind != KeyKind::custom_store) return "Enabled";
  return state;
}

}  // namespace

bool can_rotate(const Key& key) {
  return key.kind == KeyKind::customer && (key.state == "Enabled" || key.state == "Updating");
}

Key make_key(std::string_view account, std::string_view region, const Dice& dice) {
  Key key{.id = uuid(dice.at("id")), .arn = {}, .dice = dice};
  key.arn = arn_of(account, region, key.id);
  key.kind = pick(dice.at("kind"), kKinds);
  key.state = state_of(key.kind, dice);
  key.rotates = dice.at("rotates").thousandth(580);
  const Dice words = dice.at("description");
  key.description = key.kind == KeyKind::aws
                        ? kAwsDescriptions[words.below(std::size(kAwsDescriptions))]
                        : kDescriptions[words.below(std::size(kDescriptions))];
  return key;
}

Keyring::Keyring(const Account& account, const std::vector<Trail>& trails) {
  for (const auto& region : account.regions()) add_listed(account, region.name);
  add_multi_region(account);
  add_of_trails(trails);
  change(account);
}

void Keyring::add_listed(const Account& account, std::string_view region) {
  const Dice dice = account.dice.at("keys", region);
  const Range range = pick(dice.at("how many"), kCounts);
  const auto count = dice.at("count").between(range.least, range.most);
  auto& keys = keys_[std::string(region)];
  keys.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    keys.push_back(make_key(account.id, region, dice.at(static_cast<std::uint64_t>(i))));
  }
}

void Keyring::add_multi_region(const Account& account) {
  const Dice dice = account.dice.at("multi-region keys");
  const auto regions = account.regions();
  const auto count = dice.thousandth(400) ? dice.at("count").below(4) : 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const Dice own = dice.at(i);
    Key key{.id = "mrk-" + own.at("id").hex(32), .arn = {}, .dice = own};
    key.rotates = own.at("rotates").thousandth(580);
    key.description = "Global tables";
    const auto places = 2 + own.at("replicas").below(3);
    for (std::uint64_t turn = 0; turn < places; ++turn) {
      const auto name = regions[own.at("region", turn).below(regions.size())].name;
      if (std::find(key.regions.begin(), key.regions.end(), name) == key.regions.end()) {
        key.regions.push_back(name);
      }
    }
    for (const auto region : key.regions) {
      key.arn = arn_of(account.id, region, key.id);
      keys_.find(region)->second.push_back(key);
    }
  }
}

void Keyring::add_of_trails(const std::vector<Trail>& trails) {
  for (const auto& trail : trails) {
    if (trail.key_state == TrailKey::none || trail.key_state == TrailKey::gone) continue;
    Key key{.id = trail.key.substr(trail.key.rfind('/') + 1), .arn = trail.key, .dice = trail.dice};
    key.state = trail.key_state == TrailKey::disabled           ? "Disabled"
                : trail.key_state == TrailKey::pending_deletion ? "PendingDeletion"
                                                                : "Enabled";
    key.rotates = trail.dice.at("key rotates").thousandth(700);
    key.description = "CloudTrail logs";
    keys_[trail.home].push_back(std::move(key));
  }
}

void Keyring::change(const Account& account) {
  auto& keys = keys_[account.home];
  if (account.change == Change::key) {
    keys.push_back(make_key(account.id, account.home, account.dice.at("new key")));
  }
  if (account.change != Change::rotation) return;
  const auto key = std::find_if(keys.begin(), keys.end(), can_rotate);
  if (key != keys.end()) key->rotates = !key->rotates;
}

const std::vector<Key>& Keyring::in(std::string_view region) const {
  static const std::vector<Key> none;
  const auto found = keys_.find(region);
  return found == keys_.end() ? none : found->second;
}

const Key* Keyring::find(std::string_view region, std::string_view id) const {
  const auto& keys = in(region);
  const auto found =
      std::find_if(keys.begin(), keys.end(), [&](const Key& key) { return key.id == id; });
  return found == keys.end() ? nullptr : &*found;
}

}  // namespace ciswatch::fleet
