// The metric filters that CIS asks for on a trail's log group, as people really write them.

#include <fmt/format.h>

#include "benchmarks/fleet/detection.h"

namespace ciswatch::fleet {
namespace {

// One requirement: events by name, or a pattern of its own with one that looks alike and is wrong.
struct Wanted {
  std::string_view name;
  std::string_view source;  // "": of any
  std::span<const std::string_view> events;
  std::string_view pattern = {}, broken = {};
};

constexpr std::string_view kIam[] = {
    "DeleteGroupPolicy",   "DeleteRolePolicy",  "DeleteUserPolicy",   "PutGroupPolicy",
    "PutRolePolicy",       "PutUserPolicy",     "CreatePolicy",       "DeletePolicy",
    "CreatePolicyVersion", "DeletePolicyVersion", "AttachRolePolicy", "DetachRolePolicy",
    "AttachUserPolicy",    "DetachUserPolicy",  "AttachGroupPolicy",  "DetachGroupPolicy"};
constexpr std::string_view kTrail[] = {"CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging",
                                       "StopLogging"};
constexpr std::string_view kKms[] = {"DisableKey", "ScheduleKeyDeletion"};
constexpr std::string_view kS3[] = {"PutBucketAcl",       "PutBucketPolicy",
                                    "PutBucketCors",      "PutBucketLifecycle",
                                    "PutBucketReplication", "DeleteBucketPolicy",
                                    "DeleteBucketCors",   "DeleteBucketLifecycle",
                                    "DeleteBucketReplication"};
constexpr std::string_view kConfig[] = {"StopConfigurationRecorder", "DeleteDeliveryChannel",
                                        "PutDeliveryChannel", "PutConfigurationRecorder"};
constexpr std::string_view kGroups[] = {
    "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress",
    "RevokeSecurityGroupEgress",     "CreateSecurityGroup",          "DeleteSecurityGroup"};
constexpr std::string_view kAcls[] = {"CreateNetworkAcl",      "CreateNetworkAclEntry",
                                      "DeleteNetworkAcl",      "DeleteNetworkAclEntry",
                                      "ReplaceNetworkAclEntry", "ReplaceNetworkAclAssociation"};
constexpr std::string_view kGateways[] = {"CreateCustomerGateway", "DeleteCustomerGateway",
                                          "AttachInternetGateway", "CreateInternetGateway",
                                          "DeleteInternetGateway", "DetachInternetGateway"};
constexpr std::string_view kRoutes[] = {
    "CreateRoute",      "CreateRouteTable", "ReplaceRoute",         "ReplaceRouteTableAssociation",
    "DeleteRouteTable", "DeleteRoute",      "DisassociateRouteTable"};
constexpr std::string_view kVpcs[] = {
    "CreateVpc",           "DeleteVpc", "ModifyVpcAttribute", "AcceptVpcPeeringConnection",
    "CreateVpcPeeringConnection", "DeleteVpcPeeringConnection", "RejectVpcPeeringConnection",
    "AttachClassicLinkVpc", "DetachClassicLinkVpc", "DisableVpcClassicLink",
    "EnableVpcClassicLink"};

constexpr Wanted kWanted[] = {
    {"UnauthorizedAPICalls", {}, {},
     R"({($.errorCode="*UnauthorizedOperation")||($.errorCode="AccessDenied*")})",
     R"({($.errorCode="UnauthorizedOperation")||($.errorCode="AccessDenied")})"},
    {"ConsoleSigninWithoutMFA", {}, {},
     R"({($.eventName="ConsoleLogin")&&($.additionalEventData.MFAUsed!="Yes")})",
     R"({($.eventName="ConsoleLogin")&&($.additionalEventData.MFAUsed="false")})"},
    {"RootAccountUsage", {}, {},
     R"({$.userIdentity.type="Root"&&$.userIdentity.invokedBy NOT EXISTS&&)"
     R"($.eventType!="AwsServiceEvent"})",
     R"({$.userIdentity.type="root"&&$.eventType="AwsServiceEvent"})"},
    {"IAMPolicyChanges", {}, kIam},
    {"CloudTrailChanges", {}, kTrail},
    {"ConsoleAuthenticationFailure", {}, {},
     R"({($.eventName=ConsoleLogin)&&($.errorMessage="Failed authentication")})",
     R"({($.eventName=ConsoleLogin)&&($.errorCode="Failed authentication")})"},
    {"DisableOrDeleteCMK", "kms.amazonaws.com", kKms},
    {"S3BucketPolicyChanges", "s3.amazonaws.com", kS3},
    {"AWSConfigChanges", "config.amazonaws.com", kConfig},
    {"SecurityGroupChanges", {}, kGroups},
    {"NetworkACLChanges", {}, kAcls},
    {"NetworkGatewayChanges", {}, kGateways},
    {"RouteTableChanges", {}, kRoutes},
    {"VPCChanges", {}, kVpcs},
    {"KMSErrorCount", {}, {},
     R"({($.eventSource=kms.amazonaws.com)&&($.errorMessage="*")})",
     R"({($.eventSource=kms)&&($.errorMessage="*")})"}};

// How much of it a trail's log group has.
enum class Effort { nothing, some, all };
constexpr Share<Effort> kEfforts[] = {
    {Effort::nothing, 450}, {Effort::some, 200}, {Effort::all, 350}};

constexpr Share<Wording> kWordings[] = {{Wording::right, 790},      {Wording::other_words, 80},
                                        {Wording::event_missing, 50}, {Wording::one_region, 30},
                                        {Wording::never, 30},       {Wording::tautology, 20}};

std::string pattern_of(const Wanted& wanted, Wording wording, const Dice& dice) {
  if (wording == Wording::tautology) return R"({$.eventName="*"||$.eventName!="*"})";
  if (!wanted.pattern.empty()) {
    const bool right = wording == Wording::right || wording == Wording::other_words;
    return std::string(right ? wanted.pattern : wanted.broken);
  }
  const std::size_t left_out = wording == Wording::event_missing ? dice.below(wanted.events.size())
                                                                 : wanted.events.size();
  std::string names;
  for (std::size_t i = 0; i < wanted.events.size(); ++i) {
    if (i == left_out) continue;
    if (!names.empty()) names += wording == Wording::never ? "&&" : "||";
    names += fmt::format("($.eventName={})", wanted.events[i]);
  }
  if (wording == Wording::other_words) names += R"(||($.eventName="TagResource"))";
  if (wording == Wording::one_region) names = fmt::format("({})&&($.awsRegion=us-east-1)", names);
  if (wanted.source.empty()) return fmt::format("{{{}}}", names);
  return fmt::format("{{($.eventSource={})&&({})}}", wanted.source, names);
}

}  // namespace

std::vector<MetricFilter> trail_filters(const std::string& group, const Dice& dice) {
  std::vector<MetricFilter> filters;
  const Effort effort = pick(dice.at("effort"), kEfforts);
  if (effort == Effort::nothing) return filters;
  const bool is_cis = dice.at("namespace").thousandth(600);
  for (const auto& wanted : kWanted) {
    const Dice own = dice.at(wanted.name);
    if (own.at("left out").thousandth(effort == Effort::all ? 60 : 750)) continue;
    filters.push_back({.group = group,
                       .name = std::string(wanted.name),
                       .pattern = pattern_of(wanted, pick(own.at("wording"), kWordings), own),
                       .metric = fmt::format("{}{}", wanted.name, is_cis ? "" : "EventCount"),
                       .metric_namespace = is_cis ? "CISBenchmark" : "CloudTrailMetrics",
                       .dice = own});
    filters.back().counts_nothing = own.at("counts nothing").thousandth(5);
    filters.back().has_default = dice.at("default").thousandth(400);
    filters.back().has_dimensions = own.at("dimensions").thousandth(8);
  }
  return filters;
}

}  // namespace ciswatch::fleet
