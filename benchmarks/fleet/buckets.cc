#include "benchmarks/fleet/buckets.h"

#include <fmt/format.h>

#include "benchmarks/fleet/policies.h"
#include "benchmarks/fleet/recorders.h"

namespace ciswatch::fleet {
namespace {

constexpr Share<Block> kBlocks[] = {
    {Block::all, 620}, {Block::none, 300}, {Block::policy_only, 40}, {Block::acls_only, 40}};
constexpr Share<Grants> kGrants[] = {{Grants::owner, 830},
                                     {Grants::everyone, 50},
                                     {Grants::any_user, 40},
                                     {Grants::log_delivery, 80}};
constexpr Share<Ownership> kOwnership[] = {
    {Ownership::enforced, 450}, {Ownership::none, 450}, {Ownership::preferred, 100}};
constexpr Share<AccessLog> kAccessLogs[] = {
    {AccessLog::on, 440}, {AccessLog::off, 470}, {AccessLog::itself, 40}, {AccessLog::lost, 50}};
constexpr Share<Versioning> kVersioning[] = {
    {Versioning::never, 420}, {Versioning::enabled, 540}, {Versioning::suspended, 40}};
constexpr Share<std::int64_t> kKeptDays[] = {{0, 560},  {365, 160}, {2'555, 90},
                                             {90, 110}, {731, 50},  {30, 30}};
constexpr Share<std::int64_t> kLockedDays[] = {{0, 900}, {365, 60}, {30, 40}};

Bucket make_bucket(const Dice& dice, const std::string& name, std::string_view region) {
  Bucket bucket{.name = name, .region = std::string(region), .dice = dice, .policy = {}};
  bucket.public_policy = dice.at("public policy").thousandth(60);
  bucket.has_policy = !dice.at("no policy").thousandth(30);
  bucket.block = pick(dice.at("block"), kBlocks);
  bucket.grants = pick(dice.at("grants"), kGrants);
  bucket.ownership = pick(dice.at("ownership"), kOwnership);
  bucket.access_log = pick(dice.at("access log"), kAccessLogs);
  bucket.versioning = pick(dice.at("versioning"), kVersioning);
  bucket.kept_days = pick(dice.at("kept"), kKeptDays);
  bucket.locked_days = pick(dice.at("locked"), kLockedDays);
  if (bucket.locked_days > 0) bucket.versioning = Versioning::enabled;  // a lock needs it
  bucket.exists = !dice.at("deleted").thousandth(name.starts_with("cloudtrail-moved") ? 600 : 8);
  return bucket;
}

}  // namespace

LogBuckets::LogBuckets(const Account& account, const std::vector<Trail>& trails) {
  if (account.is_archive) {
    add(account, trail_bucket_of(account.organization), trails);
    add(account, config_bucket_of(account.organization), trails);
  }
  for (const auto& trail : trails) add(account, trail.bucket, trails);
  for (const auto& region : account.regions()) {
    const auto channel = config_of(account, region.name).channel;
    if (channel && !channel->bucket.empty()) add(account, channel->bucket, trails);
  }
  add(account, access_log_bucket(account), trails);
  Bucket& target = buckets_.at(access_log_bucket(account));
  target.exists = true;
  target.access_log = AccessLog::off;
  if (account.change != Change::access_logging) return;
  for (auto& entry : buckets_) {
    Bucket& bucket = entry.second;
    if (!bucket.own || !bucket.exists || &bucket == &target) continue;
    bucket.access_log = bucket.access_log == AccessLog::off ? AccessLog::on : AccessLog::off;
    return;
  }
  target.exists = false;  // no bucket of its own whose access could be logged
}

void LogBuckets::add(const Account& account, const std::string& name,
                     const std::vector<Trail>& trails) {
  if (buckets_.contains(name)) return;
  const Organization& org = account.organization;
  const bool shared = name == trail_bucket_of(org) || name == config_bucket_of(org);
  // What is shared is the same whoever looks at it.
  Bucket bucket = make_bucket((shared ? org.dice : account.dice).at("bucket", name), name,
                              shared ? org.home : account.home);
  bucket.own = !shared || account.is_archive;
  if (shared) bucket.exists = true;
  if (!bucket.own) bucket.readable = org.dice.at("buckets readable").thousandth(300);
  bucket.policy = log_bucket_policy(bucket, trails);
  buckets_.emplace(name, std::move(bucket));
}

std::string access_log_bucket(const Account& account) {
  return fmt::format("s3-access-logs-{}", account.id);
}

const Bucket* LogBuckets::find(std::string_view name) const {
  const auto found = buckets_.find(name);
  return found == buckets_.end() ? nullptr : &found->second;
}

}  // namespace ciswatch::fleet
