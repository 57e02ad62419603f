#include "benchmarks/fleet/faults.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/aws/retry.h"
#include "core/tables/table_spec.h"

namespace ciswatch::fleet {
namespace {

constexpr std::string_view kDeniable[] = {"DescribeTrails",
                                          "GetTrailStatus",
                                          "GetEventSelectors",
                                          "DescribeConfigurationRecorders",
                                          "DescribeConfigurationRecorderStatus",
                                          "DescribeDeliveryChannels",
                                          "ListKeys",
                                          "DescribeKey",
                                          "GetKeyRotationStatus",
                                          "ListBuckets",
                                          "GetBucketAcl",
                                          "GetBucketPolicyStatus",
                                          "GetPublicAccessBlock",
                                          "GetBucketOwnershipControls",
                                          "GetBucketLogging",
                                          "DescribeVpcs",
                                          "DescribeFlowLogs",
                                          "DescribeRegions",
                                          "DescribeDeliveryChannelStatus",
                                          "DescribeNetworkInterfaces",
                                          "GetBucketPolicy",
                                          "GetBucketLifecycleConfiguration",
                                          "GetBucketVersioning",
                                          "GetObjectLockConfiguration",
                                          "ListAliases",
                                          "GetKeyPolicy",
                                          "DescribeLogGroups",
                                          "DescribeMetricFilters",
                                          "DescribeAlarms",
                                          "ListTopics",
                                          "ListSubscriptionsByTopic",
                                          "GetTopicAttributes",
                                          "GetRole",
                                          "GetRolePolicy",
                                          "ListAttachedRolePolicies",
                                          "DescribeOrganization",
                                          "ListPolicies",
                                          "DescribeStackResources",
                                          "GetTemplate",
                                          "DescribeHub"};

const std::string& target_of(const ApiCall& call) {
  static const std::string none;
  return call.params.empty() ? none : call.params.front().second;
}

bool is_about_a_key(const ApiCall& call) {
  return call.operation == "DescribeKey" || call.operation == "GetKeyRotationStatus" ||
         call.operation == "GetKeyPolicy";
}

// Made in one region, and only that region's trouble.
bool is_regional(const ApiCall& call) {
  constexpr std::string_view kGlobal[] = {"s3",  "s3control",     "sts",
                                          "iam", "organizations", "cloudfront"};
  return std::ranges::find(kGlobal, call.service) == std::end(kGlobal) &&
         call.operation != "DescribeRegions";
}

// Of the services that are not asked in JSON.
bool is_in_xml(const ApiCall& call) {
  constexpr std::string_view kXml[] = {"cloudformation", "cloudfront", "cloudwatch", "elbv2",
                                       "iam",            "s3",         "s3control",  "sns"};
  return std::ranges::find(kXml, call.service) != std::end(kXml);
}

std::optional<Refusal> refused_by_policy(const Account& account, const ApiCall& call) {
  bool hit = false;
  if (account.fault == Fault::mute) {
    hit = true;
  } else if (account.fault == Fault::service_denied) {
    const Dice dice = account.dice.at("denied operation");
    hit = call.operation == kDeniable[dice.below(std::size(kDeniable))];
  } else {  // each key and bucket has a policy of its own
    const bool of_bucket = call.service == "s3" && call.operation != "ListBuckets";
    hit = (is_about_a_key(call) || of_bucket) &&
          account.dice.at("shut out", target_of(call)).below(6) == 0;
  }
  if (!hit) return std::nullopt;
  return Refusal{.error = denied(account, call)};
}

std::optional<Refusal> refused_by_region(const Account& account, const ApiCall& call) {
  if (!is_regional(call) || call.region != account.fault_region) return std::nullopt;
  if (account.fault == Fault::region_failed) {
    return Refusal{.error = {std::string(error_code::kUnreachable),
                             "Connection timed out after 10001 milliseconds", 0},
                   .attempts = 5};
  }
  if (call.service == "ec2") {
    return Refusal{.error = {"AuthFailure",
                             "AWS was not able to validate the provided access credentials", 401}};
  }
  if (is_in_xml(call)) {
    return Refusal{.error = {"InvalidClientTokenId",
                             "The security token included in the request is invalid.", 403}};
  }
  return Refusal{.error = {"UnrecognizedClientException",
                           "The security token included in the request is invalid.", 400}};
}

std::optional<Refusal> cut_short(const Account& account, std::size_t number) {
  if (number < 20 + account.dice.at("cut short").below(150)) return std::nullopt;
  if (account.fault == Fault::stopped) {
    return Refusal{
        .end = CallEnd::not_tried, .error = {"", "stopped by a signal", 0}, .attempts = 0};
  }
  return Refusal{.error = {"ExpiredTokenException",
                           "The security token included in the request is expired", 400}};
}

}  // namespace

std::string auditor_arn(const Account& account) {
  return fmt::format("arn:aws:sts::{}:assumed-role/ciswatch-auditor/nightly", account.id);
}

ApiError denied(const Account& account, const ApiCall& call) {
  if (call.operation == "HeadBucket") return {"403", "HTTP 403 without an explanation", 403};
  const TableSpec* table = find_table(call.service, call.operation);
  const auto action = table == nullptr ? std::string_view() : table->permission;
  if (call.service == "ec2") {
    return {"UnauthorizedOperation",
            fmt::format("You are not authorized to perform this operation. User: {} is not "
                        "authorized to perform: {} because no identity-based policy allows the {} "
                        "action",
                        auditor_arn(account), action, action),
            403};
  }
  const char* code = call.service == "sns"  ? "AuthorizationError"
                     : is_in_xml(call) ? "AccessDenied"
                                       : "AccessDeniedException";
  return {code,
          fmt::format("User: {} is not authorized to perform: {} on resource: {} because no "
                      "identity-based policy allows the {} action",
                      auditor_arn(account), action, target_of(call).empty() ? "*" : target_of(call),
                      action),
          is_in_xml(call) ? 403 : 400};
}

std::optional<Refusal> refusal(const Account& account, const ApiCall& call, std::size_t number) {
  if (call.operation == "GetCallerIdentity") return std::nullopt;
  switch (account.fault) {
    case Fault::none:
    case Fault::page_lost:
      return std::nullopt;
    case Fault::service_denied:
    case Fault::resource_denied:
    case Fault::mute:
      return refused_by_policy(account, call);
    case Fault::region_disabled:
    case Fault::region_failed:
      return refused_by_region(account, call);
    case Fault::expired:
    case Fault::stopped:
      return cut_short(account, number);
    case Fault::throttled:
      if (!is_about_a_key(call) || account.dice.at("throttled", target_of(call)).below(4) != 0) {
        return std::nullopt;
      }
      return Refusal{.error = {"ThrottlingException", "Rate exceeded", 400}, .attempts = 5};
    case Fault::malformed:
      if (account.dice.at("malformed", call.region, call.operation).below(12) != 0) {
        return std::nullopt;
      }
      return Refusal{.error = {std::string(error_code::kMalformed),
                               "the answer is no well-formed JSON (1:4097: Missing a comma or } "
                               "after an object member.)",
                               200}};
  }
  return std::nullopt;
}

bool loses_pages(const Account& account, const ApiCall& call) {
  return account.fault == Fault::page_lost &&
         (call.operation == "ListKeys" || call.operation == "ListBuckets" ||
          call.operation == "DescribeMetricFilters") &&
         account.dice.at("page lost", call.region, call.operation).below(2) == 0;
}

bool depends_on_order(const Account& account) {
  return account.fault == Fault::expired || account.fault == Fault::stopped;
}

}  // namespace ciswatch::fleet
