#pragma once

// The members of IAM's XML answers, after the AWS API model.

#include "core/aws/operations.h"

namespace ciswatch::shapes {

inline constexpr Field kIamTag[] = {{"Key", "Key"}, {"Value", "Value"}};
inline constexpr Field kBoundary[] = {{"PermissionsBoundaryType", "PermissionsBoundaryType"},
                                      {"PermissionsBoundaryArn", "PermissionsBoundaryArn"}};
inline constexpr Field kLastUsed[] = {{"LastUsedDate", "LastUsedDate"}, {"Region", "Region"}};
inline constexpr Field kRoleTemplate[] = {
    {"TemplateArn", "TemplateArn"}, {"TemplateMinorVersion", "TemplateMinorVersion", Kind::integer}};
inline constexpr Field kRoleMembers[] = {
    {"Path", "Path"},
    {"RoleName", "RoleName"},
    {"RoleId", "RoleId"},
    {"Arn", "Arn"},
    {"CreateDate", "CreateDate"},
    {"AssumeRolePolicyDocument", "AssumeRolePolicyDocument", Kind::encoded},
    {"Description", "Description"},
    {"MaxSessionDuration", "MaxSessionDuration", Kind::integer},
    {"PermissionsBoundary", "PermissionsBoundary", Kind::structure, {}, kBoundary},
    {"Tags", "Tags", Kind::list, "member", kIamTag},
    {"RoleLastUsed", "RoleLastUsed", Kind::structure, {}, kLastUsed},
    {"SourceRoleTemplate", "SourceRoleTemplate", Kind::structure, {}, kRoleTemplate}};
inline constexpr Field kRole[] = {{"Role", "Role", Kind::structure, {}, kRoleMembers}};
inline constexpr Field kRoleDeletion[] = {{"DeletionTaskId", "DeletionTaskId"}};
inline constexpr Field kRolePolicies[] = {{"PolicyNames", "PolicyNames", Kind::list, "member"},
                                          {"IsTruncated", "IsTruncated", Kind::boolean},
                                          {"Marker", "Marker"}};
inline constexpr Field kRolePolicy[] = {{"RoleName", "RoleName"},
                                        {"PolicyName", "PolicyName"},
                                        {"PolicyDocument", "PolicyDocument", Kind::encoded}};
inline constexpr Field kAttachedPolicy[] = {{"PolicyName", "PolicyName"}, {"PolicyArn", "PolicyArn"}};
inline constexpr Field kAttachedPolicies[] = {
    {"AttachedPolicies", "AttachedPolicies", Kind::list, "member", kAttachedPolicy},
    {"IsTruncated", "IsTruncated", Kind::boolean},
    {"Marker", "Marker"}};
inline constexpr Field kIamPolicyMembers[] = {
    {"PolicyName", "PolicyName"},
    {"PolicyId", "PolicyId"},
    {"Arn", "Arn"},
    {"Path", "Path"},
    {"DefaultVersionId", "DefaultVersionId"},
    {"AttachmentCount", "AttachmentCount", Kind::integer},
    {"PermissionsBoundaryUsageCount", "PermissionsBoundaryUsageCount", Kind::integer},
    {"IsAttachable", "IsAttachable", Kind::boolean},
    {"Description", "Description"},
    {"CreateDate", "CreateDate"},
    {"UpdateDate", "UpdateDate"},
    {"Tags", "Tags", Kind::list, "member", kIamTag}};
inline constexpr Field kIamPolicy[] = {{"Policy", "Policy", Kind::structure, {}, kIamPolicyMembers}};
inline constexpr Field kPolicyVersionMembers[] = {
    {"Document", "Document", Kind::encoded},
    {"VersionId", "VersionId"},
    {"IsDefaultVersion", "IsDefaultVersion", Kind::boolean},
    {"CreateDate", "CreateDate"}};
inline constexpr Field kPolicyVersion[] = {
    {"PolicyVersion", "PolicyVersion", Kind::structure, {}, kPolicyVersionMembers}};

}  // namespace ciswatch::shapes
