#include "benchmarks/fleet/buckets.h"

#include <fmt/format.h>

#include "benchmarks/fleet/item.h"
#include "benchmarks/fleet/recorders.h"

namespace ciswatch::fleet {
namespace {

constexpr UnixSeconds kDay = 86'400;

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

constexpr std::string_view kPurposes[] = {"web-assets",      "terraform-state",   "cdk-assets",
                                          "data-lake-raw",   "data-lake-curated", "ci-artifacts",
                                          "backups",         "lambda-packages",   "uploads-prod",
                                          "uploads-staging", "static-site",       "athena-results"};

std::string access_log_bucket(const Account& account) {
  return fmt::format("s3-access-logs-{}", account.id);
}

std::string canonical_id(const Account& account) { return account.dice.at("canonical").hex(64); }

JsonValue owner(const Account& account, Json& document) {
  return Item(document).add("ID", canonical_id(account));
}

JsonValue listed(const std::string& name, std::string_view region, const Dice& dice,
                 Json& document) {
  return Item(document)
      .add("Name", name)
      .add("CreationDate",
           iso8601(first_night_end() - dice.at("age").between(40 * kDay, 3'000 * kDay)))
      .add("BucketRegion", region)
      .add("BucketArn", fmt::format("arn:aws:s3:::{}", name));
}

JsonValue grant(Json& document, const char* type, std::string_view who, const char* permission) {
  Item grantee(document);
  if (std::string_view(type) == "Group") {
    grantee.add("Type", type).add("URI", who);
  } else {
    grantee.add("ID", who).add("Type", type);
  }
  return Item(document).add("Grantee", grantee).add("Permission", permission);
}

Bucket make_bucket(const Dice& dice, const std::string& name, std::string_view region) {
  Bucket bucket{.name = name, .region = std::string(region), .dice = dice};
  bucket.public_policy = dice.at("public policy").thousandth(60);
  bucket.has_policy = !dice.at("no policy").thousandth(30);
  bucket.block = pick(dice.at("block"), kBlocks);
  bucket.grants = pick(dice.at("grants"), kGrants);
  bucket.ownership = pick(dice.at("ownership"), kOwnership);
  bucket.access_log = pick(dice.at("access log"), kAccessLogs);
  bucket.exists = !dice.at("deleted").thousandth(name.starts_with("cloudtrail-moved") ? 600 : 8);
  return bucket;
}

}  // namespace

LogBuckets::LogBuckets(const Account& account, const std::vector<Trail>& trails) {
  if (account.is_archive) {
    add(account, trail_bucket_of(account.organization));
    add(account, config_bucket_of(account.organization));
  }
  for (const auto& trail : trails) add(account, trail.bucket);
  for (const auto& region : account.regions()) {
    const auto channel = config_of(account, region.name).channel;
    if (channel && !channel->bucket.empty()) add(account, channel->bucket);
  }
  if (account.change != Change::access_logging) return;
  for (auto& entry : buckets_) {
    Bucket& bucket = entry.second;
    if (!bucket.own || !bucket.exists) continue;
    bucket.access_log = bucket.access_log == AccessLog::off ? AccessLog::on : AccessLog::off;
    break;
  }
}

void LogBuckets::add(const Account& account, const std::string& name) {
  if (buckets_.contains(name)) return;
  const Organization& org = account.organization;
  const bool shared = name == trail_bucket_of(org) || name == config_bucket_of(org);
  // What is shared is the same whoever looks at it.
  Bucket bucket = make_bucket((shared ? org.dice : account.dice).at("bucket", name), name,
                              shared ? org.home : account.home);
  bucket.own = !shared || account.is_archive;
  if (shared) bucket.exists = true;
  if (!bucket.own) bucket.readable = org.dice.at("buckets readable").thousandth(300);
  buckets_.emplace(name, std::move(bucket));
}

const Bucket* LogBuckets::find(std::string_view name) const {
  const auto found = buckets_.find(name);
  return found == buckets_.end() ? nullptr : &found->second;
}

Json list_buckets(const Account& account, const LogBuckets& buckets) {
  Json answer;
  Items list(answer);
  for (const auto& [name, bucket] : buckets.all()) {
    if (bucket.own && bucket.exists) list.add(listed(name, bucket.region, bucket.dice, answer));
  }
  const Dice dice = account.dice.at("other buckets");
  list.add(listed(access_log_bucket(account), account.home, dice, answer));
  for (std::int64_t i = 0; i < dice.between(3, 56); ++i) {
    const Dice own = dice.at(static_cast<std::uint64_t>(i));
    const auto name = fmt::format("{}-{}-{}", kPurposes[own.below(std::size(kPurposes))],
                                  own.at("name").hex(8), account.id);
    list.add(listed(name, account.home, own, answer));
  }
  set(answer, "Buckets", list);
  set(answer, "Owner", owner(account, answer));
  return answer;
}

Json head_bucket(const Bucket& bucket) {
  Json answer;
  set(answer, "BucketArn", json_text(fmt::format("arn:aws:s3:::{}", bucket.name), answer));
  set(answer, "BucketRegion", json_text(bucket.region, answer));
  set(answer, "AccessPointAlias", JsonValue(false));
  return answer;
}

Json bucket_acl(const Bucket& bucket, const Account& account) {
  constexpr const char* kGroups = "http://acs.amazonaws.com/groups";
  Json answer;
  set(answer, "Owner", owner(account, answer));
  Items grants(answer);
  grants.add(grant(answer, "CanonicalUser", canonical_id(account), "FULL_CONTROL"));
  if (bucket.grants == Grants::everyone) {
    grants.add(grant(answer, "Group", fmt::format("{}/global/AllUsers", kGroups), "READ"));
  } else if (bucket.grants == Grants::any_user) {
    grants.add(
        grant(answer, "Group", fmt::format("{}/global/AuthenticatedUsers", kGroups), "READ"));
  } else if (bucket.grants == Grants::log_delivery) {
    grants.add(grant(answer, "Group", fmt::format("{}/s3/LogDelivery", kGroups), "WRITE"))
        .add(grant(answer, "Group", fmt::format("{}/s3/LogDelivery", kGroups), "READ_ACP"));
  }
  set(answer, "Grants", grants);
  return answer;
}

Json bucket_policy_status(const Bucket& bucket) {
  Json answer;
  set(answer, "PolicyStatus", Item(answer).add("IsPublic", bucket.public_policy));
  return answer;
}

Json bucket_ownership(const Bucket& bucket) {
  Json answer;
  JsonValue rule = Item(answer).add("ObjectOwnership", bucket.ownership == Ownership::enforced
                                                           ? "BucketOwnerEnforced"
                                                           : "BucketOwnerPreferred");
  set(answer, "OwnershipControls", Item(answer).add("Rules", Items(answer).add(std::move(rule))));
  return answer;
}

Json bucket_logging(const Bucket& bucket, const Account& account) {
  Json answer(rapidjson::kObjectType);
  if (bucket.access_log == AccessLog::off) return answer;
  const std::string target = bucket.access_log == AccessLog::itself ? bucket.name
                             : bucket.access_log == AccessLog::lost
                                 ? fmt::format("old-access-logs-{}", account.id)
                                 : access_log_bucket(account);
  set(answer, "LoggingEnabled",
      Item(answer).add("TargetBucket", target).add("TargetPrefix", bucket.name + "/"));
  return answer;
}

Json public_access_block(Block block) {
  const bool acls = block == Block::all || block == Block::acls_only;
  const bool policy = block == Block::all || block == Block::policy_only;
  Json answer;
  set(answer, "PublicAccessBlockConfiguration",
      Item(answer)
          .add("BlockPublicAcls", acls)
          .add("IgnorePublicAcls", acls)
          .add("BlockPublicPolicy", policy)
          .add("RestrictPublicBuckets", policy));
  return answer;
}

Block account_block(const Account& account) {
  constexpr Share<Block> kShares[] = {
      {Block::all, 400}, {Block::none, 540}, {Block::policy_only, 30}, {Block::acls_only, 30}};
  return pick(account.dice.at("account block"), kShares);
}

}  // namespace ciswatch::fleet
