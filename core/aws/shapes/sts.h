#pragma once

// The members of STS's XML answers, after the AWS API model.

#include "core/aws/operations.h"

namespace ciswatch::shapes {

inline constexpr Field kCallerIdentity[] = {
    {"UserId", "UserId"}, {"Account", "Account"}, {"Arn", "Arn"}};

inline constexpr Field kSessionKeys[] = {{"AccessKeyId", "AccessKeyId"},
                                         {"SecretAccessKey", "SecretAccessKey"},
                                         {"SessionToken", "SessionToken"},
                                         {"Expiration", "Expiration"}};
inline constexpr Field kAssumedRoleUser[] = {{"AssumedRoleId", "AssumedRoleId"}, {"Arn", "Arn"}};
inline constexpr Field kAssumedRole[] = {
    {"Credentials", "Credentials", Kind::structure, {}, kSessionKeys},
    {"AssumedRoleUser", "AssumedRoleUser", Kind::structure, {}, kAssumedRoleUser},
    {"PackedPolicySize", "PackedPolicySize", Kind::integer},
    {"SourceIdentity", "SourceIdentity"}};

}  // namespace ciswatch::shapes
