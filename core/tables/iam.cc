#include "core/tables/services.h"

namespace ciswatch {
namespace {

constexpr Column kRoleArn = {"role_arn", Type::text, kTarget, "ARN of the role"};
constexpr Column kRoleName = {"role_name", Type::text, kTargetName, "Name of the role"};

constexpr Column kRole[] = {
    {"arn", Type::text, kTarget, "ARN of the role, as the trail or flow log names it"},
    {"name", Type::text, kTargetName, "Name of the role"},
    {"role_exists", Type::boolean, kAnswered, "0: there is no such role"},
    {"assume_role_policy", Type::document, "/Role/AssumeRolePolicyDocument",
     "Who may take the role on"},
    {"permissions_boundary_arn", Type::text, "/Role/PermissionsBoundary/PermissionsBoundaryArn",
     "Policy that limits what the role may do; '' for none", ""},
};

constexpr Column kInlineList[] = {
    kRoleArn,
    kRoleName,
    {"policy_name", Type::text, kItem, "Name of a policy that is part of the role"},
};

constexpr Column kInline[] = {
    kRoleArn,
    kRoleName,
    {"policy_name", Type::text, kSecond, "Name of the policy"},
    {"policy", Type::document, "/PolicyDocument", "What the role may do by it"},
};

constexpr Column kAttached[] = {
    kRoleArn,
    kRoleName,
    {"policy_arn", Type::text, "/PolicyArn", "ARN of a managed policy of the role"},
    {"policy_name", Type::text, "/PolicyName", "Its name"},
};

constexpr Column kPolicy[] = {
    {"arn", Type::text, kTarget, "ARN of the policy"},
    {"name", Type::text, "/Policy/PolicyName", "Its name"},
    {"default_version_id", Type::text, "/Policy/DefaultVersionId", "The version that is in force"},
};

constexpr Column kVersion[] = {
    {"arn", Type::text, kTarget, "ARN of the policy"},
    {"version_id", Type::text, kSecond, "The version that is in force"},
    {"policy", Type::document, "/PolicyVersion/Document", "What it allows and denies"},
};

// Roles with which logs are delivered, where they are this account's own.
constexpr Parent kPerRole[] = {
    {.table = "aws_cloudtrail_trail", .key = "cloudwatch_logs_role_arn", .own_account = true},
    {.table = "aws_vpc_flow_log", .key = "deliver_logs_permission_arn", .own_account = true}};
constexpr Parent kPerInline[] = {{.table = "aws_iam_role_inline_policy_list",
                                  .key = "role_arn",
                                  .second = "policy_name"}};
constexpr Parent kPerPolicy[] = {
    {.table = "aws_iam_role_attached_policy", .key = "policy_arn"},
    {.table = "aws_iam_role", .key = "permissions_boundary_arn"}};
constexpr Parent kPerVersion[] = {
    {.table = "aws_iam_policy", .key = "arn", .second = "default_version_id"}};

constexpr std::string_view kNoRole[] = {"NoSuchEntity"};
constexpr std::string_view kPolicyName[] = {"policy_name"};
constexpr std::string_view kPolicyArn[] = {"policy_arn"};
constexpr std::string_view kVersionId[] = {"version_id"};

constexpr TableSpec kTables[] = {
    {.name = "aws_iam_role",
     .doc = "The roles with which trails and flow logs deliver: who may take them on",
     .service = "iam",
     .operation = "GetRole",
     .permission = "iam:GetRole",
     .scope = Scope::resource,
     .parents = kPerRole,
     .parameter = "RoleName",
     .parameter_is_name = true,
     .key = "arn",
     .key_before_region = true,
     .global = true,
     .absent = kNoRole,
     .columns = kRole},
    {.name = "aws_iam_role_inline_policy_list",
     .doc = "Names of the policies that are part of a delivering role",
     .service = "iam",
     .operation = "ListRolePolicies",
     .permission = "iam:ListRolePolicies",
     .scope = Scope::resource,
     .parents = kPerRole,
     .parameter = "RoleName",
     .parameter_is_name = true,
     .items = "/PolicyNames",
     .key = "role_arn",
     .also_key = kPolicyName,
     .key_before_region = true,
     .global = true,
     .absent = kNoRole,
     .columns = kInlineList},
    {.name = "aws_iam_role_inline_policy",
     .doc = "A policy that is part of a delivering role",
     .service = "iam",
     .operation = "GetRolePolicy",
     .permission = "iam:GetRolePolicy",
     .scope = Scope::resource,
     .parents = kPerInline,
     .parameter = "RoleName",
     .second_parameter = "PolicyName",
     .parameter_is_name = true,
     .key = "role_arn",
     .also_key = kPolicyName,
     .key_before_region = true,
     .global = true,
     .absent = kNoRole,
     .columns = kInline},
    {.name = "aws_iam_role_attached_policy",
     .doc = "Managed policies of a delivering role",
     .service = "iam",
     .operation = "ListAttachedRolePolicies",
     .permission = "iam:ListAttachedRolePolicies",
     .scope = Scope::resource,
     .parents = kPerRole,
     .parameter = "RoleName",
     .parameter_is_name = true,
     .items = "/AttachedPolicies",
     .key = "role_arn",
     .also_key = kPolicyArn,
     .key_before_region = true,
     .global = true,
     .absent = kNoRole,
     .columns = kAttached},
    {.name = "aws_iam_policy",
     .doc = "Managed policies of delivering roles, and their permissions boundaries",
     .service = "iam",
     .operation = "GetPolicy",
     .permission = "iam:GetPolicy",
     .scope = Scope::resource,
     .parents = kPerPolicy,
     .parameter = "PolicyArn",
     .key = "arn",
     .key_before_region = true,
     .global = true,
     .columns = kPolicy},
    {.name = "aws_iam_policy_version",
     .doc = "What a managed policy says, in the version that is in force",
     .service = "iam",
     .operation = "GetPolicyVersion",
     .permission = "iam:GetPolicyVersion",
     .scope = Scope::resource,
     .parents = kPerVersion,
     .parameter = "PolicyArn",
     .second_parameter = "VersionId",
     .key = "arn",
     .also_key = kVersionId,
     .key_before_region = true,
     .global = true,
     .columns = kVersion},
};

}  // namespace

std::span<const TableSpec> iam_tables() { return kTables; }

}  // namespace ciswatch
