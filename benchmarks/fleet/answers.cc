#include "benchmarks/fleet/answers.h"

#include <fmt/format.h>

#include <algorithm>

#include "benchmarks/fleet/faults.h"
#include "benchmarks/fleet/fronts.h"
#include "benchmarks/fleet/item.h"
#include "benchmarks/fleet/networks.h"
#include "benchmarks/fleet/organization.h"
#include "benchmarks/fleet/recorders.h"
#include "benchmarks/fleet/roles.h"
#include "benchmarks/fleet/stacks.h"

namespace ciswatch::fleet {
namespace {

Json caller_identity(const Account& account) {
  Json answer;
  set(answer, "UserId", json_text("AROA" + account.dice.at("role").hex(17) + ":nightly", answer));
  set(answer, "Account", json_text(account.id, answer));
  set(answer, "Arn", json_text(auditor_arn(account), answer));
  return answer;
}

Json regions_answer(const Account& account) {
  Json answer;
  Items list(answer);
  const auto enabled = account.regions().size();
  for (std::size_t i = 0; i < all_regions().size(); ++i) {
    const Region& region = all_regions()[i];
    // A region left out by --regions is one that this fleet does not have.
    if (!region.opt_in && i >= enabled) continue;
    const char* status = !region.opt_in ? "opt-in-not-required"
                         : i < enabled  ? "opted-in"
                                        : "not-opted-in";
    list.add(Item(answer)
                 .add("OptInStatus", status)
                 .add("RegionName", region.name)
                 .add("Endpoint", fmt::format("ec2.{}.amazonaws.com", region.name)));
  }
  set(answer, "Regions", list);
  return answer;
}

// --- about one thing, which may not be there

template <typename Answer>
Reply of_trail(const Model& model, const ApiCall& call, Answer answer) {
  const Trail* trail = model.find_trail(param(call));
  if (trail != nullptr) return answer(*trail);
  return ApiError{"TrailNotFoundException", "Unknown trail: " + param(call), 400};
}

template <typename Answer>
Reply of_key(const Model& model, const ApiCall& call, Answer answer) {
  const Key* key = model.keys.find(call.region, param(call));
  if (key != nullptr) return answer(*key);
  return ApiError{"NotFoundException", fmt::format("Key '{}' does not exist", param(call)), 400};
}

template <typename Answer>
Reply of_bucket(const Model& model, const ApiCall& call, Answer answer) {
  const Bucket* bucket = model.buckets.find(param(call));
  if (bucket != nullptr && bucket->exists) return answer(*bucket);
  if (call.operation == "HeadBucket") return ApiError{"404", "HTTP 404 without an explanation", 404};
  return ApiError{"NoSuchBucket", "The specified bucket does not exist", 404};
}

template <typename Answer>
Reply of_topic(const Model& model, const ApiCall& call, Answer answer) {
  const Topic* topic = model.detection.find_topic(call.region, param(call));
  if (topic != nullptr) return answer(*topic);
  return ApiError{"NotFound", "Topic does not exist", 404};
}

template <typename Answer>
Reply of_role(const Model& model, const ApiCall& call, Answer answer) {
  const auto role = role_of(model.account, param(call));
  if (role) return answer(*role);
  return ApiError{"NoSuchEntity",
                  fmt::format("The role with name {} cannot be found.", param(call)), 404};
}

Reply block_reply(Block block) {
  if (block != Block::none) return public_access_block(block);
  return ApiError{"NoSuchPublicAccessBlockConfiguration",
                  "The public access block configuration was not found", 404};
}

// --- service by service

using Answerer = Reply (*)(const Model&, const ApiCall&);

struct Entry {
  std::string_view operation;
  Answerer answer;
  std::string_view service = {};  // where two services have an operation of that name
};

constexpr Entry kAccountAnswers[] = {
    {"GetCallerIdentity",
     [](const Model& model, const ApiCall&) -> Reply { return caller_identity(model.account); }},
    {"DescribeRegions",
     [](const Model& model, const ApiCall&) -> Reply { return regions_answer(model.account); }},
    {"DescribeVpcs",
     [](const Model& model, const ApiCall& call) -> Reply {
       return vpcs_answer(vpcs_of(model.account, call.region), model.account, call.region);
     }},
    {"DescribeFlowLogs",
     [](const Model& model, const ApiCall& call) -> Reply {
       return flow_logs_answer(vpcs_of(model.account, call.region), model.account);
     }},
    {"DescribeNetworkInterfaces",
     [](const Model& model, const ApiCall& call) -> Reply {
       return interfaces_answer(vpcs_of(model.account, call.region), model.account, call.region);
     }},
    {"DescribeSubnets",
     [](const Model& model, const ApiCall& call) -> Reply {
       return subnets_answer(vpcs_of(model.account, call.region), model.account, call.region);
     }},
    {"DescribeHub",
     [](const Model& model, const ApiCall& call) -> Reply {
       if (has_hub(model.account, call.region)) return hub_answer(model.account, call.region);
       return ApiError{"InvalidAccessException",
                       fmt::format("Account {} is not subscribed to AWS Security Hub",
                                   model.account.id),
                       401};
     }}};

constexpr Entry kTrailAnswers[] = {
    {"DescribeTrails",
     [](const Model& model, const ApiCall& call) -> Reply {
       return describe_trails(model.trails, call.region);
     }},
    {"GetTrailStatus",
     [](const Model& model, const ApiCall& call) {
       return of_trail(model, call, [&](const Trail& trail) -> Reply {
         return trail_status(trail, model.account.options);
       });
     }},
    {"GetEventSelectors",
     [](const Model& model, const ApiCall& call) {
       return of_trail(model, call,
                       [](const Trail& trail) -> Reply { return event_selectors(trail); });
     }},
    {"DescribeConfigurationRecorders",
     [](const Model& model, const ApiCall& call) -> Reply {
       return recorders_answer(config_of(model.account, call.region), model.account);
     }},
    {"DescribeConfigurationRecorderStatus",
     [](const Model& model, const ApiCall& call) -> Reply {
       return recorder_status_answer(config_of(model.account, call.region), model.account);
     }},
    {"DescribeDeliveryChannels",
     [](const Model& model, const ApiCall& call) -> Reply {
       return channels_answer(config_of(model.account, call.region));
     }},
    {"DescribeDeliveryChannelStatus", [](const Model& model, const ApiCall& call) -> Reply {
       return channel_status_answer(config_of(model.account, call.region));
     }}};

constexpr Entry kKeyAnswers[] = {
    {"ListKeys",
     [](const Model& model, const ApiCall& call) -> Reply {
       return list_keys(model.keys.in(call.region));
     }},
    {"ListAliases",
     [](const Model& model, const ApiCall& call) -> Reply {
       return aliases_answer(model.keys.in(call.region), model.account.id, call.region);
     }},
    {"DescribeKey",
     [](const Model& model, const ApiCall& call) {
       return of_key(model, call, [&](const Key& key) -> Reply {
         return describe_key(key, model.account.id, call.region);
       });
     }},
    {"GetKeyRotationStatus",
     [](const Model& model, const ApiCall& call) {
       return of_key(model, call, [](const Key& key) -> Reply { return rotation_status(key); });
     }},
    {"GetKeyPolicy", [](const Model& model, const ApiCall& call) {
       return of_key(model, call,
                     [&](const Key& key) -> Reply { return key_policy_answer(key, model.account); });
     }}};

constexpr Entry kBucketAnswers[] = {
    {"ListBuckets",
     [](const Model& model, const ApiCall&) -> Reply {
       return list_buckets(model.account, model.buckets);
     }},
    {"HeadBucket",
     [](const Model& model, const ApiCall& call) {
       return of_bucket(model, call,
                        [](const Bucket& bucket) -> Reply { return head_bucket(bucket); });
     }},
    {"GetBucketAcl",
     [](const Model& model, const ApiCall& call) {
       return of_bucket(model, call, [&](const Bucket& bucket) -> Reply {
         return bucket_acl(bucket, model.account);
       });
     }},
    {"GetBucketLogging",
     [](const Model& model, const ApiCall& call) {
       return of_bucket(model, call, [&](const Bucket& bucket) -> Reply {
         return bucket_logging(bucket, model.account);
       });
     }},
    {"GetBucketVersioning",
     [](const Model& model, const ApiCall& call) {
       return of_bucket(model, call,
                        [](const Bucket& bucket) -> Reply { return bucket_versioning(bucket); });
     }},
    {"GetPublicAccessBlock",
     [](const Model& model, const ApiCall&) -> Reply {
       return block_reply(account_block(model.account));
     },
     "s3control"},
    {"GetPublicAccessBlock",
     [](const Model& model, const ApiCall& call) {
       return of_bucket(model, call,
                        [](const Bucket& bucket) -> Reply { return block_reply(bucket.block); });
     },
     "s3"}};

// Of a bucket that need not have it.
constexpr Entry kBucketSettings[] = {
    {"GetBucketPolicyStatus",
     [](const Model& model, const ApiCall& call) {
       return of_bucket(model, call, [](const Bucket& bucket) -> Reply {
         if (bucket.has_policy) return bucket_policy_status(bucket);
         return ApiError{"NoSuchBucketPolicy", "The bucket policy does not exist", 404};
       });
     }},
    {"GetBucketPolicy",
     [](const Model& model, const ApiCall& call) {
       return of_bucket(model, call, [](const Bucket& bucket) -> Reply {
         if (bucket.has_policy) return bucket_policy(bucket);
         return ApiError{"NoSuchBucketPolicy", "The bucket policy does not exist", 404};
       });
     }},
    {"GetBucketOwnershipControls",
     [](const Model& model, const ApiCall& call) {
       return of_bucket(model, call, [](const Bucket& bucket) -> Reply {
         if (bucket.ownership != Ownership::none) return bucket_ownership(bucket);
         return ApiError{"OwnershipControlsNotFoundError",
                         "The bucket ownership controls were not found", 404};
       });
     }},
    {"GetBucketLifecycleConfiguration",
     [](const Model& model, const ApiCall& call) {
       return of_bucket(model, call, [](const Bucket& bucket) -> Reply {
         if (bucket.kept_days > 0) return bucket_lifecycle(bucket);
         return ApiError{"NoSuchLifecycleConfiguration",
                         "The lifecycle configuration does not exist", 404};
       });
     }},
    {"GetObjectLockConfiguration", [](const Model& model, const ApiCall& call) {
       return of_bucket(model, call, [](const Bucket& bucket) -> Reply {
         if (bucket.locked_days > 0) return bucket_lock(bucket);
         return ApiError{"ObjectLockConfigurationNotFoundError",
                         "Object Lock configuration does not exist for this bucket", 404};
       });
     }}};

constexpr Entry kDetectionAnswers[] = {
    {"DescribeLogGroups",
     [](const Model& model, const ApiCall& call) -> Reply {
       return log_groups_answer(model.detection.in(call.region), model.account, call.region);
     }},
    {"DescribeMetricFilters",
     [](const Model& model, const ApiCall& call) -> Reply {
       return filters_answer(model.detection.in(call.region));
     }},
    {"DescribeAlarms",
     [](const Model& model, const ApiCall& call) -> Reply {
       return alarms_answer(model.detection.in(call.region), model.account, call.region);
     }},
    {"ListTopics",
     [](const Model& model, const ApiCall& call) -> Reply {
       return topics_answer(model.detection.in(call.region));
     }},
    {"ListSubscriptionsByTopic",
     [](const Model& model, const ApiCall& call) {
       return of_topic(model, call, [&](const Topic& topic) -> Reply {
         return subscriptions_answer(topic, model.account);
       });
     }},
    {"GetTopicAttributes", [](const Model& model, const ApiCall& call) {
       return of_topic(model, call, [&](const Topic& topic) -> Reply {
         return topic_attributes_answer(topic, model.account);
       });
     }}};

constexpr Entry kRoleAnswers[] = {
    {"GetRole",
     [](const Model& model, const ApiCall& call) {
       return of_role(model, call,
                      [&](const Role& role) -> Reply { return role_answer(role, model.account); });
     }},
    {"ListRolePolicies",
     [](const Model& model, const ApiCall& call) {
       return of_role(model, call,
                      [](const Role& role) -> Reply { return inline_list_answer(role); });
     }},
    {"GetRolePolicy",
     [](const Model& model, const ApiCall& call) {
       return of_role(model, call,
                      [&](const Role& role) -> Reply { return inline_answer(role, model.account); });
     }},
    {"ListAttachedRolePolicies",
     [](const Model& model, const ApiCall& call) {
       return of_role(model, call, [&](const Role& role) -> Reply {
         return attached_answer(role, model.account);
       });
     }},
    {"GetPolicy",
     [](const Model& model, const ApiCall& call) -> Reply {
       return managed_answer(model.account, param(call));
     }},
    {"GetPolicyVersion", [](const Model& model, const ApiCall& call) -> Reply {
       return managed_version_answer(model.account, param(call), param(call, 1));
     }}};

constexpr Entry kOrganizationAnswers[] = {
    {"DescribeOrganization",
     [](const Model& model, const ApiCall&) -> Reply {
       if (model.account.is_member) return organization_answer(model.account);
       return ApiError{"AWSOrganizationsNotInUseException",
                       "Your account is not a member of an organization.", 400};
     }},
    {"ListRoots",
     [](const Model& model, const ApiCall&) -> Reply { return roots_answer(model.account); }},
    {"ListOrganizationalUnitsForParent",
     [](const Model& model, const ApiCall& call) -> Reply {
       return units_answer(model.account, param(call));
     }},
    {"ListAccountsForParent",
     [](const Model& model, const ApiCall& call) -> Reply {
       return accounts_answer(model.account, param(call));
     }},
    {"ListPolicies",
     [](const Model& model, const ApiCall&) -> Reply { return policies_answer(model.account); }},
    {"DescribePolicy",
     [](const Model& model, const ApiCall& call) -> Reply {
       return policy_answer(model.account, param(call));
     }},
    {"ListTargetsForPolicy",
     [](const Model& model, const ApiCall& call) -> Reply {
       return policy_targets_answer(model.account, param(call));
     }},
    {"ListAWSServiceAccessForOrganization",
     [](const Model& model, const ApiCall&) -> Reply {
       return service_access_answer(model.account);
     }},
    {"ListDelegatedAdministrators",
     [](const Model& model, const ApiCall&) -> Reply { return delegated_answer(model.account); }}};

constexpr Entry kStackAnswers[] = {
    {"DescribeStackResources",
     [](const Model& model, const ApiCall& call) -> Reply {
       const auto stack = stack_of(model, call.region, param(call));
       if (!stack.empty()) return stack_resources_answer(model, call.region, stack);
       return ApiError{"ValidationError", fmt::format("Stack for {} does not exist", param(call)),
                       400};
     }},
    {"GetTemplate", [](const Model& model, const ApiCall& call) -> Reply {
       return template_answer(model, call.region, param(call));
     }}};

constexpr std::span<const Entry> kServices[] = {
    kAccountAnswers, kTrailAnswers, kKeyAnswers,          kBucketAnswers, kBucketSettings,
    kDetectionAnswers, kRoleAnswers,  kOrganizationAnswers, kStackAnswers};

}  // namespace

const std::string& param(const ApiCall& call, std::size_t place) {
  static const std::string none;
  return place < call.params.size() ? call.params[place].second : none;
}

Reply reply(const Model& model, const ApiCall& call) {
  for (const auto entries : kServices) {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) {
      return entry.operation == call.operation &&
             (entry.service.empty() || entry.service == call.service);
    });
    if (found != entries.end()) return found->answer(model, call);
  }
  if (auto told = front_answer(model.account, call)) return std::move(*told);
  throw Error(
      fmt::format("the synthetic fleet has no answer to {} {}", call.service, call.operation));
}

}  // namespace ciswatch::fleet
