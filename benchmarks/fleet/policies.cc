#include "benchmarks/fleet/policies.h"

#include <fmt/format.h>

#include "benchmarks/fleet/organization.h"

namespace ciswatch::fleet {
namespace {

// What is wrong with a bucket's policy.
enum class Delivery { right, no_source, no_acl_check, other_account, no_owner_control, denied };
constexpr Share<Delivery> kDeliveries[] = {
    {Delivery::right, 560},        {Delivery::no_source, 330},       {Delivery::no_acl_check, 20},
    {Delivery::other_account, 30}, {Delivery::no_owner_control, 40}, {Delivery::denied, 20}};

class Statements {
 public:
  void add(std::string_view sid, std::string_view rest, std::string_view effect = "Allow") {
    text_ += fmt::format(R"({}{{"Sid":"{}","Effect":"{}",{}}})", text_.empty() ? "" : ",", sid,
                         effect, rest);
  }
  [[nodiscard]] std::string document() const {
    return fmt::format(R"({{"Version":"2012-10-17","Statement":[{}]}})", text_);
  }

 private:
  std::string text_;
};

std::string service(std::string_view name) {
  return fmt::format(R"("Principal":{{"Service":"{}"}})", name);
}

// `source`: the account whose trails may deliver; "" for any.
std::string condition(std::string_view source, bool owner_control) {
  std::string tests =
      owner_control ? R"("StringEquals":{"s3:x-amz-acl":"bucket-owner-full-control"})" : "";
  if (!source.empty()) {
    tests += fmt::format(R"({}"StringLike":{{"aws:SourceArn":"arn:aws:cloudtrail:*:{}:trail/*"}})",
                         tests.empty() ? "" : ",", source);
  }
  return tests.empty() ? "" : fmt::format(R"(,"Condition":{{{}}})", tests);
}

void let_cloudtrail_deliver(const Bucket& bucket, const Trail& trail, Delivery delivery,
                            Statements& statements) {
  const auto arn = fmt::format("arn:aws:s3:::{}", bucket.name);
  const auto source = delivery == Delivery::no_source ? std::string_view() : trail.owner;
  if (delivery != Delivery::no_acl_check) {
    statements.add("AWSCloudTrailAclCheck",
                   fmt::format(R"({},"Action":"s3:GetBucketAcl","Resource":"{}"{})",
                               service("cloudtrail.amazonaws.com"), arn, condition(source, false)));
  }
  const auto root = fmt::format("{}/{}{}AWSLogs", arn, trail.prefix, trail.prefix.empty() ? "" : "/");
  auto paths = fmt::format(
      R"("{}/{}/*")", root, delivery == Delivery::other_account ? "123456789012" : trail.owner);
  if (trail.organization) paths = fmt::format(R"([{},"{}/{}/*"])", paths, root, trail.prefix);
  statements.add("AWSCloudTrailWrite",
                 fmt::format(R"({},"Action":"s3:PutObject","Resource":{}{})",
                             service("cloudtrail.amazonaws.com"), paths,
                             condition(source, delivery != Delivery::no_owner_control)));
}

void let_config_deliver(const Bucket& bucket, Statements& statements) {
  statements.add("AWSConfigCheck",
                 fmt::format(R"({},"Action":["s3:GetBucketAcl","s3:ListBucket"],)"
                             R"("Resource":"arn:aws:s3:::{}")",
                             service("config.amazonaws.com"), bucket.name));
  statements.add("AWSConfigDelivery",
                 fmt::format(R"({},"Action":"s3:PutObject","Resource":"arn:aws:s3:::{}/*"{})",
                             service("config.amazonaws.com"), bucket.name, condition("", true)));
}

void deny(const Bucket& bucket, std::string_view sid, std::string_view rest,
          Statements& statements) {
  statements.add(sid,
                 fmt::format(R"("Principal":"*",{},"Resource":["arn:aws:s3:::{}","arn:aws:s3:::{}/*"])",
                             rest, bucket.name, bucket.name),
                 "Deny");
}

// How a customer's key is shared out.
enum class Holders { root_only, apart, both, foreign };
constexpr Share<Holders> kHolders[] = {
    {Holders::root_only, 800}, {Holders::apart, 120}, {Holders::both, 50}, {Holders::foreign, 30}};

std::string holder(std::string_view account, std::string_view role) {
  return fmt::format(R"("Principal":{{"AWS":"arn:aws:iam::{}:role/{}"}})", account, role);
}

void add_holders(const Key& key, const Account& account, Statements& statements) {
  constexpr std::string_view kAdministers =
      R"("Action":["kms:PutKeyPolicy","kms:DisableKey","kms:ScheduleKeyDeletion"],"Resource":"*")";
  constexpr std::string_view kUses =
      R"("Action":["kms:Encrypt","kms:Decrypt","kms:GenerateDataKey*"],"Resource":"*")";
  const Holders holders = pick(key.dice.at("holders"), kHolders);
  if (holders == Holders::root_only) return;
  const bool foreign = holders == Holders::foreign;
  statements.add("Administration",
                 fmt::format("{},{}", holder(account.id, "key-admin"), kAdministers));
  statements.add("Use", fmt::format("{},{}",
                                    holder(foreign ? account.organization.archive_id : account.id,
                                           holders == Holders::both ? "key-admin" : "application"),
                                    kUses));
}

void let_cloudtrail_encrypt(const Key& key, const Account& account, Statements& statements) {
  if (key.dice.at("cloudtrail shut out").thousandth(60)) return;
  const auto context =
      key.dice.at("context").thousandth(650)
          ? fmt::format(R"(,"Condition":{{"StringLike":{{"kms:EncryptionContext:aws:cloudtrail:arn":)"
                        R"("arn:aws:cloudtrail:*:{}:trail/*"}}}})",
                        account.id)
          : "";
  statements.add("CloudTrail", fmt::format(R"({},"Action":"kms:GenerateDataKey*","Resource":"*"{})",
                                           service("cloudtrail.amazonaws.com"), context));
  statements.add("Describe", fmt::format(R"({},"Action":"kms:DescribeKey","Resource":"*")",
                                         service("cloudtrail.amazonaws.com")));
}

}  // namespace

std::string log_bucket_policy(const Bucket& bucket, const std::vector<Trail>& trails) {
  Statements statements;
  const Delivery delivery = pick(bucket.dice.at("delivery"), kDeliveries);
  for (const auto& trail : trails) {
    // One statement serves all trails of an account: they write to the same place.
    if (trail.bucket != bucket.name) continue;
    let_cloudtrail_deliver(bucket, trail, delivery, statements);
    break;
  }
  if (bucket.name.starts_with("config-records")) let_config_deliver(bucket, statements);
  if (bucket.public_policy) {
    statements.add("Everyone", fmt::format(R"("Principal":"*","Action":"s3:GetObject",)"
                                           R"("Resource":"arn:aws:s3:::{}/*")",
                                           bucket.name));
  }
  if (delivery == Delivery::denied) deny(bucket, "Closed", R"("Action":"s3:Put*")", statements);
  if (bucket.dice.at("tls").thousandth(450)) {
    deny(bucket, "TLS",
         R"("Action":"s3:*","Condition":{"Bool":{"aws:SecureTransport":"false"}})", statements);
  }
  return statements.document();
}

std::string key_policy(const Key& key, const Account& account) {
  Statements statements;
  statements.add("Enable IAM policies",
                 fmt::format(R"("Principal":{{"AWS":"arn:aws:iam::{}:root"}},"Action":"kms:*",)"
                             R"("Resource":"*")",
                             account.id));
  add_holders(key, account, statements);
  if (key.description == "CloudTrail logs") let_cloudtrail_encrypt(key, account, statements);
  return statements.document();
}

std::string trust_policy(std::string_view service_name) {
  Statements statements;
  statements.add("", fmt::format(R"({},"Action":"sts:AssumeRole")", service(service_name)));
  return statements.document();
}

std::string delivery_policy(const Account& account, const Dice& dice, std::string_view group) {
  const bool narrow = dice.at("narrow").thousandth(500);
  const bool other = dice.at("other group").thousandth(30);
  const auto resource =
      narrow || other ? fmt::format("arn:aws:logs:*:{}:log-group:{}:*", account.id,
                                    other ? "some-other-group" : group)
                      : "*";
  Statements statements;
  statements.add("Deliver",
                 fmt::format(R"("Action":[{}"logs:PutLogEvents"],"Resource":"{}")",
                             dice.at("no stream").thousandth(40) ? "" : R"("logs:CreateLogStream",)",
                             resource));
  return statements.document();
}

}  // namespace ciswatch::fleet
