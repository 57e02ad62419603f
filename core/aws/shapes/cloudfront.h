#pragma once

// The members of CloudFront's XML answers, after the AWS API model; of a distribution's configuration
// those that say what it serves and logs.

#include "core/aws/operations.h"

namespace ciswatch::shapes {

inline constexpr Field kAliases[] = {{"Quantity", "Quantity", Kind::integer},
                                     {"Items", "Items", Kind::list, "CNAME"}};
inline constexpr Field kDistribution[] = {
    {"Id", "Id"},
    {"ARN", "ARN"},
    {"ETag", "ETag"},
    {"Status", "Status"},
    {"LastModifiedTime", "LastModifiedTime"},
    {"DomainName", "DomainName"},
    {"Aliases", "Aliases", Kind::structure, {}, kAliases},
    {"Comment", "Comment"},
    {"PriceClass", "PriceClass"},
    {"Enabled", "Enabled", Kind::boolean},
    {"WebACLId", "WebACLId"},
    {"HttpVersion", "HttpVersion"},
    {"IsIPV6Enabled", "IsIPV6Enabled", Kind::boolean},
    {"Staging", "Staging", Kind::boolean},
    {"ConnectionMode", "ConnectionMode"},
    {"AnycastIpListId", "AnycastIpListId"}};
inline constexpr Field kDistributionList[] = {
    {"Marker", "Marker"},
    {"NextMarker", "NextMarker"},
    {"MaxItems", "MaxItems", Kind::integer},
    {"IsTruncated", "IsTruncated", Kind::boolean},
    {"Quantity", "Quantity", Kind::integer},
    {"Items", "Items", Kind::list, "DistributionSummary", kDistribution}};

inline constexpr Field kDefaultBehavior[] = {{"TargetOriginId", "TargetOriginId"},
                                             {"ViewerProtocolPolicy", "ViewerProtocolPolicy"},
                                             {"RealtimeLogConfigArn", "RealtimeLogConfigArn"}};
inline constexpr Field kDistributionLogging[] = {
    {"Enabled", "Enabled", Kind::boolean},
    {"IncludeCookies", "IncludeCookies", Kind::boolean},
    {"Bucket", "Bucket"},
    {"Prefix", "Prefix"}};
inline constexpr Field kDistributionConfig[] = {
    {"CallerReference", "CallerReference"},
    {"Aliases", "Aliases", Kind::structure, {}, kAliases},
    {"DefaultRootObject", "DefaultRootObject"},
    {"DefaultCacheBehavior", "DefaultCacheBehavior", Kind::structure, {}, kDefaultBehavior},
    {"Comment", "Comment"},
    {"Logging", "Logging", Kind::structure, {}, kDistributionLogging},
    {"PriceClass", "PriceClass"},
    {"Enabled", "Enabled", Kind::boolean},
    {"WebACLId", "WebACLId"},
    {"HttpVersion", "HttpVersion"},
    {"IsIPV6Enabled", "IsIPV6Enabled", Kind::boolean},
    {"ContinuousDeploymentPolicyId", "ContinuousDeploymentPolicyId"},
    {"Staging", "Staging", Kind::boolean},
    {"ConnectionMode", "ConnectionMode"}};

}  // namespace ciswatch::shapes
