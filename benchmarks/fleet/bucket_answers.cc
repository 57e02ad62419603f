#include <fmt/format.h>

#include "benchmarks/fleet/buckets.h"
#include "benchmarks/fleet/item.h"

namespace ciswatch::fleet {
namespace {

constexpr UnixSeconds kDay = 86'400;

constexpr std::string_view kPurposes[] = {"web-assets",      "terraform-state",   "cdk-assets",
                                          "data-lake-raw",   "data-lake-curated", "ci-artifacts",
                                          "backups",         "lambda-packages",   "uploads-prod",
                                          "uploads-staging", "static-site",       "athena-results"};

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

}  // namespace

Json list_buckets(const Account& account, const LogBuckets& buckets) {
  Json answer;
  Items list(answer);
  for (const auto& [name, bucket] : buckets.all()) {
    if (bucket.own && bucket.exists) list.add(listed(name, bucket.region, bucket.dice, answer));
  }
  const Dice dice = account.dice.at("other buckets");
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

Json bucket_policy(const Bucket& bucket) {
  Json answer;
  set(answer, "Policy", json_text(bucket.policy, answer));
  return answer;
}

Json bucket_lifecycle(const Bucket& bucket) {
  Json answer;
  JsonValue rule = Item(answer)
                       .add("Expiration", Item(answer).add("Days", bucket.kept_days))
                       .add("ID", "expire-old-logs")
                       .add("Filter", Item(answer).add("Prefix", ""))
                       .add("Status", bucket.dice.at("rule off").thousandth(60) ? "Disabled"
                                                                                : "Enabled");
  set(answer, "Rules", Items(answer).add(std::move(rule)));
  return answer;
}

Json bucket_versioning(const Bucket& bucket) {
  Json answer(rapidjson::kObjectType);
  if (bucket.versioning == Versioning::never) return answer;
  set(answer, "Status",
      json_text(bucket.versioning == Versioning::enabled ? "Enabled" : "Suspended", answer));
  if (bucket.dice.at("mfa delete").thousandth(30)) {
    set(answer, "MFADelete", json_text("Enabled", answer));
  }
  return answer;
}

Json bucket_lock(const Bucket& bucket) {
  Json answer;
  JsonValue retention =
      Item(answer)
          .add("Mode", bucket.dice.at("lock mode").thousandth(500) ? "COMPLIANCE" : "GOVERNANCE")
          .add("Days", bucket.locked_days);
  JsonValue rule = Item(answer).add("DefaultRetention", std::move(retention));
  set(answer, "ObjectLockConfiguration",
      Item(answer).add("ObjectLockEnabled", "Enabled").add("Rule", std::move(rule)));
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
